import { assert } from '#sim/assert.ts';
import type { Simulation } from '#sim/simulation.ts';
import { fromBytes, toBytes } from '../machine/utf8.ts';
import { type HttpResponse, statusPhrase } from './http.ts';
import type { Connection } from './network.ts';

/** Bytes that may wait for the rest of a request or line. */
const unreadMax = 1024 * 1024;

/** A client's end of a connection, as bytes: each a character of a string from 0 to 255. */
export interface ByteClient {
  receive(bytes: string): void;
  /** The server closed the connection. */
  end(): void;
}

/**
 * An open connection as the bytes of what its listener speaks: HTTP/1.1, or lines. Answers come one after the other,
 * after the virtual time they take.
 */
export class ByteConversation {
  readonly #simulation: Simulation;
  readonly #connection: Connection & { readonly outcome: 'open' };
  readonly #client: ByteClient;
  #unread = '';
  #isAnswering = false;
  #isOpen = true;

  constructor(simulation: Simulation, connection: Connection, client: ByteClient) {
    assert(connection.outcome === 'open', 'a conversation needs an open connection');
    this.#simulation = simulation;
    this.#connection = connection;
    this.#client = client;
  }

  write(bytes: string): void {
    this.#unread += bytes;
    if (this.#unread.length > unreadMax) this.#end();
    else this.#next();
  }

  /** The client will send no more; what it asked is still answered. */
  close(): void {
    this.#isOpen = false;
  }

  #next(): void {
    if (this.#isAnswering) return;
    const { listener } = this.#connection;
    if (listener.http) this.#answerHttp();
    else if (listener.converse) this.#answerLine();
  }

  #answerLine(): void {
    const end = this.#unread.indexOf('\n');
    if (end < 0) return;
    const line = fromBytes(this.#unread.slice(0, end)).replace(/\r$/, '');
    this.#unread = this.#unread.slice(end + 1);
    const { listener, clientAddress } = this.#connection;
    const answer = listener.converse!(line, clientAddress);
    this.#after(this.#connection.latencyMs, () => {
      if (answer === null) this.#end();
      else this.#client.receive(toBytes(answer));
    });
  }

  #answerHttp(): void {
    const request = takeRequest(this.#unread);
    if (request === null) return;
    this.#unread = this.#unread.slice(request.length);
    const { method, path, headers, body } = request;
    const { listener, clientAddress } = this.#connection;
    const answer = listener.http!({ method, path, headers, body, clientAddress });
    const keeps = headers['connection']?.toLowerCase() !== 'close';
    this.#after(answer.latencyMs, () => {
      this.#client.receive(responseBytes(answer.response, method, keeps));
      if (!keeps) this.#end();
    });
  }

  #after(latencyMs: number, act: () => void): void {
    this.#isAnswering = true;
    this.#simulation.after(latencyMs, () => {
      this.#isAnswering = false;
      act();
      this.#next();
    });
  }

  #end(): void {
    this.#unread = '';
    if (this.#isOpen) this.#client.end();
    this.#isOpen = false;
  }
}

interface TakenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How many bytes it took. */
  readonly length: number;
}

/** The first whole request of what has come; null while something of it is missing. */
function takeRequest(bytes: string): TakenRequest | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [first = '', ...lines] = bytes.slice(0, headEnd).split('\r\n');
  const [method = 'GET', path = '/'] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  ) as Record<string, string>;
  const from = headEnd + 4;
  const taken =
    headers['transfer-encoding'] === 'chunked'
      ? takeChunks(bytes, from)
      : takeLength(bytes, from, Number(headers['content-length'] ?? 0));
  return taken && { method, path, headers, body: fromBytes(taken.body), length: taken.end };
}

function takeLength(bytes: string, from: number, length: number): { body: string; end: number } | null {
  const end = from + length;
  return bytes.length < end ? null : { body: bytes.slice(from, end), end };
}

function takeChunks(bytes: string, from: number): { body: string; end: number } | null {
  let body = '';
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = parseInt(bytes.slice(at, lineEnd), 16);
    const end = lineEnd + 2 + (size || 0) + 2;
    if (bytes.length < end) return null;
    if (!(size > 0)) return { body, end };
    body += bytes.slice(lineEnd + 2, end - 2);
    at = end;
  }
}

function responseBytes(response: HttpResponse, method: string, keeps: boolean): string {
  const body = toBytes(response.body);
  const headers = Object.entries({
    ...response.headers,
    'Content-Length': String(body.length),
    Connection: keeps ? 'keep-alive' : 'close',
  })
    .filter(
      ([name], at, all) => all.findIndex(([other]) => other.toLowerCase() === name.toLowerCase()) === at,
    )
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${response.status} ${statusPhrase(response.status)}\r\n${headers.join('')}\r\n`;
  return toBytes(head) + (method === 'HEAD' ? '' : body);
}
