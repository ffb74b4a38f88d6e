// Upstream: pkg/kubelet/eviction/eviction_manager.go localStorageEviction
import type { Pod } from '#generated/types/core.v1.ts';
import { formatUnits, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { PodUsage } from './podUsage.ts';

const resource = 'ephemeral-storage';

/** Whether a pod limits what it may store at all. */
export function limitsStorage({ spec }: Pod): boolean {
  return (
    spec.containers.some(({ resources }) => resources?.limits?.[resource] !== undefined) ||
    (spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ?? false)
  );
}

/** Which limit of its own a pod has gone over, in upstream's words; null when none. */
export function storageLimitExceeded({ spec }: Pod, usage: PodUsage): string | null {
  for (const { name, emptyDir } of spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit === undefined || unitValue(limit) === 0) continue;
    if ((usage.emptyDirs.get(name) ?? 0) > unitValue(limit))
      return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  }
  const limits = spec.containers.map(({ resources }) => resources?.limits?.[resource]);
  const total = limits.every((limit) => limit !== undefined)
    ? limits.reduce<number>((sum, limit) => sum + unitValue(limit), 0)
    : 0;
  if (total > 0 && usage.disk > total)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${formatUnits(total, 'BinarySI')}. `;
  for (const { spec: container, disk } of usage.containers) {
    const limit = container.resources?.limits?.[resource];
    if (limit !== undefined && disk > unitValue(limit))
      return `Container ${container.name} exceeded its local ephemeral storage limit "${limit}". `;
  }
  return null;
}
