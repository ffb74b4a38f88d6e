import { escapePattern } from './text/pattern.ts';

interface Piece {
  readonly text: string;
  /** Quoted text is neither split nor a pattern. */
  readonly quoted: boolean;
}

/** What the expansion of words adds up to: fields, made of quoted and unquoted pieces. */
export class Fields {
  readonly #separators: string;
  readonly #splits: boolean;
  readonly #done: Piece[][] = [];
  #current: Piece[] | null = null;

  /** Without `splits` everything stays one field, as in an assignment. */
  constructor(separators: string, splits: boolean) {
    this.#separators = separators;
    this.#splits = splits;
  }

  /** The separator that `"$*"` joins with. */
  get joiner(): string {
    return this.#separators.slice(0, 1);
  }

  add(text: string, quoted: boolean): void {
    if (text === '' && !quoted) return;
    (this.#current ??= []).push({ text, quoted });
  }

  /** Adds what a `$…` gave: split at the separators when it stands unquoted. */
  addValue(text: string, quoted: boolean): void {
    if (quoted || !this.#splits || this.#separators === '') return this.add(text, quoted);
    const separators = this.#separators;
    let start = 0;
    for (let at = 0; at < text.length;) {
      if (!separators.includes(text[at]!)) {
        at++;
        continue;
      }
      this.add(text.slice(start, at), false);
      // Blanks around one other separator belong to it; of those, each ends a field, be it empty.
      let hard = false;
      for (; at < text.length && separators.includes(text[at]!); at++) {
        if (' \t\n'.includes(text[at]!)) continue;
        if (hard) break;
        hard = true;
      }
      if (hard) this.#current ??= [];
      this.finish();
      start = at;
    }
    this.add(text.slice(start), false);
  }

  /** Adds the items of `$@` or `$*`. */
  addItems(items: readonly string[], star: boolean, quoted: boolean): void {
    if (!this.#splits) return this.add(items.join(star ? this.joiner : ' '), quoted);
    if (quoted && star) return this.add(items.join(this.joiner), true);
    items.forEach((item, index) => {
      if (index > 0) this.finish();
      this.addValue(item, quoted);
    });
  }

  /** Ends the field that is being made. */
  finish(): void {
    if (this.#current !== null) this.#done.push(this.#current);
    this.#current = null;
  }

  /** The fields' texts; `expandPattern` says what an unquoted pattern stands for. */
  texts(expandPattern?: (pattern: string) => string[] | null): string[] {
    this.finish();
    return this.#done.flatMap((field) => {
      const special = field.some((piece) => !piece.quoted && /[*?[(]/.test(piece.text));
      const paths = special && expandPattern !== undefined ? expandPattern(patternOf(field)) : null;
      return paths ?? [field.map((piece) => piece.text).join('')];
    });
  }

  /** Everything as one pattern, in which what was quoted stands for itself. */
  pattern(escape = escapePattern): string {
    this.finish();
    return this.#done.map((field) => patternOf(field, escape)).join('');
  }
}

function patternOf(field: readonly Piece[], escape = escapePattern): string {
  return field.map((piece) => (piece.quoted ? escape(piece.text) : piece.text)).join('');
}
