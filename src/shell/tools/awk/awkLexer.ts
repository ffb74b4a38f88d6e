import { ToolError } from '../tool.ts';

export interface AwkToken {
  readonly type: 'number' | 'string' | 'regex' | 'name' | 'call' | 'keyword' | 'operator' | 'newline' | 'end';
  readonly text: string;
  readonly line: number;
}

const keywords = new Set(
  'BEGIN END function func if else while for do break continue next exit return delete in print printf getline'.split(
    ' ',
  ),
);
const operators =
  /^(?:\*\*=|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$=,;(){}[\]])/;

/** Takes an awk program apart. A `/` begins a regular expression where no value stands before it. */
export function tokenize(source: string): AwkToken[] {
  const tokens: AwkToken[] = [];
  let at = 0;
  let line = 1;
  const add = (type: AwkToken['type'], text: string, length = text.length) => {
    tokens.push({ type, text, line });
    at += length;
  };
  while (at < source.length) {
    const rest = source.slice(at, at + 4096);
    const blank = /^(?:[ \t\r]+|\\\r?\n|#[^\n]*)/.exec(rest);
    if (blank !== null) {
      if (blank[0].includes('\n')) line++;
      at += blank[0].length;
      continue;
    }
    if (rest[0] === '\n') {
      add('newline', '\n');
      line++;
      continue;
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/.exec(rest);
    if (number !== null) {
      add('number', number[0]);
      continue;
    }
    const name = /^[A-Za-z_]\w*/.exec(rest);
    if (name !== null) {
      const called = rest[name[0].length] === '(';
      add(keywords.has(name[0]) ? 'keyword' : called ? 'call' : 'name', name[0]);
      continue;
    }
    if (rest[0] === '"') {
      const end = closing(source, at + 1, '"', line);
      add('string', unescape(source.slice(at + 1, end)), end + 1 - at);
      continue;
    }
    if (rest[0] === '/' && !endsValue(tokens.at(-1))) {
      const end = closing(source, at + 1, '/', line);
      add('regex', source.slice(at + 1, end).replaceAll('\\/', '/'), end + 1 - at);
      continue;
    }
    const operator = operators.exec(rest);
    if (operator === null) throw new ToolError(`line ${line}: syntax error at or near ${rest[0]}`, 2);
    add('operator', operator[0]);
  }
  add('end', '', 0);
  return tokens;
}

function endsValue(token: AwkToken | undefined): boolean {
  if (token === undefined) return false;
  if (['number', 'string', 'regex', 'name'].includes(token.type)) return true;
  return token.type === 'operator' && [')', ']', '$', '++', '--'].includes(token.text);
}

function closing(source: string, from: number, quote: string, line: number): number {
  let bracket = false;
  for (let at = from; at < source.length && source[at] !== '\n'; at++) {
    if (source[at] === '\\') at++;
    else if (quote === '/' && source[at] === '[') bracket = true;
    else if (quote === '/' && source[at] === ']') bracket = false;
    else if (source[at] === quote && !bracket) return at;
  }
  const what =
    quote === '"' ? `runaway string constant "${source.slice(from).split('\n')[0]}` : 'unterminated regexp';
  throw new ToolError(`line ${line}: ${what}${quote === '"' ? ' ...' : ''}`, 2);
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '"': '"',
  '/': '/',
  '\\': '\\',
};

/** A string constant's text; a backslash before any other character stays, as mawk keeps it. */
export function unescape(text: string): string {
  return text.replace(/\\([0-7]{1,3}|\n|[^])/g, (whole, body: string) => {
    if (/^[0-7]/.test(body)) return String.fromCharCode(Number.parseInt(body, 8));
    return body === '\n' ? '' : (escapes[body] ?? whole);
  });
}
