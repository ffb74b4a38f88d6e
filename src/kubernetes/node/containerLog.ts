/** Characters that one container's log keeps; upstream keeps 5 files of 10 MiB, a browser tab cannot. */
export const logCharactersMax = 262_144;

export interface LogEntry {
  readonly atMs: number;
  /** One line, or the piece of one that was written so far; ends with a newline when it is whole. */
  readonly text: string;
}

/** What a container has printed: the newest lines up to a bound. */
export class ContainerLog {
  #entries: LogEntry[] = [];
  #first = 0;
  #characters = 0;
  readonly #followers = new Set<(entry: LogEntry) => void>();

  /** How much it holds. */
  get characters(): number {
    return this.#characters;
  }

  append(atMs: number, text: string): void {
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end + 1;
      this.#push({ atMs, text: text.slice(at, stop) });
      at = stop;
    }
  }

  /** What is kept, oldest first. */
  entries(): readonly LogEntry[] {
    return this.#first === 0 ? this.#entries : this.#entries.slice(this.#first);
  }

  /** Calls `receive` for what comes from now on. Returns what ends it. */
  follow(receive: (entry: LogEntry) => void): () => void {
    this.#followers.add(receive);
    return () => this.#followers.delete(receive);
  }

  #push(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#characters += entry.text.length;
    while (this.#characters > logCharactersMax && this.#first < this.#entries.length - 1) {
      this.#characters -= this.#entries[this.#first++]!.text.length;
    }
    if (this.#first > 1024 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    for (const receive of this.#followers) receive(entry);
  }
}
