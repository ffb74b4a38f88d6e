import { alignColumns } from '../output/tabWriter.ts';

/** Collects the lines of a description; tabs end cells, and `flush` begins a new block of columns. */
export class DescribeWriter {
  #done = '';
  #block = '';

  /** Writes a line at a depth of two spaces per level. */
  line(level: number, text: string): void {
    this.#block += `${'  '.repeat(level)}${text}\n`;
  }

  flush(): void {
    this.#done += alignColumns(this.#block, { minWidth: 0, padding: 2 });
    this.#block = '';
  }

  /** What was written since the last flush, its tabs left as they are. */
  unaligned(): string {
    return this.#block;
  }

  toString(): string {
    this.flush();
    return this.#done;
  }
}
