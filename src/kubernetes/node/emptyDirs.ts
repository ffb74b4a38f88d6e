// Upstream: pkg/volume/emptydir/empty_dir.go
import type { EmptyDirVolumeSource, Pod } from '#generated/types/core.v1.ts';
import { podQuantities } from '#kubernetes/api/podQuantities.ts';
import { compareQuantities, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { MountError } from './startErrors.ts';

const hugePages = 'HugePages';
const hugePagesResource = 'hugepages-';

/** Whether a container asks for huge pages of the medium's size, or of any where it names none. */
function asksForHugePages({ spec }: Pod, medium: string): boolean {
  const size = medium.slice(`${hugePages}-`.length);
  const lists = [...spec.containers, ...(spec.initContainers ?? []), spec].map(
    ({ resources }) => resources?.requests ?? {},
  );
  return lists
    .flatMap((requests) => Object.keys(requests))
    .filter((name) => name.startsWith(hugePagesResource))
    .some((name) => size === '' || compareQuantities(name.slice(hugePagesResource.length), size) === 0);
}

/** Looks at what an emptyDir is to be kept on. Throws MountError. */
export function checkEmptyDir(pod: Pod, volume: string, { medium = '' }: EmptyDirVolumeSource): void {
  if (medium === '' || medium === 'Memory') return;
  const isHuge = medium === hugePages || medium.startsWith(`${hugePages}-`);
  if (isHuge && asksForHugePages(pod, medium)) return;
  const why = isHuge
    ? `medium ${medium}: hugePages storage requested, but there is no resource request for huge pages`
    : `unknown storage medium ${JSON.stringify(medium)}`;
  throw new MountError(`MountVolume.SetUp failed for volume "${volume}" : ${why}`);
}

/**
 * Makes new files of an emptyDir a tmpfs where its medium is memory: as large as the least of what pods may have of the
 * node (`allocatable`, a quantity), of what the pod may have, and of its own limit.
 */
export function sizeEmptyDir(
  files: MemoryFileSystem,
  { spec }: Pod,
  { medium, sizeLimit }: EmptyDirVolumeSource,
  allocatable: string,
): void {
  if (medium !== 'Memory') return;
  const isLimited = [...spec.containers, ...(spec.initContainers ?? [])].every(
    ({ resources }) => unitValue(resources?.limits?.['memory']) > 0,
  );
  const ofPod = isLimited || spec.resources?.limits?.['memory'] ? podQuantities(spec).limits['memory'] : 0;
  const sizes = [allocatable, ofPod, sizeLimit].map((size) => unitValue(size)).filter((size) => size > 0);
  files.bytesMax = Math.min(...sizes);
  files.source = 'tmpfs';
}
