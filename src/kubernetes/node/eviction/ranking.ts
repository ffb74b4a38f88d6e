// Upstream: pkg/kubelet/eviction/helpers.go rankMemoryPressure, rankDiskPressureFunc, rankPIDPressure
import type { Pod } from '#generated/types/core.v1.ts';
import { podRequests } from '#kubernetes/api/podRequests.ts';
import type { PodUsage } from './podUsage.ts';
import { resourceOf, type Signal } from './thresholds.ts';

/** A pod that may be evicted. */
export interface Candidate {
  readonly pod: Pod;
  readonly usage: PodUsage;
}

/** How much of the signal's resource a pod uses. Each container is one process here. */
export function usageOf(signal: Signal, { memory, disk, containers }: PodUsage): number {
  if (signal === 'memory.available') return memory;
  return signal === 'pid.available' ? containers.length : disk;
}

/** Who goes first: pods that use more than they asked for, then by priority, then by how much more. */
export function ranked<C extends Candidate>(candidates: readonly C[], signal: Signal): C[] {
  const facts = new Map(
    candidates.map((candidate) => {
      const { spec } = candidate.pod;
      const asked = podRequests(spec).requests[resourceOf(signal)] ?? 0;
      const over = usageOf(signal, candidate.usage) - asked;
      const exceeds = signal !== 'pid.available' && over > 0;
      return [candidate, { exceeds, over, priority: spec.priority ?? 0 }];
    }),
  );
  return [...candidates].sort((a, b) => {
    const [left, right] = [facts.get(a)!, facts.get(b)!];
    if (left.exceeds !== right.exceeds) return left.exceeds ? -1 : 1;
    return left.priority - right.priority || right.over - left.over;
  });
}
