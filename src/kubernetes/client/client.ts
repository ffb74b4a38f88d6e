import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type { DeleteOptions, Status } from '#generated/types/meta.v1.ts';
import { type Kind, apiVersionOf, pathOf } from '#kubernetes/api/kind.ts';
import type { KubeObject, New } from '#kubernetes/api/object.ts';
import type { ApiRequest, ApiResponse, ApiStream, Transport, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';

export interface ListOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A list with the revision it was read at. */
export interface List<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

/** Content types of the patch dialects. */
const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/**
 * A typed API client over any transport. Calls return at once and throw StatusError; the virtual time they
 * took adds up in `takeElapsedMs`, for whoever accounts the caller's work (D2).
 */
export class Client {
  readonly user: UserInfo;
  readonly #transport: Transport;
  readonly #program: string;
  #elapsedMs = 0;

  /** `program` is who manages the fields that this client writes: `kubelet`. */
  constructor(transport: Transport, user: UserInfo, program = 'unknown') {
    this.#transport = transport;
    this.user = user;
    this.#program = program;
  }

  get<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): T {
    return this.#call('GET', pathOf(kind, namespace, name)) as T;
  }

  list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): List<T> {
    const path = pathOf(kind, options.namespace);
    const list = this.#call('GET', path, undefined, queryOf(options)) as {
      items: T[];
      metadata: { resourceVersion: string };
    };
    return { items: list.items, resourceVersion: list.metadata.resourceVersion };
  }

  create<T extends KubeObject>(kind: Kind<T>, object: New<T>): T {
    const path = pathOf(kind, object.metadata.namespace);
    return this.#call('POST', path, typed(kind, object)) as T;
  }

  update<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const { namespace, name } = object.metadata;
    return this.#call('PUT', pathOf(kind, namespace, name), object) as T;
  }

  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): T {
    const { namespace, name } = object.metadata;
    return this.#call('PUT', pathOf(kind, namespace, name, 'status'), object) as T;
  }

  patch<T extends KubeObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    patch: { readonly type: keyof typeof patchTypes; readonly body: unknown; readonly subresource?: string },
  ): T {
    return this.#bodyOf({
      method: 'PATCH',
      path: pathOf(kind, namespace, name, patch.subresource),
      contentType: patchTypes[patch.type],
      body: patch.body,
      user: this.user,
      userAgent: this.#program,
      inProcess: true,
    }) as T;
  }

  delete<T extends KubeObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    options?: Partial<DeleteOptions>,
  ): void {
    this.#call('DELETE', pathOf(kind, namespace, name), options);
  }

  /** POST to a subresource such as `binding`, or PUT for `finalize` and `scale`. */
  subresource<T extends KubeObject>(
    kind: Kind<T>,
    namespace: string,
    name: string,
    subresource: string,
    body: unknown,
    method: 'POST' | 'PUT' = 'POST',
  ): unknown {
    return this.#call(method, pathOf(kind, namespace, name, subresource), body);
  }

  getScale<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string): Scale {
    return this.#call('GET', pathOf(kind, namespace, name, 'scale')) as Scale;
  }

  /** Opens a watch of what changes after `resourceVersion`. */
  watch<T extends KubeObject>(kind: Kind<T>, options: ListOptions, resourceVersion: string): ApiStream {
    const query = { ...queryOf(options), watch: 'true', resourceVersion };
    const response = this.send({ method: 'GET', path: pathOf(kind, options.namespace), query });
    if (response.stream === undefined) throw failureOf(response);
    return response.stream;
  }

  /** Any request, as this client's user; failures are in the response. */
  send(request: Omit<ApiRequest, 'user'>): ApiResponse {
    return this.#request({ ...request, user: this.user, userAgent: this.#program, inProcess: true });
  }

  #request(request: ApiRequest): ApiResponse {
    const response = this.#transport(request);
    this.#elapsedMs += response.latencyMs;
    return response;
  }

  /** Adds virtual time of the caller's own work, such as walking a long list, to that of its calls. */
  account(ms: number): void {
    this.#elapsedMs += ms;
  }

  /** Virtual ms that the calls since the last question took. */
  takeElapsedMs(): number {
    const elapsed = this.#elapsedMs;
    this.#elapsedMs = 0;
    return elapsed;
  }

  #call(method: ApiRequest['method'], path: string, body?: unknown, query?: ApiRequest['query']): unknown {
    // One literal and no spread: this is made for every call.
    const request: ApiRequest = {
      method,
      path,
      body,
      user: this.user,
      userAgent: this.#program,
      inProcess: true,
    };
    return this.#bodyOf(query === undefined ? request : { ...request, query });
  }

  #bodyOf(request: ApiRequest): unknown {
    const response = this.#request(request);
    if (response.status >= 400 || response.status === 0) throw failureOf(response);
    return response.body;
  }
}

/** A server that could not be reached is a failure like those that a server reports. */
function failureOf({ status, body }: ApiResponse): StatusError {
  return status === 0
    ? new StatusError('ServiceUnavailable', String(body))
    : StatusError.from(body as Status);
}

function typed<T extends KubeObject>(kind: Kind<T>, object: New<T>): unknown {
  return object.apiVersion && object.kind
    ? object
    : { apiVersion: apiVersionOf(kind), kind: kind.kind, ...object };
}

function queryOf({ labelSelector, fieldSelector }: ListOptions): Record<string, string> {
  return { ...(labelSelector && { labelSelector }), ...(fieldSelector && { fieldSelector }) };
}
