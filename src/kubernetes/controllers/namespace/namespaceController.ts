// Upstream: pkg/controller/namespace/{namespace_controller,deletion/namespaced_resources_deleter}.go
import type { Namespace, Pod } from '#generated/types/core.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { type AnyKind, pathOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { type Status } from '#generated/types/meta.v1.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { withDeletionConditions } from './namespaceConditions.ts';

/** Upstream: --concurrent-namespace-syncs */
const workers = 10;
/** Upstream: namespaceDeletionGracePeriod, so that every server has seen the deletion. */
const deletionDelayMs = 5000;
/** Upstream: finalizerEstimateSeconds. */
const finalizerEstimateSeconds = 15;
const kubernetesFinalizer = 'kubernetes';

interface Room extends ControllerContext {
  readonly namespaceCache: Informer<Namespace>;
}

/** Empties namespaces that are deleted, then lets them go. */
export const namespaceController: Controller = {
  name: 'namespace-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = { ...context, namespaceCache: informers.of(namespaces) };
    const reconcile = (name: string) => syncNamespace(room, name);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    room.namespaceCache.onChange((now) => {
      if (now?.metadata.deletionTimestamp === undefined) return;
      queue.addAfter(now.metadata.name, deletionDelayMs);
    });
    return () => queue.stop();
  },
};

function syncNamespace({ client, kinds, namespaceCache, simulation }: Room, name: string): Again | void {
  if (namespaceCache.get(name)?.metadata.deletionTimestamp === undefined) return undefined;
  const namespace = client.get(namespaces, '', name);
  const finalizers = namespace.spec.finalizers ?? [];
  if (namespace.metadata.deletionTimestamp === undefined || !finalizers.includes(kubernetesFinalizer)) {
    return undefined;
  }
  const deletion = new ContentDeletion({ client, kinds, namespace: name });
  const estimateSeconds = deletion.deleteAll();
  const told = withDeletionConditions(namespace, deletion, simulation.nowMs);
  const written = told === namespace ? namespace : client.updateStatus(namespaces, told);
  if (estimateSeconds > 0) return { afterMs: (Math.floor(estimateSeconds / 2) + 1) * 1000 };
  if (deletion.failures.length > 0) return { afterMs: finalizerEstimateSeconds * 1000 };
  const spec = { ...written.spec, finalizers: finalizers.filter((entry) => entry !== kubernetesFinalizer) };
  client.subresource(namespaces, '', name, 'finalize', { ...written, spec }, 'PUT');
  return undefined;
}

/** One attempt to delete everything in a namespace, with what it left. */
class ContentDeletion {
  readonly resources = new Map<string, number>();
  readonly finalizers = new Map<string, number>();
  readonly failures: string[] = [];
  readonly #client: ControllerContext['client'];
  readonly #kinds: ControllerContext['kinds'];
  readonly #namespace: string;

  constructor(options: Pick<ControllerContext, 'client' | 'kinds'> & { namespace: string }) {
    this.#client = options.client;
    this.#kinds = options.kinds;
    this.#namespace = options.namespace;
  }

  /**
   * Deletes the pods first, and the rest when no pod is left, so that nothing runs without the policies that
   * bound it. Returns the seconds that what is left may need, 0 when nothing is.
   */
  deleteAll(): number {
    const podsNeedSeconds = this.#deleteKind(pods);
    if (this.resources.size > 0) return podsNeedSeconds;
    let seconds = 0;
    for (const kind of this.#kinds.all) {
      if (kind === pods || !kind.namespaced || kind.storage !== undefined) continue;
      seconds = Math.max(seconds, this.#deleteKind(kind));
    }
    return seconds;
  }

  #deleteKind(kind: AnyKind): number {
    const before: readonly KubeObject[] = this.#list(kind);
    if (before.length === 0) return 0;
    const { status, body } = this.#client.send({
      method: 'DELETE',
      path: pathOf(kind, this.#namespace),
      body: { propagationPolicy: 'Background' },
    });
    if (status >= 400) this.failures.push((body as Status).message ?? '');
    const left = this.#list(kind);
    if (left.length === 0) return 0;
    this.resources.set(`${kind.plural}.${kind.group}`, left.length);
    let isKept = false;
    for (const { metadata } of left) {
      for (const finalizer of metadata.finalizers ?? []) {
        isKept = true;
        this.finalizers.set(finalizer, (this.finalizers.get(finalizer) ?? 0) + 1);
      }
    }
    const graceSeconds = kind === pods ? longestGraceSeconds(before as readonly Pod[]) : 0;
    if (graceSeconds > 0 || isKept) return Math.max(graceSeconds, isKept ? finalizerEstimateSeconds : 0);
    const resource = `${kind.group}/${kind.version}, Resource=${kind.plural}`;
    this.failures.push(`unexpected items still remain in namespace: ${this.#namespace} for gvr: ${resource}`);
    return finalizerEstimateSeconds;
  }

  #list(kind: AnyKind): readonly KubeObject[] {
    return this.#client.list(kind, { namespace: this.#namespace }).items;
  }
}

function longestGraceSeconds(all: readonly Pod[]): number {
  return all
    .filter((pod) => !isPodTerminal(pod))
    .reduce((longest, { spec }) => Math.max(longest, spec.terminationGracePeriodSeconds ?? 0), 0);
}
