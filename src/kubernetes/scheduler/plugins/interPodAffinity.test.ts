import { expect, test } from 'vitest';
import type { Affinity, PodAffinityTerm, Pod } from '#generated/types/core.v1.ts';
import type { LabelSelector } from '#generated/types/meta.v1.ts';
import { isRejection } from '../framework.ts';
import { TestCache } from '../testCache.ts';
import { makeNode, makePod } from '../testObjects.ts';
import { interPodAffinity } from './interPodAffinity.ts';

const affinityRules = "node(s) didn't match pod affinity rules";
const antiAffinityRules = "node(s) didn't match pod anti-affinity rules";
const existingRules = "node(s) didn't satisfy existing pods anti-affinity rules";

const service = (operator: 'In' | 'NotIn' | 'Exists', ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key: 'service', operator, ...(values.length > 0 && { values }) }],
});
const term = (labelSelector: LabelSelector, topologyKey = 'region', more: Partial<PodAffinityTerm> = {}) => ({
  labelSelector,
  topologyKey,
  ...more,
});
const near = (...terms: PodAffinityTerm[]): Affinity => ({
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
});
const far = (...terms: PodAffinityTerm[]): Affinity => ({
  podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms },
});
const securityscan = { service: 'securityscan' };
const there = (labels: Record<string, string>, affinity?: Affinity, more: object = {}): Pod =>
  makePod({ labels, nodeName: 'machine1', ...(affinity && { affinity }), ...more });
const wanting = (affinity: Affinity | undefined, labels: Record<string, string> = {}): Pod =>
  makePod({ labels, ...(affinity && { affinity }) });
const machine = makeNode('machine1', { labels: { region: 'r1', zone: 'z11' } });

// Facts from upstream's TestRequiredAffinitySingleNode.
test.each<[string, Pod, Pod[], string]>([
  ['no rules', makePod(), [], 'fits'],
  [
    'affinity In matches the existing pod',
    wanting(near(term(service('In', 'securityscan', 'value2')))),
    [there(securityscan)],
    'fits',
  ],
  [
    'affinity NotIn matches the existing pod',
    wanting(near(term(service('NotIn', 'securityscan3')))),
    [there(securityscan)],
    'fits',
  ],
  [
    'does not match because of another namespace',
    wanting(near(term(service('In', 'securityscan'), 'region', { namespaces: ['DiffNameSpace'] }))),
    [there(securityscan)],
    affinityRules,
  ],
  [
    'does not match the labels',
    wanting(near(term(service('In', 'antivirusscan')))),
    [there(securityscan)],
    affinityRules,
  ],
  [
    'several terms, all match',
    wanting(near(term(service('Exists')), term(service('In', 'securityscan')))),
    [there(securityscan)],
    'fits',
  ],
  [
    'several terms, one does not match',
    wanting(near(term(service('Exists')), term(service('In', 'x')))),
    [there(securityscan)],
    affinityRules,
  ],
  [
    'the node lacks the topology label',
    wanting(near(term(service('Exists'), 'rack'))),
    [there(securityscan)],
    affinityRules,
  ],
  [
    'anti-affinity matches the existing pod',
    wanting(far(term(service('In', 'securityscan')))),
    [there(securityscan)],
    antiAffinityRules,
  ],
  ['anti-affinity matches nothing', wanting(far(term(service('In', 'x')))), [there(securityscan)], 'fits'],
  [
    'anti-affinity needs the topology label',
    wanting(far(term(service('Exists'), 'rack'))),
    [there(securityscan)],
    'fits',
  ],
  [
    'affinity and anti-affinity, the second is violated',
    wanting({ ...near(term(service('Exists'))), ...far(term(service('In', 'securityscan'))) }),
    [there(securityscan)],
    antiAffinityRules,
  ],
  [
    'an existing pod does not want the new one near',
    wanting(undefined, { service: 'x' }),
    [there(securityscan, far(term(service('In', 'x'))))],
    existingRules,
  ],
  [
    'an existing pod that wants others far',
    wanting(undefined, { service: 'y' }),
    [there(securityscan, far(term(service('In', 'x'))))],
    'fits',
  ],
  [
    'the first of its kind may be alone',
    wanting(near(term(service('In', 'a'))), { service: 'a' }),
    [],
    'fits',
  ],
  [
    'but not where another of its kind is elsewhere',
    wanting(near(term(service('In', 'a'), 'zone')), { service: 'a' }),
    [there({ service: 'a' }, undefined, { nodeName: 'machine2' })],
    affinityRules,
  ],
])('%s', (_name, pod, existing, expected) => {
  const world = new TestCache(
    [machine, makeNode('machine2', { labels: { region: 'r1', zone: 'z12' } })],
    existing,
  );
  expect(world.filter(interPodAffinity(world), pod)['machine1']).toBe(expected);
});

test('a namespace selector chooses by the labels of namespaces', () => {
  const world = new TestCache([machine], [there(securityscan, undefined, { namespace: 'subteam1' })]);
  world.namespaces['subteam1'] = { team: 'team1' };
  const plugin = interPodAffinity(world);
  const by = (namespaceSelector: LabelSelector) =>
    world.filter(plugin, wanting(near(term(service('Exists'), 'region', { namespaceSelector }))))['machine1'];
  expect(by({ matchLabels: { team: 'team1' } })).toBe('fits');
  expect(by({ matchLabels: { team: 'team2' } })).toBe(affinityRules);
  expect(by({})).toBe('fits');
});

test('matchLabelKeys narrows a term to the pods of the same revision', () => {
  const world = new TestCache([machine], [there({ service: 'a', rev: '1' })]);
  const verdict = (rev: string) =>
    world.filter(
      interPodAffinity(world),
      wanting(far(term(service('In', 'a'), 'region', { matchLabelKeys: ['rev'] })), { service: 'a', rev }),
    )['machine1'];
  expect(verdict('1')).toBe(antiAffinityRules);
  expect(verdict('2')).toBe('fits');
});

// Facts from upstream's TestRequiredAffinityMultipleNodes.
test('anti-affinity reaches through the whole domain', () => {
  const nodes = ['a', 'b', 'c'].map((name) =>
    makeNode(name, { labels: { region: name === 'c' ? 'India' : 'China' } }),
  );
  const world = new TestCache(nodes, [makePod({ labels: { foo: 'abc' }, nodeName: 'a' })]);
  const pod = wanting(far(term({ matchLabels: { foo: 'abc' } })));
  expect(world.filter(interPodAffinity(world), pod)).toEqual({
    a: antiAffinityRules,
    b: antiAffinityRules,
    c: 'fits',
  });
});

test('preemption can try what removing a pod would change', () => {
  const guard = there(securityscan, far(term(service('In', 'x'))));
  const world = new TestCache([machine], [guard]);
  const filter = interPodAffinity(world).preFilter!(wanting(undefined, { service: 'x' }));
  if (filter === null || isRejection(filter)) throw new Error('expected a filter');
  const node = world.cache.node('machine1')!;
  const trial = filter.clone!();
  trial.removePod!(guard, node);
  expect(trial.filter(node)).toBeNull();
  expect(filter.filter(node)?.reasons).toEqual([existingRules]);
  trial.addPod!(guard, node);
  expect(trial.filter(node)?.reasons).toEqual([existingRules]);
});

const regions = [
  makeNode('machine1', { labels: { region: 'China' } }),
  makeNode('machine2', { labels: { region: 'India' } }),
  makeNode('machine3', { labels: { az: 'az1' } }),
];
const prefer = (weight: number, labelSelector: LabelSelector, isAnti = false): Affinity => ({
  [isAnti ? 'podAntiAffinity' : 'podAffinity']: {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term(labelSelector) }],
  },
});
const s1 = { matchLabels: { security: 'S1' } };

// Facts from upstream's TestPreferredAffinity.
test.each<[string, Pod, Pod[], number[] | null]>([
  [
    'all nodes are same priority as nobody has terms',
    wanting(undefined, { security: 'S1' }),
    [there({})],
    null,
  ],
  [
    'the node that has a matching pod is preferred',
    wanting(prefer(5, s1)),
    [there({ security: 'S1' })],
    [100, 0, 0],
  ],
  ['anti-affinity puts it last', wanting(prefer(5, s1, true)), [there({ security: 'S1' })], [0, 100, 100]],
  [
    'preferences of existing pods count too',
    wanting(undefined, { security: 'S1' }),
    [there({}, prefer(5, s1)), there({}, prefer(8, s1), { nodeName: 'machine2' })],
    [62, 100, 0],
  ],
  [
    'required terms of existing pods count as one',
    wanting(undefined, { security: 'S1' }),
    [there({}, near(term(s1)))],
    [100, 0, 0],
  ],
  [
    'weights of matching pods add up',
    wanting(prefer(5, s1)),
    [
      there({ security: 'S1' }),
      there({ security: 'S1' }),
      there({ security: 'S1' }, undefined, { nodeName: 'machine2' }),
    ],
    [100, 50, 0],
  ],
])('score: %s', (_name, pod, existing, expected) => {
  const world = new TestCache(regions, existing);
  const scores = world.score(interPodAffinity(world), pod);
  expect(scores && Object.values(scores)).toEqual(expected);
});

const plugin = interPodAffinity(new TestCache([]));

test.each([
  [
    'a pod came that is wanted near',
    wanting(near(term(service('In', 'a')))),
    'AssignedPodAdd',
    undefined,
    there({ service: 'a' }),
    true,
  ],
  [
    'a pod came that nobody wants',
    wanting(near(term(service('In', 'a')))),
    'AssignedPodAdd',
    undefined,
    there({ service: 'b' }),
    false,
  ],
  [
    'a pod went that was not wanted',
    wanting(far(term(service('In', 'a')))),
    'AssignedPodDelete',
    there({ service: 'a' }),
    undefined,
    true,
  ],
  [
    'a pod went that did not want this one',
    wanting(undefined, { service: 'a' }),
    'AssignedPodDelete',
    there({}, far(term(service('In', 'a')))),
    undefined,
    true,
  ],
  [
    'a pod went that did not matter',
    wanting(far(term(service('In', 'a')))),
    'AssignedPodDelete',
    there({ service: 'b' }),
    undefined,
    false,
  ],
  [
    'a node came with the domain',
    wanting(near(term(service('In', 'a')))),
    'NodeAdd',
    undefined,
    machine,
    true,
  ],
  [
    'a node came without the domain',
    wanting(near(term(service('In', 'a'), 'rack'))),
    'NodeAdd',
    undefined,
    machine,
    false,
  ],
  [
    'a node got the domain',
    wanting(near(term(service('In', 'a'), 'rack'))),
    'NodeLabelChange',
    machine,
    makeNode('machine1', { labels: { region: 'r1', rack: '1' } }),
    true,
  ],
  [
    'a label changed that no term is about',
    wanting(near(term(service('In', 'a')))),
    'NodeLabelChange',
    machine,
    makeNode('machine1', { labels: { region: 'r1', zone: 'other' } }),
    false,
  ],
  [
    'a node came, for a pod that wants to be alone',
    wanting(far(term(service('In', 'a'), 'rack'))),
    'NodeAdd',
    undefined,
    machine,
    true,
  ],
  [
    'a node left the domain of those it shuns',
    wanting(far(term(service('In', 'a')))),
    'NodeLabelChange',
    machine,
    makeNode('machine1', { labels: { region: 'r2' } }),
    true,
  ],
  [
    'a node came into the domain of those it shuns',
    wanting(far(term(service('In', 'a'), 'rack'))),
    'NodeLabelChange',
    machine,
    makeNode('machine1', { labels: { region: 'r1', rack: '1' } }),
    false,
  ],
  [
    'a pod changed into one that is wanted near',
    wanting(near(term(service('In', 'a')))),
    'AssignedPodLabelChange',
    there({ service: 'b' }),
    there({ service: 'a' }),
    true,
  ],
  [
    'a pod changed out of those it shuns',
    wanting(far(term(service('In', 'a')))),
    'AssignedPodLabelChange',
    there({ service: 'a' }),
    there({ service: 'b' }),
    true,
  ],
] as const)('hint: %s', (_name, pod, event, before, now, expected) => {
  expect(plugin.hints![event]!(pod, before, now)).toBe(expected);
});
