// Upstream: pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go
import type { PersistentVolumeClaim, Pod, Volume } from '#generated/types/core.v1.ts';
import { type Plugin, type PodFilter, rejection } from '../framework.ts';
import { claimedBy, type VolumeListers } from '../volumeListers.ts';

const name = 'VolumeRestrictions';
const diskConflict = rejection(name, 'node(s) had no available disk', true);
const claimConflict = rejection(
  name,
  'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
  true,
);

/** Whether two volumes name one disk that both cannot have; read-only is fine where the disk allows it. */
function conflicts(a: Volume, b: Volume): boolean {
  const isShared = (x?: { readonly readOnly?: boolean }, y?: { readonly readOnly?: boolean }) =>
    x?.readOnly === true && y?.readOnly === true;
  const { gcePersistentDisk, awsElasticBlockStore, iscsi, rbd } = a;
  if (gcePersistentDisk?.pdName !== undefined && gcePersistentDisk.pdName === b.gcePersistentDisk?.pdName)
    return !isShared(gcePersistentDisk, b.gcePersistentDisk);
  if (awsElasticBlockStore && awsElasticBlockStore.volumeID === b.awsElasticBlockStore?.volumeID) return true;
  if (iscsi && iscsi.iqn === b.iscsi?.iqn) return !isShared(iscsi, b.iscsi);
  if (!rbd || rbd.image !== b.rbd?.image || rbd.pool !== b.rbd?.pool) return false;
  return rbd.monitors.some((monitor) => b.rbd!.monitors.includes(monitor)) && !isShared(rbd, b.rbd);
}

const isDisk = ({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }: Volume) =>
  Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? iscsi ?? rbd);

const isForOnePod = (claim: PersistentVolumeClaim | undefined) =>
  claim?.spec.accessModes?.includes('ReadWriteOncePod') === true;

/** A disk that only one pod can have is had by one pod. */
export function volumeRestrictions(listers: VolumeListers): Plugin {
  return {
    name,
    reads: 'cluster',
    preFilter(pod) {
      const disks = (pod.spec.volumes ?? []).filter(isDisk);
      const { namespace = '' } = pod.metadata;
      const keys = claimedBy(pod)
        .map((claimed) => claimed.name)
        .filter((claim) => isForOnePod(listers.claimOf(pod, claim)))
        .map((claim) => `${namespace}/${claim}`);
      if (disks.length === 0 && keys.length === 0) return null;
      const uses = keys.reduce((sum, key) => sum + listers.usesOf(key), 0);
      return newFilter(disks, keys, uses);
    },
    hints: {
      AssignedPodDelete(pod, before) {
        const other = before as Pod;
        const own = new Set(claimedBy(pod).map((claimed) => claimed.name));
        const isSameClaim =
          other.metadata.namespace === pod.metadata.namespace &&
          claimedBy(other).some((claimed) => own.has(claimed.name));
        const disks = (pod.spec.volumes ?? []).filter(isDisk);
        return (
          isSameClaim || disks.some((disk) => other.spec.volumes?.some((volume) => conflicts(disk, volume)))
        );
      },
      ClaimAdd: (pod, _before, now) => {
        const { metadata } = now as PersistentVolumeClaim;
        if (metadata.namespace !== pod.metadata.namespace) return false;
        return claimedBy(pod).some((claimed) => claimed.name === metadata.name);
      },
    },
  };
}

/** `uses` counts the pods elsewhere that have the claims with these keys. */
function newFilter(disks: readonly Volume[], keys: readonly string[], uses: number): PodFilter {
  let count = uses;
  const change = (other: Pod, step: 1 | -1) => {
    for (const { name: claim } of claimedBy(other))
      if (keys.includes(`${other.metadata.namespace ?? ''}/${claim}`)) count += step;
  };
  return {
    filter(node) {
      for (const disk of disks)
        for (const other of node.pods.values())
          if (other.spec.volumes?.some((volume) => conflicts(disk, volume))) return diskConflict;
      return count > 0 ? claimConflict : null;
    },
    clone: () => newFilter(disks, keys, count),
    addPod: (other) => change(other, 1),
    removePod: (other) => change(other, -1),
  };
}
