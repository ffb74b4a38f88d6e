// Upstream: pkg/scheduler/framework/plugins/volumebinding/binder.go FindPodVolumes
import type { PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import type { CSIStorageCapacity, StorageClass } from '#generated/types/storage.v1.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import {
  bindingAnnotations,
  classNameOf,
  findMatchingVolume,
  isReachableFrom,
  noProvisioner,
  requestedSize,
} from '#kubernetes/api/volumeBinding.ts';
import { type Rejection, rejection } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { VolumeListers } from './volumeListers.ts';

const name = 'VolumeBinding';
const nodeConflict = rejection(name, 'node(s) had volume node affinity conflict');
const bindConflict = rejection(name, "node(s) didn't find available persistent volumes to bind");
const noSpace = rejection(name, 'node(s) did not have enough free storage');
const noVolume = rejection(name, 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');

/** A pod's claims by what they need. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** These wait for the scheduler to choose a node. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

/** What binding a pod to a node takes: volumes to bind to its claims, and claims to make volumes for. */
export interface VolumesOnNode {
  readonly matches: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provisions: readonly PersistentVolumeClaim[];
}

/** Finds a volume on a node for each claim of a pod, or who will make one; else says what is missing. */
export function findOnNode(
  listers: VolumeListers,
  { bound, delayed }: PodClaims,
  node: NodeInfo,
): VolumesOnNode | Rejection {
  const { labels } = node;
  for (const claim of bound) {
    const volume = listers.volumes.get(claim.spec.volumeName!);
    if (volume === undefined) return noVolume;
    if (!isReachableFrom(volume, node.name, labels)) return nodeConflict;
  }
  const excluded = new Set<string>();
  const matches: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const provisions: PersistentVolumeClaim[] = [];
  const bySize = [...delayed].sort((a, b) => compareQuantities(requestedSize(a), requestedSize(b)));
  for (const claim of bySize) {
    const selected = claim.metadata.annotations?.[bindingAnnotations.selectedNode];
    if (selected !== undefined && selected !== node.name) return bindConflict;
    const on = { nodeName: node.name, labels, excluded };
    const volume =
      selected === undefined ? findMatchingVolume(claim, listers.volumes.list(), true, on) : null;
    if (volume === null) provisions.push(claim);
    else {
      excluded.add(volume.metadata.name);
      matches.push({ claim, volume });
    }
  }
  for (const claim of provisions) {
    const why = whyNotMade(listers, claim, node);
    if (why !== null) return why;
  }
  return { matches, provisions };
}

/** Why no volume can be made for a claim on a node. */
function whyNotMade(listers: VolumeListers, claim: PersistentVolumeClaim, node: NodeInfo): Rejection | null {
  const storageClass = listers.classes.get(classNameOf(claim));
  if (storageClass === undefined || storageClass.provisioner === noProvisioner) return bindConflict;
  if (!isAllowed(storageClass, node)) return bindConflict;
  if (!publishesCapacity(listers, storageClass.provisioner)) return null;
  const wanted = requestedSize(claim);
  for (const capacity of listers.capacities.list())
    if (holds(capacity, storageClass, node, wanted)) return null;
  return noSpace;
}

function isAllowed({ allowedTopologies }: StorageClass, { labels }: NodeInfo): boolean {
  if (!allowedTopologies?.length) return true;
  return allowedTopologies.some(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')),
  );
}

function publishesCapacity(listers: VolumeListers, provisioner: string): boolean {
  return listers.drivers.get(provisioner)?.spec.storageCapacity === true;
}

function holds(
  { storageClassName, nodeTopology, capacity, maximumVolumeSize }: CSIStorageCapacity,
  { metadata }: StorageClass,
  { labels }: NodeInfo,
  wanted: string | number,
): boolean {
  const most = maximumVolumeSize ?? capacity;
  if (storageClassName !== metadata.name || most === undefined || nodeTopology === undefined) return false;
  return compareQuantities(most, wanted) >= 0 && selectorOf(nodeTopology).matches(labels);
}
