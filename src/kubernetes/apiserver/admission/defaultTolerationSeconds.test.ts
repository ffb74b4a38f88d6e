import { expect, test } from 'vitest';
import type { Pod, Toleration } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const notReady = 'node.kubernetes.io/not-ready';
const unreachable = 'node.kubernetes.io/unreachable';
const added = (key: string): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
});

// Facts: plugin/pkg/admission/defaulttolerationseconds/admission_test.go
test.each<[string, Toleration[] | undefined, Toleration[]]>([
  ['none of its own', undefined, [added(notReady), added(unreachable)]],
  [
    'one for another taint',
    [{ key: 'foo', operator: 'Equal', value: 'bar', effect: 'NoExecute', tolerationSeconds: 700 }],
    [
      { key: 'foo', operator: 'Equal', value: 'bar', effect: 'NoExecute', tolerationSeconds: 700 },
      added(notReady),
      added(unreachable),
    ],
  ],
  [
    'its own for not-ready',
    [{ ...added(notReady), tolerationSeconds: 700 }],
    [{ ...added(notReady), tolerationSeconds: 700 }, added(unreachable)],
  ],
  [
    'one for all effects of a key',
    [{ key: unreachable, operator: 'Exists' }],
    [{ key: unreachable, operator: 'Exists' }, added(notReady)],
  ],
  ['one for everything', [{ operator: 'Exists' }], [{ operator: 'Exists' }]],
])('a pod with %s', (_name, tolerations, expected) => {
  const server = new TestServer();
  const spec = { containers: [{ name: 'c', image: 'nginx' }], ...(tolerations && { tolerations }) };
  const { body } = server.send('POST', pods, { metadata: { name: 'web' }, spec });
  expect((body as Pod).spec.tolerations).toEqual(expected);
});
