// Upstream: pkg/controller/volume/ephemeral/controller.go
import type { Pod, Volume } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { claimNameOf } from '#kubernetes/api/volumeBinding.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { controllerRefTo } from '../controllerRef.ts';

const workers = 1;

/** Makes the claims of generic ephemeral volumes: they belong to their pod and go with it. */
export const ephemeralVolumeController: Controller = {
  name: 'ephemeral-volume-controller',
  eventSource: 'ephemeral_volume',
  start({ simulation, client, informers, recorder }) {
    const podCache = informers.of(pods);
    const claims = informers.of(persistentVolumeClaims);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    podCache.onChange((now) => {
      if (now?.spec.volumes?.some(({ ephemeral }) => ephemeral)) queue.add(keyOf(now));
    });
    claims.onChange((now, before) => {
      const owner = (now === undefined ? before : undefined)?.metadata.ownerReferences?.find(
        ({ controller, kind }) => controller && kind === 'Pod',
      );
      if (owner !== undefined) queue.add(`${before!.metadata.namespace ?? ''}/${owner.name}`);
    });

    function reconcile(key: string): void {
      const pod = podCache.get(key);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
      for (const volume of pod.spec.volumes ?? []) if (volume.ephemeral) ensureClaim(pod, volume);
    }

    function ensureClaim(pod: Pod, volume: Volume): void {
      const { namespace = '', name: podName, uid } = pod.metadata;
      const name = claimNameOf(pod, volume)!;
      const present = claims.get(`${namespace}/${name}`);
      const owner = present?.metadata.ownerReferences?.find(({ controller }) => controller);
      if (present !== undefined && owner?.uid === uid) return;
      try {
        if (present !== undefined)
          throw new StatusError(
            'InternalError',
            `PVC ${namespace}/${name} was not created for pod ${namespace}/${podName} (pod is not owner)`,
          );
        const { metadata, spec } = volume.ephemeral!.volumeClaimTemplate!;
        const { annotations, labels } = metadata ?? {};
        client.create(persistentVolumeClaims, {
          metadata: {
            name,
            namespace,
            ownerReferences: [controllerRefTo(pod)],
            ...(annotations && { annotations }),
            ...(labels && { labels }),
          },
          spec,
        });
      } catch (error) {
        if (error instanceof StatusError)
          recorder.event(
            pod,
            'Warning',
            'FailedBinding',
            `ephemeral volume controller failed to create the PVC: ${error.message}`,
          );
        throw error;
      }
    }
    return () => queue.stop();
  },
};
