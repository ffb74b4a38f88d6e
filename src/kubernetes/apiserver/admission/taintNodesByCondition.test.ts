import { expect, test } from 'vitest';
import type { Node } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const own = { key: 'gpu', effect: 'NoSchedule' };

test.each([
  [undefined, [notReady]],
  [[own], [own, notReady]],
  [[notReady], [notReady]],
])('a new node with taints %j', (taints, expected) => {
  const server = new TestServer();
  const { body } = server.send('POST', '/api/v1/nodes', {
    metadata: { name: 'n' },
    spec: { ...(taints && { taints }) },
  });
  expect((body as Node).spec.taints).toEqual(expected);
  const freed = server.send('PATCH', '/api/v1/nodes/n', { spec: { taints: null } });
  expect((freed.body as Node).spec.taints).toBeUndefined();
});
