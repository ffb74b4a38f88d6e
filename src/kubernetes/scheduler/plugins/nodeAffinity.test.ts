import { expect, test } from 'vitest';
import type { Affinity, NodeSelectorTerm, PodSpec } from '#generated/types/core.v1.ts';
import { isRejection } from '../framework.ts';
import { filterWith, scoreWith } from '../testPlugin.ts';
import { makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { nodeAffinity } from './nodeAffinity.ts';

const refused = ["node(s) didn't match Pod's node affinity/selector"];
type Requirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];
const requirement = (key: string, operator: Requirement['operator'], ...values: string[]): Requirement => ({
  key,
  operator,
  ...(values.length > 0 && { values }),
});
const required = (...nodeSelectorTerms: NodeSelectorTerm[]): Affinity => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
});
const expressions = (...matchExpressions: Requirement[]): NodeSelectorTerm => ({ matchExpressions });
const fields = (...matchFields: Requirement[]): NodeSelectorTerm => ({ matchFields });

// Facts from upstream's TestNodeAffinity.
test.each<[string, Partial<PodSpec>, Record<string, string>, readonly string[] | 'fits']>([
  ['no selector', {}, {}, 'fits'],
  ['missing labels', { nodeSelector: { foo: 'bar' } }, {}, refused],
  ['same labels', { nodeSelector: { foo: 'bar' } }, { foo: 'bar' }, 'fits'],
  ['node labels are superset', { nodeSelector: { foo: 'bar' } }, { foo: 'bar', baz: 'blah' }, 'fits'],
  ['node labels are subset', { nodeSelector: { foo: 'bar', baz: 'blah' } }, { foo: 'bar' }, refused],
  [
    'In',
    { affinity: required(expressions(requirement('foo', 'In', 'bar', 'value2'))) },
    { foo: 'bar' },
    'fits',
  ],
  ['Gt', { affinity: required(expressions(requirement('v', 'Gt', '0204'))) }, { v: '0206' }, 'fits'],
  ['Gt of no number', { affinity: required(expressions(requirement('v', 'Gt', '10'))) }, { v: 'x' }, refused],
  ['NotIn', { affinity: required(expressions(requirement('m', 'NotIn', '02'))) }, { m: '01' }, 'fits'],
  ['Exists', { affinity: required(expressions(requirement('GPU', 'Exists'))) }, { GPU: 'x' }, 'fits'],
  [
    'unmatched In',
    { affinity: required(expressions(requirement('foo', 'In', 'v1'))) },
    { foo: 'bar' },
    refused,
  ],
  ['no terms at all', { affinity: required() }, { foo: 'bar' }, refused],
  ['an empty term matches nothing', { affinity: required({}) }, { foo: 'bar' }, refused],
  [
    'expressions of one term are anded',
    { affinity: required(expressions(requirement('GPU', 'Exists'), requirement('GPU', 'NotIn', 'AMD'))) },
    { GPU: 'AMD' },
    refused,
  ],
  [
    'terms are ored',
    { affinity: required(expressions(requirement('a', 'Exists')), expressions(requirement('b', 'Exists'))) },
    { b: '' },
    'fits',
  ],
  [
    'nodeSelector and affinity must both match',
    { nodeSelector: { foo: 'x' }, affinity: required(expressions(requirement('foo', 'Exists'))) },
    { foo: 'bar' },
    refused,
  ],
  ['a field', { affinity: required(fields(requirement('metadata.name', 'In', 'node-1'))) }, {}, 'fits'],
  [
    'another field',
    { affinity: required(fields(requirement('metadata.name', 'In', 'node-2'))) },
    {},
    refused,
  ],
  [
    'a field and an expression of one term',
    {
      affinity: required({
        ...fields(requirement('metadata.name', 'In', 'node-1')),
        ...expressions(requirement('foo', 'In', 'x')),
      }),
    },
    {},
    refused,
  ],
])('%s', (_name, spec, labels, expected) => {
  expect(filterWith(nodeAffinity, makePod(spec), nodeInfo(makeNode('node-1', { labels })))).toEqual(expected);
});

const named = (...names: string[]) => fields(requirement('metadata.name', 'In', ...names));

// Facts from upstream's PreFilter tables.
test.each<[string, NodeSelectorTerm[], string[] | undefined]>([
  ['one name', [named('a')], ['a']],
  ['names of several terms', [named('a'), named('b')], ['a', 'b']],
  [
    'both of one term',
    [fields(requirement('metadata.name', 'In', 'a', 'b'), requirement('metadata.name', 'In', 'b'))],
    ['b'],
  ],
  ['one term without a name', [named('a'), expressions(requirement('x', 'Exists'))], undefined],
])('names the nodes: %s', (_name, terms, expected) => {
  const result = nodeAffinity.preFilter!(makePod({ affinity: required(...terms) }));
  if (result === null || isRejection(result)) throw new Error('expected a filter');
  expect(result.nodeNames && [...result.nodeNames]).toEqual(expected);
});

test('names that contradict each other fit nowhere', () => {
  const term = fields(requirement('metadata.name', 'In', 'a'), requirement('metadata.name', 'In', 'b'));
  const pod = makePod({ affinity: required(term) });
  expect(filterWith(nodeAffinity, pod, nodeInfo(makeNode('a')))).toEqual(['pod affinity terms conflict']);
});

const preferred = (...weighted: [number, NodeSelectorTerm][]): Affinity => ({
  nodeAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: weighted.map(([weight, preference]) => ({
      weight,
      preference,
    })),
  },
});
const labelSets: Record<string, string>[] = [{ foo: 'bar' }, { az: 'az1' }, { foo: 'bar', az: 'az1' }];
const nodes = labelSets.map((labels, i) => nodeInfo(makeNode(`n${i}`, { labels })));

// Facts from upstream's TestNodeAffinityPriority.
test.each<[string, Affinity, number[] | null]>([
  ['no preference', {}, null],
  ['one', preferred([2, expressions(requirement('foo', 'In', 'bar'))]), [100, 0, 100]],
  [
    'weights add up',
    preferred(
      [2, expressions(requirement('foo', 'In', 'bar'))],
      [4, expressions(requirement('az', 'In', 'az1'))],
    ),
    [33, 66, 100],
  ],
  ['nothing matches', preferred([2, expressions(requirement('x', 'Exists'))]), [0, 0, 0]],
  ['an empty preference matches nothing', preferred([2, {}]), [0, 0, 0]],
])('score: %s', (_name, affinity, expected) => {
  expect(scoreWith(nodeAffinity, makePod({ affinity }), nodes)).toEqual(expected);
});
