// Upstream: kubernetes-csi/external-snapshotter/pkg/common-controller/snapshot_controller.go createSnapshotContent, checkandRemovePVCFinalizer
import type { PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { claimOf } from './claimOf.ts';
import { classOf } from './snapshotClass.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import {
  contentNameOf,
  snapshotFinalizers,
  snapshotGroup,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
  volumeSnapshotContents,
  volumeSnapshots,
  withFinalizer,
} from './snapshotKinds.ts';
import { isReady, SnapshotError } from './snapshotStatus.ts';

/** Makes the content for which the driver takes the snapshot. Throws SnapshotError. */
export function createContent(context: SnapshotContext, snapshot: VolumeSnapshot): VolumeSnapshotContent {
  const { client, recorder } = context;
  const claim = protectClaim(context, snapshot);
  const { driver, deletionPolicy, metadata } = classOf(context, snapshot.spec.volumeSnapshotClassName ?? '');
  const volume = volumeOf(context, snapshot, claim);
  const { csi, volumeMode } = volume.spec;
  if (!csi) throw failed(`cannot find CSI PersistentVolumeSource for volume ${volume.metadata.name}`);
  const { namespace = '', name, uid, resourceVersion } = snapshot.metadata;
  const content = client.create(volumeSnapshotContents, {
    metadata: { name: contentNameOf(snapshot), finalizers: [snapshotFinalizers.content] },
    spec: {
      deletionPolicy,
      driver,
      source: { volumeHandle: csi.volumeHandle },
      ...(volumeMode && { sourceVolumeMode: volumeMode }),
      volumeSnapshotClassName: metadata.name,
      volumeSnapshotRef: {
        apiVersion: `${snapshotGroup}/v1`,
        kind: volumeSnapshots.kind,
        name,
        namespace,
        uid,
        ...(resourceVersion && { resourceVersion }),
      },
    },
  });
  const message = `Waiting for a snapshot ${keyOf(snapshot)} to be created by the CSI driver.`;
  recorder.event(snapshot, 'Normal', 'CreatingSnapshot', message);
  return content;
}

/** The claim must not go while its data is copied. */
function protectClaim(context: SnapshotContext, snapshot: VolumeSnapshot): PersistentVolumeClaim {
  const claim = claimOf(context, snapshot);
  const onServer = (name: string, why: string) =>
    failed(`snapshot controller failed to update ${name} on API server: ${why}`);
  if (claim === undefined) throw onServer(snapshot.metadata.name, 'cannot get claim from snapshot');
  if (claim.metadata.deletionTimestamp !== undefined)
    throw onServer(claim.metadata.name, 'cannot add finalizer on claim because it is being deleted');
  setClaimFinalizer(context, claim, true);
  return claim;
}

function volumeOf(
  { informers }: SnapshotContext,
  snapshot: VolumeSnapshot,
  { metadata, spec, status }: PersistentVolumeClaim,
): PersistentVolume {
  const noInput = (why: string) =>
    failed(
      `failed to get input parameters to create snapshot ${snapshot.metadata.name}: ${JSON.stringify(why)}`,
    );
  if (status.phase !== 'Bound')
    throw noInput(`the PVC ${metadata.name} is not yet bound to a PV, will not attempt to take a snapshot`);
  const name = spec.volumeName ?? '';
  const volume = informers.of(persistentVolumes).get(name);
  if (volume === undefined)
    throw noInput(
      `failed to retrieve PV ${name} from the API server: "persistentvolumes \\"${name}\\" not found"`,
    );
  if (volume.spec.claimRef?.uid !== metadata.uid) throw noInput('claim in dataSource not bound or invalid');
  return volume;
}

function failed(why: string): SnapshotError {
  return new SnapshotError(
    'SnapshotContentCreationFailed',
    `Failed to create snapshot content with error ${why}`,
  );
}

/** Lets the claim go once no snapshot is being taken of it. */
export function releaseClaim(context: SnapshotContext, snapshot: VolumeSnapshot): void {
  const claim = claimOf(context, snapshot);
  if (!claim?.metadata.finalizers?.includes(snapshotFinalizers.claim)) return;
  for (const other of context.informers.of(volumeSnapshots).list()) {
    const { metadata, spec } = other;
    const isOfClaim =
      metadata.namespace === claim.metadata.namespace &&
      spec.source.persistentVolumeClaimName === claim.metadata.name;
    if (isOfClaim && !isReady(other)) return;
  }
  setClaimFinalizer(context, claim, false);
}

function setClaimFinalizer(
  { client }: SnapshotContext,
  claim: PersistentVolumeClaim,
  isWanted: boolean,
): void {
  const finalizers = withFinalizer(claim, snapshotFinalizers.claim, isWanted);
  if (finalizers === claim.metadata.finalizers) return;
  const { namespace = '', name } = claim.metadata;
  const body = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
  client.patch(persistentVolumeClaims, namespace, name, { type: 'merge', body });
}

/** Whether a claim waits for the data of a snapshot. */
export function isBeingRestored({ informers }: SnapshotContext, { metadata }: VolumeSnapshot): boolean {
  for (const { metadata: own, spec, status } of informers.of(persistentVolumeClaims).list()) {
    const { dataSource } = spec;
    if (own.namespace !== metadata.namespace || dataSource?.name !== metadata.name) continue;
    if (dataSource.kind !== volumeSnapshots.kind || dataSource.apiGroup !== snapshotGroup) continue;
    if (status.phase === 'Pending') return true;
  }
  return false;
}
