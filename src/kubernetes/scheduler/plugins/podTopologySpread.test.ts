import { expect, test } from 'vitest';
import type { Node, Pod, TopologySpreadConstraint } from '#generated/types/core.v1.ts';
import { selectorFromSet } from '#kubernetes/apimachinery/labels.ts';
import { isRejection } from '../framework.ts';
import { TestCache } from '../testCache.ts';
import { makeNode, makePod } from '../testObjects.ts';
import { podTopologySpread } from './podTopologySpread.ts';

const hostname = 'kubernetes.io/hostname';
const uneven = "node(s) didn't match pod topology spread constraints";
const unlabelled = "node(s) didn't match pod topology spread constraints (missing required label)";

const constraint = (
  maxSkew: number,
  topologyKey: string,
  more: Partial<TopologySpreadConstraint> = {},
): TopologySpreadConstraint => ({
  maxSkew,
  topologyKey,
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { foo: '' } },
  ...more,
});
const soft = { whenUnsatisfiable: 'ScheduleAnyway' } as const;
const spread = (...topologySpreadConstraints: TopologySpreadConstraint[]): Pod =>
  makePod({ labels: { foo: '' }, topologySpreadConstraints });

/** Nodes a and b in zone1, x and y in zone2. */
const zone = (value: string) => ({ labels: { zone: value } });
const four = [
  makeNode('a', zone('1')),
  makeNode('b', zone('1')),
  makeNode('x', zone('2')),
  makeNode('y', zone('2')),
];

/** Pods that match, so many on each node: `a2 x1`. */
function placed(text: string, labels: Record<string, string> = { foo: '' }): Pod[] {
  return text
    .split(' ')
    .flatMap((entry) =>
      Array.from({ length: Number(entry.slice(1)) }, () => makePod({ labels, nodeName: entry[0]! })),
    );
}

function filter(nodes: readonly Node[], pods: readonly Pod[], pod: Pod): string {
  const world = new TestCache(nodes, pods);
  const verdicts = world.filter(podTopologySpread(world), pod);
  return Object.keys(verdicts)
    .filter((name) => verdicts[name] === 'fits')
    .toSorted()
    .join('');
}

// Facts from upstream's podtopologyspread/filtering_test.go: which nodes fit.
test.each<[string, Node[], Pod[], Pod, string]>([
  ['no existing pods', four, [], spread(constraint(1, 'zone')), 'abxy'],
  ['no constraints', four, placed('a9'), makePod(), 'abxy'],
  [
    'no existing pods, one of two zones missing on a node',
    [four[0]!, makeNode('b'), four[2]!, four[3]!],
    [],
    spread(constraint(1, 'zone')),
    'axy',
  ],
  ['pods spread across zones as 3/3', four, placed('a2 b1 x2 y1'), spread(constraint(1, 'zone')), 'abxy'],
  [
    'pods spread across zones as 1/2 due to absence of label',
    [four[0]!, four[1]!, makeNode('x', { labels: { zon: '2' } }), four[3]!],
    placed('a1 x1 y2'),
    spread(constraint(1, 'zone')),
    'ab',
  ],
  [
    'pod selects nodes of one zone only',
    four,
    placed('a2 b1 x1'),
    {
      ...spread(constraint(1, 'zone')),
      spec: { ...spread(constraint(1, 'zone')).spec, nodeSelector: { zone: '1' } },
    },
    'abxy',
  ],
  ['pods spread across nodes as 2/1/0/3', four, placed('a2 b1 y3'), spread(constraint(1, hostname)), 'x'],
  [
    'pods spread across nodes as 2/1/0/3, maxSkew is 2',
    four,
    placed('a2 b1 y3'),
    spread(constraint(2, hostname)),
    'bx',
  ],
  [
    'pods spread across nodes as 2/1/0/3, but pod does not match its own selector',
    four,
    placed('a2 b1 y3', { bar: '' }),
    spread(constraint(1, hostname, { labelSelector: { matchLabels: { bar: '' } } })),
    'bx',
  ],
  [
    'two constraints: zone 3/4, nodes 2/1/0/4',
    four,
    placed('a2 b1 y4'),
    spread(constraint(1, 'zone'), constraint(1, hostname)),
    '',
  ],
  [
    'two constraints on zone and node, 3/3 and 2/1/0/3',
    four,
    placed('a2 b1 y3'),
    spread(constraint(1, 'zone'), constraint(1, hostname)),
    'x',
  ],
  [
    'existing pods in another namespace do not count',
    four,
    [...placed('a1 b1'), makePod({ namespace: 'other', labels: { foo: '' }, nodeName: 'x' })],
    spread(constraint(1, 'zone')),
    'xy',
  ],
  [
    'pods that are being deleted do not count',
    four,
    placed('a2').map((pod) => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: 'x' } })),
    spread(constraint(1, hostname)),
    'abxy',
  ],
  [
    'minDomains more than there are',
    four,
    placed('a1 b1 x1 y1'),
    spread(constraint(1, 'zone', { minDomains: 3 })),
    '',
  ],
  [
    'minDomains as many as there are',
    four,
    placed('a1 b1 x1 y1'),
    spread(constraint(1, 'zone', { minDomains: 2 })),
    'abxy',
  ],
  ['soft constraints never filter', four, placed('a9'), spread(constraint(1, hostname, soft)), 'abxy'],
  [
    'matchLabelKeys narrows to the same revision',
    four,
    placed('a1 b1 x1', { foo: '', rev: '1' }),
    makePod({
      labels: { foo: '', rev: '2' },
      topologySpreadConstraints: [constraint(1, hostname, { matchLabelKeys: ['rev'] })],
    }),
    'abxy',
  ],
  [
    'an empty selector counts nothing but the pod itself',
    four,
    placed('a9'),
    spread(constraint(1, hostname, { labelSelector: {} })),
    'abxy',
  ],
])('%s', (_name, nodes, pods, pod, expected) => {
  expect(filter(nodes, pods, pod)).toBe(expected);
});

test('nodes that the pod cannot use are no domains, unless the policy ignores that', () => {
  const pods = placed('a1 b1');
  const only = (nodeAffinityPolicy: 'Honor' | 'Ignore') => {
    const pod = spread(constraint(1, 'zone', { nodeAffinityPolicy }));
    return { ...pod, spec: { ...pod.spec, nodeSelector: { zone: '1' } } };
  };
  expect(filter(four, pods, only('Honor'))).toBe('abxy');
  expect(filter(four, pods, only('Ignore'))).toBe('xy');
});

test('tainted nodes are domains, unless the policy honours taints', () => {
  const tainted = makeNode('y', { taints: [{ key: 'k', effect: 'NoSchedule' }] });
  const nodes = [...four.slice(0, 3), tainted];
  const pod = (nodeTaintsPolicy: 'Honor' | 'Ignore') => spread(constraint(1, hostname, { nodeTaintsPolicy }));
  expect(filter(nodes, placed('a1 b1 x1'), pod('Ignore'))).toBe('y');
  expect(filter(nodes, placed('a1 b1 x1'), pod('Honor'))).toBe('abxy');
});

test('the reasons are told apart', () => {
  const world = new TestCache(
    [makeNode('a', zone('1')), makeNode('b', zone('2')), makeNode('c')],
    placed('a2'),
  );
  expect(world.filter(podTopologySpread(world), spread(constraint(1, 'zone')))).toEqual({
    a: uneven,
    b: 'fits',
    c: unlabelled,
  });
});

test('preemption can try what removing a pod would change', () => {
  const pods = placed('a1');
  const world = new TestCache([makeNode('a'), makeNode('b')], pods);
  const filter = podTopologySpread(world).preFilter!(spread(constraint(1, hostname)));
  if (filter === null || isRejection(filter)) throw new Error('expected a filter');
  const a = world.cache.node('a')!;
  expect(filter.filter(a)?.reasons).toEqual([uneven]);
  const trial = filter.clone!();
  trial.removePod!(pods[0]!, a);
  expect(trial.filter(a)).toBeNull();
  trial.addPod!(pods[0]!, a);
  expect(trial.filter(a)?.reasons).toEqual([uneven]);
  expect(filter.filter(a)?.reasons).toEqual([uneven]);
});

// Facts from upstream's podtopologyspread/scoring_test.go: normalized scores.
test.each<[string, Node[], Pod[], Pod, string[] | undefined, Record<string, number>]>([
  [
    'one constraint on node, no existing pods',
    four.slice(0, 2),
    [],
    spread(constraint(1, hostname, soft)),
    undefined,
    { a: 100, b: 100 },
  ],
  [
    'one constraint on node, all 4 nodes are candidates, 2/1/0/3',
    four,
    placed('a2 b1 y3'),
    spread(constraint(1, hostname, soft)),
    undefined,
    { a: 20, b: 60, x: 100, y: 0 },
  ],
  [
    'one constraint on node, 2 of 4 are candidates',
    four,
    placed('a2 b1 y3'),
    spread(constraint(1, hostname, soft)),
    ['a', 'x'],
    { a: 0, x: 100 },
  ],
  [
    'one constraint on zone, pods as 3/1',
    four,
    placed('a2 b1 x1'),
    spread(constraint(1, 'zone', soft)),
    undefined,
    { a: 25, b: 25, x: 100, y: 100 },
  ],
  [
    'one candidate lacks the label',
    [...four.slice(0, 3), makeNode('y')],
    placed('a1 y1'),
    spread(constraint(1, 'zone', soft)),
    undefined,
    { a: 0, b: 0, x: 100, y: 0 },
  ],
])('score: %s', (_name, nodes, pods, pod, among, expected) => {
  const world = new TestCache(nodes, pods);
  expect(world.score(podTopologySpread(world), pod, among)).toEqual(expected);
});

test('a pod without constraints is spread by what selects it, by default', () => {
  const world = new TestCache(four, placed('a2 x1'));
  const plugin = podTopologySpread(world);
  expect(world.score(plugin, makePod({ labels: { foo: '' } }))).toBeNull();
  world.defaultSelector = selectorFromSet({ foo: '' });
  const scores = world.score(plugin, makePod({ labels: { foo: '' } }))!;
  expect(scores['y']).toBe(scores['b']);
  expect(scores['b']).toBeGreaterThan(scores['x']!);
  expect(scores['x']).toBeGreaterThan(scores['a']!);
});

test('counts follow pods that come and go', () => {
  const pods = placed('a1');
  const world = new TestCache(four, pods);
  const pod = spread(constraint(1, hostname));
  const plugin = podTopologySpread(world);
  const fitting = () =>
    Object.values(world.filter(plugin, pod)).filter((verdict) => verdict === 'fits').length;
  expect(fitting()).toBe(3);
  world.cache.removePod(`default/${pods[0]!.metadata.name}`);
  expect(fitting()).toBe(4);
  for (const name of ['a', 'b', 'x']) world.cache.setPod(makePod({ labels: { foo: '' }, nodeName: name }));
  expect(fitting()).toBe(1);
  world.cache.removeNode('y');
  expect(fitting()).toBe(3);
});

const elsewhere = (labels = {}) => makePod({ namespace: 'other', labels });

// Facts from upstream's Test_isSchedulableAfterNodeChange and Test_isSchedulableAfterPodChange.
test.each([
  ['a matching pod went', 'AssignedPodDelete', makePod({ labels: { foo: '' } }), undefined, true],
  ['a pod went that does not match', 'AssignedPodDelete', makePod(), undefined, false],
  ['a pod came to match', 'AssignedPodLabelChange', makePod(), makePod({ labels: { foo: '' } }), true],
  ['a pod changed otherwise', 'AssignedPodLabelChange', makePod(), makePod({ labels: { x: '' } }), false],
  ['a pod elsewhere came to match', 'AssignedPodLabelChange', elsewhere(), elsewhere({ foo: '' }), false],
  ['the pod itself matches no more', 'PodLabelChange', makePod({ labels: { foo: '' } }), makePod(), true],
  ['the pod itself changed otherwise', 'PodLabelChange', makePod(), makePod({ labels: { x: '' } }), false],
  ['the pod tolerates more, where taints do not count', 'PodTolerationChange', makePod(), makePod(), false],
  ['a node moved to another zone', 'NodeLabelChange', four[0], four[2], true],
  ['a node lost the label', 'NodeLabelChange', four[0], makeNode('a'), true],
  ['a node changed otherwise', 'NodeLabelChange', makeNode('a'), makeNode('a', { labels: { x: '' } }), false],
  ['a node with the label went', 'NodeDelete', four[0], undefined, true],
  ['a node without the label went', 'NodeDelete', makeNode('z'), undefined, false],
  ['a node came with the label', 'NodeAdd', undefined, four[0], true],
  ['a node came without the label', 'NodeAdd', undefined, makeNode('z'), false],
] as const)('hint: %s', (_name, event, before, now, expected) => {
  const plugin = podTopologySpread(new TestCache([]));
  expect(plugin.hints![event]!(spread(constraint(1, 'zone')), before, now)).toBe(expected);
});
