// Upstream: apimachinery/pkg/util/remotecommand/constants.go, client-go/tools/remotecommand
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ExecStream } from '#kubernetes/api/request.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { errorBytes, type RemoteClient, type RemoteInput, runRemoteCommand } from './remoteCommand.ts';
import { SpdyConnection, type SpdyStream } from './spdy.ts';

/** Subprotocols of exec and attach, best first; v5 can say that standard input has ended. */
export const webSocketProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
export const spdyProtocol = 'v4.channel.k8s.io';

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;
const closeChannel = 255;

/** What runs behind a connection: a command, or the node's sentence why there is none. */
export interface Remote {
  readonly stream: ExecStream | null;
  readonly refusal: Status | null;
  readonly tty: boolean;
}

/** Serves exec or attach over a WebSocket: every message begins with its channel's number. */
export function serveWebSocket(socket: WebSocket, remote: Remote): void {
  const client: RemoteClient = {
    send: (channel, bytes) => socket.send(Buffer.concat([Buffer.from([channels[channel]]), bytes])),
    finish: () => socket.close(1000),
  };
  const input = begin(remote, client);
  if (input === null) return;
  socket.on('message', (data: Buffer) => {
    const [channel] = data;
    if (channel === channels.stdin) input.input(data.subarray(1));
    else if (channel === channels.resize) input.resize(data.subarray(1));
    else if (channel === closeChannel && data[1] === channels.stdin) input.input(null);
  });
  socket.on('close', () => input.hangUp());
  socket.on('error', () => input.hangUp());
}

/** Serves exec or attach over SPDY: a stream for each direction, which the client opens and names. */
export function serveSpdy(socket: Duplex, remote: Remote, expected: readonly string[]): void {
  const streams = new Map<string, SpdyStream>();
  let input: RemoteInput | null = null;
  const connection = new SpdyConnection(socket, (stream) => {
    streams.set(stream.headers.get('streamtype') ?? '', stream);
    if (input === null && expected.every((name) => streams.has(name))) {
      input = begin(remote, clientOf(streams, connection));
      if (input !== null) listen(streams, input);
    }
  });
  socket.on('data', (bytes: Buffer) => connection.receive(bytes));
  socket.on('close', () => input?.hangUp());
  socket.on('error', () => input?.hangUp());
}

function clientOf(streams: ReadonlyMap<string, SpdyStream>, connection: SpdyConnection): RemoteClient {
  return {
    send: (channel, bytes) => streams.get(channel)?.write(bytes),
    finish() {
      for (const stream of streams.values()) stream.end();
      // The client reads what is on its way and closes by itself; a client that does not is closed later.
      setTimeout(() => connection.close(), lingerMs).unref();
    },
  };
}

const lingerMs = 2_000;

function listen(streams: ReadonlyMap<string, SpdyStream>, input: RemoteInput): void {
  const stdin = streams.get('stdin');
  if (stdin) stdin.onData = (bytes) => input.input(bytes);
  const resize = streams.get('resize');
  if (resize) resize.onData = (bytes) => bytes && input.resize(bytes);
}

/** Starts the command, or says on the error channel why there is none. */
function begin({ stream, refusal, tty }: Remote, client: RemoteClient): RemoteInput | null {
  if (stream !== null) return runRemoteCommand(stream, client, tty);
  if (refusal !== null) client.send('error', errorBytes(refusal));
  client.finish();
  return null;
}
