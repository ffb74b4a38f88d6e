import type { Status } from '#generated/types/meta.v1.ts';
import type { KubeObject } from './object.ts';

/** Who asks. Upstream: apiserver/pkg/authentication/user. */
export interface UserInfo {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  /** What the authenticator knows beside: the pod that a token is bound to, the token's id. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a client shows of itself over a wire. Who that is, the server finds out; without either it is anonymous. */
export interface Credentials {
  /** The client's certificate in PEM; it counts before a token. */
  readonly certificate?: string;
  /** `Authorization: Bearer …`. */
  readonly token?: string;
}

/** Whom a caller asks to act as: the Impersonate headers, `--as`. The API server decides whether it may. */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What HTTP says of a request beyond what the API asks: its own method, its query as it is written, all its headers. */
export interface HttpMessage {
  readonly method: string;
  /** With its question mark; empty where there is none. */
  readonly search: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A request to the Kubernetes API, whichever transport carried it (D1). Bodies are decoded JSON and must
 * not be changed once sent; a string is a body's undecoded text, in its content type. `query` keys are as in the URL: `labelSelector`, `fieldManager` …
 */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly contentType?: string;
  readonly userAgent?: string;
  readonly body?: unknown;
  /** Who asks, where the transport knows: components in this process. */
  readonly user: UserInfo;
  /** What the client shows of itself in place of `user`. */
  readonly credentials?: Credentials;
  readonly impersonate?: Impersonation;
  /** The message as it came over HTTP, for what is handed on to a server in the cluster (`proxy`). */
  readonly http?: HttpMessage;
  /** Of an ETag: an answer that is still the same is not sent again. */
  readonly ifNoneMatch?: string;
  /** Set by the cluster's own components: their objects are typed, and no rule of HTTP is checked for them. */
  readonly inProcess?: boolean;
  /** Set by the workstation, which is answered at once even while time stands still (D2): it never waits for its turn. */
  readonly takesNoTime?: boolean;
  /**
   * Set by who only looks on from outside the simulation (the page): such reads are never accounted, and their
   * watches are fed between slices instead of by simulation events (D5).
   */
  readonly observer?: boolean;
}

/**
 * One watch event; `cause` is the trail of the write that made it (D6). STEADY comes to components alone: from now on
 * the object is written again and again as `steady` says, and the next event of it tells how far that came.
 */
export interface WatchEvent<T = KubeObject, C = unknown> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR' | 'STEADY';
  readonly object: T;
  readonly cause: C;
  readonly steady?: Steady;
}

/** Writes that differ in nothing but their time, and are not delivered one by one. */
export interface Steady {
  /** When the last of them was to be seen, in ms of the clock. It moves on, until they are over. */
  readonly seenMs: number;
}

/** What a watch, a followed log or an exec answers with: it is fed by later simulation events. */
export interface ApiStream {
  /** Takes over the stream; called once. `onData` gets batches in order, `onEnd` at most once. */
  open(onData: (batch: readonly unknown[]) => void, onEnd: (error?: Error) => void): void;
  /** Ends it from the client's side. */
  close(): void;
}

/** What an exec or attach brings, in order; the last is how it ended. */
export type ExecMessage =
  | { readonly channel: 'stdout' | 'stderr'; readonly text: string }
  | { readonly channel: 'error'; readonly status: Status };

/** What exec and attach answer with: a stream of ExecMessages that also takes input. */
export interface ExecStream extends ApiStream {
  /** Feeds the process: with a terminal whole lines, or `\u0003` for Ctrl-C. Null is the end of its input. */
  write(text: string | null): void;
  resize(columns: number, rows: number): void;
}

/** One connection into a pod. Bytes are characters from 0 to 255. */
export interface ForwardedConnection {
  write(bytes: string): void;
  /** The client will send no more. */
  close(): void;
}

/** What portforward answers with: as many connections into the pod as the client likes. */
export interface PortForwardStream extends ApiStream {
  connect(
    port: number,
    client: {
      receive(bytes: string): void;
      /** The connection ended; with a sentence when there was none. */
      end(error: string | null): void;
    },
  ): ForwardedConnection;
}

/** What exec and attach are asked with, as body: their `command` has many parts. */
export interface ExecRequest {
  readonly container?: string;
  readonly command?: readonly string[];
  readonly stdin?: boolean;
  readonly tty?: boolean;
  /** The size of the caller's terminal. */
  readonly columns?: number;
  readonly rows?: number;
}

export interface ApiResponse {
  /**
   * HTTP status code. 400 and above carry a metav1.Status as body; 0 says that there was no connection, and the body is
   * the dialer's sentence.
   */
  readonly status: number;
  /** Texts of `Warning: 299` headers. */
  readonly warnings: readonly string[];
  /** Decoded JSON, or a string for text/plain. */
  readonly body: unknown;
  readonly stream?: ApiStream;
  /** Headers beyond those that follow from the rest: `ETag`, `Content-Type` where it is not plain JSON or text … */
  readonly headers?: Readonly<Record<string, string>>;
  /** Accounted time of the call in virtual ms; the caller is busy for so long (D2). */
  readonly latencyMs: number;
}

/** The one door: everything that reads or writes the cluster calls this. */
export type Transport = (request: ApiRequest) => ApiResponse;
