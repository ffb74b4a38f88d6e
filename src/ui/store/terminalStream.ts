/** The terminal that the page shows; the protocol has room for more. */
export const mainTerminal = 1;

/** How much output is kept for a terminal that is not on the page yet. */
const backlogMaxCharacters = 262_144;

/** Output on its way to the screen. It is kept until a screen is there, and so is a command that a click types. */
export class TerminalStream {
  #backlog = '';
  #listener: ((text: string) => void) | null = null;
  #clearListener: (() => void) | null = null;

  write(terminal: number, text: string): void {
    if (terminal !== mainTerminal) return;
    if (this.#listener !== null) this.#listener(text);
    this.#backlog = (this.#backlog + text).slice(-backlogMaxCharacters);
  }

  get isEmpty(): boolean {
    return this.#backlog === '';
  }

  clear(): void {
    this.#backlog = '';
    this.#clearListener?.();
  }

  /** The screen first gets what it has missed. */
  attach(output: (text: string) => void, clear: () => void): () => void {
    this.#listener = output;
    this.#clearListener = clear;
    if (this.#backlog !== '') output(this.#backlog);
    return () => {
      if (this.#listener === output) this.#listener = null;
      if (this.#clearListener === clear) this.#clearListener = null;
    };
  }
}
