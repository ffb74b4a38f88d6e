import { expect, test } from 'vitest';
import { events } from '#kubernetes/api/core/event.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';

test('the Events that a recorder writes are kept packed', () => {
  const simulation = new Simulation({ seed: 'test', startMs: Date.UTC(2026, 0, 5) });
  const etcd = new Etcd<KubeObject>(simulation);
  const server = new ApiServer({ simulation, etcd });
  const client = new Client(server.handle, { name: 'kubelet', groups: ['system:masters'] });
  server.handle({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { metadata: { name: 'default' } },
    user: client.user,
  });
  const seen: (KubeObject | undefined)[] = [];
  etcd.watch(etcd.revision, ({ value }) => seen.push(value));
  const recorder = new EventRecorder(simulation, client, 'kubelet', 'node-1');
  const uid = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
  const metadata = { namespace: 'default', name: 'web', uid, creationTimestamp: '', resourceVersion: '7' };
  recorder.event({ apiVersion: 'v1', kind: 'Pod', metadata }, 'Normal', 'Started', 'Container started');
  const [read] = client.list(events).items;
  expect(seen).toHaveLength(1);
  expect(read).not.toBe(seen[0]);
  expect(JSON.stringify(read)).toBe(JSON.stringify(seen[0]));
});
