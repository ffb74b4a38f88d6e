// Upstream: apiserver/pkg/util/proxy, apimachinery/pkg/util/httpstream
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ApiRequest, ApiResponse, ExecStream, PortForwardStream } from '#kubernetes/api/request.ts';
import { StatusError, badRequest } from '#kubernetes/apimachinery/statusError.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { readUrl } from '../requestReader.ts';
import { auditId } from '../responseWriter.ts';
import { type Remote, serveSpdy, serveWebSocket, spdyProtocol, webSocketProtocols } from './execProtocol.ts';
import { portForwardProtocol, serveSpdyPorts, serveTunnel, tunnelProtocol } from './portForwardProtocol.ts';
import { readExecRequest } from './remoteCommand.ts';

/** Bytes of one WebSocket message; kubectl's are at most 32 KiB and a little. */
const messageBytesMax = 1024 * 1024;

/** What a stream of plain text may be asked for as. Upstream: pkg/util/httpstream/wsstream/stream.go */
const textProtocol = 'binary.k8s.io';

/**
 * Lets the API server answer a request whose connection is about to leave HTTP. Throws StatusError for who may not.
 */
export type Ask = (
  message: IncomingMessage,
  request: Omit<ApiRequest, 'user'>,
  onAnswer: (response: ApiResponse) => void,
) => void;

/** Takes connections that leave HTTP behind: exec, attach, port-forward, and logs that come over a WebSocket. */
export class Upgrader {
  readonly #ask: Ask;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    handleProtocols: (offered) => webSocketProtocols.find((protocol) => offered.has(protocol)) ?? false,
  });
  readonly #texts = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => offered.has(textProtocol) && textProtocol,
  });
  /** A name that the library finds wrong: it has a slash. */
  readonly #tunnels = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax });

  constructor(ask: Ask) {
    this.#ask = ask;
    this.#tunnels.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${tunnelProtocol}`));
  }

  /** Takes over a socket whose request asked for another protocol. */
  serve(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      this.#serve(message, socket, head);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      refuse(message, socket, error.toStatus());
    }
  }

  close(): void {
    for (const server of [this.#webSockets, this.#texts, this.#tunnels])
      for (const client of server.clients) client.terminate();
  }

  #serve(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { path, query, all } = readUrl(message.url ?? '/');
    const method = message.method === 'GET' ? 'GET' : 'POST';
    const isSpdy = /^spdy\/3\.1$/i.test(message.headers.upgrade ?? '');
    if (path.endsWith('/portforward')) {
      this.#ask(message, { method, path }, (response) => {
        if (isOpenable(message, socket, response))
          this.#openPorts(message, socket, head, response.stream as PortForwardStream, isSpdy);
      });
      return;
    }
    if (path.endsWith('/log') && !isSpdy) {
      this.#ask(message, { method, path, query }, (response) => {
        if (isOpenable(message, socket, response))
          this.#texts.handleUpgrade(message, socket, head, (opened) => serveText(opened, response));
      });
      return;
    }
    if (!/\/(exec|attach)$/.test(path)) throw badRequest('this path does not upgrade its connection');
    const body = readExecRequest(all);
    this.#ask(message, { method, path, body }, (response) => {
      // What the node says comes on the error channel, after the upgrade.
      const fromNode = response.status >= 400 ? (response.body as Status) : null;
      const refusal = fromNode?.reason === 'InternalError' ? fromNode : null;
      if (refusal === null && !isOpenable(message, socket, response)) return;
      const stream = (response.stream ?? null) as ExecStream | null;
      this.#openCommand(message, socket, head, { stream, refusal, tty: body.tty === true }, isSpdy);
    });
  }

  #openCommand(
    message: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    remote: Remote,
    isSpdy: boolean,
  ): void {
    if (isSpdy) {
      acceptSpdy(socket, spdyProtocol);
      serveSpdy(socket, remote, expectedStreams(message));
      if (head.length > 0) socket.unshift(head);
    } else {
      this.#webSockets.handleUpgrade(message, socket, head, (opened) => serveWebSocket(opened, remote));
    }
  }

  #openPorts(
    message: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    ports: PortForwardStream,
    isSpdy: boolean,
  ): void {
    if (isSpdy) {
      acceptSpdy(socket, portForwardProtocol);
      serveSpdyPorts(socket, ports);
      if (head.length > 0) socket.unshift(head);
    } else {
      delete message.headers['sec-websocket-protocol'];
      this.#tunnels.handleUpgrade(message, socket, head, (opened) => serveTunnel(opened, ports));
    }
  }
}

/** Hangs up where nobody answered, and passes a refusal on. */
function isOpenable(message: IncomingMessage, socket: Duplex, { status, body }: ApiResponse): boolean {
  if (status === 0) socket.destroy();
  else if (status >= 400) refuse(message, socket, body as Status);
  return status !== 0 && status < 400;
}

/** Sends an answer's text, and what follows it, in binary messages. */
function serveText(socket: WebSocket, { body, stream }: ApiResponse): void {
  const send = (text: unknown) => socket.send(Buffer.from(String(text)));
  if (stream === undefined) {
    if (body !== '') send(body);
    socket.close();
    return;
  }
  socket.on('close', () => stream.close());
  stream.open(
    (batch) => batch.forEach(send),
    () => socket.close(),
  );
}

/** The streams that a client will open before its command can begin. */
function expectedStreams(message: IncomingMessage): string[] {
  const { all } = readUrl(message.url ?? '/');
  const isSet = (name: string) => /^(1|t|true)$/i.test(all.get(name) ?? '');
  const named = ['stdin', 'stdout', 'stderr'].filter(
    (name) => isSet(name) && !(name === 'stderr' && isSet('tty')),
  );
  return ['error', ...named, ...(isSet('tty') ? ['resize'] : [])];
}

function acceptSpdy(socket: Duplex, protocol: string): void {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
}

function refuse(message: IncomingMessage, socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  socket.end(
    `HTTP/1.1 ${status.code ?? 500} ${status.reason ?? 'Error'}\r\nAudit-Id: ${auditId(message)}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
