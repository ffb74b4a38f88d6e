import { PassThrough } from 'node:stream';
import { constants, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PortForwardStream } from '#kubernetes/api/request.ts';
import { serveSpdyPorts } from './portForwardProtocol.ts';
import { SpdyConnection, type SpdyStream } from './spdy.ts';
import { dictionary } from './spdyHeaders.ts';

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function frame(word: number, flags: number, body: Buffer): Buffer {
  const length = uint32(body.length);
  length[0] = flags;
  return Buffer.concat([uint32(word), length, body]);
}

/** A client's frames; its headers are one deflate stream, as a client's are. */
class TestClient {
  #isFirst = true;

  open(id: number, headers: Readonly<Record<string, string>>): Buffer {
    const words = Object.entries(headers).flat();
    const pairs = Buffer.concat([
      uint32(words.length / 2),
      ...words.flatMap((word) => [uint32(word.length), Buffer.from(word)]),
    ]);
    const block = this.#isFirst
      ? deflateSync(pairs, { dictionary, finishFlush: constants.Z_SYNC_FLUSH })
      : Buffer.concat([Buffer.from([0, pairs.length, 0, ~pairs.length & 0xff, 0xff]), pairs]);
    this.#isFirst = false;
    return frame(0x8003_0001, 0, Buffer.concat([uint32(id), uint32(0), Buffer.from([0, 0]), block]));
  }
}

const data = (id: number, text: string, flags = 0) => frame(id, flags, Buffer.from(text));

function connect() {
  const sent: Buffer[] = [];
  const streams: SpdyStream[] = [];
  let ended = false;
  const carrier = { write: (bytes: Buffer) => void sent.push(bytes), end: () => (ended = true) };
  const connection = new SpdyConnection(carrier, (stream) => streams.push(stream));
  return { connection, sent, streams, hasEnded: () => ended };
}

test('streams are opened with their headers, replied to, and carry bytes both ways', () => {
  const { connection, sent, streams } = connect();
  const client = new TestClient();
  connection.receive(client.open(1, { streamType: 'error' }));
  connection.receive(client.open(3, { streamType: 'data', port: '80' }));
  expect(streams.map(({ headers }) => [...headers])).toEqual([
    [['streamtype', 'error']],
    [
      ['streamtype', 'data'],
      ['port', '80'],
    ],
  ]);
  expect(sent.map((bytes) => bytes.readUInt32BE(0))).toEqual([0x8003_0002, 0x8003_0002]);
  const got: (string | null)[] = [];
  streams[1]!.onData = (bytes) => got.push(bytes && bytes.toString());
  const bytes = Buffer.concat([data(3, 'hello'), data(3, '', 1)]);
  for (const byte of bytes) connection.receive(Buffer.from([byte]));
  expect(got).toEqual(['hello', null]);
  streams[1]!.write(Buffer.from('bye'));
  streams[1]!.end();
  expect(sent.slice(2)).toEqual([data(3, 'bye'), data(3, '', 1)]);
});

test('a ping is answered', () => {
  const { connection, sent } = connect();
  const ping = frame(0x8003_0006, 0, uint32(7));
  connection.receive(ping);
  expect(sent).toEqual([ping]);
});

test.each([
  ['headers that cannot be read', frame(0x8003_0001, 0, Buffer.alloc(40, 255))],
  ['a frame that is too short', frame(0x8003_0001, 0, Buffer.alloc(2))],
  ['going away', frame(0x8003_0007, 0, Buffer.alloc(8))],
])('%s end the connection', (_what, bytes) => {
  const { connection, hasEnded } = connect();
  connection.receive(bytes);
  expect(hasEnded()).toBe(true);
});

test('port-forward pairs the streams of a request and says on one what fails on the other', () => {
  const ports: PortForwardStream = {
    open() {},
    close() {},
    connect(port, client) {
      if (port === 81) client.end('connection refused');
      return { write: (bytes) => client.receive(bytes.toUpperCase()), close() {} };
    },
  };
  const sent: Buffer[] = [];
  const duplex = Object.assign(new PassThrough(), { write: (bytes: Buffer) => sent.push(bytes) > 0 });
  serveSpdyPorts(duplex, ports);
  const client = new TestClient();
  const pair = (id: number, port: string) => [
    client.open(id, { streamType: 'error', port, requestID: String(id) }),
    client.open(id + 2, { streamType: 'data', port, requestID: String(id) }),
  ];
  for (const bytes of [...pair(1, '80'), data(3, 'abc'), ...pair(5, '81')]) duplex.emit('data', bytes);
  expect(sent).toContainEqual(data(3, 'ABC'));
  expect(sent).toContainEqual(data(5, 'connection refused'));
  expect(sent.at(-1)).toEqual(data(7, '', 1));
});
