// Upstream: cli-runtime/pkg/printers/tableprinter.go (tables that the server made)
import type { KubeObject } from '#kubernetes/api/object.ts';
import { goFormat } from './goFormat.ts';
import { typeName, type Resource } from '../restMapper.ts';

export interface Table {
  readonly kind: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions?:
    | readonly { readonly name: string; readonly format?: string; readonly priority?: number }[]
    | null;
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: KubeObject }[];
}

export interface TableOptions {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly withKind: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
}

type Columns = NonNullable<Table['columnDefinitions']>;

export function headersOf(columns: Columns, options: TableOptions): string[] {
  return [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...columns
      .filter((column) => options.wide || !column.priority)
      .map((column) => column.name.toUpperCase()),
    ...options.labelColumns.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showLabels ? ['LABELS'] : []),
  ];
}

/** Tables are cut at a line's end, so that one object stays one line. */
function cellText(value: unknown): string {
  const text = goFormat(value);
  const end = text.search(/[\f\n\r]/);
  return end < 0 ? text : `${text.slice(0, end)}...`;
}

export function cellsOf(
  row: Table['rows'][number],
  columns: Columns,
  resource: Resource,
  options: TableOptions,
): string[] {
  const { metadata } = row.object;
  const labels: Readonly<Record<string, string>> = metadata.labels ?? {};
  const shown = columns.flatMap((column, i) => {
    if (!options.wide && column.priority) return [];
    const text = cellText(row.cells[i]);
    return [options.withKind && column.format === 'name' ? `${typeName(resource)}/${text}` : text];
  });
  return [
    ...(options.withNamespace ? [metadata.namespace ?? ''] : []),
    ...shown,
    ...options.labelColumns.map((label) => labels[label] ?? ''),
    ...(options.showLabels ? [formatLabelCell(labels)] : []),
  ];
}

function formatLabelCell(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}
