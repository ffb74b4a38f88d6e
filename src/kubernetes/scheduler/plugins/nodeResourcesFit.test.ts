import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { isRejection } from '../framework.ts';
import { defaultResources } from '../resourceScores.ts';
import { scoringStrategy } from '../scoringStrategies.ts';
import { filterWith, scoreWith } from '../testPlugin.ts';
import { container, makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { nodeResourcesFit } from './nodeResourcesFit.ts';

const plugin = nodeResourcesFit();
const pod = (cpu: number, memory: number, extended = 0): Pod =>
  makePod({
    requests: { cpu: `${cpu}m`, memory, ...(extended > 0 && { 'example.com/aaa': extended }) },
  });
const init = (cpu: number, memory: number, more: object = {}) => ({
  ...container({ cpu: `${cpu}m`, memory }),
  name: 'init',
  ...more,
});

// Facts from upstream's TestEnoughRequests: a node with 10m CPU, 20 bytes, 32 pods and 5 of an extended resource.
test.each<[string, Pod, Pod, string[] | 'fits']>([
  ['no resources requested always fits', makePod(), pod(10, 20), 'fits'],
  ['too many resources fails', pod(1, 1), pod(10, 20), ['Insufficient cpu', 'Insufficient memory']],
  [
    'too many resources fails due to init container cpu',
    { ...pod(1, 1), spec: { ...pod(1, 1).spec, initContainers: [init(3, 1)] } },
    pod(8, 19),
    ['Insufficient cpu'],
  ],
  [
    'the highest of the init containers counts',
    { ...pod(1, 1), spec: { ...pod(1, 1).spec, initContainers: [init(3, 1), init(2, 1)] } },
    pod(8, 19),
    ['Insufficient cpu'],
  ],
  [
    'init container fits because it is the max, not sum',
    { ...pod(1, 1), spec: { ...pod(1, 1).spec, initContainers: [init(1, 1)] } },
    pod(9, 19),
    'fits',
  ],
  [
    'a sidecar adds to the containers',
    { ...pod(1, 1), spec: { ...pod(1, 1).spec, initContainers: [init(1, 1, { restartPolicy: 'Always' })] } },
    pod(9, 18),
    ['Insufficient cpu'],
  ],
  ['both resources fit', pod(1, 1), pod(5, 5), 'fits'],
  ['one resource memory fits', pod(2, 1), pod(9, 5), ['Insufficient cpu']],
  ['one resource cpu fits', pod(1, 2), pod(5, 19), ['Insufficient memory']],
  ['equal edge case', pod(5, 1), pod(5, 19), 'fits'],
  ['extended resource fits', pod(0, 0, 1), pod(0, 0), 'fits'],
  ['extended resource capacity enforced', pod(1, 1, 10), pod(0, 0), ['Insufficient example.com/aaa']],
  ['extended resource allocatable enforced', pod(1, 1, 1), pod(0, 0, 5), ['Insufficient example.com/aaa']],
  [
    'overhead counts',
    { ...pod(8, 1), spec: { ...pod(8, 1).spec, overhead: { cpu: '3m' } } },
    pod(0, 0),
    ['Insufficient cpu'],
  ],
])('%s', (_name, wanting, present, expected) => {
  const allocatable = { cpu: '10m', memory: 20, pods: 32, 'example.com/aaa': 5 };
  const node = nodeInfo(makeNode('a', { allocatable }), present);
  expect(filterWith(plugin, wanting, node)).toEqual(expected);
});

// Facts from upstream's TestNotEnoughRequests: a node that takes one pod.
test.each<[string, Pod, string[]]>([
  ["even without specified resources, predicate fails when there's no space", makePod(), ['Too many pods']],
  ['with both', pod(10, 1), ['Too many pods', 'Insufficient cpu']],
])('%s', (_name, wanting, expected) => {
  const node = nodeInfo(makeNode('a', { allocatable: { cpu: '10m', memory: 20, pods: 1 } }), pod(5, 5));
  expect(filterWith(plugin, wanting, node)).toEqual(expected);
});

test.each([
  ['an empty node would do', pod(8, 1), true],
  ['not even an empty node would do', pod(11, 1), false],
])('evicting may help only where %s', (_name, wanting, expected) => {
  const filter = plugin.preFilter!(wanting);
  if (filter === null || isRejection(filter)) throw new Error('expected a filter');
  const node = nodeInfo(makeNode('a', { allocatable: { cpu: '10m', memory: 20 } }), pod(5, 5));
  expect(filter.filter(node)?.isResolvable).toBe(expected);
});

const millis = (cpu: number, memory: number) => makeNode('n', { allocatable: { cpu: `${cpu}m`, memory } });
const large = (cpu: number, memory: number) => makePod({ requests: { cpu: `${cpu}m`, memory } });

// Facts from upstream's least_allocated_test.go and most_allocated_test.go.
test.each([
  [
    'least: nothing scheduled, resources requested, different sizes',
    'LeastAllocated',
    large(3000, 5000),
    [],
    [37, 50],
  ],
  [
    'least: resources requested, pods scheduled',
    'LeastAllocated',
    large(1000, 2000),
    [[large(3000, 0)], [large(1000, 5000)]],
    [40, 48],
  ],
  ['most: nothing scheduled, resources requested', 'MostAllocated', large(3000, 5000), [], [62, 50]],
] as const)('score: %s', (_name, type, wanting, present, expected) => {
  const nodes = [millis(4000, 10000), millis(6000, 10000)].map((node, i) =>
    nodeInfo(node, ...(present[i] ?? [])),
  );
  const scored = scoreWith(nodeResourcesFit(scoringStrategy(type, defaultResources)), wanting, nodes);
  expect(scored).toEqual(expected);
});

test('score: containers that ask for nothing count for 100m and 200Mi', () => {
  const node = nodeInfo(makeNode('n', { allocatable: { cpu: '1', memory: '1000Mi' } }));
  expect(scoreWith(plugin, makePod(), [node])).toEqual([85]);
});

// Facts from upstream's TestRequestedToCapacityRatioScoringStrategy: fuller is better.
test.each([
  ['nothing requested of empty nodes', large(0, 0), [], [0, 0]],
  ['requested of empty nodes, rounded', large(3000, 5000), [], [63, 50]],
])('score by ratio: %s', (_name, wanting, _present, expected) => {
  const strategy = scoringStrategy('RequestedToCapacityRatio', defaultResources, [
    { utilization: 0, score: 0 },
    { utilization: 100, score: 10 },
  ]);
  const nodes = [nodeInfo(millis(4000, 10000)), nodeInfo(millis(6000, 10000))];
  expect(scoreWith(nodeResourcesFit(strategy), wanting, nodes)).toEqual(expected);
});

const most = (pods: number) => makeNode('n', { allocatable: { cpu: '20m', memory: 20, pods } });

// Facts from upstream's Test_isSchedulableAfterNodeChange and Test_isSchedulableAfterPodEvent.
test.each([
  ['a node came that is large enough', 'NodeAdd', undefined, millis(20, 20), true],
  ['a node came that is too small', 'NodeAdd', undefined, millis(5, 20), false],
  ['a node grew enough', 'NodeAllocatableChange', millis(5, 20), millis(20, 20), true],
  [
    'a node grew in something else',
    'NodeAllocatableChange',
    millis(20, 20),
    makeNode('n', { allocatable: { cpu: '20m', memory: 20, 'example.com/b': 1 } }),
    false,
  ],
  ['more pods may be on a node', 'NodeAllocatableChange', most(1), most(2), true],
  ['a pod on a node asks for less CPU', 'AssignedPodScaleDown', pod(5, 1), pod(4, 1), true],
  [
    'one asks for less of what this one does not want',
    'AssignedPodScaleDown',
    pod(5, 0, 3),
    pod(5, 0, 2),
    false,
  ],
  ['the pod itself asks for less', 'PodScaleDown', pod(20, 1), pod(10, 1), true],
  ['a pod left a node', 'AssignedPodDelete', pod(1, 1), undefined, true],
] as const)('hint: %s', (_name, event, before, now, expected) => {
  expect(plugin.hints![event]!(pod(10, 1), before, now)).toBe(expected);
});
