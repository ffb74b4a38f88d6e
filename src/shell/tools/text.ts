import type { Process } from '#world/machine/program.ts';
import { Inputs, linesOf, readAll, textOf } from './inputs.ts';
import { parseOptions } from './options.ts';
import { complain, pathOf, tool, ToolError } from './tool.ts';
import { utf8Length } from '#world/machine/utf8.ts';

export const wc = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'lwcmL',
    long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' },
  });
  const shown = ['l', 'w', 'm', 'c', 'L'].filter((letter) => options.has(letter));
  const wanted = shown.length > 0 ? shown : ['l', 'w', 'c'];
  const inputs = new Inputs(process, options.operands);
  const rows: { readonly name: string; readonly counts: number[] }[] = [];
  for await (const { name, text } of inputs.texts()) {
    const counts: Readonly<Record<string, number>> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      m: text.length,
      c: utf8Length(text),
      L: linesOf(text).reduce((longest, line) => Math.max(longest, line.length), 0),
    };
    rows.push({ name, counts: wanted.map((letter) => counts[letter]!) });
  }
  const total = wanted.map((_, index) => rows.reduce((sum, row) => sum + row.counts[index]!, 0));
  if (options.operands.length > 1) rows.push({ name: 'total', counts: total });
  const stdin = options.operands.length === 0 || options.operands.includes('-');
  const digits = Math.max(...total.map((count) => String(count).length), 1);
  const width = wanted.length === 1 && options.operands.length < 2 ? 1 : stdin ? 7 : digits;
  const lines = rows.map(({ name, counts }) => {
    const cells = counts.map((count) => String(count).padStart(width)).join(' ');
    return name === '-' && options.operands.length === 0 ? cells : `${cells} ${name}`;
  });
  await process.stdout.write(textOf(lines));
  return inputs.failed ? 1 : 0;
});

interface SortKey {
  readonly first: number;
  readonly last: number;
  readonly flags: string;
}

export const sort = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'rnuk:t:fho:bVsgc',
    long: {
      reverse: 'r',
      'numeric-sort': 'n',
      unique: 'u',
      key: 'k',
      'field-separator': 't',
      'ignore-case': 'f',
      'human-numeric-sort': 'h',
      output: 'o',
      'version-sort': 'V',
      stable: 's',
    },
    exitCode: 2,
  });
  const inputs = new Inputs(process, options.operands, (name, message) => `cannot read: ${name}: ${message}`);
  const lines: string[] = [];
  for await (const { text } of inputs.texts()) lines.push(...linesOf(text));
  if (inputs.failed) return 2;
  const flags = ['r', 'n', 'f', 'h', 'V', 'b', 'g'].filter((letter) => options.has(letter)).join('');
  const keys = options.all('k').map((text): SortKey => {
    const match = /^(\d+)(?:\.\d+)?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?$/.exec(text);
    if (match === null)
      throw new ToolError(`invalid number at field start: invalid count at start of ‘${text}’`, 2);
    const own = match[2]! + (match[4] ?? '');
    return { first: Number(match[1]), last: Number(match[3] ?? Infinity), flags: own || flags };
  });
  const separator = options.get('t');
  const byKeys = (a: string, b: string): number => {
    for (const key of keys) {
      const order = compareBy(key.flags, keyOf(a, key, separator), keyOf(b, key, separator));
      if (order !== 0) return order;
    }
    return keys.length === 0 ? compareBy(flags, a, b) : 0;
  };
  const whole = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0) * (flags.includes('r') ? -1 : 1);
  let sorted = lines.sort((a, b) => byKeys(a, b) || (options.has('u') || options.has('s') ? 0 : whole(a, b)));
  if (options.has('u'))
    sorted = sorted.filter((line, index) => index === 0 || byKeys(sorted[index - 1]!, line) !== 0);
  const output = options.get('o');
  if (output === undefined) await process.stdout.write(textOf(sorted));
  else process.files.write(pathOf(process, output), textOf(sorted));
  return 0;
}, 2);

function keyOf(line: string, key: SortKey, separator: string | undefined): string {
  if (separator !== undefined)
    return line
      .split(separator)
      .slice(key.first - 1, key.last)
      .join(separator);
  // Without a separator the blanks before a field belong to it.
  const fields = line.match(/\s*\S+/g) ?? [];
  return fields
    .slice(key.first - 1, key.last)
    .join('')
    .replace(/^\s+/, '');
}

const humanUnits = ' KMGTPE';

function numericValue(text: string, flags: string): number {
  const match = /^\s*(-?\d*\.?\d*(?:[eE][-+]?\d+)?)([kKMGTPE]?)/.exec(text)!;
  const value = Number.parseFloat(match[1]!) || 0;
  if (!flags.includes('h')) return value;
  let factor = 1;
  for (let unit = humanUnits.indexOf(match[2]!.toUpperCase() || ' '); unit > 0; unit--) factor *= 1024;
  return value * factor;
}

function compareBy(flags: string, a: string, b: string): number {
  let order: number;
  if (/[nhg]/.test(flags)) order = numericValue(a, flags) - numericValue(b, flags);
  else if (flags.includes('V')) order = compareVersions(a, b);
  else {
    const [left, right] = flags.includes('f') ? [a.toUpperCase(), b.toUpperCase()] : [a, b];
    order = left < right ? -1 : left > right ? 1 : 0;
  }
  return flags.includes('r') ? -order : order;
}

function compareVersions(a: string, b: string): number {
  const runs = (text: string): readonly string[] => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [runs(a), runs(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x, y] = [left[index] ?? '', right[index] ?? ''];
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return 0;
}

export const uniq = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'cdui',
    long: { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' },
  });
  const inputs = new Inputs(process, options.operands.slice(0, 1));
  const fold = (line: string) => (options.has('i') ? line.toLowerCase() : line);
  let current: string | null = null;
  let count = 0;
  const flush = (): string => {
    if (current === null || (options.has('d') && count < 2) || (options.has('u') && count > 1)) return '';
    return `${options.has('c') ? `${String(count).padStart(7)} ` : ''}${current}\n`;
  };
  for await (const { lines } of inputs.lines()) {
    let out = '';
    for (const line of lines) {
      if (current !== null && fold(current) === fold(line)) count++;
      else {
        out += flush();
        current = line;
        count = 1;
      }
    }
    await process.stdout.write(out);
  }
  await process.stdout.write(flush());
  return inputs.failed ? 1 : 0;
});

/** Ranges such as `1,3-5,7-`, as a test of positions counted from 1. */
function rangesOf(text: string): (position: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (match === null || part === '' || part === '-') {
      throw new ToolError(`invalid field value ‘${part}’\nTry 'cut --help' for more information.`);
    }
    const first = match[1] === '' ? 1 : Number(match[1]);
    if (first === 0)
      throw new ToolError("fields are numbered from 1\nTry 'cut --help' for more information.");
    const last = match[2] === '' ? first : match[3] === '' ? Infinity : Number(match[3]);
    return [first, last] as const;
  });
  return (position) => ranges.some(([first, last]) => position >= first && position <= last);
}

export const cut = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'd:f:c:b:s',
    long: {
      delimiter: 'd',
      fields: 'f',
      characters: 'c',
      bytes: 'b',
      'only-delimited': 's',
      'output-delimiter': 'O',
      complement: 'v',
    },
  });
  const list = options.get('f') ?? options.get('c') ?? options.get('b');
  if (list === undefined) {
    throw new ToolError(
      "you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.",
    );
  }
  const within = rangesOf(list);
  const wanted = options.has('v') ? (position: number) => !within(position) : within;
  const delimiter = options.get('d') ?? '\t';
  if (delimiter.length > 1)
    throw new ToolError("the delimiter must be a single character\nTry 'cut --help' for more information.");
  const joiner = options.get('O') ?? delimiter;
  const inputs = new Inputs(process, options.operands);
  for await (const { lines } of inputs.lines()) {
    const out = lines.flatMap((line) => {
      if (!options.has('f'))
        return [
          line
            .split('')
            .filter((_, index) => wanted(index + 1))
            .join(''),
        ];
      if (!line.includes(delimiter)) return options.has('s') ? [] : [line];
      return [
        line
          .split(delimiter)
          .filter((_, index) => wanted(index + 1))
          .join(joiner),
      ];
    });
    await process.stdout.write(textOf(out));
  }
  return inputs.failed ? 1 : 0;
});

const trClasses: Readonly<Record<string, string>> = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
  space: ' \t\n\v\f\r',
  blank: ' \t',
  punct: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** The characters a `tr` set stands for, written out. */
function characterSet(text: string): string {
  const classes: Readonly<Record<string, string>> = {
    ...trClasses,
    alpha: trClasses['upper']! + trClasses['lower']!,
    alnum: trClasses['digit']! + trClasses['upper']! + trClasses['lower']!,
  };
  let set = '';
  for (let at = 0; at < text.length; at++) {
    const named = /^\[:(\w+):\]/.exec(text.slice(at));
    if (named !== null) {
      const members = classes[named[1]!];
      if (members === undefined) throw new ToolError(`invalid character class ‘${named[1]}’`);
      set += members;
      at += named[0].length - 1;
      continue;
    }
    let character = text[at]!;
    if (character === '\\') {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1));
      if (octal !== null) {
        character = String.fromCharCode(Number.parseInt(octal[0], 8));
        at += octal[0].length;
      } else {
        const next = text[++at] ?? '\\';
        character = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\u0007', b: '\b' }[next] ?? next;
      }
    }
    const high = text[at + 1] === '-' ? text[at + 2] : undefined;
    if (high === undefined) {
      set += character;
      continue;
    }
    if (high < character) {
      throw new ToolError(
        `range-endpoints of '${character}-${high}' are in reverse collating sequence order`,
      );
    }
    for (let code = character.charCodeAt(0); code <= high.charCodeAt(0); code++)
      set += String.fromCharCode(code);
    at += 2;
  }
  return set;
}

export const tr = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'dscCt',
    long: { delete: 'd', 'squeeze-repeats': 's', complement: 'c' },
  });
  const [firstText, secondText] = options.operands;
  if (firstText === undefined) throw new ToolError("missing operand\nTry 'tr --help' for more information.");
  if (secondText === undefined && !options.has('d') && !options.has('s')) {
    throw new ToolError(
      `missing operand after ‘${firstText}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information.`,
    );
  }
  const first = characterSet(firstText);
  const second = secondText === undefined ? '' : characterSet(secondText);
  const complement = options.has('c') || options.has('C');
  const isIn = (character: string) => first.includes(character) !== complement;
  const deletes = options.has('d');
  const squeezed = secondText === undefined ? isIn : (character: string) => second.includes(character);
  const translate = (character: string): string => {
    if (secondText === undefined || !isIn(character)) return character;
    const at = complement ? Infinity : first.lastIndexOf(character);
    return second[Math.min(at, second.length - 1)] ?? character;
  };
  let last = '';
  for (;;) {
    const text = await process.stdin.read();
    if (text === null) return 0;
    let out = '';
    for (const character of text.split('')) {
      if (deletes && isIn(character)) continue;
      const shown = deletes ? character : translate(character);
      if (options.has('s') && shown === last && squeezed(shown)) continue;
      out += shown;
      last = shown;
    }
    await process.stdout.write(out);
  }
});

export const paste = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'd:s', long: { delimiters: 'd', serial: 's' } });
  const delimiter = (options.get('d') ?? '\t').replace(/\\n/g, '\n').replace(/\\t/g, '\t');
  const columns: string[][] = [];
  for (const operand of options.operands.length > 0 ? options.operands : ['-']) {
    const inputs = new Inputs(process, [operand]);
    for await (const { text } of inputs.texts()) columns.push(linesOf(text));
    if (inputs.failed) return 1;
  }
  if (options.has('s')) await process.stdout.write(textOf(columns.map((lines) => lines.join(delimiter))));
  else {
    const rows = Math.max(...columns.map((lines) => lines.length));
    const lines = Array.from({ length: rows }, (_, row) =>
      columns.map((each) => each[row] ?? '').join(delimiter),
    );
    await process.stdout.write(textOf(lines));
  }
  return 0;
});

/** `column -t`: fields lined up. */
export const column = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'ts:o:', long: { table: 't', separator: 's' } });
  const text =
    options.operands.length === 0 ? await readAll(process) : await firstText(process, options.operands);
  const lines = linesOf(text).filter((line) => line.trim() !== '');
  if (!options.has('t')) {
    await process.stdout.write(textOf(lines));
    return 0;
  }
  const separator = options.get('s');
  const rows = lines.map((line) =>
    separator === undefined ? line.trim().split(/\s+/) : line.split(separator),
  );
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const shown = rows.map((row) =>
    row.map((cell, index) => (index < row.length - 1 ? cell.padEnd(widths[index]!) : cell)),
  );
  await process.stdout.write(textOf(shown.map((row) => row.join(options.get('o') ?? '  '))));
  return 0;
});

async function firstText(process: Process, operands: readonly string[]): Promise<string> {
  for await (const { text } of new Inputs(process, operands).texts()) return text;
  await complain(process, 'no input');
  return '';
}
