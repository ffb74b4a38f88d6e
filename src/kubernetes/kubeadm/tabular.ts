/** Upstream: text/tabwriter with the widths that kubeadm gives. */
const minWidth = 10;
const padding = 3;

/** Rows in columns; the last cell of a row ends the line. */
export function tabular(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(minWidth, ...rows.map((row) => (row[column] ?? '').length + padding)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column]!) : cell)).join('');
  return rows.map((row) => `${line(row)}\n`).join('');
}
