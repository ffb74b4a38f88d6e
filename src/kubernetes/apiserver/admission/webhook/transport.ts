/** A request to a webhook, as it leaves the API server's machine. */
export interface WebhookCall {
  /** An address or a name, as the network takes it. */
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

/** How it ended: with an answer, or in the words of Go's network errors. A timeout is up to the caller. */
export type WebhookAnswer =
  | { readonly status: number; readonly body: string; readonly latencyMs: number }
  | { readonly error: string; readonly latencyMs: number }
  | 'timeout';

/** The network under the API server; plugged in by `cluster/`. */
export type WebhookTransport = (call: WebhookCall) => WebhookAnswer;
