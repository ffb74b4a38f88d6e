// Upstream: component-helpers/storage/volume/{helpers,pv_helpers}.go
import type {
  ObjectReference,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Volume,
} from '#generated/types/core.v1.ts';
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import { matchesNodeTerm } from './nodeAffinity.ts';
import type { KubeObject } from './object.ts';
import { storageClassAnnotation } from './persistentVolumes.ts';

/** What the binder and its partners say to each other on volumes and claims. */
export const bindingAnnotations = {
  bindCompleted: 'pv.kubernetes.io/bind-completed',
  boundByController: 'pv.kubernetes.io/bound-by-controller',
  provisionedBy: 'pv.kubernetes.io/provisioned-by',
  provisioner: 'volume.kubernetes.io/storage-provisioner',
  betaProvisioner: 'volume.beta.kubernetes.io/storage-provisioner',
  selectedNode: 'volume.kubernetes.io/selected-node',
} as const;

/** The provisioner of classes whose volumes somebody makes by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner';

type Labels = Readonly<Record<string, string>>;

/** The class of a volume or a claim; `''` is none. */
export function classNameOf({ metadata, spec }: PersistentVolume | PersistentVolumeClaim): string {
  return metadata.annotations?.[storageClassAnnotation] ?? spec.storageClassName ?? '';
}

export function hasAnnotation({ metadata }: KubeObject, name: string): boolean {
  return metadata.annotations?.[name] !== undefined;
}

export function sizeOfVolume({ spec }: PersistentVolume): string | number {
  return spec.capacity?.['storage'] ?? 0;
}

export function requestedSize({ spec }: PersistentVolumeClaim): string | number {
  return spec.resources?.requests?.['storage'] ?? 0;
}

/** Whether a volume is bound to a claim or reserved for it. */
export function isVolumeBoundToClaim(
  { spec }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  const reference = spec.claimRef;
  if (reference?.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
}

/** Whether claim and volume are bound to each other and the binder is done with the claim. */
export function isClaimFullyBound(claim: PersistentVolumeClaim): boolean {
  return Boolean(claim.spec.volumeName) && hasAnnotation(claim, bindingAnnotations.bindCompleted);
}

export function hasAccessModes({ spec }: PersistentVolumeClaim, { spec: volume }: PersistentVolume): boolean {
  return (spec.accessModes ?? []).every((mode) => volume.accessModes?.includes(mode));
}

export function isModeMismatch(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (claim.spec.volumeMode ?? 'Filesystem') !== (volume.spec.volumeMode ?? 'Filesystem');
}

/** Whether a volume can be reached from a node with these labels. */
export function isReachableFrom({ spec }: PersistentVolume, nodeName: string, labels: Labels): boolean {
  const required = spec.nodeAffinity?.required;
  if (required === undefined) return true;
  const node = { metadata: { name: nodeName, labels } } as unknown as Parameters<typeof matchesNodeTerm>[1];
  return required.nodeSelectorTerms.some((term) => matchesNodeTerm(term, node));
}

/** Why a volume that a claim asks for by name does not do; null when it does. */
export function unsatisfied(volume: PersistentVolume, claim: PersistentVolumeClaim): string | null {
  if (compareQuantities(sizeOfVolume(volume), requestedSize(claim)) < 0) return 'requested PV is too small';
  if (classNameOf(volume) !== classNameOf(claim)) return 'storageClassName does not match';
  if ((volume.spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? ''))
    return 'VolumeAttributesClassName does not match';
  if (isModeMismatch(claim, volume)) return 'incompatible volumeMode';
  if (!hasAccessModes(claim, volume)) return 'incompatible accessMode';
  return null;
}

/** Where the scheduler looks for a volume: what it must be reachable from, and what is taken already. */
export interface SoughtOn {
  readonly nodeName: string;
  readonly labels: Labels;
  readonly excluded: ReadonlySet<string>;
}

/**
 * The smallest of `volumes` that a claim may have, a volume reserved for it before all others. With `on` the volume
 * must be reachable from that node; without, a claim whose binding is delayed gets reserved volumes only.
 */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  isDelayed: boolean,
  on: SoughtOn | null = null,
): PersistentVolume | null {
  const className = classNameOf(claim);
  const selector = claim.spec.selector && selectorOf(claim.spec.selector);
  let smallest: PersistentVolume | null = null;
  for (const volume of volumes) {
    if (on?.excluded.has(volume.metadata.name)) continue;
    const isOurs = isVolumeBoundToClaim(volume, claim);
    if (volume.spec.claimRef !== undefined && !isOurs) continue;
    if (compareQuantities(sizeOfVolume(volume), requestedSize(claim)) < 0) continue;
    if (isModeMismatch(claim, volume) || volume.metadata.deletionTimestamp !== undefined) continue;
    if ((claim.spec.volumeAttributesClassName ?? '') !== (volume.spec.volumeAttributesClassName ?? ''))
      continue;
    const isReachable = on === null || isReachableFrom(volume, on.nodeName, on.labels);
    if (isOurs) return isReachable ? volume : null;
    if ((on === null && isDelayed) || !isReachable) continue;
    if (volume.status.phase !== 'Available' || classNameOf(volume) !== className) continue;
    if (selector && !selector.matches(volume.metadata.labels)) continue;
    if (!hasAccessModes(claim, volume)) continue;
    if (smallest === null || compareQuantities(sizeOfVolume(smallest), sizeOfVolume(volume)) > 0)
      smallest = volume;
  }
  return smallest;
}

/** Volumes grouped by how many access modes they have, fewest first: a claim takes no more than it needs. */
export function bestMatch(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  isDelayed: boolean,
): PersistentVolume | null {
  const reserved = volumes.find((volume) => isVolumeBoundToClaim(volume, claim));
  if (reserved !== undefined && findMatchingVolume(claim, [reserved], isDelayed) !== null) return reserved;
  const counts = [...new Set(volumes.map(({ spec }) => spec.accessModes?.length ?? 0))].sort((a, b) => a - b);
  for (const count of counts) {
    const alike = volumes.filter(({ spec }) => (spec.accessModes?.length ?? 0) === count);
    const found = findMatchingVolume(claim, alike, isDelayed);
    if (found !== null) return found;
  }
  return null;
}

/** Whether claims of a class wait for a pod. A class that is not there delays nothing. */
export function isDelayed(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** A volume with a claim's name and uid in it, as the binder and the scheduler write it. */
export function withClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const { namespace = '', name, uid, resourceVersion } = claim.metadata;
  const claimRef: ObjectReference = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace,
    name,
    uid,
    resourceVersion,
  };
  const isReserved = volume.spec.claimRef !== undefined;
  const bound = { ...volume, spec: { ...volume.spec, claimRef } };
  return isReserved ? bound : withAnnotations(bound, { [bindingAnnotations.boundByController]: 'yes' });
}

export function withAnnotations<T extends KubeObject>(object: T, annotations: Labels): T {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } };
}

export function withoutAnnotations<T extends KubeObject>(object: T, names: readonly string[]): T {
  const { annotations = {}, ...metadata } = object.metadata;
  const left = Object.entries(annotations).filter(([name]) => !names.includes(name));
  return {
    ...object,
    metadata: { ...metadata, ...(left.length > 0 && { annotations: Object.fromEntries(left) }) },
  };
}

/** The name of the claim behind a pod's volume; undefined where it has none. */
export function claimNameOf(
  pod: Pod,
  { name, persistentVolumeClaim, ephemeral }: Volume,
): string | undefined {
  return persistentVolumeClaim?.claimName ?? (ephemeral && `${pod.metadata.name}-${name}`);
}
