// Upstream: pkg/volume/util/operationexecutor/node_expander.go
import type { PersistentVolume, Pod } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { sizeOfVolume } from '#kubernetes/api/volumeBinding.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { ClaimContext } from './claimContext.ts';

/** The kubelet's part of an expansion: the file system grows to its volume's size, and the claim says so. */
export function growFileSystem(
  context: ClaimContext,
  pod: Pod,
  volume: PersistentVolume,
  claimName: string,
): void {
  const { client } = context;
  const { namespace = '' } = pod.metadata;
  try {
    const claim = client.get(persistentVolumeClaims, namespace, claimName);
    const size = sizeOfVolume(volume);
    if (compareQuantities(claim.status.capacity?.['storage'] ?? 0, size) >= 0) return;
    const conditions = (claim.status.conditions ?? []).filter(
      ({ type }) => type !== 'FileSystemResizePending',
    );
    const { allocatedResourceStatuses: _done, conditions: _old, ...status } = claim.status;
    client.updateStatus(persistentVolumeClaims, {
      ...claim,
      status: {
        ...status,
        capacity: { ...status.capacity, storage: size },
        ...(conditions.length > 0 && { conditions }),
      },
    });
    const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${context.nodeName}`;
    for (const object of [pod, claim]) context.event(object, 'Normal', 'FileSystemResizeSuccessful', message);
  } catch (error) {
    // It is tried again with the pod's next sync.
    if (!(error instanceof StatusError)) throw error;
  }
}
