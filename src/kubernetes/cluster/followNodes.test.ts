import '#images/installedTools.ts';
import { images } from '#images/registry.ts';
import { expect, test } from 'vitest';
import { events } from '#kubernetes/api/core/event.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { Client } from '#kubernetes/client/client.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

async function runningCluster() {
  const simulation = new Simulation({ seed: 'cordon', startMs: Date.UTC(2026, 0, 1) });
  const size = { cpu: '4', memory: '8Gi', podsMax: 110, zone: '' };
  const cluster = new Cluster({ simulation, nodes: ['node-1', 'node-2'].map((name) => ({ ...size, name })) });
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  const client = new Client(cluster.apiServer.handle, { name: 'admin', groups: ['system:masters'] });
  const pass = (s: number) => runWithHops(simulation, hop, { untilMs: simulation.nowMs + s * 1000 });
  const cordon = (unschedulable: boolean) =>
    client.patch(nodes, '', 'node-1', { type: 'merge', body: { spec: { unschedulable } } });
  const told = () =>
    client
      .list(events, { namespace: 'default' })
      .items.filter(({ reason = '' }) => reason.endsWith('Schedulable'))
      .map(({ type, message, count, involvedObject: { uid } }) => [type, message, count ?? 1, uid]);
  await pass(60);
  return { cluster, client, pass, cordon, told };
}

const cordoned = 'Node node-1 status is now: NodeNotSchedulable';
const uncordoned = 'Node node-1 status is now: NodeSchedulable';

test('the kubelet tells that its node was cordoned and uncordoned, when it looks again', async () => {
  const { client, pass, cordon, told } = await runningCluster();
  cordon(true);
  expect(told()).toEqual([]);
  const heartbeat = () =>
    client.get(nodes, '', 'node-1').status.conditions?.map(({ lastHeartbeatTime }) => lastHeartbeatTime);
  const before = heartbeat();
  await pass(11);
  expect(told()).toEqual([['Normal', cordoned, 1, 'node-1']]);
  await pass(60);
  cordon(false);
  await pass(11);
  expect(told()).toEqual([
    ['Normal', cordoned, 1, 'node-1'],
    ['Normal', uncordoned, 1, 'node-1'],
  ]);
  // Nothing else is new about its status, so it is not written for that.
  expect(heartbeat()).toEqual(before);
});

test('what is over before the kubelet looks is not told', async () => {
  const { pass, cordon, told } = await runningCluster();
  cordon(true);
  cordon(false);
  await pass(30);
  expect(told()).toEqual([]);
});

test('a kubelet that starts anew tells again that its node is cordoned', async () => {
  const { cluster, pass, cordon, told } = await runningCluster();
  cordon(true);
  await pass(20);
  const kubelet = cluster.nodes.fleet.kubelets.get('node-1')!;
  kubelet.stop();
  await pass(5);
  kubelet.start();
  await pass(20);
  expect(told()).toEqual([['Normal', cordoned, 2, 'node-1']]);
});
