// Upstream: pkg/scheduler/framework/types.go FitError
import type { Diagnosis } from './framework.ts';

/** Upstream: ErrNoNodesAvailable. */
export const noNodes = 'no nodes available to schedule pods';

/** Notes of Events are cut there. Upstream: NoteLengthLimit */
const noteLengthMax = 1024;

/** Reasons with how many nodes gave each, sorted as texts: `1 node(s) …, 10 …, 2 Insufficient cpu`. */
export function countReasons(reasons: Iterable<readonly string[]>): string {
  const counts = new Map<string, number>();
  for (const list of reasons) for (const reason of list) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return formatCounts(counts);
}

function formatCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

/** The sentence that tells why a pod found no node; `postFilterMessage` is what preemption adds. */
export function describeUnfit(diagnosis: Diagnosis, postFilterMessage: string): string {
  const { nodeCount, preFilterRejection, rejections, absentReason } = diagnosis;
  let message = `0/${nodeCount} nodes are available:`;
  if (preFilterRejection !== undefined) message += ` ${preFilterRejection.reasons.join(', ')}.`;
  else {
    const counts = new Map<string, number>();
    for (const { reasons } of rejections.values())
      for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const absent = nodeCount - rejections.size;
    if (absentReason !== undefined && absent > 0) counts.set(absentReason, absent);
    if (counts.size > 0) message += ` ${formatCounts(counts)}.`;
  }
  return postFilterMessage === '' ? message : `${message} ${postFilterMessage}`;
}

/** The note of an Event: long ones are cut. */
export function truncateNote(message: string): string {
  const suffix = ' ...';
  return message.length <= noteLengthMax ? message : message.slice(0, noteLengthMax - suffix.length) + suffix;
}
