// Upstream: Go's text/tabwriter, as kubectl's printers use it (padding with spaces, cells ended by tabs)

/** The width of a cell: Go counts characters, not bytes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}

/**
 * Lines of tab-ended cells set in columns. A column is a block of consecutive lines that all have that
 * cell; what follows the last tab of a line belongs to no column.
 */
export function alignColumns(
  text: string,
  options: { readonly minWidth: number; readonly padding: number },
): string {
  const endsWithNewline = text.endsWith('\n');
  const lines = (endsWithNewline ? text.slice(0, -1) : text).split('\n').map((line) => line.split('\t'));
  const output: string[] = [];
  format(0, lines.length, []);
  return output.join('\n') + (endsWithNewline ? '\n' : '');

  function format(from: number, to: number, widths: readonly number[]): void {
    const column = widths.length;
    let printed = from;
    for (let at = from; at < to; at++) {
      if (column >= lines[at]!.length - 1) continue;
      print(printed, at, widths);
      const start = at;
      let width = options.minWidth;
      for (; at < to && column < lines[at]!.length - 1; at++) {
        width = Math.max(width, widthOf(lines[at]![column]!) + options.padding);
      }
      format(start, at, [...widths, width]);
      printed = at;
      at--;
    }
    print(printed, to, widths);
  }

  function print(from: number, to: number, widths: readonly number[]): void {
    for (let at = from; at < to; at++) {
      const cells = lines[at]!;
      let line = '';
      cells.forEach((cell, i) => {
        line += cell;
        const width = widths[i];
        if (width !== undefined && i < cells.length) line += ' '.repeat(Math.max(0, width - widthOf(cell)));
      });
      output.push(line);
    }
  }
}
