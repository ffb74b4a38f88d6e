import { expect, test } from 'vitest';
import { filterWith } from '../testPlugin.ts';
import { makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { nodeName } from './nodeName.ts';

const refused = ["node(s) didn't match the requested node name"];

// Facts from upstream's node_name_test.go.
test.each([
  ['no host specified', {}, 'fits'],
  ['host matches', { nodeName: 'foo' }, 'fits'],
  ["host doesn't match", { nodeName: 'bar' }, refused],
])('%s', (_name, spec, expected) => {
  expect(filterWith(nodeName, makePod(spec), nodeInfo(makeNode('foo')))).toEqual(expected);
});
