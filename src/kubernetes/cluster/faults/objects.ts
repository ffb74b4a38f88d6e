import type { Pod } from '#generated/types/core.v1.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Cluster } from '../cluster.ts';

/** All that the store has of a kind. */
export function objects<T extends KubeObject>({ apiServer }: Cluster, kind: Kind<T>): readonly T[] {
  return apiServer.storage.list(kind, '').items as unknown as readonly T[];
}

/** What pods ask for in sum: millicores, bytes. */
export function requestsOf(pods: readonly Pod[]): { readonly cpu: number; readonly memory: number } {
  let [cpu, memory] = [0, 0];
  for (const { spec } of pods) {
    const { requests } = podRequests(spec);
    cpu += requests['cpu'] ?? 0;
    memory += requests['memory'] ?? 0;
  }
  return { cpu, memory };
}

/** A pod that is still there after its grace counts no more. Upstream: quota/v1/evaluator/core QuotaV1Pod */
export function isOverdue({ metadata }: Pod, nowMs: number): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  if (deletionTimestamp === undefined) return false;
  return nowMs > parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}
