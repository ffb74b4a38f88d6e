import type { ActivityRow } from '#protocol/rows.ts';

export type ActivityFilter = 'all' | 'event' | 'warning';

/** The latest rows that a filter lets through, newest first. What the learner did is always part of the story. */
export function filterActivity(
  rows: readonly ActivityRow[],
  filter: ActivityFilter,
  max: number,
): ActivityRow[] {
  const kept: ActivityRow[] = [];
  for (let at = rows.length - 1; at >= 0 && kept.length < max; at -= 1) {
    const row = rows[at];
    if (row !== undefined && passes(row, filter)) kept.push(row);
  }
  return kept;
}

function passes(row: ActivityRow, filter: ActivityFilter): boolean {
  if (filter === 'all' || row.type === 'input' || row.type === 'fault') return true;
  return filter === 'event' ? row.type === 'event' : row.level === 'warning';
}
