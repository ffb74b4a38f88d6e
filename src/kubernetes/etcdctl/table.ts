// Upstream: github.com/olekukonko/tablewriter, as etcdctl uses it
const number = /^-?\d+(\.\d+)?$/;

/** A table with rules: heads in the middle, numbers to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const line = (cells: readonly string[], pad: (cell: string, width: number) => string) =>
    `|${cells.map((cell, i) => ` ${pad(cell, widths[i]!)} `).join('|')}|`;
  const centre = (cell: string, width: number) =>
    cell.padStart(cell.length + Math.floor((width - cell.length) / 2)).padEnd(width);
  const aligned = (cell: string, width: number) =>
    number.test(cell) ? cell.padStart(width) : cell.padEnd(width);
  return `${[rule, line(heads, centre), rule, ...rows.map((row) => line(row, aligned)), rule].join('\n')}\n`;
}

/** `94 MB`, `2.1 MB`. Upstream: github.com/dustin/go-humanize Bytes */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  let amount = bytes;
  for (; amount >= 1000 && unit < units.length - 1; unit++) amount /= 1000;
  const shown =
    unit > 0 && amount < 10 ? (Math.floor(amount * 10 + 0.5) / 10).toFixed(1) : String(Math.round(amount));
  return `${shown} ${units[unit]}`;
}
