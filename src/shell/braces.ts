import { ShellError } from './control.ts';

/** Words that one brace expansion may make. */
const wordsMax = 65_536;

/** `a{b,c}{1..3}` written out; quotes and `$…` inside are left as they are. */
export function expandBraces(word: string): string[] {
  const open = findBrace(word, 0);
  if (open === null) return [word];
  const before = word.slice(0, open.start);
  const after = expandBraces(word.slice(open.end + 1));
  const middle = open.parts.length > 1 ? open.parts.flatMap(expandBraces) : sequence(open.parts[0]!)!;
  if (middle.length * after.length > wordsMax)
    throw new ShellError('brace expansion: cannot allocate memory');
  return middle.flatMap((part) => after.map((rest) => before + part + rest));
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly parts: string[];
}

function findBrace(word: string, from: number): Brace | null {
  for (let at = from; at < word.length; at++) {
    at = skipQuoted(word, at);
    if (word[at] !== '{') continue;
    const brace = readBrace(word, at);
    if (brace !== null) return brace;
  }
  return null;
}

/** The brace that opens at `start`; null when it is not closed, or has neither a comma nor a sequence. */
function readBrace(word: string, start: number): Brace | null {
  let depth = 0;
  let from = start + 1;
  const parts: string[] = [];
  for (let at = start; at < word.length; at++) {
    const skipped = skipQuoted(word, at);
    if (skipped !== at) {
      at = skipped - 1;
      continue;
    }
    if (word[at] === '{') depth++;
    if (word[at] === ',' && depth === 1) {
      parts.push(word.slice(from, at));
      from = at + 1;
    }
    if (word[at] !== '}' || --depth > 0) continue;
    parts.push(word.slice(from, at));
    if (parts.length === 1 && sequence(parts[0]!) === null) return null;
    return { start, end: at, parts };
  }
  return null;
}

/** Past a quoted piece, an escape or a `${…}` that begins at `at`, or `at` itself. */
function skipQuoted(word: string, at: number): number {
  const character = word[at];
  if (character === '\\') return at + 2;
  if (character === "'" || character === '"') {
    const end = word.indexOf(character, at + 1);
    return end < 0 ? word.length : end + 1;
  }
  if (character !== '$' || (word[at + 1] !== '{' && word[at + 1] !== '(')) return at;
  const [open, close] = word[at + 1] === '{' ? ['{', '}'] : ['(', ')'];
  let depth = 0;
  for (let position = at + 1; position < word.length; position++) {
    if (word[position] === open) depth++;
    else if (word[position] === close && --depth === 0) return position + 1;
  }
  return word.length;
}

function sequence(text: string): string[] | null {
  const match = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (match === null) return null;
  const [, first, last, stepText] = match as unknown as [string, string, string, string | undefined];
  const numeric = /\d/.test(first) && /\d/.test(last);
  if (!numeric && (/\d/.test(first) || /\d/.test(last))) return null;
  const [from, to] = numeric ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  const step = Math.abs(Number(stepText ?? 1)) || 1;
  const count = Math.floor(Math.abs(to - from) / step) + 1;
  if (count > wordsMax) throw new ShellError('brace expansion: cannot allocate memory');
  const padded = numeric && /^-?0\d/.test(first.length > last.length ? first : last);
  const width = padded ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = from + (to >= from ? step : -step) * index;
    if (!numeric) return String.fromCharCode(value);
    return value < 0 ? `-${String(-value).padStart(width - 1, '0')}` : String(value).padStart(width, '0');
  });
}
