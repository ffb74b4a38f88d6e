// Upstream: pkg/kubelet/qos/policy.go, pkg/kubelet/oom/oom_watcher_linux.go; the kernel's mm/oom_kill.c
import { qosClass } from '#kubernetes/api/podResources.ts';
import { unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { Kubelet } from '../kubelet.ts';
import type { PodWorker } from '../podWorker.ts';
import type { ContainerUsage } from './podUsage.ts';
import type { Candidate } from './ranking.ts';

/** In thousandths of the node's memory, what the kernel adds to what a container uses. */
function scoreAdjustment({ spec }: Pod, container: ContainerUsage['spec'], capacity: number): number {
  if ((spec.priority ?? 0) >= 2_000_001_000) return -997;
  const qos = qosClass(spec);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const request = unitValue(container.resources?.requests?.['memory']);
  return Math.min(999, Math.max(3, 1000 - Math.floor((1000 * request) / capacity)));
}

/** Ends the containers that the kernel would pick until `missing` bytes are free again. */
export function killForMemory(
  kubelet: Kubelet,
  candidates: readonly (Candidate & { readonly worker: PodWorker })[],
  missing: number,
): void {
  const capacity = unitValue(kubelet.identity.size.memory);
  const pids = kubelet.simulation.random('victims');
  const victims = candidates
    .flatMap(({ pod, worker, usage }) =>
      usage.containers.map(({ spec, memory }) => ({
        container: worker.slots.find((slot) => slot.spec === spec)?.container,
        memory,
        score: Math.floor((1000 * memory) / capacity) + scoreAdjustment(pod, spec, capacity),
      })),
    )
    .filter(({ container }) => container?.isRunning)
    .sort((a, b) => b.score - a.score || b.memory - a.memory);
  let left = missing;
  for (const { container, memory } of victims) {
    if (left <= 0) return;
    left -= memory;
    const name = container!.args[0]?.replace(/^.*\//, '') ?? '';
    container!.killForMemory();
    kubelet.event(
      'Warning',
      'SystemOOM',
      `System OOM encountered, victim process: ${name}, pid: ${1000 + pids.below(30_000)}`,
    );
  }
}
