// Upstream: kubernetes-csi/external-resizer/pkg/controller/expand_and_recover.go
import type { PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { requestedSize, sizeOfVolume } from '#kubernetes/api/volumeBinding.ts';
import { compareQuantities, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { DriverContext } from './driver.ts';

const workers = 10;
/** What the cloud takes to grow a disk, and a kubelet to see that one has grown. */
const growMs = 2_000;
const noticeMs = 1_000;

type Condition = NonNullable<PersistentVolumeClaim['status']['conditions']>[number];

/** Grows the disks of claims that ask for more than their volumes have; the file system is the kubelet's part. */
export function startResizer(context: DriverContext, driver: string): void {
  const { simulation, client, informers, recorder, disks } = context;
  const claims = informers.of(persistentVolumeClaims);
  const volumes = informers.of(persistentVolumes);
  const beganMs = new Map<string, number>();
  const queue = new WorkQueue({ simulation, client, workers, reconcile });
  claims.onChange((now) => {
    if (now !== undefined) queue.add(keyOf(now));
  });

  function reconcile(key: string): Again | void {
    const claim = claims.get(key);
    const volume = claim?.spec.volumeName ? volumes.get(claim.spec.volumeName) : undefined;
    if (claim?.status.phase !== 'Bound' || volume?.spec.csi?.driver !== driver) return;
    const { uid } = claim.metadata;
    if (compareQuantities(sizeOfVolume(volume), requestedSize(claim)) >= 0) {
      beganMs.delete(uid);
      return;
    }
    const began = beganMs.get(uid);
    if (began === undefined) {
      beganMs.set(uid, simulation.nowMs);
      begin(claim, volume);
      return { afterMs: growMs };
    }
    const leftMs = began + growMs - simulation.nowMs;
    if (leftMs > 0) return { afterMs: leftMs };
    grow(claim, volume, volume.spec.csi.volumeHandle);
  }

  function begin(claim: PersistentVolumeClaim, { metadata }: PersistentVolume): void {
    const message = `External resizer is resizing volume ${metadata.name}`;
    recorder.event(claim, 'Normal', 'Resizing', message);
    writeStatus(claim, condition('Resizing'), 'ControllerResizeInProgress');
  }

  function grow(claim: PersistentVolumeClaim, volume: PersistentVolume, handle: string): void {
    const size = requestedSize(claim);
    const capacity = { ...volume.spec.capacity, storage: size };
    client.update(persistentVolumes, { ...volume, spec: { ...volume.spec, capacity } });
    if (volume.spec.volumeMode === 'Block') return finish(claim, handle);
    const message = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';
    writeStatus(claim, { ...condition('FileSystemResizePending'), message }, 'NodeResizePending');
    recorder.event(
      claim,
      'Normal',
      'FileSystemResizeRequired',
      'Require file system resize of volume on node',
    );
    simulation.after(noticeMs, () => disks.resize(handle, unitValue(size)));
  }

  /** A device has no file system that would have to grow too. */
  function finish(claim: PersistentVolumeClaim, handle: string): void {
    const size = requestedSize(claim);
    disks.resize(handle, unitValue(size));
    const { allocatedResourceStatuses: _done, conditions = [], ...status } = claim.status;
    const left = conditions.filter(({ type }) => type !== 'Resizing');
    client.updateStatus(persistentVolumeClaims, {
      ...claim,
      status: {
        ...status,
        allocatedResources: { storage: size },
        capacity: { ...status.capacity, storage: size },
        ...(left.length > 0 && { conditions: left }),
      },
    });
    recorder.event(claim, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded');
  }

  function condition(type: string): Condition {
    return { type, status: 'True', lastProbeTime: null!, lastTransitionTime: formatTime(simulation.nowMs) };
  }

  /** Says what of the resize is under way, in place of what was before. */
  function writeStatus(
    claim: PersistentVolumeClaim,
    { lastProbeTime: _never, ...now }: Condition,
    step: NonNullable<PersistentVolumeClaim['status']['allocatedResourceStatuses']>[string],
  ): void {
    const others = (claim.status.conditions ?? []).filter(
      ({ type }) => type !== 'Resizing' && type !== 'FileSystemResizePending',
    );
    client.updateStatus(persistentVolumeClaims, {
      ...claim,
      status: {
        ...claim.status,
        allocatedResources: { storage: requestedSize(claim) },
        allocatedResourceStatuses: { storage: step },
        conditions: [...others, now],
      },
    });
  }
}
