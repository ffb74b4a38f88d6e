import { StringDecoder } from 'node:string_decoder';

const interrupt = '\u0003';
const endOfInput = '\u0004';
const erase = new Set(['\b', '\u007f']);
const eraseLine = '\u0015';
/** Characters of one line that is being typed; more is not taken. */
const lineLengthMax = 4096;

/**
 * What a terminal's kernel side does with the keys of a raw client: it echoes, lets lines be mended, and hands on whole
 * ones. A container's terminal here takes lines, and Ctrl-C as a character of its own.
 */
export class LineDiscipline {
  readonly #deliver: (text: string | null) => void;
  readonly #echo: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';
  /** What has come of an escape sequence: arrow keys and the like, which this terminal does not know. */
  #escape = '';

  /** `deliver` gets lines, Ctrl-C, and null for the end of input. */
  constructor(deliver: (text: string | null) => void, echo: (text: string) => void) {
    this.#deliver = deliver;
    this.#echo = echo;
  }

  /** Takes what was typed. */
  type(bytes: Buffer): void {
    for (const key of this.#decoder.write(bytes)) this.#press(key);
  }

  #press(key: string): void {
    if (this.#escape !== '' || key === '\u001b') {
      this.#escape += key;
      if (
        this.#escape.length > 2 ? /[@-~]/.test(key) : this.#escape.length === 2 && key !== '[' && key !== 'O'
      )
        this.#escape = '';
    } else if (key === '\r' || key === '\n') {
      this.#echo('\r\n');
      this.#hand(`${this.#line}\n`);
    } else if (key === interrupt) {
      this.#echo('^C\r\n');
      this.#hand(interrupt);
    } else if (key === endOfInput) this.#hand(this.#line === '' ? null : this.#line);
    else if (erase.has(key)) this.#erase(1);
    else if (key === eraseLine) this.#erase(this.#line.length);
    else if (key >= ' ' || key === '\t') this.#add(key);
  }

  #add(key: string): void {
    if (this.#line.length >= lineLengthMax) return;
    this.#line += key;
    this.#echo(key);
  }

  #erase(count: number): void {
    const characters = Array.from(this.#line);
    const erased = characters.splice(-count, count).length;
    this.#line = characters.join('');
    this.#echo('\b \b'.repeat(erased));
  }

  #hand(text: string | null): void {
    this.#line = '';
    this.#deliver(text);
  }
}

/** Output as a terminal shows it. */
export function terminalOutput(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}
