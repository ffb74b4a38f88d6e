import { escapeWord } from '../parameter.ts';
import type { Builtin } from '../shell.ts';
import {
  directiveOf,
  formatFloat,
  formatInteger,
  formatText,
  parseFormat,
  unescape,
} from '../text/format.ts';

/** Characters one `printf` may make. */
const lengthMax = 4_194_304;

export interface Printed {
  readonly text: string;
  readonly errors: readonly string[];
}

/** What `printf` prints: the format over and over until the arguments are used up. */
export function printfText(format: string, args: readonly string[]): Printed {
  const parts = parseFormat(format).map((part) => {
    if (typeof part !== 'string') return part;
    const { text, stopped } = unescape(part, 'plain');
    return { plain: text, stopped };
  });
  const errors: string[] = [];
  let text = '';
  let used = 0;
  const next = () => args[used++];
  do {
    const before = used;
    for (const part of parts) {
      if ('plain' in part) {
        text += part.plain;
        if (part.stopped) return { text, errors };
        continue;
      }
      const directive = directiveOf(part.match, () => Number(next() ?? 0) || 0);
      switch (directive.conversion) {
        case '%':
          text += '%';
          break;
        case 's':
          text += formatText(directive, next() ?? '');
          break;
        case 'q':
          text += formatText(directive, escapeWord(next() ?? ''));
          break;
        case 'c':
          text += formatText(directive, (next() ?? '').slice(0, 1));
          break;
        case 'b': {
          const { text: shown, stopped } = unescape(next() ?? '', 'zero');
          text += formatText(directive, shown);
          if (stopped) return { text, errors };
          break;
        }
        case 'd':
        case 'i':
        case 'u':
        case 'o':
        case 'x':
        case 'X':
          text += formatInteger(directive, integerOf(next() ?? '', errors));
          break;
        case 'e':
        case 'E':
        case 'f':
        case 'F':
        case 'g':
        case 'G':
          text += formatFloat(directive, floatOf(next() ?? '', errors));
          break;
        default:
          errors.push(`\`${directive.conversion}': invalid format character`);
          return { text, errors };
      }
    }
    if (used === before) break;
  } while (used < args.length && text.length < lengthMax);
  return { text, errors };
}

function integerOf(text: string, errors: string[]): bigint {
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  if (/^["']/.test(trimmed)) return BigInt(trimmed.codePointAt(1) ?? 0);
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]+|\d+)/.exec(trimmed);
  if (match === null || match[0] !== trimmed) errors.push(`${text}: invalid number`);
  if (match === null) return 0n;
  const digits = match[2]!;
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return match[1] === '-' ? -value : value;
}

function floatOf(text: string, errors: string[]): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  if (/^["']/.test(trimmed)) return trimmed.codePointAt(1) ?? 0;
  const value = Number(trimmed);
  if (!Number.isNaN(value)) return value;
  errors.push(`${text}: invalid number`);
  return Number.parseFloat(trimmed) || 0;
}

export const printf: Builtin = async (shell, args) => {
  let first = 1;
  let variable: string | undefined;
  if (args[1] === '-v') {
    variable = args[2];
    first = 3;
  }
  if (args[first] === '--') first++;
  const format = args[first];
  if (format === undefined) {
    await shell.stderr.write('printf: usage: printf [-v var] format [arguments]\n');
    return 2;
  }
  const { text, errors } = printfText(format, args.slice(first + 1));
  for (const error of errors) await shell.error(`printf: ${error}`);
  if (variable === undefined) await shell.stdout.write(text);
  else shell.variables.set(variable, text);
  return errors.length > 0 ? 1 : 0;
};
