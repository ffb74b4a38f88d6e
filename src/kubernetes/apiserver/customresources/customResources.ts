// Upstream: apiextensions-apiserver/pkg/{apiserver/customresource_handler,controller/finalizer/crd_finalizer}.go
import type { CustomResourceDefinition } from '#generated/types/apiextensions.v1.ts';
import { type Converter, customKinds } from '#kubernetes/api/apiextensions/customKind.ts';
import { customResourceDefinitions } from '#kubernetes/api/apiextensions/customResourceDefinition.ts';
import { type AnyKind, pathOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { prefixEnd } from '#kubernetes/etcd/etcd.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { ServerContext } from '../context.ts';
import type { ApiServer } from '../server.ts';
import { storagePrefix } from '../storage.ts';
import { syncApiService } from './apiServices.ts';
import { cleanupFinalizer, isTrue, withCondition } from './conditions.ts';
import { webhookConverter } from './conversionWebhook.ts';
import { withAcceptedNames } from './naming.ts';

/** How often a deleted definition looks whether its resources are gone. Upstream: crd_finalizer.go */
const cleanupMs = 5_000;

const system = { name: 'system:apiserver', groups: ['system:masters'] };

/** Begins to serve what CustomResourceDefinitions define: names are checked, and kinds come and go with them. */
export function serveCustomResources(
  server: ApiServer,
  simulation: Simulation,
  context: ServerContext,
): void {
  new CustomResources(server, simulation, context).start();
}

class CustomResources {
  readonly #server: ApiServer;
  readonly #simulation: Simulation;
  readonly #context: ServerContext;
  /** What is served of each definition, and from which revision of it. */
  readonly #served = new Map<string, { readonly revision: string; readonly kinds: readonly AnyKind[] }>();
  readonly #cleaning = new Set<string>();

  constructor(server: ApiServer, simulation: Simulation, context: ServerContext) {
    this.#server = server;
    this.#simulation = simulation;
    this.#context = context;
  }

  start(): void {
    const { etcd } = this.#server.storage;
    const prefix = storagePrefix(customResourceDefinitions, '');
    for (const { key } of etcd.range({ from: prefix, end: prefixEnd(prefix) }).kvs)
      this.#sync(key.slice(prefix.length));
    etcd.watch(
      etcd.revision,
      ({ key }) => {
        const name = key.slice(prefix.length);
        this.#simulation.after(0, () => this.#sync(name));
      },
      [prefix],
    );
  }

  #find(name: string): CustomResourceDefinition | undefined {
    return this.#server.storage.get(customResourceDefinitions, '', name) as
      | CustomResourceDefinition
      | undefined;
  }

  #sync(name: string): void {
    const definition = this.#find(name);
    if (definition === undefined) {
      this.#serve(name, []);
      this.#reconsider(name);
      return;
    }
    const named = withAcceptedNames(definition, this.#others(definition), formatTime(this.#simulation.nowMs));
    // The write comes back as an event, and then there is nothing left to change.
    if (named !== definition) {
      this.#writeStatus(named);
      this.#reconsider(name);
      return;
    }
    if (isTrue(definition, 'Established')) this.#serveVersions(definition);
    if (definition.metadata.deletionTimestamp !== undefined) this.#cleanUp(definition);
  }

  #others({ spec, metadata }: CustomResourceDefinition): CustomResourceDefinition[] {
    const { items } = this.#server.storage.list(customResourceDefinitions, '');
    return (items as CustomResourceDefinition[]).filter(
      (other) => other.spec.group === spec.group && other.metadata.name !== metadata.name,
    );
  }

  /** A name may have become free for others of the group. */
  #reconsider(name: string): void {
    const group = name.slice(name.indexOf('.') + 1);
    for (const { spec, metadata } of this.#server.storage.list(customResourceDefinitions, '')
      .items as CustomResourceDefinition[]) {
      if (spec.group === group && metadata.name !== name)
        this.#simulation.after(0, () => this.#sync(metadata.name));
    }
  }

  #serveVersions(definition: CustomResourceDefinition): void {
    const { name } = definition.metadata;
    const revision = JSON.stringify([definition.spec, definition.status.acceptedNames]);
    if (this.#served.get(name)?.revision === revision) return;
    const served = new Set(
      definition.spec.versions.filter((entry) => entry.served).map((entry) => entry.name),
    );
    this.#serve(
      name,
      customKinds(definition, this.#converterOf(definition)).filter(({ version }) => served.has(version)),
      revision,
    );
  }

  #converterOf({ spec }: CustomResourceDefinition): Converter | undefined {
    const { strategy, webhook } = spec.conversion ?? {};
    return strategy === 'Webhook' && webhook !== undefined
      ? webhookConverter(webhook, this.#context)
      : undefined;
  }

  #serve(name: string, kinds: readonly AnyKind[], revision = ''): void {
    const before = this.#served.get(name)?.kinds ?? [];
    for (const kind of before) this.#server.kinds.remove(kind);
    this.#server.kinds.add(kinds);
    if (kinds.length === 0) this.#served.delete(name);
    else this.#served.set(name, { revision, kinds });
    const versions = new Map([...before, ...kinds].map((kind) => [kind.version, kind]));
    for (const kind of versions.values()) syncApiService(this.#server, system, kind);
  }

  /** Deletes what the definition defined, and lets it go when nothing is left. */
  #cleanUp(definition: CustomResourceDefinition): void {
    const { name, finalizers = [] } = definition.metadata;
    if (!finalizers.includes(cleanupFinalizer) || this.#cleaning.has(name)) return;
    this.#cleaning.add(name);
    this.#writeStatus(
      this.#terminating(
        definition,
        'True',
        'InstanceDeletionInProgress',
        'CustomResource deletion is in progress',
      ),
    );
    const kind = customKinds(definition)[0]!;
    for (const namespace of new Set(this.#instances(kind).map(({ metadata }) => metadata.namespace ?? ''))) {
      const path = pathOf(this.#servedKind(name) ?? kind, namespace);
      this.#server.handle({ method: 'DELETE', path, user: system });
    }
    this.#awaitEmpty(name, kind);
  }

  #servedKind(name: string): AnyKind | undefined {
    return this.#served.get(name)?.kinds[0];
  }

  #instances(kind: AnyKind): readonly KubeObject[] {
    return this.#server.storage.list(kind, '').items;
  }

  #awaitEmpty(name: string, kind: AnyKind): void {
    const definition = this.#find(name);
    if (definition === undefined) {
      this.#cleaning.delete(name);
      return;
    }
    if (this.#instances(kind).length > 0) {
      this.#simulation.after(cleanupMs, () => this.#awaitEmpty(name, kind));
      return;
    }
    this.#cleaning.delete(name);
    this.#serve(name, []);
    const done = this.#terminating(definition, 'False', 'InstanceDeletionCompleted', 'removed all instances');
    const finalizers = (done.metadata.finalizers ?? []).filter((entry) => entry !== cleanupFinalizer);
    this.#writeStatus(done);
    const path = pathOf(customResourceDefinitions, undefined, name);
    const body = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
    const contentType = 'application/merge-patch+json';
    this.#server.handle({ method: 'PATCH', path, body, contentType, user: system });
  }

  #terminating(
    definition: CustomResourceDefinition,
    status: 'True' | 'False',
    reason: string,
    message: string,
  ): CustomResourceDefinition {
    const condition = { type: 'Terminating', status, reason, message };
    return withCondition(definition, condition, formatTime(this.#simulation.nowMs));
  }

  #writeStatus(definition: CustomResourceDefinition): void {
    const path = pathOf(customResourceDefinitions, undefined, definition.metadata.name, 'status');
    const latest = this.#find(definition.metadata.name);
    if (latest === undefined) return;
    const body = { ...latest, status: definition.status };
    this.#server.handle({ method: 'PUT', path, body, user: system });
  }
}
