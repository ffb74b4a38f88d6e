// Upstream: pkg/scheduler/framework/plugins/volumebinding/{volume_binding,binder}.go
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import type { CSINode } from '#generated/types/storage.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import {
  bindingAnnotations,
  classNameOf,
  isClaimFullyBound,
  isDelayed,
  withAnnotations,
  withClaim,
} from '#kubernetes/api/volumeBinding.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { type Plugin, type Rejection, type Reservation, rejection } from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { claimedBy, type VolumeListers } from '../volumeListers.ts';
import { findOnNode, type PodClaims, type VolumesOnNode } from '../volumesOnNode.ts';

const name = 'VolumeBinding';
const unboundImmediate = rejection(name, 'pod has unbound immediate PersistentVolumeClaims');

/** Pods go where their volumes are or can be, and volumes are bound where pods go. */
export function volumeBinding({ client, listers }: { client: Client; listers: VolumeListers }): Plugin {
  return {
    name,
    reads: 'cluster',
    preFilter(pod) {
      const claims = claimsOf(pod, listers);
      if (claims === null || 'reasons' in claims) return claims;
      return {
        filter(node) {
          const found = findOnNode(listers, claims, node);
          return 'reasons' in found ? found : null;
        },
      };
    },
    reserve(pod, node) {
      const claims = claimsOf(pod, listers);
      if (claims === null || 'reasons' in claims || claims.delayed.length === 0) return null;
      const found = findOnNode(listers, claims, node);
      return 'reasons' in found ? null : newReservation(client, listers, node, found);
    },
    hints: {
      NodeAdd: () => true,
      NodeLabelChange: () => true,
      ClaimAdd: concernsOwnClaim,
      ClaimUpdate: concernsOwnClaim,
      VolumeAdd: () => true,
      VolumeUpdate: () => true,
      StorageClassAdd: () => true,
      StorageClassUpdate: () => true,
      CsiNodeAdd: () => true,
      CsiNodeUpdate: (_pod, before, now) =>
        (before as CSINode).spec.drivers.length < (now as CSINode).spec.drivers.length,
      CapacityAdd: () => true,
      CapacityUpdate: () => true,
    },
  };
}

function concernsOwnClaim(pod: Pod, _before: KubeObject | undefined, now: KubeObject | undefined): boolean {
  const { namespace, name: claim } = now!.metadata;
  return namespace === pod.metadata.namespace && claimedBy(pod).some((claimed) => claimed.name === claim);
}

/** The claims of a pod; null without any, and a rejection where one keeps the pod from every node. */
function claimsOf(pod: Pod, listers: VolumeListers): PodClaims | Rejection | null {
  const claimed = claimedBy(pod);
  if (claimed.length === 0) return null;
  const bound: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  let isImmediate = false;
  for (const { volume, name: claimName } of claimed) {
    const claim = listers.claimOf(pod, claimName);
    const why = whyUnusable(pod, claimName, claim, Boolean(volume.ephemeral));
    if (why !== null) return rejection(name, why);
    if (isClaimFullyBound(claim!)) bound.push(claim!);
    else if (!claim!.spec.volumeName && isDelayed(listers.classes.get(classNameOf(claim!))))
      delayed.push(claim!);
    else isImmediate = true;
  }
  return isImmediate ? unboundImmediate : { bound, delayed };
}

function whyUnusable(
  pod: Pod,
  claimName: string,
  claim: PersistentVolumeClaim | undefined,
  isEphemeral: boolean,
): string | null {
  if (claim === undefined) {
    const what = `persistentvolumeclaim "${claimName}"`;
    return isEphemeral
      ? `waiting for ephemeral volume controller to create the ${what}`
      : `${what} not found`;
  }
  const { volumeName = '' } = claim.spec;
  if (claim.status.phase === 'Lost')
    return `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${volumeName}"`;
  if (claim.metadata.deletionTimestamp !== undefined)
    return `persistentvolumeclaim "${claimName}" is being deleted`;
  const isOwned = claim.metadata.ownerReferences?.some(
    ({ uid, controller }) => controller && uid === pod.metadata.uid,
  );
  const { namespace = '' } = pod.metadata;
  return isEphemeral && !isOwned
    ? `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`
    : null;
}

/** Assumes the bindings at once; `begin` writes them, and they are done when the binder and the drivers are. */
function newReservation(
  client: Client,
  listers: VolumeListers,
  node: NodeInfo,
  { matches, provisions }: VolumesOnNode,
): Reservation {
  const volumes = matches.map(({ claim, volume }) => withClaim(volume, claim));
  const chosen = provisions.map((claim) =>
    withAnnotations(claim, { [bindingAnnotations.selectedNode]: node.name }),
  );
  for (const volume of volumes) listers.volumes.assume(volume);
  for (const claim of chosen) listers.claims.assume(claim);
  const keyOfClaim = ({ metadata }: PersistentVolumeClaim) => `${metadata.namespace ?? ''}/${metadata.name}`;
  const keys = [...matches.map(({ claim }) => keyOfClaim(claim)), ...chosen.map(keyOfClaim)];
  return {
    begin() {
      for (const volume of volumes) writeVolume(client, listers, volume);
      for (const claim of chosen) listers.claims.assume(client.update(persistentVolumeClaims, claim));
    },
    isDone() {
      for (const claim of chosen) {
        const present = listers.claims.getApi(keyOfClaim(claim));
        if (present === undefined) throw failure(`could not find claim "${claim.metadata.name}"`);
        const isOurs = present.metadata.annotations?.[bindingAnnotations.selectedNode] === node.name;
        if (!isOurs && !isClaimFullyBound(present))
          throw failure(`provisioning failed for PVC "${claim.metadata.name}"`);
      }
      return keys.every((key) => {
        const claim = listers.claims.getApi(key);
        return claim !== undefined && isClaimFullyBound(claim);
      });
    },
    undo() {
      for (const { metadata } of volumes) listers.volumes.restore(metadata.name);
      for (const claim of chosen) listers.claims.restore(keyOfClaim(claim));
    },
  };
}

function writeVolume(client: Client, listers: VolumeListers, volume: PersistentVolume): void {
  const present = listers.volumes.getApi(volume.metadata.name);
  if (present?.spec.claimRef?.uid === volume.spec.claimRef?.uid) return;
  listers.volumes.assume(client.update(persistentVolumes, volume));
}

function failure(why: string): StatusError {
  return new StatusError('InternalError', `running PreBind plugin "${name}": binding volumes: ${why}`);
}
