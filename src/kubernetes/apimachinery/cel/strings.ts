// Upstream: apiserver/pkg/cel/library/regex.go, cel-go/ext/strings.go
import type { Environment } from '@marcbachmann/cel-js';
import { compileRe2 } from '#text/re2.ts';
import { type Regex, RegexError } from '#text/regex.ts';
import { matchesByRe2 } from './matches.ts';
import { addNamespace } from './namespace.ts';

/** Patterns that are kept compiled. */
const patternsMax = 256;
const patterns = new Map<string, Regex>();

function pattern(text: string): Regex {
  let known = patterns.get(text);
  if (known === undefined) {
    try {
      known = compileRe2(text);
    } catch (error) {
      throw error instanceof RegexError ? new Error(`Illegal regex: ${error.message}`) : error;
    }
    if (patterns.size >= patternsMax) patterns.clear();
    patterns.set(text, known);
  }
  return known;
}

function findAll(text: string, expression: string, limit: bigint): string[] {
  const found: string[] = [];
  for (const { groups } of pattern(expression).all(text)) {
    if (limit >= 0n && BigInt(found.length) >= limit) break;
    found.push(groups[0] ?? '');
  }
  return found;
}

function charAt(text: string, index: bigint): string {
  const letters = Array.from(text);
  if (index < 0n || index > BigInt(letters.length)) throw new Error(`index out of range: ${index}`);
  return letters[Number(index)] ?? '';
}

function replace(text: string, from: string, to: string, limit: bigint): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  let result = text;
  let at = 0;
  for (let left = limit; left > 0n; left--) {
    const found = result.indexOf(from, at);
    if (found < 0) break;
    result = result.slice(0, found) + to + result.slice(found + from.length);
    at = found + to.length + (from === '' ? 1 : 0);
  }
  return result;
}

/** A value as `%s` shows it. */
function show(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, entry]) => `${key}: ${show(entry)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  // oxlint-disable-next-line typescript/no-base-to-string -- what is left are scalars, and types that say themselves
  return String(value);
}

/** The UTF-8 bytes of a text, each as a letter of its number. */
function unescapeUtf8(text: string): string {
  return encodeURIComponent(text).replace(/%([\dA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function formatOne(verb: string, precision: number | undefined, value: unknown): string {
  const wrong = () => new Error(`error during formatting: unsupported type for %${verb}`);
  switch (verb) {
    case 's':
      return show(value);
    case 'd':
      if (typeof value !== 'bigint' && typeof value !== 'number') throw wrong();
      return String(value);
    case 'f':
      if (typeof value !== 'bigint' && typeof value !== 'number') throw wrong();
      return Number(value).toFixed(precision ?? 6);
    case 'e':
      if (typeof value !== 'bigint' && typeof value !== 'number') throw wrong();
      return Number(value)
        .toExponential(precision ?? 6)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
    case 'o':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (typeof value !== 'bigint') throw wrong();
      return value.toString(verb === 'b' ? 2 : 8);
    case 'x':
    case 'X': {
      const text =
        typeof value === 'bigint'
          ? value.toString(16)
          : typeof value === 'string'
            ? Array.from(unescapeUtf8(value))
                .map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
                .join('')
            : undefined;
      if (text === undefined) throw wrong();
      return verb === 'X' ? text.toUpperCase() : text;
    }
    default:
      throw new Error(`error during formatting: unrecognized formatting clause "${verb}"`);
  }
}

function format(text: string, values: readonly unknown[]): string {
  let next = 0;
  return text.replace(
    /%(%|(?:\.(\d+))?([a-zA-Z]))/g,
    (clause, whole: string, precision?: string, verb?: string) => {
      if (whole === '%') return '%';
      if (next >= values.length) throw new Error(`index ${next} out of range`);
      return formatOne(
        verb ?? clause,
        precision === undefined ? undefined : Number(precision),
        values[next++],
      );
    },
  );
}

/** What Kubernetes' CEL knows of strings beyond the language. */
export function addStringFunctions(environment: Environment): void {
  addNamespace(environment, 'strings', 'Strings');
  environment
    .registerFunction(
      'string.find(string): string',
      (text: string, expression: string) => pattern(expression).exec(text)?.groups[0] ?? '',
    )
    .registerFunction(`string.${matchesByRe2}(string): bool`, (text: string, expression: string) =>
      pattern(expression).test(text),
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, expression: string) =>
      findAll(text, expression, -1n),
    )
    .registerFunction('string.findAll(string, int): list<string>', findAll)
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      replace(text, from, to, -1n),
    )
    .registerFunction('string.replace(string, string, int): string', replace)
    .registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''))
    .registerFunction('string.format(list): string', format)
    .registerFunction('Strings.quote(string): string', (_strings: object, text: string) =>
      JSON.stringify(text),
    );
}
