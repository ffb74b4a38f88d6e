// Upstream: client-go/util/jsonpath/parser.go
import { badRequest } from './statusError.ts';

/** One step of an action; a list is the steps of one `{…}`. */
export type JsonpathNode =
  | { readonly is: 'text' | 'field' | 'identifier'; readonly text: string }
  | { readonly is: 'value'; readonly value: number | boolean }
  | { readonly is: 'wildcard' | 'recursive' }
  | { readonly is: 'list'; readonly nodes: readonly JsonpathNode[] }
  | { readonly is: 'union'; readonly lists: readonly (readonly JsonpathNode[])[] }
  | { readonly is: 'array'; readonly slice: Slice }
  | {
      readonly is: 'filter';
      readonly left: readonly JsonpathNode[];
      readonly operator: string;
      readonly right: readonly JsonpathNode[];
    };

/** `[start:end:step]`; a single index has an `end` of start + 1. */
export interface Slice {
  readonly start?: number;
  readonly end?: number;
  readonly step?: number;
  /** True for a single index, where an end of 0 means the list's end. */
  readonly single: boolean;
}

const terminators = new Set([' ', '\t', '\r', '\n', '.', ',', '[', ']', '$', '@', '{', '}']);
const identifierStart = /[\p{L}\p{Nd}_]/u;
const escapes: { readonly [char: string]: string } = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** The text and the actions of a template. Throws a BadRequest with upstream's words. */
export function parseJsonpathNodes(text: string): JsonpathNode[] {
  const nodes: JsonpathNode[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    if (open < 0) return [...nodes, { is: 'text', text: text.slice(at) }];
    if (open > at) nodes.push({ is: 'text', text: text.slice(at, open) });
    const action = new ActionParser(text, open + 1);
    nodes.push({ is: 'list', nodes: action.parse() });
    at = action.at;
  }
  return nodes;
}

/** The steps of one action that is given without its braces. */
function parseAction(text: string): readonly JsonpathNode[] {
  const [first] = parseJsonpathNodes(`{${text}}`);
  return first?.is === 'list' ? first.nodes : [];
}

class ActionParser {
  at: number;
  readonly #text: string;
  readonly #nodes: JsonpathNode[] = [];

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** Reads up to and with the closing brace. */
  parse(): JsonpathNode[] {
    while (!this.#startsWith('}')) this.#step();
    this.at++;
    return this.#nodes;
  }

  #startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.at);
  }

  #step(): void {
    if (this.#startsWith('[?(')) return this.#filter();
    if (this.#startsWith('..')) return this.#recursive();
    const code = this.#text.codePointAt(this.at);
    const char = code === undefined ? '' : String.fromCodePoint(code);
    if (char === '' || char === '\r' || char === '\n') throw badRequest('unclosed action');
    if (char === ' ' || char === '@' || char === '$') this.at++;
    else if (char === '[') this.#array();
    else if (char === '"' || char === "'") this.#quote(char);
    else if (char === '.') this.#field(this.at + 1);
    else if (/[-+\p{Nd}]/u.test(char)) this.#number();
    else if (identifierStart.test(char)) this.#identifier();
    else {
      const hex = code!.toString(16).toUpperCase().padStart(4, '0');
      throw badRequest(`unrecognized character in action: U+${hex} '${char}'`);
    }
  }

  #recursive(): void {
    if (this.#nodes.at(-1)?.is === 'recursive') throw badRequest('invalid multiple recursive descent');
    this.#nodes.push({ is: 'recursive' });
    this.at += 2;
    if (identifierStart.test(this.#text.charAt(this.at))) this.#field(this.at);
  }

  #field(start: number): void {
    let end = start;
    while (end < this.#text.length && !terminators.has(this.#text.charAt(end)))
      end += this.#text.charAt(end) === '\\' ? 2 : 1;
    const text = this.#text.slice(start, end);
    this.#nodes.push(text === '*' ? { is: 'wildcard' } : { is: 'field', text: text.replaceAll('\\', '') });
    this.at = Math.min(end, this.#text.length);
  }

  #identifier(): void {
    const start = this.at;
    while (this.at < this.#text.length && !terminators.has(this.#text.charAt(this.at))) this.at++;
    const text = this.#text.slice(start, this.at);
    const isBoolean = text === 'true' || text === 'false';
    this.#nodes.push(isBoolean ? { is: 'value', value: text === 'true' } : { is: 'identifier', text });
  }

  #number(): void {
    const [text] = /^[-+]?[.\p{Nd}]*/u.exec(this.#text.slice(this.at))!;
    if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) throw badRequest(`cannot parse number ${text}`);
    this.#nodes.push({ is: 'value', value: Number(text) });
    this.at += text.length;
  }

  #quote(quote: string): void {
    const start = this.at++;
    for (; this.#text.charAt(this.at) !== quote || this.#text.charAt(this.at - 1) === '\\'; this.at++) {
      if (this.at >= this.#text.length || this.#text.charAt(this.at) === '\n')
        throw badRequest('unterminated quoted string');
    }
    this.at++;
    this.#nodes.push({ is: 'text', text: unquote(this.#text.slice(start, this.at)) });
  }

  #array(): void {
    const end = this.#text.slice(this.at).search(/[\]\n]|$/) + this.at;
    if (this.#text.charAt(end) !== ']') throw badRequest('unterminated array');
    const text = this.#text.slice(this.at + 1, end);
    this.at = end + 1;
    const parts = text.split(',');
    const key = /^'([^']*)'$/.exec(text)?.[1];
    if (parts.length > 1) {
      const lists = parts.map((part) => parseAction(`[${part.replaceAll(/^ +| +$/g, '')}]`));
      this.#nodes.push({ is: 'union', lists });
    } else if (key === undefined) {
      this.#nodes.push({ is: 'array', slice: parseSlice(text) });
    } else {
      this.#nodes.push(...parseAction(`.${key}`));
    }
  }

  #filter(): void {
    const start = this.at + '[?('.length;
    const end = this.#filterEnd(start);
    if (this.#text.charAt(end + 1) !== ']') throw badRequest('unclosed array expect ]');
    this.at = end + 2;
    const text = this.#text.slice(start, end);
    const match = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
    const [left = text, operator = 'exists', right = ''] = match?.slice(1) ?? [];
    this.#nodes.push({ is: 'filter', left: parseAction(left), operator, right: parseAction(right) });
  }

  /** Where the closing parenthesis stands. Upstream looks out for one quoted string only. */
  #filterEnd(start: number): number {
    let quote = '';
    let closed = false;
    for (let at = start; at < this.#text.length; at++) {
      const char = this.#text.charAt(at);
      if (char === '\n') break;
      if (char === ')' && (quote === '') !== closed) return at;
      if (char !== '"' && char !== "'") continue;
      if (quote === '') quote = char;
      else if (char === quote && this.#text.charAt(at - 1) !== '\\') closed = true;
    }
    throw badRequest('unterminated filter');
  }
}

function parseSlice(given: string): Slice {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(given === '*' ? ':' : given);
  if (!match) throw badRequest(`invalid array index ${given}`);
  const [start, end, step] = match.slice(1).map((part: string | undefined, index) => {
    const digits = index === 0 ? part : part?.slice(1);
    if (digits === '-') throw badRequest('array index - is not a number');
    return digits ? Number(digits) : undefined;
  });
  const single = match[2] === undefined;
  return {
    ...(start !== undefined && { start }),
    ...(single ? { end: (start ?? 0) + 1 } : end !== undefined && { end }),
    ...(step !== undefined && { step }),
    single,
  };
}

/** A quoted string's text. Upstream: strconv.UnquoteChar, for both kinds of quotes. */
function unquote(quoted: string): string {
  const quote = quoted.charAt(0);
  return quoted
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|.)|["']/g, (found, escape?: string) => {
      if (escape === undefined && found !== quote) return found;
      if (escape === quote) return quote;
      if (escape !== undefined && escape in escapes) return escapes[escape]!;
      if (escape !== undefined && escape.length > 1)
        return String.fromCharCode(
          /^[xu]/.test(escape) ? Number.parseInt(escape.slice(1), 16) : Number.parseInt(escape, 8),
        );
      throw badRequest(`unquote string ${quoted} error invalid syntax`);
    });
}
