import type { Pod } from '#kubernetes/api/core/pod.ts';
import type { PodSummary } from '#kubernetes/api/podSummary.ts';
import type { Health } from '#protocol/rows.ts';

/** Reasons of the STATUS column that a pod does not get out of by waiting. */
const failing = /BackOff|Error|Err|OOMKilled|Failed|Evicted|ExitCode|Signal|Invalid|Cannot|Unknown|Lost/;

/** The state that a pod is drawn in. */
export function podHealth(pod: Pod, summary: PodSummary): Health {
  if (pod.metadata.deletionTimestamp !== undefined) return 'terminating';
  if (pod.status.phase === 'Succeeded') return 'succeeded';
  if (pod.status.phase === 'Failed' || failing.test(summary.reason)) return 'failing';
  if (pod.status.phase === 'Unknown') return 'unknown';
  return summary.reason === 'Running' && summary.ready === summary.total ? 'running' : 'pending';
}

/** The state of something that wants `desired` parts and has `ready` of them. */
export function countHealth(desired: number, ready: number, isDeleted: boolean): Health {
  if (isDeleted) return 'terminating';
  return ready >= desired ? 'running' : 'pending';
}
