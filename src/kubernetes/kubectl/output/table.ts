// Upstream: cli-runtime/pkg/printers/{tabwriter,tableprinter}.go
import { widthOf } from './tabWriter.ts';

const minWidth = 6;
const padding = 3;

/**
 * The aligned columns of `get`. Widths are remembered from one flush to the next, so that rows which a
 * watch adds stay under their headings.
 */
export class TableWriter {
  #widths: number[] = [];
  #rows: string[][] = [];

  add(cells: readonly string[]): void {
    this.#rows.push([...cells]);
  }

  /** The rows added since the last flush, as text. */
  flush(): string {
    for (const cells of this.#rows) {
      for (let i = 0; i < cells.length - 1; i++) {
        this.#widths[i] = Math.max(this.#widths[i] ?? minWidth, widthOf(cells[i]!) + padding);
      }
    }
    const lines = this.#rows.map((cells) =>
      cells
        .map((cell, i) => (i < cells.length - 1 ? cell + ' '.repeat(this.#widths[i]! - widthOf(cell)) : cell))
        .join(''),
    );
    this.#rows = [];
    return lines.map((line) => `${line}\n`).join('');
  }
}
