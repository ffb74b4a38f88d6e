import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, ApiResponse, ApiStream, UserInfo } from '#kubernetes/api/request.ts';
import type { TextErrors } from '#kubernetes/api/schema.ts';
import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Packed } from '#kubernetes/etcd/version.ts';
import type { AccessControl } from './access/accessControl.ts';
import type { Admission } from './admission/admission.ts';
import type { FieldManager } from './managedFields/ownership.ts';
import type { WebhookTransport } from './admission/webhook/transport.ts';
import type { RequestInfo } from './requestInfo.ts';
import type { Keeping, Storage } from './storage.ts';
import type { WatchHub } from './watchHub.ts';
import type { DiscoveredResource } from './wire/discovery.ts';

/** What an admission plugin sees of a write. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: AnyKind;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly old: KubeObject | undefined;
  readonly user: UserInfo;
  /** Where a sentence for the client is left; undefined for components, which read none. */
  readonly warnings: string[] | undefined;
  /** True when nothing will be stored. */
  readonly dryRun: boolean;
}

/** What decides whose business a write is: the same for all writes to one kind through one door. */
export type AdmissionShape = Pick<AdmissionRequest, 'operation' | 'kind' | 'subresource'>;

/** One admission plugin. It returns its argument when it changes nothing, and throws StatusError to refuse. */
export interface AdmissionPlugin {
  readonly name: string;
  /** False for writes of which the plugin never says anything; it is asked about all of them when absent. */
  handles?(shape: AdmissionShape): boolean;
  /** Changes the object before it is validated. */
  admit?(object: KubeObject, request: AdmissionRequest, context: ServerContext): KubeObject;
  /** Refuses by throwing; after validation, before the transaction. */
  validate?(object: KubeObject | undefined, request: AdmissionRequest, context: ServerContext): void;
  /** Told once what `validate` let through is stored; not for dry runs, nor for what was refused after all. */
  stored?(request: AdmissionRequest, context: ServerContext): void;
}

/** What a kind needs from the server beside its pure rules: allocated addresses, cascades, side objects. */
export interface Strategy {
  readonly plural: string;
  readonly group: string;
  /** After admission, before validation: fills in what only the server can know. */
  beforeCreate?(object: KubeObject, context: ServerContext, user: UserInfo): KubeObject;
  beforeUpdate?(object: KubeObject, old: KubeObject, context: ServerContext): KubeObject;
  /** The same for what changes the status; `subresource` is the door that it came in by. */
  beforeStatusUpdate?(
    object: KubeObject,
    old: KubeObject,
    context: ServerContext,
    subresource: string,
  ): KubeObject;
  /** Seconds of grace for a delete that asks for `asked`; 0 removes at once. */
  graceSeconds?(object: KubeObject, asked: number | undefined): number;
  /** What the object becomes when its deletion begins, beside the timestamp. */
  beginDelete?(object: KubeObject): KubeObject;
  /** Finalizers that a deletion adds. */
  readonly deletionFinalizers?: readonly string[];
  /** True when nothing of its own keeps a deleted object (a namespace's content does). */
  isFinalized?(object: KubeObject): boolean;
  /** How long the object lives from its last write, for kinds that expire. */
  ttlMs?: number;
  /** The form in which it is kept, for a kind that expires and is very numerous; undefined: as it is. */
  pack?(object: KubeObject, cause: Cause): Packed<KubeObject> | undefined;
}

/** What answers subresources that leave the API server: logs, exec, metrics. Plugged in by `cluster/`. */
export type Extension = (request: ApiRequest, info: RequestInfo) => ApiResponse;

/** Where the parts that live outside the API server are plugged in, by resource: logs, exec, metrics. */
/** What a patch of some content type makes of an object. Throws StatusError. */
export type Patcher = (object: KubeObject, patch: unknown) => KubeObject;

export interface Extensions {
  /** Kinds of built-in groups that are served and not stored, by `GROUP/VERSION/PLURAL`. */
  readonly unstored: Map<string, AnyKind>;
  /** Whether a component of the control plane answers its health check; all of them do when absent. */
  isHealthy?: (component: string) => boolean;
  /** `pods/log`, `pods/exec` … */
  readonly subresources: Map<string, Extension>;
  /** Aggregated groups, such as `metrics.k8s.io`. */
  readonly groups: Map<string, { readonly resources: readonly DiscoveredResource[]; serve: Extension }>;
  /** Kinds of patches beyond those of the cluster's own components, by content type. */
  readonly patches: Map<string, Patcher>;
  /** The network that admission webhooks are reached through. */
  webhooks?: WebhookTransport;
}

/** What a handler makes of a request; what is absent is as for any other. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly stream?: ApiStream;
  readonly latencyMs?: number;
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What only clients that come over a wire ask of the server: the rules of HTTP, pages, tables, discovery. It comes with
 * the second load; the cluster's own components do without.
 */
export interface WireProtocol {
  /**
   * Milliseconds that a request waits for its turn before it runs for `costMs`, as its client has sent so many. Throws
   * TooManyRequests.
   */
  wait(request: ApiRequest, info: RequestInfo, costMs: number, context: ServerContext): number;
  /** The request that one of an older form of path stands for. */
  route(request: ApiRequest): ApiRequest;
  /** Refuses what no handler should see, and returns the call with its body and options read. */
  check(call: Call, context: ServerContext): Call;
  /** GET of an object or a collection, or a watch. */
  read(call: Call, context: ServerContext): Answer;
  /** A PUT that makes the object it names. */
  createsOnUpdate(call: Call, context: ServerContext): boolean;
  /** A stored object in the requested version, as the client would rather have it. */
  presentObject(object: KubeObject, call: Call, context: ServerContext): unknown;
  /** Stored objects, as a list. */
  presentList(objects: readonly KubeObject[], call: Call, context: ServerContext): unknown;
  /** How a path is answered that nothing is served at, where that is no Status. */
  pageNotFound(request: ApiRequest, context: ServerContext): Partial<Answer>;
  /** Paths that are not about objects. */
  servePath(request: ApiRequest, context: ServerContext): Answer;
}

/** Everything verbs and admission share. */
export interface ServerContext {
  readonly simulation: Simulation;
  readonly storage: Storage;
  readonly hub: WatchHub;
  readonly kinds: KindSet;
  strategyOf(kind: AnyKind): Strategy | undefined;
  /** The present second in RFC 3339, one shared string per second. */
  timestamp(): string;
  /** A new random UID. */
  newUid(): string;
  /** Sentences for the fields of an object that are stored and not simulated (D8). */
  unsimulated(kind: AnyKind, object: KubeObject): readonly string[];
  readonly admission: Admission;
  /** Who may do what; null while every request is allowed. */
  readonly access: AccessControl | null;
  /** Undefined until the second load. */
  readonly fieldManager: FieldManager | undefined;
  readonly extensions: Extensions;
  /** The present call takes so much longer: it waits for something outside of the server. */
  wait(ms: number): void;
  /** False while etcd is stopped. */
  readonly hasStorage: boolean;
  /** How an object of a kind is kept that is written now. What expires shares a lease with all of its minute. */
  keeping(strategy: Strategy | undefined): Keeping;
}

/** One request on its way through the verbs. */
export interface Call {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly kind: AnyKind;
  /** The kind that is stored; differs from `kind` for views such as autoscaling/v1. */
  readonly stored: AnyKind;
  readonly warnings: string[];
  /** What strict decoding says of the body's text; undefined where it finds nothing. */
  readonly textErrors?: TextErrors;
}
