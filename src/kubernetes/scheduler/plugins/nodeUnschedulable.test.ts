import { expect, test } from 'vitest';
import { filterWith } from '../testPlugin.ts';
import { makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { nodeUnschedulable } from './nodeUnschedulable.ts';

const refused = ['node(s) were unschedulable'];
const key = 'node.kubernetes.io/unschedulable';

// Facts from upstream's node_unschedulable_test.go.
test.each([
  ['a pod does not go to a cordoned node', true, [], refused],
  ['a pod goes to an open node', false, [], 'fits'],
  ['one that tolerates it goes anyway', true, [{ key, effect: 'NoSchedule' as const }], 'fits'],
  ['tolerating another effect does not help', true, [{ key, effect: 'NoExecute' as const }], refused],
])('%s', (_name, unschedulable, tolerations, expected) => {
  const node = nodeInfo(makeNode('a', { unschedulable }));
  expect(filterWith(nodeUnschedulable, makePod({ tolerations }), node)).toEqual(expected);
});

const tolerating = (of: string) => makePod({ tolerations: [{ key: of, effect: 'NoSchedule' }] });
const open = makeNode('a');
const cordoned = makeNode('a', { unschedulable: true });

// Facts from upstream's TestIsSchedulableAfterNodeChange.
test.each([
  ['a cordoned node came', 'NodeAdd', undefined, cordoned, false],
  ['an open node came', 'NodeAdd', undefined, open, true],
  ['uncordoned', 'NodeUnschedulableChange', cordoned, open, true],
  ['cordoned', 'NodeUnschedulableChange', open, cordoned, false],
  ['the pod tolerates it now', 'PodTolerationChange', makePod(), tolerating(key), true],
  ['the pod tolerates something else', 'PodTolerationChange', makePod(), tolerating('x'), false],
] as const)('hint: %s', (_name, event, before, now, expected) => {
  expect(nodeUnschedulable.hints![event]!(makePod(), before, now)).toBe(expected);
});
