import { bootKinds } from '#kubernetes/api/bootKinds.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { KindSet } from '#kubernetes/api/kindSet.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, ApiResponse } from '#kubernetes/api/request.ts';
import { notFound, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import { type Cause, causeOf } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { AccessControl } from './access/accessControl.ts';
import { Admission } from './admission/admission.ts';
import { bootPlugins, inOrder } from './admission/registry.ts';
import type {
  AdmissionPlugin,
  Answer,
  Call,
  Extensions,
  ServerContext,
  Strategy,
  WireProtocol,
  Patcher,
} from './context.ts';
import type { FieldManager } from './managedFields/ownership.ts';
import { NoSuchPath, noSuchPath, queryFlag, requestInfoOf, type RequestInfo } from './requestInfo.ts';
import { type Keeping, Storage } from './storage.ts';
import { bootStrategies } from './strategies/registry.ts';
import { bootSubresources } from './subresources/registry.ts';
import type { Subresource } from './subresources/subresource.ts';
import { create } from './verbs/create.ts';
import { patch } from './verbs/patch.ts';
import { asRequested, get, list, watch } from './verbs/read.ts';
import { remove, removeCollection } from './verbs/remove.ts';
import { update } from './verbs/update.ts';
import { newUid } from './uid.ts';
import { WatchHub } from './watchHub.ts';

/** Accounted virtual time of a call that reads, and of one that writes through to etcd's disk. */
const readLatencyMs = 1;
const writeLatencyMs = 3;
/** Upstream: cmd/kube-apiserver etcd-compaction-interval. */
const compactionPeriodMs = 5 * 60_000;
/** How many old versions' owners each write works out. */
const settledPerWrite = 3;
/** Leases of one length are shared by all writes in this time, as upstream's lease manager does. */
const leaseReuseMs = 60_000;
const forGood: Keeping = {};

/** Parts of the server that a cluster can start without: they come with its second load. */
export interface ServerParts {
  readonly kinds: readonly AnyKind[];
  /** Kinds that one of the subresources below answers for. */
  readonly unstored?: readonly AnyKind[];
  readonly admission: readonly AdmissionPlugin[];
  readonly strategies: readonly Strategy[];
  readonly subresources: readonly Subresource[];
  readonly wire?: WireProtocol;
  /** Asks admission about a connection such as exec. */
  admitConnect?(call: Call, context: ServerContext): void;
  /** What goes on inside the server beside serving; each is begun once. Upstream: PostStartHooks */
  readonly postStartHooks: readonly ((
    server: ApiServer,
    simulation: Simulation,
    context: ServerContext,
  ) => void)[];
  readonly fieldManager?: FieldManager;
  /** What a cluster's own components do not send, by content type. */
  readonly patches?: Iterable<readonly [string, Patcher]>;
}

/** The one door to the cluster's state (D1): a synchronous handler from request to response. */
export class ApiServer {
  readonly storage: Storage;
  /** What is served now. */
  readonly kinds = new KindSet(bootKinds);
  readonly extensions: Extensions = {
    unstored: new Map(),
    subresources: new Map(),
    groups: new Map(),
    patches: new Map(),
  };
  /**
   * What is stored and not simulated (D8): the list is text that comes after the cluster, before the first write of
   * anyone who should be told.
   */
  unsimulated: (kind: AnyKind, object: KubeObject) => readonly string[] = () => [];
  /** False while etcd is stopped: every call that needs it then fails as it really does. */
  hasStorage = true;
  readonly #simulation: Simulation;
  readonly #hub: WatchHub;
  readonly #context: ServerContext;
  readonly #strategies = new Map<string, Strategy>();
  /** What was found there; null for a kind that has none. */
  #strategyByKind = new WeakMap<AnyKind, Strategy | null>();
  #subresources: readonly Subresource[] = [];
  #admission = new Admission([]);
  #wire: WireProtocol | null = null;
  #fieldManager: FieldManager | undefined;
  /** What etcd forgets at the next compaction, and how far owners are worked out for it. */
  #compactTo = 0;
  #settledTo = 0;
  #admitConnect: NonNullable<ServerParts['admitConnect']> = () => {};
  /** What the present call has waited for others, in virtual ms. */
  #waitedMs = 0;
  /** How the kind that expired last is kept for the present minute. */
  #kept: { readonly strategy: Strategy | null; readonly untilMs: number; readonly keeping: Keeping } = {
    strategy: null,
    untilMs: -1,
    keeping: forGood,
  };
  #access: AccessControl | null = null;

  constructor(options: { simulation: Simulation; etcd: Etcd<KubeObject> }) {
    this.#simulation = options.simulation;
    this.storage = new Storage(options.etcd);
    this.#hub = new WatchHub(options.simulation, options.etcd);
    this.#context = this.#createContext();
    this.install({
      kinds: [],
      admission: bootPlugins,
      strategies: bootStrategies,
      subresources: bootSubresources,
      postStartHooks: [],
    });
    options.simulation.every(compactionPeriodMs, 'etcd', () => {
      options.etcd.compact(this.#compactTo);
      this.#compactTo = options.etcd.revision;
    });
    options.etcd.onCompact = (revision) => {
      this.#compactTo = revision;
      this.#settleOld(Infinity);
    };
  }

  /**
   * Works out whose the fields of so many old versions are, before etcd forgets what they were made of. Each write
   * does some of this, so that the compaction itself has little left to do.
   */
  #settleOld(count: number): void {
    if (this.#fieldManager === undefined || this.#settledTo >= this.#compactTo) return;
    const { etcd } = this.storage;
    for (const version of etcd.since(Math.max(this.#settledTo, etcd.compactRevision), count, null)) {
      if (version.modRevision > this.#compactTo) break;
      this.#settledTo = version.modRevision;
      if (etcd.versionAt(version.directory, version.name, this.#compactTo) === version)
        this.#fieldManager.settle(version, this.#context);
    }
    if (count === Infinity) this.#settledTo = this.#compactTo;
  }

  /** Adds parts to the server: from now on it serves, asks and follows them too. */
  install(parts: ServerParts): void {
    for (const strategy of parts.strategies) {
      this.#strategies.set(`${strategy.plural}.${strategy.group}`, strategy);
    }
    this.#strategyByKind = new WeakMap();
    this.#subresources = [...this.#subresources, ...parts.subresources];
    this.#admission = new Admission(inOrder([...this.#admission.plugins, ...parts.admission]));
    this.kinds.add(parts.kinds);
    for (const kind of parts.unstored ?? [])
      this.extensions.unstored.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
    this.#wire = parts.wire ?? this.#wire;
    this.#fieldManager = parts.fieldManager ?? this.#fieldManager;
    for (const [type, patcher] of parts.patches ?? []) this.extensions.patches.set(type, patcher);
    if (parts.admitConnect) this.#admitConnect = parts.admitConnect;
    for (const hook of parts.postStartHooks) hook(this, this.#simulation, this.#context);
  }

  /** From now on every request is authenticated and authorized; until then all of them are allowed. */
  installAccess(create: (context: ServerContext, extensions: Extensions) => AccessControl): void {
    this.#access = create(this.#context, this.extensions);
  }

  /** For what writes as the server's handlers do; a write takes so many virtual ms. */
  write<T>(create: (context: ServerContext, latencyMs: number) => T): T {
    return create(this.#context, writeLatencyMs);
  }

  get access(): AccessControl | null {
    return this.#access;
  }

  /** Serves one request. It never throws for what the caller did: failures are Status bodies. */
  handle = (request: ApiRequest): ApiResponse =>
    request.observer ? this.#simulation.observe(() => this.#handle(request)) : this.#handle(request);

  #handle(request: ApiRequest): ApiResponse {
    const warnings: string[] = [];
    const writes = request.method !== 'GET';
    const latencyMs = writes ? writeLatencyMs : readLatencyMs;
    const waitedBefore = this.#waitedMs;
    this.#waitedMs = 0;
    try {
      // Who only looks on does not move the moment at which others' writes commit.
      if (!request.observer) this.#hub.account(latencyMs);
      const wire = request.inProcess ? null : this.#wire;
      let routed = wire === null ? request : wire.route(request);
      const info = requestInfoOf(routed.path);
      if (!this.hasStorage && !request.observer && info.resource !== '' && !isCached(request))
        throw new StatusError('Unknown', 'etcdserver: request timed out');
      if (this.#access !== null) routed = this.#access.admit(routed, info);
      const queuedMs =
        wire === null || request.observer || request.takesNoTime
          ? 0
          : wire.wait(routed, info, latencyMs, this.#context);
      if (writes) this.#settleOld(settledPerWrite);
      const cause = writes ? this.#causeOf(routed, info) : this.#simulation.cause;
      const answer = this.#simulation.withCause(cause, () => this.#serve(routed, info, warnings, wire));
      return { warnings, ...answer, latencyMs: (answer.latencyMs ?? latencyMs + this.#waitedMs) + queuedMs };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return {
        status: error.code,
        warnings,
        body: error.toStatus(),
        ...(error instanceof NoSuchPath &&
          !request.inProcess &&
          this.#wire?.pageNotFound(request, this.#context)),
        latencyMs: latencyMs + this.#waitedMs,
      };
    } finally {
      this.#waitedMs = waitedBefore;
    }
  }

  /** Feeds the observers' watches; called by the host between slices. */
  flushObservers(): void {
    this.#hub.flushObservers();
  }

  #serve(request: ApiRequest, info: RequestInfo, warnings: string[], wire: WireProtocol | null): Answer {
    const context = this.#context;
    if (info.resource === '') {
      if (wire === null) throw noSuchPath();
      return wire.servePath(request, context);
    }
    const group = this.extensions.groups.get(info.group);
    if (group) return group.serve(request, info);
    const kind =
      this.kinds.findResource(info.group, info.version, info.resource) ??
      this.extensions.unstored.get(`${info.group}/${info.version}/${info.resource}`);
    if (kind === undefined) throw noSuchPath();
    if (kind.deprecation !== undefined) warnings.push(kind.deprecation);
    const asked: Call = { request, info, kind, stored: kind.storage?.kind ?? kind, warnings };
    const call = wire === null ? asked : wire.check(asked, context);
    const isStored = info.subresource === '' ? !kind.verbs : info.subresource === 'status' && kind.hasStatus;
    if (!isStored) {
      const extension = this.extensions.subresources.get(`${info.resource}/${info.subresource}`);
      if (extension) {
        this.#admitConnect(call, context);
        return extension(call.request, info);
      }
      const own = this.#subresources.find((entry) => entry.serves(call));
      if (own === undefined)
        throw kind.custom === undefined ? noSuchPath() : notFound(kind.group, kind.plural, info.name);
      return own.serve(call, context);
    }
    return this.#serveVerb(call, wire);
  }

  #serveVerb(call: Call, wire: WireProtocol | null): Answer {
    const { request, info } = call;
    const context = this.#context;
    const show = (object: KubeObject) =>
      wire === null ? asRequested(object, call) : wire.presentObject(object, call, context);
    switch (request.method) {
      case 'GET':
        if (wire !== null) return wire.read(call, context);
        if (info.name === '' && queryFlag(request, 'watch'))
          return { status: 200, body: null, stream: watch(call, context) };
        return { status: 200, body: info.name === '' ? list(call, context) : get(call, context) };
      case 'POST':
        return { status: 201, body: show(create(call, context)) };
      case 'PUT':
        if (wire !== null && wire.createsOnUpdate(call, context))
          return { status: 201, body: show(create({ ...call, info: { ...info, name: '' } }, context)) };
        return { status: 200, body: show(update(call, context)) };
      case 'PATCH': {
        const { object, isNew } = patch(call, context);
        return { status: isNew ? 201 : 200, body: show(object) };
      }
      case 'DELETE': {
        if (info.name === '') {
          const items = removeCollection(call, context);
          return { status: 200, body: wire === null ? items : wire.presentList(items, call, context) };
        }
        const { object, gone } = remove(call, context);
        return { status: 200, body: gone ? deletedStatus(call, object) : show(object) };
      }
    }
  }

  /** The audit link of a write: who, and which verb; on what is filled in when it is stored (D6). */
  #causeOf(request: ApiRequest, info: RequestInfo): Cause {
    const { cause, nowMs } = this.#simulation;
    const action = actionOf(request.method, info.subresource);
    return causeOf(cause, nowMs, request.user.name, action, '', this.storage.etcd.revision + 1);
  }

  #createContext(): ServerContext {
    const simulation = this.#simulation;
    const admission = () => this.#admission;
    const hasStorage = () => this.hasStorage;
    const access = () => this.#access;
    const fieldManager = () => this.#fieldManager;
    return {
      simulation,
      storage: this.storage,
      hub: this.#hub,
      kinds: this.kinds,
      strategyOf: (kind) => this.#strategyOf(kind),
      unsimulated: (kind, object) => this.unsimulated(kind, object),
      extensions: this.extensions,
      get hasStorage() {
        return hasStorage();
      },
      get admission() {
        return admission();
      },
      get access() {
        return access();
      },
      get fieldManager() {
        return fieldManager();
      },
      timestamp: () => formatTime(simulation.nowMs),
      newUid: () => newUid(simulation.random('uids')),
      keeping: (strategy) => this.#keeping(strategy),
      wait: (ms) => {
        this.#waitedMs += ms;
        this.#hub.account(writeLatencyMs + this.#waitedMs);
      },
    };
  }

  #strategyOf(kind: AnyKind): Strategy | undefined {
    let strategy = this.#strategyByKind.get(kind);
    if (strategy === undefined) {
      strategy = this.#strategies.get(`${kind.plural}.${kind.group}`) ?? null;
      this.#strategyByKind.set(kind, strategy);
    }
    return strategy ?? undefined;
  }

  #keeping(strategy: Strategy | undefined): Keeping {
    if (strategy?.ttlMs === undefined) return forGood;
    const { nowMs } = this.#simulation;
    if (nowMs >= this.#kept.untilMs || this.#kept.strategy !== strategy) {
      const lease = this.storage.etcd.grant(strategy.ttlMs + leaseReuseMs);
      const keeping = { lease, pack: strategy.pack };
      this.#kept = { strategy, untilMs: nowMs + leaseReuseMs, keeping };
    }
    return this.#kept.keeping;
  }

  /** The stored version of an object with the causes of its last write and of its creation. */
  audit(
    kind: AnyKind,
    namespace: string,
    name: string,
  ): { last: Cause | null; created: Cause | null } | null {
    const record = this.storage.record(kind, namespace, name);
    return record === undefined ? null : { last: record.cause, created: record.created };
  }
}

const verbs = { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;
const actions = new Map<string, string>();

/** `create`, or `update status`: one shared text for each. */
function actionOf(method: ApiRequest['method'], subresource: string): string {
  const verb = verbs[method];
  if (subresource === '') return verb;
  const key = `${verb} ${subresource}`;
  const known = actions.get(key);
  if (known !== undefined) return known;
  if (actions.size < 64) actions.set(key, key);
  return key;
}

/** What a delete that removed the object answers. */
function deletedStatus({ kind }: Call, object: KubeObject): unknown {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(kind.group !== '' && { group: kind.group }),
      kind: kind.plural,
      uid: object.metadata.uid,
    },
  };
}

/** A read that asks for any revision is answered from the watch cache, without etcd. */
function isCached({ method, query }: ApiRequest): boolean {
  return method === 'GET' && query?.['resourceVersion'] === '0';
}
