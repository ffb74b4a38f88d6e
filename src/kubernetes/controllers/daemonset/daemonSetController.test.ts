import { expect, test } from 'vitest';
import type { DaemonSet } from '#generated/types/apps.v1.ts';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { controllerRevisions } from '#kubernetes/api/apps/controllerRevision.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import { TestCluster } from '../testCluster.ts';
import { nodeOf } from './daemonPod.ts';
import { daemonSetController } from './daemonSetController.ts';

const labels = { app: 'agent' };
const templateOf = (image: string, spec: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'agent', image }], ...spec },
});

function addNode(
  cluster: TestCluster,
  name: string,
  more: Partial<Node['spec']> = {},
  nodeLabels = {},
): void {
  const node = cluster.client.create<Node>(nodes, { metadata: { name, labels: nodeLabels }, spec: more });
  // The taint that keeps pods off a new node goes as the node lifecycle controller would take it off.
  cluster.client.update<Node>(nodes, { ...node, spec: more });
}

function clusterWith(podSpec: object = {}, more: object = {}): TestCluster {
  const cluster = new TestCluster([daemonSetController]);
  for (const name of ['a', 'b', 'c']) addNode(cluster, name);
  cluster.client.create<DaemonSet>(daemonSets, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template: templateOf('agent:1', podSpec), ...more },
  });
  return cluster;
}

const activeOf = (cluster: TestCluster): Pod[] => cluster.list(pods).filter(isPodActive);
const nodesOf = (cluster: TestCluster) =>
  activeOf(cluster)
    .map((pod) => nodeOf(pod) ?? '')
    .sort()
    .join(' ');
const imagesOf = (cluster: TestCluster) =>
  activeOf(cluster)
    .map(({ spec }) => spec.containers[0]!.image ?? '')
    .sort()
    .join(' ');

test('each node has one, which stays through its troubles', () => {
  const cluster = clusterWith();
  cluster.settle();
  expect(nodesOf(cluster)).toBe('a b c');
  const [pod] = activeOf(cluster);
  expect(pod!.spec.tolerations!.map(({ key, effect }) => `${key!.slice(19)}:${effect}`)).toEqual([
    'not-ready:NoExecute',
    'unreachable:NoExecute',
    'disk-pressure:NoSchedule',
    'memory-pressure:NoSchedule',
    'pid-pressure:NoSchedule',
    'unschedulable:NoSchedule',
  ]);
  expect(pod!.metadata.labels).toMatchObject({ app: 'agent', 'pod-template-generation': '1' });
  expect(cluster.get(daemonSets, 'agent').status).toEqual({
    currentNumberScheduled: 3,
    desiredNumberScheduled: 3,
    numberMisscheduled: 0,
    numberReady: 3,
    numberAvailable: 3,
    updatedNumberScheduled: 3,
    observedGeneration: 1,
  });
});

test('nodes come and go', () => {
  const cluster = clusterWith();
  cluster.settle();
  addNode(cluster, 'd');
  cluster.settle();
  expect(nodesOf(cluster)).toBe('a b c d');
  cluster.client.delete(pods, 'default', activeOf(cluster)[0]!.metadata.name);
  cluster.settle();
  expect(activeOf(cluster)).toHaveLength(4);
});

const affinityOf = (term: object) => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  },
});
const affinity = (key: string, value: string) =>
  affinityOf({ matchExpressions: [{ key, operator: 'In', values: [value] }] });
const fieldAffinity = (name: string) =>
  affinityOf({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] });
const tainted = (...names: string[]): Partial<Node['spec']> => ({
  taints: names.map((name) => ({ key: `node.kubernetes.io/${name}`, effect: 'NoSchedule' })),
});

test.each<[string, object, Partial<Node['spec']>, object, boolean]>([
  [
    'that is cordoned',
    {},
    { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
    {},
    true,
  ],
  ['with a taint', {}, { taints: [{ key: 'gpu', effect: 'NoSchedule' }] }, {}, false],
  [
    'with a taint that it bears',
    { tolerations: [{ operator: 'Exists' }] },
    { taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
    {},
    true,
  ],
  ['without the label that it asks for', { nodeSelector: { disk: 'ssd' } }, {}, {}, false],
  ['with the label that it asks for', { nodeSelector: { disk: 'ssd' } }, {}, { disk: 'ssd' }, true],
  ['of another name than it asks for', { nodeName: 'a' }, {}, {}, false],
  // Facts from upstream's TestNodeShouldRunDaemonPod: room and ports are the scheduler's business.
  [
    'that has no room for it',
    { containers: [{ name: 'agent', image: 'a', resources: { requests: { cpu: '999' } } }] },
    {},
    {},
    true,
  ],
  ['with the label that its affinity asks for', affinity('disk', 'ssd'), {}, { disk: 'ssd' }, true],
  ['without the label that its affinity asks for', affinity('disk', 'ssd'), {}, { disk: 'hdd' }, false],
  [
    'with the label that its selector asks for and not its affinity',
    { ...affinity('disk', 'ssd'), nodeSelector: { zone: 'a' } },
    {},
    { zone: 'a' },
    false,
  ],
  ['with the name that its affinity asks for', fieldAffinity('d'), {}, {}, true],
  ['with another name than its affinity asks for', fieldAffinity('a'), {}, {}, false],
  ['under pressure', {}, tainted('disk-pressure', 'memory-pressure', 'pid-pressure'), {}, true],
  [
    'that does not answer',
    {},
    { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
    {},
    true,
  ],
  ['without a network', {}, tainted('network-unavailable'), {}, false],
  [
    'without a network that it does not need',
    { hostNetwork: true },
    tainted('network-unavailable'),
    {},
    true,
  ],
])('a node %s', (_what, podSpec, nodeSpec, nodeLabels, runs) => {
  const cluster = clusterWith(podSpec);
  addNode(cluster, 'd', nodeSpec, nodeLabels);
  cluster.settle();
  expect(nodesOf(cluster).includes('d')).toBe(runs);
});

test('a taint that comes later drives only those out that it executes', () => {
  const cluster = clusterWith();
  cluster.settle();
  cluster.patch(nodes, 'a', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } });
  cluster.settle();
  expect(nodesOf(cluster)).toBe('a b c');
  expect(cluster.get(daemonSets, 'agent').status).toMatchObject({
    desiredNumberScheduled: 2,
    numberMisscheduled: 1,
  });
  cluster.patch(nodes, 'a', { spec: { taints: [{ key: 'gpu', effect: 'NoExecute' }] } });
  cluster.settle();
  expect(nodesOf(cluster)).toBe('b c');
});

test('a new template replaces one after the other, and can be found again', () => {
  const cluster = clusterWith();
  cluster.settle();
  cluster.patch(daemonSets, 'agent', { spec: { template: templateOf('agent:2') } });
  cluster.run(100);
  cluster.run();
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:2');
  cluster.run();
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:2');
  cluster.settle();
  expect(imagesOf(cluster)).toBe('agent:2 agent:2 agent:2');
  const revisions = () =>
    cluster
      .list(controllerRevisions)
      .map(({ revision }) => revision)
      .sort((a, b) => a - b);
  expect(revisions()).toEqual([1, 2]);
  cluster.patch(daemonSets, 'agent', { spec: { template: templateOf('agent:1') } });
  cluster.settle();
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:1');
  expect(revisions()).toEqual([2, 3]);
});

test('with OnDelete only deleted daemons are replaced', () => {
  const cluster = clusterWith({}, { updateStrategy: { type: 'OnDelete' } });
  cluster.settle();
  cluster.patch(daemonSets, 'agent', { spec: { template: templateOf('agent:2') } });
  cluster.settle();
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:1');
  cluster.client.delete(pods, 'default', activeOf(cluster)[0]!.metadata.name);
  cluster.settle();
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:2');
});

test('a daemon that failed is deleted and replaced, and that is told', () => {
  const cluster = clusterWith();
  cluster.settle();
  const [pod] = activeOf(cluster);
  cluster.setPhase(pod!, 'Failed', false);
  cluster.settle();
  expect(nodesOf(cluster)).toBe('a b c');
  expect(cluster.has(pods, pod!.metadata.name)).toBe(false);
  expect(cluster.events('agent')).toContain(
    `Warning FailedDaemonPod Found failed daemon pod default/${pod!.metadata.name} on node ${nodeOf(pod!)}, will try to kill it`,
  );
});

test('with maxSurge the new daemon comes before the old one goes', () => {
  const cluster = clusterWith(
    {},
    { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
  );
  cluster.settle();
  cluster.patch(daemonSets, 'agent', { spec: { template: templateOf('agent:2') } });
  cluster.run();
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:1 agent:2');
  const pending = () => activeOf(cluster).find(({ status }) => status.phase === 'Pending')!;
  const second = nodeOf(pending());
  cluster.setPhase(pending(), 'Running');
  cluster.run();
  // The old daemon of that node is going, and the next node has two.
  expect(activeOf(cluster).filter((pod) => nodeOf(pod) === second)).toHaveLength(1);
  expect(imagesOf(cluster)).toBe('agent:1 agent:1 agent:2 agent:2');
  cluster.settle();
  expect(imagesOf(cluster)).toBe('agent:2 agent:2 agent:2');
  expect(cluster.get(daemonSets, 'agent').status).toMatchObject({
    updatedNumberScheduled: 3,
    numberAvailable: 3,
  });
});
