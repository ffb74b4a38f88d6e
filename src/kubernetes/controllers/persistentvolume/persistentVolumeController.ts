// Upstream: pkg/controller/volume/persistentvolume/pv_controller_base.go
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { claimNameOf } from '#kubernetes/api/volumeBinding.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { Recycler } from './recycler.ts';
import type { Room } from './room.ts';
import { syncClaim } from './syncClaim.ts';
import { syncVolume } from './syncVolume.ts';

/** One at a time, so that no two claims reach for one volume. */
const workers = 1;
/** Upstream: PVClaimBinderSyncPeriod. What is not bound is looked at again. */
const syncPeriodMs = 15_000;
const claimPrefix = 'claim ';
const volumePrefix = 'volume ';

/** Binds claims to volumes and back, and lets go of volumes whose claim is gone. */
export const persistentVolumeController: Controller = {
  name: 'persistentvolume-binder-controller',
  account: 'persistent-volume-binder',
  eventSource: 'persistentvolume-controller',
  start({ simulation, client, informers, recorder }) {
    const volumes = informers.of(persistentVolumes);
    const claims = informers.of(persistentVolumeClaims);
    const podCache = informers.of(pods);
    podCache.addIndex('claim', (pod) =>
      (pod.spec.volumes ?? []).flatMap((volume) => {
        const name = claimNameOf(pod, volume);
        return name === undefined ? [] : [`${pod.metadata.namespace ?? ''}/${name}`];
      }),
    );
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    const recycler = new Recycler();
    podCache.onChange((now, before) => {
      const name = recycler.volumeOf((now ?? before)!);
      if (name !== undefined) queue.add(volumePrefix + name);
    });
    const room: Room = {
      recycler,
      client,
      recorder,
      volumes,
      claims,
      classes: informers.of(storageClasses),
      pods: podCache,
      clock: simulation,
      enqueueClaim: (key) => queue.add(claimPrefix + key),
      enqueueVolume: (name, afterMs) => queue.addAfter(volumePrefix + name, afterMs),
    };
    volumes.onChange((now, before) => {
      const { metadata, spec } = (now ?? before)!;
      queue.add(volumePrefix + metadata.name);
      const { claimRef } = spec;
      if (now === undefined && claimRef)
        room.enqueueClaim(`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`);
    });
    claims.onChange((now, before) => {
      room.enqueueClaim(keyOf((now ?? before)!));
      if (now === undefined && before?.spec.volumeName) queue.add(volumePrefix + before.spec.volumeName);
    });

    function reconcile(key: string): Again | void {
      if (key.startsWith(claimPrefix)) return reconcileClaim(key.slice(claimPrefix.length));
      const volume = volumes.get(key.slice(volumePrefix.length));
      if (volume !== undefined) syncVolume(room, volume);
    }

    function reconcileClaim(key: string): Again | void {
      const claim = claims.get(key);
      if (claim === undefined) return;
      syncClaim(room, claim);
      if (claim.status.phase === 'Pending') return { afterMs: syncPeriodMs };
    }
    return () => {
      queue.stop();
      recycler.stop();
    };
  },
};
