// Upstream: pkg/controller/volume/pvcprotection/pvc_protection_controller.go
import type { Pod } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { removeFinalizer } from '../finalizer.ts';

const finalizer = 'kubernetes.io/pvc-protection';
const workers = 1;

/** Lets a deleted claim go when no pod uses it any more. */
export const pvcProtectionController: Controller = {
  name: 'pvc-protection-controller',
  start({ simulation, client, informers }) {
    const claims = informers.of(persistentVolumeClaims);
    const podCache = informers.of(pods);
    podCache.addIndex('claim', claimsOf);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncClaim });
    claims.onChange((now) => {
      if (now?.metadata.deletionTimestamp !== undefined) queue.add(keyOf(now));
    });
    podCache.onChange((now, before) => {
      if (before === undefined || (now !== undefined && uses(now))) return;
      for (const key of claimsOf(before)) {
        if (claims.get(key)?.metadata.deletionTimestamp !== undefined) queue.add(key);
      }
    });

    function syncClaim(key: string): void {
      const claim = claims.get(key);
      if (claim?.metadata.deletionTimestamp === undefined) return;
      if (!claim.metadata.finalizers?.includes(finalizer)) return;
      for (const pod of podCache.by('claim', key)) if (uses(pod)) return;
      removeFinalizer(client, persistentVolumeClaims, claim, finalizer);
    }
    return () => queue.stop();
  },
};

/** Keys of the claims that a pod names, those of its ephemeral volumes among them. */
function claimsOf({ metadata, spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${metadata.name}-${name}`);
    return claim === undefined ? [] : [`${metadata.namespace ?? ''}/${claim}`];
  });
}

/** A pod that was bound and has not ended uses its claims. */
function uses(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName) && !isPodTerminal(pod);
}
