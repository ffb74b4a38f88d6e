// Upstream: encoding/json/scanner.go, sigs.k8s.io/json

/** Text that is no JSON; the message is the sentence of Go's decoder. */
export class JsonError extends Error {
  override name = 'JsonError';
}

export interface DecodedJson {
  readonly value: unknown;
  /** `duplicate field "spec.replicas"`, in the order of the text; of a field that is there twice the last counts. */
  readonly duplicates: readonly string[];
}

/**
 * How deep values may lie in each other. Go's decoder stops at 10,000; what walks an object here does so by
 * recursion, and nothing that Kubernetes serves is a tenth as deep as this.
 */
export const depthMax = 1000;

/** Upstream: sigs.k8s.io/json reports no more strict errors than this. */
const duplicatesMax = 100;

/** Reads JSON as Go does: strictly, with its sentences, and with the fields that an object has twice. */
export function decodeJson(text: string): DecodedJson {
  return new Reader(text).read();
}

/** The paths of all fields of a JSON text, such as `spec.containers[0].image`, in its order; what is there twice comes twice. */
export function fieldPaths(text: string): readonly string[] {
  const paths: string[] = [];
  new Reader(text, (path) => paths.push(path)).read();
  return paths;
}

const literals = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;

const loneSurrogate = /\p{Surrogate}/u;
const loneSurrogates = /\p{Surrogate}/gu;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  readonly #duplicates: string[] = [];
  readonly #onField: ((path: string) => void) | undefined;
  #at = 0;

  constructor(text: string, onField?: (path: string) => void) {
    this.#text = text;
    this.#onField = onField;
  }

  read(): DecodedJson {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#invalid('after top-level value');
    return { value, duplicates: this.#duplicates };
  }

  #value(): unknown {
    this.#skipSpace();
    const char = this.#text[this.#at];
    if (char === '{') return this.#object();
    if (char === '[') return this.#list();
    if (char === '"') return this.#string();
    if (char === '-' || isDigit(char)) return this.#number();
    for (const [word, value] of literals) if (char === word[0]) return this.#literal(word, value);
    throw this.#invalid('looking for beginning of value');
  }

  #object(): unknown {
    this.#enter('');
    const fields = new Map<string, unknown>();
    this.#skipSpace();
    if (this.#text[this.#at] !== '}') {
      for (;;) {
        this.#skipSpace();
        if (this.#text[this.#at] !== '"') throw this.#invalid('looking for beginning of object key string');
        const key = this.#string();
        this.#path[this.#path.length - 1] = key;
        this.#onField?.(this.#pathText());
        if (fields.has(key)) this.#reportDuplicate();
        this.#skipSpace();
        if (this.#text[this.#at] !== ':') throw this.#invalid('after object key');
        this.#at++;
        fields.set(key, this.#value());
        this.#skipSpace();
        if (this.#text[this.#at] === '}') break;
        if (this.#text[this.#at] !== ',') throw this.#invalid('after object key:value pair');
        this.#at++;
      }
    }
    this.#leave();
    return Object.fromEntries(fields);
  }

  #list(): unknown {
    this.#enter(0);
    const elements: unknown[] = [];
    this.#skipSpace();
    if (this.#text[this.#at] !== ']') {
      for (;;) {
        this.#path[this.#path.length - 1] = elements.length;
        elements.push(this.#value());
        this.#skipSpace();
        if (this.#text[this.#at] === ']') break;
        if (this.#text[this.#at] !== ',') throw this.#invalid('after array element');
        this.#at++;
      }
    }
    this.#leave();
    return elements;
  }

  #enter(step: string | number): void {
    this.#at++;
    this.#path.push(step);
    if (this.#path.length > depthMax) throw new JsonError('exceeded max depth');
  }

  #leave(): void {
    this.#at++;
    this.#path.pop();
  }

  #string(): string {
    const from = ++this.#at;
    let text = '';
    let plainFrom = from;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 34) {
        text += this.#text.slice(plainFrom, this.#at++);
        return wellFormed(text);
      }
      if (code < 32 || Number.isNaN(code)) throw this.#invalid('in string literal');
      if (code !== 92) {
        this.#at++;
        continue;
      }
      text += this.#text.slice(plainFrom, this.#at++) + this.#escape();
      plainFrom = this.#at;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at];
    if (char !== 'u') {
      const plain = char === undefined || !Object.hasOwn(escapes, char) ? undefined : escapes[char];
      if (plain === undefined) throw this.#invalid('in string escape code');
      this.#at++;
      return plain;
    }
    for (let digit = 0; digit < 4; digit++) {
      this.#at++;
      if (!/[\da-fA-F]/.test(this.#text[this.#at] ?? ''))
        throw this.#invalid('in \\u hexadecimal character escape');
    }
    this.#at++;
    return String.fromCharCode(Number.parseInt(this.#text.slice(this.#at - 4, this.#at), 16));
  }

  #number(): number {
    const from = this.#at;
    if (this.#text[this.#at] === '-') this.#at++;
    if (this.#text[this.#at] === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#at] === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (this.#text[this.#at] === 'e' || this.#text[this.#at] === 'E') {
      this.#at++;
      if (this.#text[this.#at] === '+' || this.#text[this.#at] === '-') this.#at++;
      this.#digits('in exponent of numeric literal');
    }
    const value = Number(this.#text.slice(from, this.#at));
    if (!Number.isFinite(value)) {
      throw new JsonError(
        `json: cannot unmarshal number ${this.#text.slice(from, this.#at)} into Go value of type float64`,
      );
    }
    // Written again, a negative zero would be another number.
    return value === 0 ? 0 : value;
  }

  #digits(where: string): void {
    if (!isDigit(this.#text[this.#at])) throw this.#invalid(where);
    while (isDigit(this.#text[this.#at])) this.#at++;
  }

  #literal<T>(word: string, value: T): T {
    for (let i = 0; i < word.length; i++, this.#at++) {
      if (this.#text[this.#at] !== word[i])
        throw this.#invalid(`in literal ${word} (expecting '${word[i]}')`);
    }
    return value;
  }

  #skipSpace(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '.')) this.#at++;
  }

  #reportDuplicate(): void {
    if (this.#duplicates.length >= duplicatesMax) return;
    const problem = duplicateField(this.#pathText());
    if (!this.#duplicates.includes(problem)) this.#duplicates.push(problem);
  }

  #pathText(): string {
    let path = '';
    for (const step of this.#path)
      path += typeof step === 'number' ? `[${step}]` : path === '' ? step : `.${step}`;
    return path;
  }

  #invalid(where: string): JsonError {
    const char = this.#text.codePointAt(this.#at);
    if (char === undefined) return new JsonError('unexpected end of JSON input');
    return new JsonError(`invalid character ${quoted(char)} ${where}`);
  }
}

export function duplicateField(path: string): string {
  return `duplicate field ${JSON.stringify(path)}`;
}

/** Go reads half a surrogate pair as a replacement character. */
export function wellFormed(text: string): string {
  return loneSurrogate.test(text) ? text.replaceAll(loneSurrogates, '\ufffd') : text;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

/** One character in single quotes, as Go quotes it. */
function quoted(code: number): string {
  if (code === 39) return "'\\''";
  if (code === 34) return `'"'`;
  const text = JSON.stringify(String.fromCodePoint(code)).slice(1, -1);
  return `'${code < 32 && text.startsWith('\\u') ? `\\x${code.toString(16).padStart(2, '0')}` : text}'`;
}
