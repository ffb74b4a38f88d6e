import { expect, test } from 'vitest';
import { rowIdOfKey } from './rowIdOfKey.ts';

test.each([
  ['/registry/pods/default/web', 'pods/default/web'],
  ['/registry/nodes/node-1', 'nodes/node-1'],
  ['/registry/nodes/node.example.com', 'nodes/node.example.com'],
  ['/registry/example.com/widgets/shop/x', 'widgets.example.com/shop/x'],
  ['/registry/example.com/planets/earth', 'planets.example.com/earth'],
])('%s is shown as %s', (key, id) => {
  expect(rowIdOfKey(key)).toBe(id);
});
