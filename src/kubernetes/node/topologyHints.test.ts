import { expect, test } from 'vitest';
import type { Backend } from './serviceRules.ts';
import { preferHinted } from './topologyHints.ts';

const zones: Readonly<Record<string, string>> = {
  'node-1': 'zone-a',
  'node-2': 'zone-b',
  'node-3': 'zone-c',
};
const prefer = preferHinted((node) => zones[node]);

/** `a:zone-a@node-1` is an endpoint a with a hint for a zone and one for a node. */
function backend(text: string): Backend {
  const [, address = '', zone, node] = /^(\w+)(?::([\w-]+))?(?:@([\w-]+))?$/.exec(text)!;
  const hints = {
    ...(zone !== undefined && { forZones: [{ name: zone }] }),
    ...(node !== undefined && { forNodes: [{ name: node }] }),
  };
  return {
    address,
    port: 80,
    nodeName: '',
    hints: zone === undefined && node === undefined ? undefined : hints,
  };
}

// Upstream: pkg/proxy/topology_test.go
test.each<[string, string, string, string]>([
  ['no hints', 'a b', 'node-1', 'a b'],
  ['its own zone', 'a:zone-a b:zone-b', 'node-1', 'a'],
  ['one without a hint', 'a:zone-a b', 'node-1', 'a b'],
  ['a zone that none is for', 'a:zone-a b:zone-b', 'node-3', 'a b'],
  ['a node without a zone', 'a:zone-a b:zone-b', 'node-9', 'a b'],
  ['its own node before its zone', 'a:zone-a@node-1 b:zone-a@node-4', 'node-1', 'a'],
  ['its zone where none is on its node', 'a:zone-a@node-4 b:zone-b@node-2', 'node-1', 'a'],
  ['one without a node', 'a:zone-a@node-1 b:zone-a', 'node-1', 'a b'],
])('%s', (_what, backends, node, expected) => {
  const chosen = prefer(backends.split(' ').map(backend), node);
  expect(chosen.map(({ address }) => address).join(' ')).toBe(expected);
});
