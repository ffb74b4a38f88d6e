import type { KubeObject } from '#kubernetes/api/object.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import type {
  ApiRequest,
  ApiResponse,
  Credentials,
  Impersonation,
  Transport,
  UserInfo,
} from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Process } from '#world/machine/program.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { readStream } from './apiStream.ts';
import { CommandError } from './errors.ts';
import type { Resource } from './restMapper.ts';
import { typed } from './typed.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** A list as it comes over the wire. */
export interface ObjectList<T = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[];
}

export interface ClientWatchEvent {
  readonly type: string;
  readonly object: KubeObject;
}

/** Pages of a list. Upstream: cmdutil.DefaultChunkSize. */
const pageSize = '500';
/** What a healthy server takes is not waited for: a person's command is answered at the same instant (D2). */
const unnoticedLatencyMs = 10;
/** How often a request that was answered 429 is sent again. Upstream: client-go/rest, maxRetries. */
const retriesMax = 10;

/** kubectl's side of the wire: it sends, waits out the accounted time, prints warnings once, and throws StatusError. */
export class ApiClient {
  readonly #process: Process;
  readonly #transport: Transport;
  readonly #user: UserInfo;
  /** What the kubeconfig has to show of its user. */
  readonly credentials: () => Credentials | undefined;
  readonly impersonate: Impersonation | undefined;
  readonly #userAgent: string;
  readonly #server: string;
  readonly #unreachable: () => string | undefined;
  /** Prints a warning, once. */
  readonly warn: (text: string) => Promise<void>;

  constructor(options: {
    readonly process: Process;
    readonly transport: Transport;
    readonly user: UserInfo;
    /** What the kubeconfig has to show; asked with the first request, because some commands send none. */
    credentials(): Credentials | undefined;
    readonly impersonate: Impersonation | undefined;
    readonly userAgent: string;
    /** `https://10.0.0.2:6443`, as errors name it. */
    readonly server: string;
    /** Why the server that is named cannot be reached; undefined where it can. */
    unreachable?(): string | undefined;
    readonly warn: (text: string) => Promise<void>;
  }) {
    this.#process = options.process;
    this.#transport = options.transport;
    this.#user = options.user;
    this.credentials = () => options.credentials();
    this.impersonate = options.impersonate;
    this.#userAgent = options.userAgent;
    this.#server = options.server;
    this.#unreachable = () => options.unreachable?.();
    this.warn = options.warn;
  }

  /** Sends a request; undefined query members are left out. */
  async send(request: Omit<ApiRequest, 'user' | 'query'> & { readonly query?: Query }): Promise<ApiResponse> {
    const query = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
    const why = this.#unreachable();
    if (why !== undefined) throw unconnected(why, this.#server);
    const credentials = this.credentials();
    const { impersonate } = this;
    for (let retries = 0; ; retries++) {
      const { simulation, cause } = this.#process;
      await this.#process.step();
      const response = simulation.withCause(cause, () =>
        this.#transport({
          accept: 'application/json',
          ...request,
          query: Object.fromEntries(query) as Record<string, string>,
          userAgent: this.#userAgent,
          takesNoTime: true,
          user: this.#user,
          ...(credentials && { credentials }),
          ...(impersonate && { impersonate }),
        }),
      );
      if (response.latencyMs > unnoticedLatencyMs) await this.#process.sleep(response.latencyMs);
      for (const warning of response.warnings) await this.warn(warning);
      if (response.status === 0) throw unconnected(String(response.body), this.#server);
      if (response.status < 400) return response;
      const error = refusalOf(response);
      const retryAfter = error.details?.retryAfterSeconds;
      if (response.status !== 429 || retryAfter === undefined || retries >= retriesMax) throw error;
      await this.#process.sleep(retryAfter * 1000);
    }
  }

  async get<T = KubeObject>(
    resource: Resource,
    namespace: string,
    name: string,
    options: { query?: Query; accept?: string; subresource?: string } = {},
  ): Promise<T> {
    const path = pathOf(resource, namespace, name, options.subresource);
    const { body } = await this.send({
      method: 'GET',
      path,
      query: options.query,
      ...(options.accept && { accept: options.accept }),
    });
    return body as T;
  }

  /** The object, or null when there is none. */
  async find<T = KubeObject>(resource: Resource, namespace: string, name: string): Promise<T | null> {
    try {
      return await this.get<T>(resource, namespace, name);
    } catch (error) {
      if (error instanceof StatusError && error.reason === 'NotFound') return null;
      throw error;
    }
  }

  /** One page of a list, as objects or as what `accept` asks for. */
  async page(
    resource: Resource,
    namespace: string,
    query: Query,
    accept = 'application/json',
  ): Promise<unknown> {
    try {
      return (await this.send({ method: 'GET', path: pathOf(resource, namespace), accept, query })).body;
    } catch (error) {
      throw listError(error, resource, query);
    }
  }

  /** All pages of a list. */
  async list<T = KubeObject>(
    resource: Resource,
    namespace: string,
    query: Query = {},
  ): Promise<ObjectList<T>> {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const page = (await this.page(resource, namespace, {
        limit: pageSize,
        ...query,
        continue: next,
      })) as ObjectList<T>;
      items.push(...page.items.map((item) => typed(resource, item as KubeObject) as T));
      next = page.metadata.continue || undefined;
      if (next === undefined) return { ...page, items };
    }
  }

  async create<T = KubeObject>(
    resource: Resource,
    namespace: string,
    object: unknown,
    query: Query = {},
  ): Promise<T> {
    const { body } = await this.send({
      method: 'POST',
      path: pathOf(resource, namespace),
      query,
      contentType: 'application/json',
      body: object,
    });
    return body as T;
  }

  async replace<T = KubeObject>(
    resource: Resource,
    namespace: string,
    name: string,
    object: unknown,
    query: Query = {},
    subresource?: string,
  ): Promise<T> {
    const { body } = await this.send({
      method: 'PUT',
      path: pathOf(resource, namespace, name, subresource),
      query,
      contentType: 'application/json',
      body: object,
    });
    return body as T;
  }

  async patch<T = KubeObject>(
    resource: Resource,
    namespace: string,
    name: string,
    patch: unknown,
    options: { type: PatchType; query?: Query; subresource?: string },
  ): Promise<T> {
    const { body } = await this.send({
      method: 'PATCH',
      path: pathOf(resource, namespace, name, options.subresource),
      query: options.query,
      contentType: patchTypes[options.type],
      // A body that is a string is undecoded text.
      body: typeof patch === 'string' ? JSON.stringify(patch) : patch,
    });
    return body as T;
  }

  async delete(
    resource: Resource,
    namespace: string,
    name: string,
    options: unknown,
    query: Query = {},
  ): Promise<unknown> {
    const { body } = await this.send({
      method: 'DELETE',
      path: pathOf(resource, namespace, name),
      query,
      contentType: 'application/json',
      body: options,
    });
    return body;
  }

  /** The events of a watch, until it ends or the deadline passes (then it throws Timeout). */
  async *watch(
    resource: Resource,
    namespace: string,
    query: Query,
    options: { accept?: string; deadlineMs?: number } = {},
  ): AsyncGenerator<ClientWatchEvent> {
    const response = await this.send({
      method: 'GET',
      path: pathOf(resource, namespace),
      query: { watch: 'true', ...query },
      ...(options.accept && { accept: options.accept }),
    });
    if (response.stream)
      yield* readStream<ClientWatchEvent>(this.#process, response.stream, options.deadlineMs);
  }
}

/** A refusal of the server. Upstream: client-go/rest newUnstructuredResponseError, for one that is no Status */
function refusalOf({ status, body }: ApiResponse): StatusError {
  if (typeof body !== 'string') return StatusError.from(body as Status);
  if (status === 500) {
    const sentence = `an error on the server (${JSON.stringify(body.trimEnd())}) has prevented the request from succeeding`;
    return new StatusError('InternalError', sentence);
  }
  return status === 404
    ? new StatusError('NotFound', 'the server could not find the requested resource', {})
    : new StatusError('Unknown', body.trim() || 'unknown', {}, status);
}

/** What kubectl says when there was no connection. Upstream: kubectl/pkg/cmd/util/helpers.go StandardErrorMessage */
function unconnected(sentence: string, server: string): CommandError {
  const said = sentence.endsWith('connection refused')
    ? `The connection to the server ${server.replace(/^https?:\/\//, '')} was refused - did you specify the right host or port?`
    : `Unable to connect to the server: ${sentence}`;
  return new CommandError(said, 1, '');
}

/** Says which list failed, as kubectl does. Upstream: cli-runtime/pkg/resource/helper.go EnhanceListError */
function listError(error: unknown, { group, version, plural }: Resource, query: Query): unknown {
  if (!(error instanceof StatusError) || !['BadRequest', 'NotFound'].includes(error.reason)) return error;
  const resource = JSON.stringify(`${group}/${version}, Resource=${plural}`);
  const { labelSelector = '', fieldSelector = '' } = query;
  const what =
    labelSelector === '' && fieldSelector === ''
      ? `Unable to list ${resource}`
      : `Unable to find ${resource} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`;
  return new StatusError(error.reason, `${what}: ${error.message}`, error.details, error.code);
}

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export type PatchType = keyof typeof patchTypes;
