// Upstream: pkg/controller/job/indexed_job_utils.go
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';

export const completionIndexAnnotation = 'batch.kubernetes.io/job-completion-index';

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed';
}

/** The index that a pod works on; undefined for pods that have none or one out of range. */
export function indexOf({ metadata }: Pod, completions: number): number | undefined {
  const text = metadata.annotations?.[completionIndexAnnotation] ?? '';
  const index = Number(text);
  return /^\d+$/.test(text) && index < completions ? index : undefined;
}

/** Reads `1,3-5,7`. Indexes beyond `completions` are left out. */
export function parseIndexes(text: string | undefined, completions: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of text ? text.split(',') : []) {
    const [first = '', last = first] = part.split('-');
    for (let index = Number(first); index <= Number(last) && index < completions; index++) indexes.add(index);
  }
  return indexes;
}

/** The inverse of `parseIndexes`: three and more in a row become a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (sorted[end + 1] === sorted[end]! + 1) end++;
    const [first, last] = [sorted[at]!, sorted[end]!];
    if (end === at) parts.push(String(first));
    else parts.push(end === at + 1 ? `${first},${last}` : `${first}-${last}`);
    at = end + 1;
  }
  return parts.join(',');
}

/** The first `count` indexes that are neither done nor being worked on. */
export function pendingIndexes(completions: number, busy: ReadonlySet<number>, count: number): number[] {
  const pending: number[] = [];
  for (let index = 0; index < completions && pending.length < count; index++) {
    if (!busy.has(index)) pending.push(index);
  }
  return pending;
}
