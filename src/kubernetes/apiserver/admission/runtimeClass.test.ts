import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

let server: TestServer;
const pods = '/api/v1/namespaces/default/pods';
const pod = (spec: object) => ({
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});

beforeEach(() => {
  server = new TestServer();
  server.send('POST', '/apis/node.k8s.io/v1/runtimeclasses', {
    metadata: { name: 'boxed' },
    handler: 'boxed',
    overhead: { podFixed: { cpu: '250m', memory: '120Mi' } },
    scheduling: { nodeSelector: { runtime: 'boxed' }, tolerations: [{ key: 'boxed', operator: 'Exists' }] },
  });
  server.send('POST', '/apis/node.k8s.io/v1/runtimeclasses', { metadata: { name: 'plain' }, handler: 'x' });
});

test('a pod gets the overhead and the place of its runtime', () => {
  const { body } = server.send('POST', pods, pod({ runtimeClassName: 'boxed', nodeSelector: { a: 'b' } }));
  const { overhead, nodeSelector, tolerations } = (body as Pod).spec;
  expect(overhead).toEqual({ cpu: '250m', memory: '120Mi' });
  expect(nodeSelector).toEqual({ a: 'b', runtime: 'boxed' });
  expect(tolerations).toContainEqual({ key: 'boxed', operator: 'Exists' });
});

test.each([
  [{ runtimeClassName: 'none' }, 'RuntimeClass "none" not found'],
  [
    { runtimeClassName: 'boxed', overhead: { cpu: '1' } },
    "Pod's Overhead doesn't match RuntimeClass's defined Overhead",
  ],
  [
    { runtimeClassName: 'boxed', nodeSelector: { runtime: 'other' } },
    'conflict: runtimeClass.scheduling.nodeSelector[runtime] = boxed; pod.spec.nodeSelector[runtime] = other',
  ],
  [{ overhead: { cpu: '1' } }, 'Pod Overhead set without corresponding RuntimeClass defined Overhead'],
  [
    { runtimeClassName: 'plain', overhead: { cpu: '1' } },
    'Pod Overhead set without corresponding RuntimeClass defined Overhead',
  ],
])('refuses %j', (spec, why) => {
  expect(server.failure('POST', pods, pod(spec))).toBe(`pods "web" is forbidden: pod rejected: ${why}`);
});
