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
export function addUsage(total: TotalUsage, worker: PodWorker, volumes: Volumes): void {
  for (const { bytes, isMemory } of scratch(worker, volumes)) {
    if (isMemory) total.memory += bytes;
    else total.disk += onDisk(bytes);
  }
  for (const { container } of worker.slots) {
    if (container === null) continue;
    total.memory += container.memoryBytes;
    total.disk += onDisk(container.diskBytes);
    total.pids++;
  }
}

export function podUsage(worker: PodWorker, volumes: Volumes): PodUsage {
  const total: TotalUsage = { memory: 0, disk: 0, pids: 0 };
  addUsage(total, worker, volumes);
  const containers: ContainerUsage[] = [];
  for (const { spec, container } of worker.slots)
    if (container !== null)
      containers.push({ spec, memory: container.memoryBytes, disk: onDisk(container.diskBytes) });
  const emptyDirs = new Map(Array.from(scratch(worker, volumes), ({ name, bytes }) => [name, bytes]));
  return { memory: total.memory, disk: total.disk, containers, emptyDirs };
}

/** The emptyDirs of a pod that were made. */
function* scratch(
  { pod }: PodWorker,
  volumes: Volumes,
): Generator<{ readonly name: string; readonly bytes: number; readonly isMemory: boolean }> {
  if (pod.spec.volumes === undefined) return;
  for (const [name, bytes] of volumes.scratchOf(pod.metadata.uid)) {
    const emptyDir = pod.spec.volumes.find((volume) => volume.name === name)?.emptyDir;
    if (emptyDir !== undefined) yield { name, bytes, isMemory: emptyDir.medium === 'Memory' };
  }
}
