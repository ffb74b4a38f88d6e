// Upstream: pkg/controller/volume/pvprotection/pv_protection_controller.go
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { removeFinalizer } from '../finalizer.ts';

const finalizer = 'kubernetes.io/pv-protection';
const workers = 1;

/** Lets a deleted volume go when it is bound to no claim any more. */
export const pvProtectionController: Controller = {
  name: 'pv-protection-controller',
  start({ simulation, client, informers }) {
    const volumes = informers.of(persistentVolumes);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncVolume });
    volumes.onChange((now) => {
      if (now?.metadata.deletionTimestamp !== undefined) queue.add(now.metadata.name);
    });

    function syncVolume(name: string): void {
      const volume = volumes.get(name);
      if (volume?.metadata.deletionTimestamp === undefined || volume.status?.phase === 'Bound') return;
      if (volume.metadata.finalizers?.includes(finalizer))
        removeFinalizer(client, persistentVolumes, volume, finalizer);
    }
    return () => queue.stop();
  },
};
