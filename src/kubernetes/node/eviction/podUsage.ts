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

/** What pods hold together, in bytes; each container is one process. */
export interface TotalUsage {
  memory: number;
  disk: number;
  pids: number;
}

/** Adds what a pod holds, without a list of it: nodes are looked at often, and are seldom short of anything. */
export function addUsage(total: TotalUsage, { pod, slots }: PodWorker, volumes: Volumes): void {
  for (const { container } of slots) {
    if (container === null) continue;
    // Files in memory are counted with their volume, which outlives the container.
    total.memory += container.memoryBytes - container.tmpfsBytes;
    total.disk += onDisk(container.diskBytes);
    total.pids++;
  }
  const scratch = volumes.scratchOf(pod.metadata.uid);
  if (scratch === undefined) return;
  for (const [name, { diskBytes }] of scratch) {
    const emptyDir = pod.spec.volumes?.find((volume) => volume.name === name)?.emptyDir;
    if (emptyDir?.medium === 'Memory') total.memory += diskBytes;
    else if (emptyDir !== undefined) total.disk += onDisk(diskBytes);
  }
}

export function podUsage(worker: PodWorker, volumes: Volumes): PodUsage {
  const { pod, slots } = worker;
  const total: TotalUsage = { memory: 0, disk: 0, pids: 0 };
  addUsage(total, worker, volumes);
  const containers: ContainerUsage[] = [];
  for (const { spec, container } of slots)
    if (container !== null)
      containers.push({ spec, memory: container.memoryBytes, disk: onDisk(container.diskBytes) });
  const emptyDirs = new Map<string, number>();
  for (const [name, { diskBytes }] of volumes.scratchOf(pod.metadata.uid) ?? [])
    emptyDirs.set(name, diskBytes);
  return { memory: total.memory, disk: total.disk, containers, emptyDirs };
}
