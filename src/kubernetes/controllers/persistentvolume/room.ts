import type { PersistentVolume, PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { sizeOfVolume } from '#kubernetes/api/volumeBinding.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { Recycler } from './recycler.ts';

/** What the steps of the binder share. */
export interface Room {
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly volumes: Informer<PersistentVolume>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly classes: Informer<StorageClass>;
  /** Indexed as `claim` by the keys of the claims that they use. */
  readonly pods: Informer<Pod>;
  readonly recycler: Recycler;
  readonly clock: { readonly nowMs: number };
  enqueueClaim(key: string): void;
  enqueueVolume(name: string, afterMs: number): void;
}

/** Writes a volume's phase; what has it already is returned as it is. */
export function updateVolumePhase(
  { client, clock }: Room,
  volume: PersistentVolume,
  phase: NonNullable<PersistentVolume['status']['phase']>,
  message = '',
): PersistentVolume {
  if (volume.status.phase === phase) return volume;
  const { message: _old, ...status } = volume.status;
  return client.updateStatus(persistentVolumes, {
    ...volume,
    status: {
      ...status,
      phase,
      ...(message && { message }),
      lastPhaseTransitionTime: formatTime(clock.nowMs),
    },
  });
}

/** The same with an event, where the phase is new. */
export function updateVolumePhaseWithEvent(
  room: Room,
  volume: PersistentVolume,
  phase: NonNullable<PersistentVolume['status']['phase']>,
  [type, reason, message]: readonly ['Normal' | 'Warning', string, string],
): PersistentVolume {
  if (volume.status.phase === phase) return volume;
  const next = updateVolumePhase(room, volume, phase, message);
  room.recorder.event(next, type, reason, message);
  return next;
}

/** Writes a claim's phase, and what it has got of its volume. */
export function updateClaimStatus(
  { client }: Room,
  claim: PersistentVolumeClaim,
  phase: NonNullable<PersistentVolumeClaim['status']['phase']>,
  volume: PersistentVolume | null,
): PersistentVolumeClaim {
  const { accessModes: _modes, capacity, ...rest } = claim.status;
  const status = { ...rest, phase };
  if (volume === null) return write(client, claim, status);
  // A claim that was expanded goes on showing what it has, until its file system has grown too.
  const size = sizeOfVolume(volume);
  const isGrowing = capacity !== undefined && compareQuantities(size, capacity['storage'] ?? 0) > 0;
  const keepsOld = claim.status.phase === 'Bound' && isGrowing;
  return write(client, claim, {
    ...status,
    accessModes: volume.spec.accessModes ?? [],
    capacity: keepsOld ? capacity : (volume.spec.capacity ?? {}),
    ...(volume.spec.volumeAttributesClassName && {
      currentVolumeAttributesClassName: volume.spec.volumeAttributesClassName,
    }),
  });
}

function write(
  client: Client,
  claim: PersistentVolumeClaim,
  status: PersistentVolumeClaim['status'],
): PersistentVolumeClaim {
  if (deepEqual(status, claim.status)) return claim;
  return client.updateStatus(persistentVolumeClaims, { ...claim, status });
}

/** The same with an event, where the phase is new. */
export function updateClaimPhaseWithEvent(
  room: Room,
  claim: PersistentVolumeClaim,
  phase: NonNullable<PersistentVolumeClaim['status']['phase']>,
  [reason, message]: readonly [string, string],
): void {
  if (claim.status.phase === phase) return;
  const next = updateClaimStatus(room, claim, phase, null);
  room.recorder.event(next, 'Warning', reason, message);
}
