// Upstream: pkg/controller/volume/attachdetach/{cache/actual_state_of_world.go,reconciler/reconciler.go}
import type { Node } from '#generated/types/core.v1.ts';
import type { VolumeAttachment } from '#generated/types/storage.v1.ts';

/** Upstream: ReconcilerMaxWaitForUnmountDuration. */
const unmountMaxMs = 360_000;
const outOfService = 'node.kubernetes.io/out-of-service';

/** What nodes say that they have mounted, and how long they are waited for. */
export class NodesInUse {
  readonly #clock: { readonly nowMs: number };
  /** By node; of a node that is gone, what it said last. */
  readonly #inUse = new Map<string, readonly string[]>();
  /** Since when an attachment is not wanted, by its name. */
  readonly #unwantedMs = new Map<string, number>();

  constructor(clock: { readonly nowMs: number }) {
    this.#clock = clock;
  }

  nodeChanged(now: Node | undefined, before: Node | undefined): void {
    const { metadata, status } = (now ?? before)!;
    this.#inUse.set(metadata.name, status.volumesInUse ?? []);
  }

  /** Somebody wants the attachment again. Nothing is left to wait for. */
  wanted({ metadata }: VolumeAttachment): number {
    this.#unwantedMs.delete(metadata.name);
    return Infinity;
  }

  /** Ms until a volume that nobody wants may be detached from its node; null stands for an unknown volume. */
  waitMs({ metadata, spec }: VolumeAttachment, volume: string | null, node: Node | undefined): number {
    const since = this.#unwantedMs.get(metadata.name) ?? this.#clock.nowMs;
    this.#unwantedMs.set(metadata.name, since);
    const isMounted = volume !== null && this.#inUse.get(spec.nodeName)?.includes(volume) === true;
    const isOut = node?.spec.taints?.some(({ key }) => key === outOfService) === true;
    if (!isMounted || isOut) {
      this.#unwantedMs.delete(metadata.name);
      return 0;
    }
    const leftMs = since + unmountMaxMs - this.#clock.nowMs;
    if (leftMs > 0) return leftMs;
    // A node that is well is waited for however long it takes.
    const isHealthy = node?.status.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
    if (isHealthy) return Infinity;
    this.#unwantedMs.delete(metadata.name);
    return 0;
  }
}
