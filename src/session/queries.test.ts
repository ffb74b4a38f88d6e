import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { answer } from './queries.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = load(
  readFileSync(new URL('../../lessons/scenarios/empty.yaml', import.meta.url), 'utf8'),
) as Scenario;

test('a pod’s place is explained node by node: by scores where it found one, by filters where it found none', async () => {
  const play = new Play(scenario, 'queries', hop);
  await play.wait(10_000);
  await play.act('kubectl run small --image=nginx');
  await play.act(
    `kubectl run large --image=nginx --overrides='{"spec":{"containers":[{"name":"large","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'`,
  );
  await play.wait(1_000);
  const ask = async (rowId: string) =>
    (await answer(play.session, { type: 'scheduling', rowId }, 'test')).decision;
  const small = await ask('pods/default/small');
  expect(small!.nodes[0]!.node).toBe(small!.node);
  expect(small!.nodes[0]!.scores.map(({ plugin }) => plugin)).toContain('NodeResourcesFit');
  expect(small!.nodes.find(({ node }) => node === 'control-plane')!.rejection!.plugin).toBe(
    'TaintToleration',
  );
  const large = await ask('pods/default/large');
  expect(large!.node).toBeNull();
  expect(large!.message).toContain('3 Insufficient cpu');
  expect(
    large!.nodes.filter(({ rejection }) => rejection?.reasons.includes('Insufficient cpu')),
  ).toHaveLength(3);
  expect(await ask('pods/kube-system/etcd-control-plane')).toBeNull();
});

const twoNodes = `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: urgent}
value: 1000
---
apiVersion: v1
kind: Pod
metadata: {name: low}
spec:
  nodeSelector: {kubernetes.io/hostname: node-1}
  containers: [{name: c, image: nginx, resources: {requests: {cpu: "3"}}}]
---
apiVersion: v1
kind: Pod
metadata: {name: stuck}
spec:
  nodeSelector: {kubernetes.io/hostname: node-1}
  containers: [{name: c, image: nginx, resources: {requests: {cpu: "3"}}}]
`;

test('for a pod that waits, one change shows which verdicts flip, and nothing else happens', async () => {
  const play = new Play(scenario, 'queries', hop);
  await play.wait(10_000);
  play.session.workstation.files.write('/home/learner/two.yaml', twoNodes);
  await play.act('kubectl apply -f two.yaml');
  await play.wait(5_000);
  const hash = play.session.hash();
  const { eventCount } = play.session.cluster.simulation;
  const rowId = 'pods/default/stuck';
  const ask = async (change?: unknown) =>
    (await answer(play.session, { type: 'scheduling', rowId, change }, 'test')).whatIf!;
  const containers = (cpu: string) => [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }];
  const asIs = await ask();
  expect(asIs.now.node).toBeNull();
  expect(asIs.pod).toMatchObject({
    containers: [{ name: 'c', cpu: '3', memory: '' }],
    nodeSelector: [['kubernetes.io/hostname', 'node-1']],
    priority: 0,
  });
  expect(asIs.taints).toEqual([
    { key: 'node-role.kubernetes.io/control-plane', value: '', effect: 'NoSchedule', nodes: 1 },
  ]);
  expect(asIs.priorities.map(({ name }) => name)).toContain('urgent');
  expect((await ask({ spec: { containers: containers('500m') } })).changed!.node).toBe('node-1');
  const elsewhere = (await ask({ spec: { nodeSelector: null } })).changed!;
  expect(elsewhere.nodes.filter(({ rejection }) => rejection === null).map(({ node }) => node)).toEqual(
    expect.arrayContaining(['node-2', 'node-3']),
  );
  expect((await ask({ spec: { priority: 1000 } })).changed).toMatchObject({
    node: null,
    preempts: { node: 'node-1', pods: ['default/low'] },
  });
  const tolerations = [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }];
  expect(
    (await ask({ spec: { tolerations } })).changed!.nodes.find(({ node }) => node === 'control-plane')!
      .rejection!.plugin,
  ).toBe('NodeAffinity');
  expect((await ask({ spec: { containers: containers('a lot') } })).error).toContain(
    'quantities must match the regular expression',
  );
  expect(play.session.hash()).toBe(hash);
  expect(play.session.cluster.simulation.eventCount).toBe(eventCount);
  expect(
    (await answer(play.session, { type: 'scheduling', rowId: 'pods/default/low' }, 'test')).whatIf,
  ).toBeNull();
});
