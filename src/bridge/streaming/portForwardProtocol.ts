// Upstream: kubelet/pkg/cri/streaming/portforward/httpstream.go
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { PortForwardStream } from '#kubernetes/api/request.ts';
import { type Carrier, SpdyConnection, type SpdyStream } from './spdy.ts';

export const portForwardProtocol = 'portforward.k8s.io';
/** SPDY within WebSocket messages: kubectl from 1.31 on. */
export const tunnelProtocol = `SPDY/3.1+${portForwardProtocol}`;

/** Serves port-forward over a socket that speaks SPDY. */
export function serveSpdyPorts(socket: Duplex, ports: PortForwardStream): void {
  const connection = forward(socket, ports);
  socket.on('data', (bytes: Buffer) => connection.receive(bytes));
  socket.on('close', () => ports.close());
  socket.on('error', () => socket.destroy());
}

/** Serves port-forward over a WebSocket that carries SPDY. */
export function serveTunnel(socket: WebSocket, ports: PortForwardStream): void {
  const carrier: Carrier = { write: (bytes) => socket.send(bytes), end: () => socket.close(1000) };
  const connection = forward(carrier, ports);
  socket.on('message', (bytes: Buffer) => connection.receive(bytes));
  socket.on('close', () => {
    connection.close();
    ports.close();
  });
  socket.on('error', () => connection.close());
}

/** Each connection is a pair of streams with one request id: its data, and what went wrong. */
function forward(carrier: Carrier, ports: PortForwardStream): SpdyConnection {
  const waiting = new Map<string, Map<string, SpdyStream>>();
  return new SpdyConnection(carrier, (stream) => {
    const id = stream.headers.get('requestid') ?? '';
    const pair = waiting.get(id) ?? new Map<string, SpdyStream>();
    waiting.set(id, pair.set(stream.headers.get('streamtype') ?? '', stream));
    const [data, error] = [pair.get('data'), pair.get('error')];
    if (data === undefined || error === undefined) return;
    waiting.delete(id);
    connect(data, error, ports);
  });
}

function connect(data: SpdyStream, error: SpdyStream, ports: PortForwardStream): void {
  const connection = ports.connect(Number(data.headers.get('port')), {
    receive: (bytes) => data.write(Buffer.from(bytes, 'latin1')),
    end(sentence) {
      if (sentence !== null) error.write(Buffer.from(sentence));
      error.end();
      data.end();
    },
  });
  data.onData = (bytes) => {
    if (bytes !== null) connection.write(bytes.toString('latin1'));
    else {
      connection.close();
      error.end();
      data.end();
    }
  };
}
