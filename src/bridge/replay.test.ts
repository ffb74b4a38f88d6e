import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Recipe } from '#classroom/recipe.ts';
import { readShareLink, writeShareLink } from '#classroom/shareLink.ts';
import type { Session } from '#session/session.ts';
import type { Bridge } from './bridge.ts';
import { readRecording, RecordingRoom, writeRecording } from './recording.ts';
import { makeBridge, open, openBridge, send } from './testBridge.ts';

const pods = '/api/v1/namespaces/default/pods';
const configMaps = '/api/v1/namespaces/default/configmaps';

const deployment = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    },
  },
});

const pod = JSON.stringify({
  metadata: { name: 'one' },
  spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }] },
});

/** A session that played what was recorded, as a file holds it, and whether it came to the same state. */
async function replayed(recipe: Recipe): Promise<{ session: Session; same: boolean }> {
  const read = readShareLink(writeShareLink(recipe));
  if (read.type !== 'recipe') throw new Error(read.message);
  const bridge = makeBridge({ http: true });
  return { session: bridge.session, same: await bridge.replay(read.recipe) };
}

async function untilRunning(bridge: Bridge): Promise<void> {
  for (let phase = ''; phase !== 'Running';) {
    const { body } = await send(bridge, { path: `${pods}/one` });
    phase = (JSON.parse(body.toString()) as { status: { phase: string } }).status.phase;
  }
}

/** Runs a command that reads its input, over a WebSocket, and gives back what it printed. */
async function exec(bridge: Bridge, words: readonly string[], input: readonly string[]): Promise<string> {
  const query = words.map((word) => `command=${encodeURIComponent(word)}`).join('&');
  const url = `${bridge.url.replace('http', 'ws')}${pods}/one/exec?${query}&stdin=true&stdout=true`;
  const socket = new WebSocket(url, ['v5.channel.k8s.io']);
  let output = '';
  socket.on('message', (data: Buffer) => {
    if (data[0] === 1) output += data.subarray(1).toString();
  });
  await new Promise((resolve) => socket.once('open', resolve));
  // All at once: how the pieces fall between events must not matter.
  for (const text of input) socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(text)]));
  socket.send(Buffer.from([255, 0]));
  await new Promise((resolve) => socket.once('close', resolve));
  return output;
}

test('what clients did over the bridge replays to the same state', async () => {
  const bridge = await openBridge({ http: true, speed: 60 });
  const { session } = bridge;
  const watch = await open(bridge, { path: `${pods}?watch=true` });
  const statuses: number[] = [];
  const write = async (method: string, path: string, body?: string, type = 'application/json') => {
    const answer = await send(bridge, {
      method,
      path,
      headers: { 'content-type': type },
      ...(body && { body }),
    });
    statuses.push(answer.status);
  };
  await write('POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  await write('POST', pods, pod);
  await write('POST', pods, pod);
  await untilRunning(bridge);
  const script = 'cat > /tmp/notes; wc -l < /tmp/notes';
  expect(await exec(bridge, ['sh', '-c', script], ['one\n', 'two\nthr', 'ee\n'])).toBe('3\n');
  await write(
    'PATCH',
    `${configMaps}/settings?fieldManager=test&force=true`,
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: ü}\n',
    'application/apply-patch+yaml',
  );
  await write('PATCH', `${configMaps}/settings`, '{"data":{"b":"2"}}', 'application/merge-patch+json');
  await write('GET', `${pods}/one/exec?command=ls&stdout=1`);
  await exec(bridge, ['sh', '-c', 'kill 1'], []);
  watch.destroy();
  await write('DELETE', '/apis/apps/v1/namespaces/default/deployments/web');
  const log = await open(bridge, { path: `${pods}/one/log?follow=true` });
  log.destroy();
  expect(statuses).toEqual([201, 201, 409, 201, 200, 400, 200]);
  await bridge.close();
  const recipe = session.recipe('test');
  expect(recipe.inputs.length).toBeGreaterThan(15);
  const copy = await replayed(recipe);
  expect(copy.same).toBe(true);
  expect(copy.session.simulation.eventCount).toBe(session.simulation.eventCount);
});

test('a session that was played goes on, and is recorded whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podarium-'));
  const file = join(folder, 'session');
  const create = (name: string) => ({
    method: 'POST',
    path: configMaps,
    body: JSON.stringify({ metadata: { name } }),
  });
  const first = await openBridge({ http: true });
  await send(first, create('a'));
  await first.close();
  writeRecording(file, first.session.recipe('test'));
  const second = await openBridge({ http: true }, readRecording(file));
  await send(second, create('b'));
  expect((await send(second, { path: `${configMaps}/a` })).status).toBe(200);
  await second.close();
  expect((await replayed(second.session.recipe('test'))).same).toBe(true);
  rmSync(folder, { recursive: true });
});

test('what is too much to be recorded ends the recording before it, not the session', async () => {
  const bridge = await openBridge({ http: true, recordingBytesMax: 3_000 });
  const create = async (name: string) =>
    await send(bridge, {
      method: 'POST',
      path: configMaps,
      body: JSON.stringify({ metadata: { name }, data: { text: 'x'.repeat(600) } }),
    });
  for (const name of ['a', 'b', 'c', 'd', 'e']) expect((await create(name)).status).toBe(201);
  expect(bridge.session.isRecorded).toBe(false);
  await bridge.close();
  const recipe = bridge.session.recipe('test');
  expect((await replayed(recipe)).same).toBe(true);
  expect(recipe.end!.hash).not.toBe(bridge.session.hash());
});

test('the room of a recording is counted in bytes and in inputs', () => {
  const stamped = (text: string) => ({
    atMs: 0,
    afterEvent: 0,
    input: { type: 'terminalInput' as const, terminal: 1, text },
  });
  const room = new RecordingRoom(1024 + 400);
  expect(room.take(stamped('x'.repeat(100)))).toBe(true);
  expect(room.take(stamped('ü'.repeat(100)))).toBe(false);
  const many = new RecordingRoom();
  for (let i = 0; i < 20_000; i++) expect(many.take(stamped(''))).toBe(true);
  expect(many.take(stamped(''))).toBe(false);
});
