// Upstream: sigs.k8s.io/yaml (go-yaml v2): key order, scalar styles, and folding at 80 columns
const columnsMax = 80;

/** A value as kubectl prints it with `-o yaml`, ending in a newline. Undefined members are left out. */
export function toYaml(value: unknown): string {
  return block(value, 0, true);
}

function isBranch(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((member) => member !== undefined || Array.isArray(value))
  );
}

/** A node on lines of its own, each with `indent` spaces; `first` says that the first line is already indented. */
function block(value: unknown, indent: number, first: boolean): string {
  if (!isBranch(value)) return `${scalar(value, indent, indent - 2)}\n`;
  const pad = ' '.repeat(indent);
  const entries = Array.isArray(value)
    ? value.map((item) => `- ${block(item, indent + 2, true)}`)
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .sort(([a], [b]) => compareKeys(a, b))
        .map(([key, member]) => entry(key, member, indent));
  return entries.map((text, i) => (i === 0 && first ? text : pad + text)).join('');
}

function entry(key: string, value: unknown, indent: number): string {
  const name = scalar(key, 0, 0, true);
  if (isBranch(value)) return `${name}:\n${block(value, Array.isArray(value) ? indent : indent + 2, false)}`;
  return `${name}: ${scalar(value, indent + name.length + 2, indent)}\n`;
}

/** `column` is where the scalar begins, `indent` that of its mapping: continuation lines go two deeper. */
function scalar(value: unknown, column: number, indent: number, isKey = false): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object') return '{}';
  if (typeof value !== 'string') return numberOrBool(value as number | boolean);
  const facts = analyze(value);
  const fold = isKey ? Infinity : columnsMax;
  const pad = ' '.repeat(indent + 2);
  if (value.includes('\n') && !isKey && facts.blockAllowed) return literal(value, pad);
  if (!facts.plainAllowed || value === '' || resolvesToOther(value)) {
    if (resolvesToOther(value) || value === '' || !facts.singleAllowed)
      return doubleQuoted(value, column, pad, fold);
    return folded(`'${value.replaceAll("'", "''")}'`, column, pad, fold, 1);
  }
  return folded(value, column, pad, fold, 0);
}

function numberOrBool(value: number | boolean): string {
  if (typeof value === 'boolean') return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

const words = new Set(
  'y Y yes Yes YES on On ON true True TRUE n N no No NO off Off OFF false False FALSE ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'.split(
    ' ',
  ),
);
const numeric =
  /^([-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|\.\d+|\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+[eE][-+]?\d+)|[-+]?\d+(:[0-5]?\d)+(\.\d*)?)$/;

/** True when the plain text would be read as something else than a string. */
function resolvesToOther(text: string): boolean {
  return (
    words.has(text) ||
    (/^[-+.\d]/.test(text) &&
      (numeric.test(text.replaceAll('_', '')) || /^\d{4}-\d\d?-\d\d?($|[Tt ])/.test(text)))
  );
}

function analyze(text: string): { plainAllowed: boolean; singleAllowed: boolean; blockAllowed: boolean } {
  const edges = /^[ \n]|[ \n]$/.test(text);
  const breakSpace = /\n /.test(text);
  // go-yaml's printable characters end below the astral planes and leave the tab out.
  const special = / \n/.test(text) || /[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(text);
  const indicators =
    /^[#,[\]{}&*!|>'"%@`]|^[-?:]($|\s)|:($|\s)|\s#/.test(text) ||
    text.startsWith('---') ||
    text.startsWith('...');
  return {
    plainAllowed: !edges && !special && !indicators && !text.includes('\n'),
    singleAllowed: !breakSpace && !special,
    blockAllowed: !special && !text.endsWith(' '),
  };
}

function literal(text: string, pad: string): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`;
}

/** Breaks at single spaces past the last column; the quotes' inner edges are never broken. */
function folded(text: string, column: number, pad: string, max: number, edge: number): string {
  let out = '';
  let at = column;
  for (let i = 0; i < text.length; i++) {
    const isSpace = text[i] === ' ';
    const alone = isSpace && text[i - 1] !== ' ' && text[i + 1] !== ' ';
    if (alone && at > max && i > edge && i < text.length - 1 - edge) {
      out += `\n${pad}`;
      at = pad.length;
    } else {
      out += text[i];
      at++;
    }
  }
  return out;
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(char: string): string {
  const known = escapes[char];
  if (known !== undefined) return known;
  if (/[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(char) && char.length === 1) return char;
  const code = char.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function doubleQuoted(text: string, column: number, pad: string, max: number): string {
  const chars = Array.from(text);
  let out = '"';
  let at = column + 1;
  let afterSpace = false;
  chars.forEach((char, i) => {
    if (char === ' ' && !afterSpace && at > max && i > 0 && i < chars.length - 1) {
      out += `\n${pad}`;
      at = pad.length;
      if (chars[i + 1] === ' ') out += '\\';
      afterSpace = true;
      return;
    }
    const written = escaped(char);
    out += written;
    at += written.length;
    afterSpace = char === ' ';
  });
  return `${out}"`;
}

const isLetter = (char: string) => /\p{L}/u.test(char);
const isDigit = (char: string) => /\d/.test(char);

/** Go-yaml's order of keys: letters after other signs, runs of digits by their number. */
function compareKeys(a: string, b: string): number {
  let digits = false;
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] === b[i]) {
      digits = isDigit(a[i]!);
      continue;
    }
    const aLetter = isLetter(a[i]!);
    const bLetter = isLetter(b[i]!);
    if (aLetter && bLetter) return a[i]! < b[i]! ? -1 : 1;
    if (aLetter || bLetter) return aLetter === digits ? -1 : 1;
    const aRun = /^\d*/.exec(a.slice(i))![0];
    const bRun = /^\d*/.exec(b.slice(i))![0];
    if (Number(aRun) !== Number(bRun)) return Number(aRun) - Number(bRun);
    if (aRun.length !== bRun.length) return aRun.length - bRun.length;
    return a[i]! < b[i]! ? -1 : 1;
  }
  return a.length - b.length;
}
