/** A request as a server sees it. Header names are lower case. */
export interface HttpRequest {
  readonly method: string;
  /** With its query: `/items?id=3`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The address that the server sees as its client. */
  readonly clientAddress: string;
  /** The certificate that the client showed when the connection was made, in PEM. */
  readonly clientCertificate?: string;
  /** True when the client reads a body that comes bit by bit: who does not is answered whole, or not at all. */
  readonly streams?: boolean;
}

/** A body that comes bit by bit, in later simulation events, until the server ends it. */
export interface BodyStream {
  /** Takes it over; called once. */
  open(onText: (text: string) => void, onEnd: () => void): void;
  /** The client goes away. */
  close(): void;
}

export interface HttpResponse {
  /** 0 where the connection was closed without an answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How much longer than a request's cost the answer takes. */
  readonly delayMs?: number;
  /** What follows `body`, for a client that reads streams. */
  readonly stream?: BodyStream;
}

/** The phrase that goes with a status code, as servers print it. */
export function statusPhrase(status: number): string {
  return phrases[status] ?? '';
}

const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
