// Upstream: pkg/kubelet/images/image_gc_manager.go
import type { Kubelet } from '../kubelet.ts';

/** Upstream: imageGCHighThresholdPercent, imageGCLowThresholdPercent, imageMinimumGCAge. */
const highPercent = 85;
const lowPercent = 80;
const ageMinMs = 120_000;

/** When each image of a node was last seen in use, or first seen at all. */
const lastSeen = new WeakMap<Kubelet, Map<string, number>>();

/** Images that no container of the node uses and that were not seen in use for `ageMs`, the longest unused first. */
function unusedImages(kubelet: Kubelet, ageMs: number): string[] {
  const { images, workers, simulation } = kubelet;
  const seen = lastSeen.get(kubelet) ?? new Map<string, number>();
  lastSeen.set(kubelet, seen);
  const used = new Set<string>();
  for (const { slots } of workers.values())
    for (const { container } of slots) if (container !== null) used.add(container.image.name);
  const unused: [name: string, lastMs: number][] = [];
  for (const { name } of images.list()) {
    if (used.has(name) || !seen.has(name)) seen.set(name, simulation.nowMs);
    const lastMs = seen.get(name)!;
    if (!used.has(name) && simulation.nowMs - lastMs >= ageMs) unused.push([name, lastMs]);
  }
  return unused.sort((a, b) => a[1] - b[1]).map(([name]) => name);
}

/** Takes all images off the node that no container uses: what a node short of disk tries before it evicts pods. */
export function removeUnusedImages(kubelet: Kubelet): void {
  for (const name of unusedImages(kubelet, 0)) kubelet.images.remove(name);
}

/** The regular look: from the high threshold on, unused images go until the disk is down to the low one. */
export function collectImages(kubelet: Kubelet, diskUsed: number, capacity: number): void {
  if (diskUsed * 100 < capacity * highPercent) return;
  let excess = diskUsed - Math.floor((capacity * lowPercent) / 100);
  for (const name of unusedImages(kubelet, ageMinMs)) {
    if (excess <= 0) return;
    excess -= kubelet.images.remove(name);
  }
}
