// Upstream: pkg/controller/volume/persistentvolume/pv_controller.go recycleVolumeOperation, pkg/volume/util/recyclerclient/recycler_client.go
import type { Event, PersistentVolume, Pod } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { New } from '#kubernetes/api/object.ts';
import type { ApiStream, WatchEvent } from '#kubernetes/api/request.ts';
import type { Room } from './room.ts';

const namespace = 'default';
const prefix = 'recycler-for-';
const image = 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.4';
const scrub = `test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1`;
/** Upstream: minimumTimeoutHostPath, minimumTimeoutNFS and their increments per GiB. */
const hostPathSeconds = 60;
const nfsSeconds = 300;
/** Upstream: exponentialbackoff.initialDurationBeforeRetry, maxDurationBeforeRetry. */
const retryMinMs = 500;
const retryMaxMs = 122_000;

/** What came of a volume; `null` while its pod is at work, or waited for. */
export type Recycled = { readonly error: string | null } | null;

/** Empties volumes with a pod each, and tells with Events of the volume what the pod's say. */
export class Recycler {
  /** The watch of the Events of a pod, by the volume's name. */
  readonly #watches = new Map<string, ApiStream>();
  readonly #failures = new Map<string, { readonly count: number; readonly untilMs: number }>();

  /** The volume that a pod empties, if it is such a pod. */
  volumeOf({ metadata }: Pod): string | undefined {
    const isRecycler = metadata.namespace === namespace && metadata.name.startsWith(prefix);
    return isRecycler ? metadata.name.slice(prefix.length) : undefined;
  }

  /** How long a volume that could not be recycled is left alone. */
  waitMs(volume: string, nowMs: number): number {
    return Math.max(0, (this.#failures.get(volume)?.untilMs ?? 0) - nowMs);
  }

  recycle(room: Room, volume: PersistentVolume): Recycled {
    const { name } = volume.metadata;
    const pod = room.pods.get(`${namespace}/${prefix}${name}`);
    if (pod === undefined) {
      this.#begin(room, volume);
      return null;
    }
    const { phase, message } = pod.status;
    if (pod.metadata.deletionTimestamp !== undefined || !isPodTerminal(pod)) return null;
    this.#end(room, name);
    if (phase === 'Succeeded') {
      this.#failures.delete(name);
      return { error: null };
    }
    const count = this.#failures.get(name)?.count ?? 0;
    const waitMs = Math.min(retryMinMs * 2 ** Math.min(count, 20), retryMaxMs);
    this.#failures.set(name, { count: count + 1, untilMs: room.clock.nowMs + waitMs });
    return { error: message || 'pod failed, pod.Status.Message unknown' };
  }

  stop(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }

  #begin(room: Room, volume: PersistentVolume): void {
    try {
      const { metadata } = room.client.create<Pod>(pods, podFor(volume));
      this.#follow(room, volume, metadata.resourceVersion);
    } catch (error) {
      // The cache has yet to hear of the pod.
      if (!isStatus(error, 'AlreadyExists')) throw error;
    }
  }

  /** Repeats what happens to the pod as Events of the volume. */
  #follow({ client, recorder }: Room, volume: PersistentVolume, resourceVersion: string): void {
    const { name } = volume.metadata;
    const fieldSelector = `involvedObject.name=${prefix}${name}`;
    this.#watches.get(name)?.close();
    const stream = client.watch(events, { namespace, fieldSelector }, resourceVersion);
    this.#watches.set(name, stream);
    stream.open(
      (batch) => {
        for (const { type, object } of batch as readonly WatchEvent<Event>[])
          if (type === 'ADDED')
            recorder.event(
              volume,
              object.type === 'Warning' ? 'Warning' : 'Normal',
              'RecyclerPod',
              `Recycler pod: ${object.message}`,
            );
      },
      () => this.#watches.delete(name),
    );
  }

  #end({ client }: Room, volume: string): void {
    this.#watches.get(volume)?.close();
    this.#watches.delete(volume);
    try {
      client.delete(pods, namespace, prefix + volume);
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    }
  }
}

function podFor({ metadata, spec }: PersistentVolume): New<Pod> {
  const { hostPath, nfs } = spec;
  return {
    metadata: { name: prefix + metadata.name, namespace },
    spec: {
      activeDeadlineSeconds: nfs ? nfsSeconds : hostPathSeconds,
      restartPolicy: 'Never',
      volumes: [{ name: 'vol', ...(nfs ? { nfs } : { hostPath: { path: hostPath!.path } }) }],
      containers: [
        {
          name: 'pv-recycler',
          image,
          command: ['/bin/sh'],
          args: ['-c', scrub],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
      ],
    },
  };
}
