// Upstream: kubernetes-csi/external-provisioner/pkg/controller/controller.go getSnapshotSource
import { requestedSize } from '#kubernetes/api/volumeBinding.ts';
import { unitValue } from '#kubernetes/apimachinery/quantity.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { DiskSnapshot } from '#world/machine/diskStore.ts';
import type { DriverContext } from '../driver.ts';
import { ProvisionError, type VolumeRequest } from '../provisioner.ts';
import {
  snapshotGroup,
  type VolumeSnapshotContent,
  volumeSnapshotContents,
  volumeSnapshots,
} from './snapshotKinds.ts';

/** On a content: an administrator lets a device become a file system, or the other way round. */
const modeChange = 'snapshot.storage.kubernetes.io/allow-volume-mode-change';

/** Whether a claim asks for the data of a snapshot. */
export function asksForSnapshot({ claim }: Pick<VolumeRequest, 'claim'>): boolean {
  const { dataSource } = claim.spec;
  return dataSource?.apiGroup === snapshotGroup && dataSource.kind === volumeSnapshots.kind;
}

/** What the disk of a claim is to begin with, by the snapshot that it names. Throws ProvisionError. */
export function snapshotSource({ client, disks }: DriverContext, request: VolumeRequest): DiskSnapshot {
  const { claim, storageClass } = request;
  const { name } = claim.spec.dataSource!;
  const failed = (why: string) =>
    new ProvisionError(`error getting handle for DataSource Type VolumeSnapshot by Name ${name}: ${why}`);
  const read = <T>(what: string, act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (error instanceof StatusError)
        throw failed(`error getting ${what} from api server: ${error.message}`);
      throw error;
    }
  };
  const namespace = claim.metadata.namespace ?? '';
  const snapshot = read(`snapshot ${name}`, () => client.get(volumeSnapshots, namespace, name));
  if (snapshot.metadata.deletionTimestamp !== undefined)
    throw failed(`snapshot ${name} is currently being deleted`);
  const { boundVolumeSnapshotContentName: bound, readyToUse, restoreSize } = snapshot.status ?? {};
  if (bound === undefined) throw failed(`snapshot ${name} not bound`);
  const content: VolumeSnapshotContent = read(`snapshotcontent ${bound} for snapshot ${name}`, () =>
    client.get(volumeSnapshotContents, '', bound),
  );
  const { volumeSnapshotRef, driver } = content.spec;
  if (volumeSnapshotRef.uid !== snapshot.metadata.uid || driver !== storageClass.provisioner)
    throw failed(`snapshot ${name} not bound`);
  if (readyToUse !== true) throw failed(`snapshot ${name} is not Ready`);
  const wanted = unitValue(requestedSize(claim));
  const least = unitValue(restoreSize);
  if (restoreSize !== undefined && wanted < least)
    throw failed(
      `requested volume size ${wanted} is less than the size ${least} for the source snapshot ${name}`,
    );
  const { sourceVolumeMode } = content.spec;
  const mayChange = content.metadata.annotations?.[modeChange] === 'true';
  if (sourceVolumeMode && sourceVolumeMode !== (claim.spec.volumeMode ?? 'Filesystem') && !mayChange)
    throw failed(
      `requested volume ${namespace}/${claim.metadata.name} modifies the mode of the source volume but does not have permission to do so. ${modeChange} annotation is not present on snapshotcontent ${bound}`,
    );
  const kept = disks.snapshot(content.status?.snapshotHandle ?? '');
  if (kept === undefined) throw failed(`snapshot handle not found for snapshot ${name}`);
  return kept;
}
