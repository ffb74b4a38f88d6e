// Upstream: pkg/scheduler/framework/types.go FitError
import { remembered } from '#kubernetes/api/sharing.ts';
import type { Diagnosis } from './framework.ts';

/** Upstream: ErrNoNodesAvailable. */
export const noNodes = 'no nodes available to schedule pods';

/** Notes of Events are cut there. Upstream: NoteLengthLimit */
const noteLengthMax = 1024;

function formatCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

/** What a diagnosis comes to. */
interface Summary {
  /** `0/3 nodes are available: 1 …, 2 ….` */
  readonly sentence: string;
  /** The plugins that refused. */
  readonly rejectors: ReadonlySet<string>;
}

/** Asked once per diagnosis, which many pods of one template may share. */
const summarize = remembered((diagnosis: Diagnosis): Summary => {
  const { nodeCount, preFilterRejection, rejections, absent } = diagnosis;
  const start = `0/${nodeCount} nodes are available:`;
  if (preFilterRejection !== undefined) {
    const { plugin, reasons } = preFilterRejection;
    return { sentence: `${start} ${reasons.join(', ')}.`, rejectors: new Set([plugin]) };
  }
  const counts = new Map<string, number>();
  const rejectors = new Set<string>();
  for (const { plugin, reasons } of rejections.values()) {
    rejectors.add(plugin);
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const left = nodeCount - rejections.size;
  if (absent !== undefined && left > 0) counts.set(absent.reason, left);
  for (const plugin of absent?.plugins ?? []) rejectors.add(plugin);
  return { sentence: counts.size > 0 ? `${start} ${formatCounts(counts)}.` : start, rejectors };
});

/** The sentence that tells why a pod found no node; `postFilterMessage` is what preemption adds. */
export function describeUnfit(diagnosis: Diagnosis, postFilterMessage: string): string {
  const { sentence } = summarize(diagnosis);
  return postFilterMessage === '' ? sentence : `${sentence} ${postFilterMessage}`;
}

/** The plugins that kept a pod from every node: what they wait for is what may help. */
export function rejectorsOf(diagnosis: Diagnosis): ReadonlySet<string> {
  return summarize(diagnosis).rejectors;
}

/** The note of an Event: long ones are cut. */
export function truncateNote(message: string): string {
  const suffix = ' ...';
  return message.length <= noteLengthMax ? message : message.slice(0, noteLengthMax - suffix.length) + suffix;
}
