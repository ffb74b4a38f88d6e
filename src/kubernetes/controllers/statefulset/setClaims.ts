// Upstream: pkg/controller/statefulset/{stateful_pod_control,stateful_set_utils}.go, what concerns claims
import type { StatefulSet } from '#generated/types/apps.v1.ts';
import type { PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import type { OwnerReference } from '#generated/types/meta.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import type { New } from '#kubernetes/api/object.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { controllerOf, controllerRefTo } from '../controllerRef.ts';
import { claimName, isInRange, ordinalOf, podName } from './statefulPod.ts';
import type { Room } from './statefulSetSync.ts';

/** The claims of one ordinal that exist, by the cache. */
function claimsOf({ claims }: Room, set: StatefulSet, ordinal: number): PersistentVolumeClaim[] {
  const { namespace = '' } = set.metadata;
  return (set.spec.volumeClaimTemplates ?? []).flatMap(({ metadata }) => {
    const claim = claims.get(`${namespace}/${claimName(set, metadata.name, ordinal)}`);
    return claim === undefined ? [] : [claim];
  });
}

/** Creates the claims of one ordinal that are missing, and says so. Throws what the server answers. */
export function createClaims(room: Room, set: StatefulSet, ordinal: number): void {
  const { client, claims, recorder } = room;
  const { namespace = '', name: setName } = set.metadata;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(set, template.metadata.name, ordinal);
    if (claims.get(`${namespace}/${name}`) !== undefined) continue;
    const { annotations } = template.metadata;
    const labels = { ...template.metadata.labels, ...set.spec.selector.matchLabels };
    const claim: New<PersistentVolumeClaim> = {
      metadata: { name, namespace, labels, ...(annotations && { annotations }) },
      spec: template.spec,
    };
    const what = `${name} Pod ${podName(set, ordinal)} in StatefulSet ${setName}`;
    try {
      client.create(persistentVolumeClaims, claim);
      recorder.event(set, 'Normal', 'SuccessfulCreate', `create Claim ${what} success`);
    } catch (error) {
      if (isStatus(error, 'AlreadyExists')) continue;
      if (error instanceof StatusError) {
        const message = `create Claim ${name} for Pod ${podName(set, ordinal)} in StatefulSet ${setName} failed error: ${error.message}`;
        recorder.event(set, 'Warning', 'FailedCreate', message);
      }
      throw error;
    }
  }
}

/** True while a claim of the ordinal still belongs to a former pod of the same name, with which it will go. */
export function hasStaleClaim(room: Room, set: StatefulSet, ordinal: number): boolean {
  const name = podName(set, ordinal);
  const present = room.podCache.get(`${set.metadata.namespace ?? ''}/${name}`);
  return claimsOf(room, set, ordinal).some((claim) =>
    (claim.metadata.ownerReferences ?? []).some(
      (reference) =>
        reference.kind === 'Pod' && reference.name === name && reference.uid !== present?.metadata.uid,
    ),
  );
}

/** Who a claim goes away with, by the set's retention policy: its set, its pod that is scaled away, or nobody. */
function wantedOwner(set: StatefulSet, pod: Pod): StatefulSet | Pod | null {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenScaled === 'Delete' && !isInRange(set, ordinalOf(pod))) return pod;
  return whenDeleted === 'Delete' ? set : null;
}

/** Writes the owner of a pod's claims as the retention policy wants it. One that others control is left to them. */
export function syncClaimOwners(room: Room, set: StatefulSet, pod: Pod): void {
  if (set.spec.persistentVolumeClaimRetentionPolicy === undefined) return;
  const owner = wantedOwner(set, pod);
  const reference = owner === null ? null : controllerRefTo(owner);
  const isOurs = ({ uid, kind, name }: OwnerReference) =>
    uid === set.metadata.uid || (kind === 'Pod' && name === pod.metadata.name);
  for (const claim of claimsOf(room, set, ordinalOf(pod))) {
    const { ownerReferences: present = [], ...metadata } = claim.metadata;
    const controller = controllerOf(claim);
    if (controller !== undefined && !isOurs(controller)) continue;
    const wanted = [...present.filter((entry) => !isOurs(entry)), ...(reference === null ? [] : [reference])];
    if (deepEqual(wanted, present)) continue;
    room.client.update(persistentVolumeClaims, {
      ...claim,
      metadata: { ...metadata, ...(wanted.length > 0 && { ownerReferences: wanted }) },
    });
  }
}
