import type { ILink, ILinkProvider, Terminal } from '@xterm/xterm';
import type { Row } from '#protocol/rows.ts';
import type { RowTable } from '#ui/store/rowTable.ts';

/** A name of something in the cluster, in a line of the terminal. */
export interface FoundName {
  readonly rowId: string;
  /** 0-based, the end not included. */
  readonly from: number;
  readonly to: number;
}

const kindsInText: Readonly<Record<string, string>> = {
  pod: 'pods',
  deployment: 'deployments',
  replicaset: 'replicasets',
  service: 'services',
  node: 'nodes',
  job: 'jobs',
};

/** Finds names: `pod/web-1`, `deployment.apps/web`, or a bare name that belongs to one row only. */
export function findNames(line: string, byName: ReadonlyMap<string, readonly Row[]>): FoundName[] {
  const found: FoundName[] = [];
  for (const match of line.matchAll(/(?:([a-z]+)(?:\.[a-z.]+)?\/)?([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)/gu)) {
    const [, kind, name = ''] = match;
    const rows = byName.get(name) ?? [];
    const plural = kind === undefined ? undefined : (kindsInText[kind] ?? kind);
    const fitting = plural === undefined ? rows : rows.filter((row) => row.id.startsWith(`${plural}/`));
    // A short word is more often a word than a name.
    if (fitting.length !== 1 || (plural === undefined && name.length < 4)) continue;
    const [row] = fitting;
    if (row !== undefined)
      found.push({ rowId: row.id, from: match.index, to: match.index + match[0].length });
  }
  return found;
}

/** Makes names of the cluster's things clickable. */
export class NameLinks implements ILinkProvider {
  readonly #xterm: Terminal;
  readonly #rows: RowTable;
  readonly #open: (rowId: string) => void;

  constructor(xterm: Terminal, rows: RowTable, open: (rowId: string) => void) {
    this.#xterm = xterm;
    this.#rows = rows;
    this.#open = open;
  }

  provideLinks(y: number, callback: (links: ILink[] | undefined) => void): void {
    const text = this.#xterm.buffer.active.getLine(y - 1)?.translateToString(true) ?? '';
    const byName = new Map<string, Row[]>();
    for (const row of this.#rows.values()) {
      if (row.type === 'edge' || row.type === 'component' || !text.includes(row.name)) continue;
      byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
    }
    callback(
      findNames(text, byName).map((name) => ({
        text: text.slice(name.from, name.to),
        range: { start: { x: name.from + 1, y }, end: { x: name.to, y } },
        activate: () => this.#open(name.rowId),
      })),
    );
  }
}
