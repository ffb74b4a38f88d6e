import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const read = (path: string) => readFileSync(new URL(`../../lessons/${path}`, import.meta.url), 'utf8');

// A DaemonSet's pods stay where they are while nodes are drained. It asks no DNS: both of kubeadm's CoreDNS pods stand on
// the first node, nothing forbids to evict them together, and a drain does so.
const crowd = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: crowd
spec:
  selector:
    matchLabels:
      app: crowd
  template:
    metadata:
      labels:
        app: crowd
    spec:
      nodeSelector:
        node-role.kubernetes.io/control-plane: ""
      tolerations:
      - operator: Exists
      containers:
      - name: crowd
        image: podarium/load-generator
        env:
        - name: TARGET
          value: http://$(SHOP_SERVICE_HOST)/
        - name: RATE
          value: "10"
`;

test('a shop with a disruption budget serves from the first to the last moment of an upgrade', async () => {
  const play = new Play(load(read('scenarios/upgrade.yaml')) as Scenario, 'upgrade', hop);
  await play.wait(30_000);
  const { cluster, simulation } = play.session;
  const client = new Client(cluster.observe, { name: 'test', groups: ['system:masters'] });
  const ready = () =>
    client
      .list(endpointSlices, { namespace: 'default', labelSelector: 'kubernetes.io/service-name=shop' })
      .items.flatMap(({ endpoints }) => endpoints)
      .filter((endpoint) => endpoint?.conditions?.ready).length;
  const served: number[] = [];
  const failed: number[] = [];
  play.input({ type: 'writeFile', path: 'crowd.yaml', text: crowd });
  expect(await play.type('kubectl apply -f crowd.yaml')).toBe(true);
  await play.wait(10_000);
  simulation.every(250, 'test', () => {
    served.push(ready());
    failed.push(cluster.flow().milliErrors);
  });
  const steps = read('upgrade/solution.sh').split('\n').filter(Boolean);
  for (const step of steps) {
    expect(await play.type(step), step).toBe(true);
    await play.wait(2_000);
  }
  await play.wait(60_000);
  play.takeOutput();
  await play.type('kubectl get nodes --no-headers');
  expect(play.takeOutput().match(/ Ready .* v1\.36\.0$/gm)).toHaveLength(3);
  expect(served.length).toBeGreaterThan(400);
  expect(Math.min(...served)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...failed)).toBe(0);
  expect(cluster.flow().milliRequests).toBeGreaterThan(0);
});
