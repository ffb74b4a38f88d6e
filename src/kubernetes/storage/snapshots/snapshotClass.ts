// Upstream: kubernetes-csi/external-snapshotter/pkg/common-controller/snapshot_controller.go checkAndUpdateSnapshotClass, SetDefaultSnapshotClass
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { claimOf, missingClaim } from './claimOf.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import {
  snapshotAnnotations,
  snapshotGroup,
  type VolumeSnapshot,
  type VolumeSnapshotClass,
  volumeSnapshotClasses,
  volumeSnapshots,
} from './snapshotKinds.ts';
import { SnapshotError } from './snapshotStatus.ts';

/** The class that a snapshot names. Throws SnapshotError. */
export function classOf({ informers }: SnapshotContext, name: string): VolumeSnapshotClass {
  const found = informers.of(volumeSnapshotClasses).get(name);
  if (found !== undefined) return found;
  throw new SnapshotError(
    'GetSnapshotClassFailed',
    `Failed to get snapshot class with error ${volumeSnapshotClasses.singular}.${snapshotGroup} "${name}" not found`,
  );
}

/** The same snapshot where it names a class; else it is given the default one. Throws SnapshotError. */
export function chooseClass(context: SnapshotContext, snapshot: VolumeSnapshot): VolumeSnapshot {
  const { volumeSnapshotClassName } = snapshot.spec;
  if (volumeSnapshotClassName !== undefined) {
    classOf(context, volumeSnapshotClassName);
    return snapshot;
  }
  const driver = provisionerOf(context, snapshot);
  const defaults = [...context.informers.of(volumeSnapshotClasses).list()].filter(
    ({ metadata, driver: own }) =>
      own === driver && metadata.annotations?.[snapshotAnnotations.isDefault] === 'true',
  );
  if (defaults.length === 0) throw noDefault('cannot find default snapshot class');
  if (defaults.length > 1) throw noDefault(`${defaults.length} default snapshot classes were found`);
  const spec = { ...snapshot.spec, volumeSnapshotClassName: defaults[0]!.metadata.name };
  return context.client.update(volumeSnapshots, { ...snapshot, spec });
}

function provisionerOf(context: SnapshotContext, snapshot: VolumeSnapshot): string {
  const { informers } = context;
  const claim = claimOf(context, snapshot);
  if (claim === undefined) throw noDefault(missingClaim(snapshot));
  const volume = informers.of(persistentVolumes).get(claim.spec.volumeName ?? '');
  const name = claim.spec.storageClassName || volume?.spec.storageClassName;
  if (!name)
    throw noDefault(
      'cannot figure out the snapshot class automatically, please specify one in snapshot spec',
    );
  const found = informers.of(storageClasses).get(name);
  if (found === undefined) throw noDefault(`storageclasses.storage.k8s.io "${name}" not found`);
  return found.provisioner;
}

function noDefault(why: string): SnapshotError {
  return new SnapshotError(
    'SetDefaultSnapshotClassFailed',
    `Failed to set default snapshot class with error ${why}`,
  );
}
