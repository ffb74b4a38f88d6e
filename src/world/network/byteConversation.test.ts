import { expect, test } from 'vitest';
import { Simulation } from '#sim/simulation.ts';
import { ByteConversation } from './byteConversation.ts';
import type { HttpRequest } from './http.ts';
import { type Host, type Listener, Network } from './network.ts';

function open(listener: Listener) {
  const simulation = new Simulation({ seed: 'test', startMs: 0 });
  const network = new Network();
  const host: Host = { name: 'pod', machine: 'node', isUp: true, listenerAt: () => listener };
  network.attach('10.1.0.1', host);
  const connection = network.connect(
    { clientAddress: '10.1.0.1', address: '127.0.0.1', port: 80, protocol: 'TCP' },
    'node',
  );
  const got = { text: '', ended: false };
  const conversation = new ByteConversation(simulation, connection, {
    receive: (bytes) => (got.text += bytes),
    end: () => (got.ended = true),
  });
  return { simulation, conversation, got };
}

const echo: Listener = {
  isSteady: true,
  http: ({ method, path, body }: HttpRequest) => ({
    response: { status: 200, headers: { Server: 'echo' }, body: `${method} ${path} ${body}` },
    latencyMs: 5,
  }),
};

test.each([
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / '],
  ['POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc', 'POST /x abc'],
  ['POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 'POST /x abcde'],
])('HTTP, byte by byte: %j', (bytes, body) => {
  const { simulation, conversation, got } = open(echo);
  for (const byte of bytes) conversation.write(byte);
  simulation.run({ untilMs: 4 });
  expect(got.text).toBe('');
  simulation.run({ untilMs: 10 });
  expect(got.text).toBe(
    `HTTP/1.1 200 OK\r\nServer: echo\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`,
  );
});

test('requests on one connection are answered in their order, and the last may close it', () => {
  const { simulation, conversation, got } = open(echo);
  conversation.write('GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n');
  simulation.run({ untilMs: 100 });
  expect(got.text.match(/GET \/./g)).toEqual(['GET /a', 'GET /b']);
  expect(got.ended).toBe(true);
});

test('lines are answered as lines, in UTF-8', () => {
  const converse = (line: string) => (line === 'quit' ? null : `you said ${line}\n`);
  const { simulation, conversation, got } = open({ isSteady: true, converse });
  conversation.write('gr\u00c3\u00bc\u00c3\u009fe\r\nquit\n');
  simulation.run({ untilMs: 100 });
  expect(got).toEqual({ text: 'you said gr\u00c3\u00bc\u00c3\u009fe\n', ended: true });
});

test('more than a request can be is the end', () => {
  const { conversation, got } = open(echo);
  conversation.write('x'.repeat(1_100_000));
  expect(got.ended).toBe(true);
});
