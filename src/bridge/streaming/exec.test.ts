import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Bridge } from '../bridge.ts';
import { openBridge, send } from '../testBridge.ts';

let bridge: Bridge;
const pod = '/api/v1/namespaces/default/pods/web';

beforeAll(async () => {
  bridge = await openBridge({ http: true, speed: 60 });
  const body = JSON.stringify({
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  });
  await send(bridge, { method: 'POST', path: '/api/v1/namespaces/default/pods', body });
  for (let phase = ''; phase !== 'Running';) {
    const answer = JSON.parse((await send(bridge, { path: pod })).body.toString()) as {
      status: { phase: string };
    };
    phase = answer.status.phase;
  }
});
afterAll(() => bridge.close());

interface Session {
  readonly protocol: string;
  /** What came on each channel. */
  readonly channels: Map<number, string>;
  write(channel: number, text: string): void;
  readonly closed: Promise<void>;
}

function open(query: string, protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io']): Promise<Session> {
  const socket = new WebSocket(`${bridge.url.replace('http', 'ws')}${pod}/${query}`, protocols);
  const channels = new Map<number, string>();
  socket.on('message', (data: Buffer) =>
    channels.set(data[0]!, (channels.get(data[0]!) ?? '') + data.subarray(1).toString()),
  );
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () =>
      resolve({
        protocol: socket.protocol,
        channels,
        write: (channel, text) => socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)])),
        closed,
      }),
    );
  });
}

const statusOf = ({ channels }: Session) => JSON.parse(channels.get(3) ?? 'null') as unknown;

test('output, errors and the exit code have channels of their own', async () => {
  const command = ['sh', '-c', 'echo out; echo err >&2; exit 3'].map(
    (word) => `command=${encodeURIComponent(word)}`,
  );
  const session = await open(`exec?${command.join('&')}&stdout=true&stderr=true`);
  await session.closed;
  expect(session.protocol).toBe('v5.channel.k8s.io');
  expect([session.channels.get(1), session.channels.get(2)]).toEqual(['out\n', 'err\n']);
  expect(statusOf(session)).toMatchObject({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  });
});

test('standard input is passed on, in pieces of any size, and ends', async () => {
  const session = await open('exec?command=cat&stdin=true&stdout=true');
  const text = 'grüße '.repeat(20_000);
  for (let at = 0; at < text.length; at += 30_000) session.write(0, text.slice(at, at + 30_000));
  session.write(255, '\0');
  await session.closed;
  expect(session.channels.get(1)).toBe(text);
  expect(statusOf(session)).toMatchObject({ status: 'Success' });
});

test('a terminal echoes, takes lines, and knows its size', async () => {
  const session = await open('exec?command=sh&stdin=true&stdout=true&tty=true');
  session.write(4, '{"Width":40,"Height":10}');
  session.write(0, 'echo hi\r');
  session.write(0, 'exit 4\r');
  await session.closed;
  expect(session.channels.get(1)).toContain('echo hi\r\n');
  expect(session.channels.get(1)).toMatch(/^(.*\r\n)*(\/ # )?hi\r\n/);
  expect(statusOf(session)).toMatchObject({ reason: 'NonZeroExitCode' });
});

test('what the node cannot do comes on the error channel', async () => {
  const session = await open('exec?command=nosuch&stdout=true', ['v4.channel.k8s.io']);
  await session.closed;
  expect(session.protocol).toBe('v4.channel.k8s.io');
  expect(statusOf(session)).toMatchObject({ reason: 'InternalError' });
});

test('what the API server refuses is refused before', async () => {
  await expect(open('exec?container=other&command=ls&stdout=true')).rejects.toThrow('400');
});

test('a client that vanishes hangs its command up', async () => {
  const socket = new WebSocket(
    `${bridge.url.replace('http', 'ws')}${pod}/exec?command=sleep&command=1000&stdout=true`,
    ['v5.channel.k8s.io'],
  );
  await new Promise((resolve) => socket.once('open', resolve));
  socket.terminate();
  const { status } = await send(bridge, { path: pod });
  expect(status).toBe(200);
});

// Upstream: test/e2e/common/node/pods.go
test('should support remote command execution over websockets', async () => {
  const session = await open('exec?command=echo&command=remote%20execution%20test&stdout=true', [
    'v4.channel.k8s.io',
  ]);
  await session.closed;
  expect(session.channels.get(1)).toBe('remote execution test\n');
});

test.each([[['binary.k8s.io']], [[]]])(
  'should support retrieving logs from the container over websockets',
  async (protocols) => {
    const socket = new WebSocket(`${bridge.url.replace('http', 'ws')}${pod}/log?container=c`, protocols);
    let text = '';
    socket.on('message', (data: Buffer) => (text += data.toString()));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toContain('start worker process');
  },
);
