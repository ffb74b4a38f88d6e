import { expect, test } from 'vitest';
import { makeNode } from '../testObjects.ts';
import { podWith, TestVolumes } from '../testVolumes.ts';

const zone = 'topology.kubernetes.io/zone';
const oldZone = 'failure-domain.beta.kubernetes.io/zone';
const region = 'topology.kubernetes.io/region';
const refused = '1 node(s) had no available volume zone';

// Facts from upstream's TestSingleZone and TestMultiZone.
test.each<[what: string, volume: Record<string, string>, node: Record<string, string>, outcome: string]>([
  ['a volume without a zone', {}, { [zone]: 'a' }, 'node-1'],
  ['a node without a zone', { [zone]: 'a' }, {}, 'node-1'],
  ['the same zone', { [zone]: 'a' }, { [zone]: 'a' }, 'node-1'],
  ['another zone', { [zone]: 'b' }, { [zone]: 'a' }, refused],
  ['one of several zones', { [zone]: 'a__b' }, { [zone]: 'b' }, 'node-1'],
  ['none of several zones', { [zone]: 'a__b' }, { [zone]: 'c' }, refused],
  ['the same zone by its old name', { [oldZone]: 'a' }, { [zone]: 'a' }, 'node-1'],
  [
    'the same zone in another region',
    { [zone]: 'a', [region]: 'x' },
    { [zone]: 'a', [region]: 'y' },
    refused,
  ],
])('%s', (_what, volume, node, outcome) => {
  const world = new TestVolumes();
  world.addNode(makeNode('node-1', { labels: node }));
  world.addClass('late', 'WaitForFirstConsumer');
  world.addBound('data', {}, volume);
  world.addPod(podWith('web', 'data'));
  world.run();
  expect(world.outcome('web')).toBe(outcome);
});
