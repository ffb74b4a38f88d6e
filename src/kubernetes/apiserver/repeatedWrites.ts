import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node } from '#generated/types/core.v1.ts';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatMicroTime, formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Directory } from '#kubernetes/etcd/directory.ts';
import { RepeatedPuts, type Repeated } from '#kubernetes/etcd/repeatedPuts.ts';
import { causeOf } from '#sim/cause.ts';
import type { ServerContext } from './context.ts';
import { WriteNote } from './managedFields/ownership.ts';
import { storagePrefix } from './storage.ts';

/** What may say something to a write that was all right until now. */
const policies = [
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'mutatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
].map((plural) => `/registry/${plural}/`);

/** Objects that are written together, again and again. */
interface Writes<T extends KubeObject> {
  /** Writes all of them; false, and nothing is done, when that is over. */
  again(): boolean;
  /** The objects as it left them, in their order. */
  objects(): readonly T[];
  end(): void;
}

/** Who writes again. */
export interface Author {
  readonly manager: string;
  /** The user that writes the object of that name. */
  userOf(name: string): string;
}

const kubelets: Author = { manager: 'kubelet', userOf: (name) => `system:node:${name}` };

/** How a kind is written again. */
interface Rewrite<T extends KubeObject> {
  readonly kind: AnyKind;
  readonly subresource: '' | 'status';
  rewritten(before: T, atMs: number): T;
}

const renewal: Rewrite<Lease> = {
  kind: leases,
  subresource: '',
  rewritten: (lease, atMs) => ({ ...lease, spec: { ...lease.spec, renewTime: formatMicroTime(atMs) } }),
};

const report: Rewrite<Node> = {
  kind: nodes,
  subresource: 'status',
  rewritten(node, atMs) {
    const lastHeartbeatTime = formatTime(atMs);
    const conditions = (node.status.conditions ?? []).map((condition) => ({
      ...condition,
      lastHeartbeatTime,
    }));
    return { ...node, status: { ...node.status, conditions } };
  },
};

/**
 * Kubelets' heartbeats, many in one call. Each is what the kubelet's own PUT would have been: a revision, a note, a
 * cause of its own, made when somebody asks for them. See docs/decisions/009-repeated-writes.md.
 */
export class RepeatedWrites {
  /** False while the server does not answer. */
  isServing: () => boolean = () => true;
  readonly #context: ServerContext;
  readonly #latencyMs: number;
  readonly #present = new Set<RepeatedPuts<KubeObject>>();
  #policyCount = 0;

  /** `latencyMs` is how long a write takes. */
  constructor(context: ServerContext, latencyMs: number) {
    this.#context = context;
    this.#latencyMs = latencyMs;
    const { etcd } = context.storage;
    etcd.watch(etcd.revision, ({ value, previous }) => this.#policyChanged(value, previous), policies);
  }

  /**
   * Begins to renew leases of one namespace, which their holders have just put; null where each must be put by itself,
   * because admission might have something to say, or managed fields are not kept yet.
   */
  renewals(held: readonly Lease[], author: Author = kubelets): Writes<Lease> | null {
    return this.#begin(held, renewal, author);
  }

  /** As `renewals`: begins to report that nodes are as they are. */
  reports(reported: readonly Node[]): Writes<Node> | null {
    return this.#begin(reported, report, kubelets);
  }

  #begin<T extends KubeObject>(objects: readonly T[], rewrite: Rewrite<T>, author: Author): Writes<T> | null {
    const { kind } = rewrite;
    const { storage, fieldManager } = this.#context;
    if (fieldManager === undefined || this.#policyCount > 0 || objects.length === 0) return null;
    const { namespace = '' } = objects[0]!.metadata;
    const isStored = (object: T) => storage.get(kind, namespace, object.metadata.name) === object;
    if (!objects.every(isStored)) return null;
    for (const object of objects) fieldManager.settle(storage.versionOf(kind, object)!, this.#context);
    const directory = storage.etcd.directory(storagePrefix(kind, namespace));
    const names = objects.map(({ metadata }) => metadata.name);
    const repeated = repeatedOf(rewrite, author, this.#context, directory);
    const members = names.map((name) => directory.get(name)!);
    const repetition = new RepeatedPuts(directory, members, repeated, this.#context.simulation.nowMs);
    storage.etcd.repeat(repetition);
    this.#present.add(repetition);
    return {
      again: () => this.#again(repetition),
      objects: () => names.map((name) => repetition.newest(name).value as T),
      end: () => this.#end(repetition),
    };
  }

  #again(repetition: RepeatedPuts<KubeObject>): boolean {
    const { simulation, storage, hasStorage } = this.#context;
    if (!hasStorage || !this.isServing()) this.#end(repetition);
    if (repetition.isOver) return false;
    storage.etcd.putAgain(repetition, simulation.nowMs + this.#latencyMs);
    return true;
  }

  #end(repetition: RepeatedPuts<KubeObject>): void {
    this.#context.storage.etcd.endRepetition(repetition);
    this.#present.delete(repetition);
  }

  #policyChanged(value: KubeObject | undefined, previous: unknown): void {
    if (value === undefined) this.#policyCount--;
    else if (previous === undefined) this.#policyCount++;
    for (const repetition of this.#present) this.#end(repetition);
  }
}

function repeatedOf<T extends KubeObject>(
  { kind, subresource, rewritten }: Rewrite<T>,
  { manager, userOf }: Author,
  context: ServerContext,
  directory: Directory<KubeObject>,
): Repeated<KubeObject> {
  const writer = {
    manager,
    operation: 'Update',
    apiVersion: apiVersionOf(kind),
    subresource,
  } as const;
  const action = subresource === '' ? 'update' : `update ${subresource}`;
  return {
    value(before, atMs, revision) {
      const object = rewritten(before as T, atMs);
      return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    },
    cause(round, name, atMs, revision) {
      const cause = causeOf(round, atMs, userOf(name), action, '', revision);
      cause.wrote(directory.prefix, name);
      return cause;
    },
    note: (atMs) => new WriteNote(writer, formatTime(atMs), false, null, undefined),
    settle: (version) => context.fieldManager?.settle(version, context),
  };
}
