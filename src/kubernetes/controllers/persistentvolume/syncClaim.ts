// Upstream: pkg/controller/volume/persistentvolume/pv_controller.go
import type { PersistentVolume, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import {
  bestMatch,
  bindingAnnotations,
  classNameOf,
  hasAnnotation,
  isDelayed,
  isVolumeBoundToClaim,
  unsatisfied,
  withAnnotations,
  withClaim,
} from '#kubernetes/api/volumeBinding.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { provisionClaim } from './provision.ts';
import { type Room, updateClaimPhaseWithEvent, updateClaimStatus, updateVolumePhase } from './room.ts';

/** Brings a claim to a volume, or says why it has none. */
export function syncClaim(room: Room, claim: PersistentVolumeClaim): void {
  if (hasAnnotation(claim, bindingAnnotations.bindCompleted)) syncBoundClaim(room, claim);
  else if (claim.spec.volumeName) syncRequested(room, claim, claim.spec.volumeName);
  else syncUnboundClaim(room, claim);
}

function syncUnboundClaim(room: Room, claim: PersistentVolumeClaim): void {
  const className = classNameOf(claim);
  const delays = isDelayed(room.classes.get(className));
  const volume = bestMatch(claim, [...room.volumes.list()], delays);
  if (volume !== null) return bind(room, volume, claim);
  const isSelected = hasAnnotation(claim, bindingAnnotations.selectedNode);
  if (delays && !isSelected) sayWaiting(room, claim);
  else if (className !== '') return provisionClaim(room, claim);
  else
    room.recorder.event(
      claim,
      'Normal',
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
    );
  updateClaimStatus(room, claim, 'Pending', null);
}

/** A claim that waits for a pod says for which. */
function sayWaiting({ pods, recorder }: Room, claim: PersistentVolumeClaim): void {
  const names = [...pods.by('claim', keyOf(claim))]
    .filter(({ spec }) => !spec.nodeName)
    .map(({ metadata }) => metadata.name);
  if (names.length === 0) {
    const message = 'waiting for first consumer to be created before binding';
    recorder.event(claim, 'Normal', 'WaitForFirstConsumer', message);
    return;
  }
  const who = names.length > 1 ? `pods ${names.join(',')}` : `pod ${names[0]}`;
  recorder.event(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${who} to be scheduled`);
}

/** The claim names its volume. */
function syncRequested(room: Room, claim: PersistentVolumeClaim, name: string): void {
  const { volumes, recorder } = room;
  const volume = volumes.get(name);
  if (volume === undefined) {
    updateClaimStatus(room, claim, 'Pending', null);
    return;
  }
  if (volume.spec.claimRef === undefined) {
    const why = unsatisfied(volume, claim);
    if (why === null) return bind(room, volume, claim);
    const message = `Cannot bind to requested volume "${name}": ${why}`;
    recorder.event(claim, 'Warning', 'VolumeMismatch', message);
    updateClaimStatus(room, claim, 'Pending', null);
    return;
  }
  if (isVolumeBoundToClaim(volume, claim)) return bind(room, volume, claim);
  if (hasAnnotation(claim, bindingAnnotations.boundByController)) {
    const { namespace = '', name: other = '' } = volume.spec.claimRef;
    throw new StatusError(
      'InternalError',
      `invalid binding of claim ${JSON.stringify(keyOf(claim))} to volume "${name}": volume already claimed by "${namespace}/${other}"`,
    );
  }
  recorder.event(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`);
  updateClaimStatus(room, claim, 'Pending', null);
}

/** The claim was bound before: its volume may have gone since. */
function syncBoundClaim(room: Room, claim: PersistentVolumeClaim): void {
  const { volumeName } = claim.spec;
  if (!volumeName) {
    const message = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
    return updateClaimPhaseWithEvent(room, claim, 'Lost', ['ClaimLost', message]);
  }
  const volume = room.volumes.get(volumeName);
  if (volume === undefined) {
    const message = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
    return updateClaimPhaseWithEvent(room, claim, 'Lost', ['ClaimLost', message]);
  }
  const { claimRef } = volume.spec;
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) return bind(room, volume, claim);
  const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
  updateClaimPhaseWithEvent(room, claim, 'Lost', ['ClaimMisbound', message]);
}

/** Binds both to each other, in four writes of which each is made only where it changes something. */
export function bind(room: Room, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const { client } = room;
  const isClaimed = volume.spec.claimRef?.uid === claim.metadata.uid;
  const claimed = isClaimed ? volume : client.update(persistentVolumes, withClaim(volume, claim));
  updateVolumePhase(room, claimed, 'Bound');
  const bound = bindClaimToVolume(room, claim, claimed.metadata.name);
  updateClaimStatus(room, bound, 'Bound', claimed);
}

function bindClaimToVolume(
  { client }: Room,
  claim: PersistentVolumeClaim,
  volumeName: string,
): PersistentVolumeClaim {
  const { bindCompleted, boundByController } = bindingAnnotations;
  const isNamed = claim.spec.volumeName === volumeName;
  if (isNamed && hasAnnotation(claim, bindCompleted)) return claim;
  const annotations = { [bindCompleted]: 'yes', ...(!isNamed && { [boundByController]: 'yes' }) };
  const named = { ...claim, spec: { ...claim.spec, volumeName } };
  return client.update(persistentVolumeClaims, withAnnotations(named, annotations));
}
