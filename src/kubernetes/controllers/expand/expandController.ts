// Upstream: pkg/controller/volume/expand/expand_controller.go
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { requestedSize } from '#kubernetes/api/volumeBinding.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';

const workers = 10;

/** Says of a claim that is to grow who will see to it: volumes are grown by their drivers. */
export const expandController: Controller = {
  name: 'persistentvolume-expander-controller',
  account: 'expand-controller',
  eventSource: 'volume_expand',
  start({ simulation, client, informers, recorder }) {
    const claims = informers.of(persistentVolumeClaims);
    const volumes = informers.of(persistentVolumes);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    claims.onChange((now, before) => {
      if (now === undefined || before === undefined) return;
      if (compareQuantities(requestedSize(now), requestedSize(before)) > 0) queue.add(keyOf(now));
    });

    function reconcile(key: string): void {
      const claim = claims.get(key);
      const volume = claim?.spec.volumeName ? volumes.get(claim.spec.volumeName) : undefined;
      if (claim === undefined || volume === undefined) return;
      const message = 'waiting for an external controller to expand this PVC';
      recorder.event(claim, 'Normal', 'ExternalExpanding', message);
    }
    return () => queue.stop();
  },
};
