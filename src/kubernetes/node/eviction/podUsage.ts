// Upstream: pkg/kubelet/server/stats/summary.go, pkg/kubelet/eviction/helpers.go podDiskUsage
import type { Container as ContainerSpec } from '#generated/types/core.v1.ts';
import type { PodWorker } from '../podWorker.ts';
import type { Volumes } from '../volumes.ts';

/** What one container holds, in bytes. */
export interface ContainerUsage {
  readonly spec: ContainerSpec;
  readonly memory: number;
  /** What it has written over its image, and its log. */
  readonly disk: number;
}

/** What a pod holds of its node, in bytes. */
export interface PodUsage {
  readonly memory: number;
  readonly disk: number;
  readonly containers: readonly ContainerUsage[];
  /** Of emptyDirs, in memory or not, by name. */
  readonly emptyDirs: ReadonlyMap<string, number>;
}

/** A disk is written in blocks. */
const blockBytes = 4096;

export function onDisk(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

export function podUsage({ pod, slots }: PodWorker, volumes: Volumes): PodUsage {
  const emptyDirs = new Map<string, number>();
  let [memory, disk] = [0, 0];
  for (const [name, bytes] of volumes.scratchOf(pod.metadata.uid)) {
    const emptyDir = pod.spec.volumes?.find((volume) => volume.name === name)?.emptyDir;
    if (emptyDir === undefined) continue;
    emptyDirs.set(name, bytes);
    if (emptyDir.medium === 'Memory') memory += bytes;
    else disk += onDisk(bytes);
  }
  const containers: ContainerUsage[] = [];
  for (const { spec, container } of slots) {
    if (container === null) continue;
    const own = { spec, memory: container.memoryBytes, disk: onDisk(container.diskBytes) };
    memory += own.memory;
    disk += own.disk;
    containers.push(own);
  }
  return { memory, disk, containers, emptyDirs };
}
