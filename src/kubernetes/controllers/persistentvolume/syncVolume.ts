// Upstream: pkg/controller/volume/persistentvolume/pv_controller.go
import type { PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import {
  bindingAnnotations,
  hasAnnotation,
  isModeMismatch,
  withoutAnnotations,
} from '#kubernetes/api/volumeBinding.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { type Room, updateVolumePhase, updateVolumePhaseWithEvent } from './room.ts';

/** Brings a volume's phase to what its claim says, and reclaims it when that is gone. */
export function syncVolume(room: Room, volume: PersistentVolume): void {
  const { claimRef } = volume.spec;
  if (!claimRef?.uid) {
    updateVolumePhase(room, volume, 'Available');
    return;
  }
  const claim = room.claims.get(`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`);
  if (claim?.metadata.uid !== claimRef.uid) return release(room, volume);
  if (!claim.spec.volumeName) return awaitClaim(room, volume, claim);
  if (claim.spec.volumeName === volume.metadata.name) {
    updateVolumePhase(room, volume, 'Bound');
    return;
  }
  // The claim has another volume: this one was made for it, reserved for it, or taken in vain.
  const isProvisioned = hasAnnotation(volume, bindingAnnotations.provisionedBy);
  if (isProvisioned && volume.spec.persistentVolumeReclaimPolicy === 'Delete') release(room, volume);
  else unbind(room, volume);
}

/** The claim's own sync binds it; unless the two cannot be bound. */
function awaitClaim(room: Room, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const { recorder } = room;
  if (!isModeMismatch(claim, volume)) return room.enqueueClaim(keyOf(claim));
  const { name } = claim.metadata;
  const end = `requested PersistentVolumeClaim "${name}" due to incompatible volumeMode.`;
  recorder.event(volume, 'Warning', 'VolumeMismatch', `Cannot bind PersistentVolume to ${end}`);
  const message = `Cannot bind PersistentVolume "${volume.metadata.name}" to ${end}`;
  recorder.event(claim, 'Warning', 'VolumeMismatch', message);
}

/** Lets go of a claim that has another volume; a volume reserved by its maker stays reserved. */
function unbind(room: Room, volume: PersistentVolume): void {
  const { boundByController } = bindingAnnotations;
  const { claimRef, ...spec } = volume.spec;
  const { uid: _uid, resourceVersion: _version, ...reservation } = claimRef!;
  const free = hasAnnotation(volume, boundByController)
    ? withoutAnnotations({ ...volume, spec }, [boundByController])
    : { ...volume, spec: { ...spec, claimRef: reservation } };
  updateVolumePhase(room, room.client.update(persistentVolumes, free), 'Available');
}

function release(room: Room, volume: PersistentVolume): void {
  const { phase } = volume.status;
  const isOver = phase === 'Released' || phase === 'Failed';
  const released = isOver ? volume : updateVolumePhase(room, volume, 'Released');
  const { persistentVolumeReclaimPolicy } = volume.spec;
  if (persistentVolumeReclaimPolicy === 'Delete') deleteVolume(room, released);
  else if (persistentVolumeReclaimPolicy === 'Recycle') recycle(room, released);
}

/** Only a hostPath under /tmp is deleted by the controller itself: drivers delete what is theirs. */
const deletableHostPath = /^\/tmp\/.+/;

function deleteVolume(room: Room, volume: PersistentVolume): void {
  const provisioner = volume.metadata.annotations?.[bindingAnnotations.provisionedBy] ?? '';
  if (provisioner !== '' && !provisioner.startsWith('kubernetes.io/')) return;
  const { name } = volume.metadata;
  const { hostPath } = volume.spec;
  if (hostPath === undefined) {
    const message = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`;
    updateVolumePhaseWithEvent(room, volume, 'Failed', ['Warning', 'VolumeFailedDelete', message]);
  } else if (!deletableHostPath.test(hostPath.path)) {
    const message = `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}`;
    updateVolumePhaseWithEvent(room, volume, 'Failed', ['Warning', 'VolumeFailedDelete', message]);
  } else room.client.delete(persistentVolumes, '', name);
}

/** Has a pod empty the volume, and then lets everybody have it. */
function recycle(room: Room, volume: PersistentVolume): void {
  const { hostPath, nfs, claimRef } = volume.spec;
  const { name } = volume.metadata;
  const { recorder, recycler, clock } = room;
  const waitMs = recycler.waitMs(name, clock.nowMs);
  if (waitMs > 0) return room.enqueueVolume(name, waitMs);
  const users = [...room.pods.by('claim', `${claimRef?.namespace ?? ''}/${claimRef?.name ?? ''}`)]
    .filter((pod) => !isPodTerminal(pod))
    .map(keyOf);
  if (users.length > 0) {
    const message = `Volume is used by pods: ${users.join(',')}`;
    recorder.event(volume, 'Normal', 'VolumeFailedRecycle', message);
    return room.enqueueVolume(name, usedRetryMs);
  }
  if (!hostPath && !nfs) {
    const message = 'No recycler plugin found for the volume!';
    updateVolumePhaseWithEvent(room, volume, 'Failed', ['Warning', 'VolumeFailedRecycle', message]);
    return;
  }
  const outcome = recycler.recycle(room, volume);
  if (outcome === null) return;
  if (outcome.error !== null) {
    const message = `Recycle failed: ${outcome.error}`;
    updateVolumePhaseWithEvent(room, volume, 'Failed', ['Warning', 'VolumeFailedRecycle', message]);
    return room.enqueueVolume(name, recycler.waitMs(name, clock.nowMs));
  }
  recorder.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
  unbind(room, volume);
}

/** Upstream: PVClaimBinderSyncPeriod. */
const usedRetryMs = 15_000;
