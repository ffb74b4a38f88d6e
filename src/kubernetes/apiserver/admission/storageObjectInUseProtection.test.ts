import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { TestServer } from '../testing/testServer.ts';

test.each([
  [
    '/api/v1/namespaces/default/persistentvolumeclaims',
    { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    'kubernetes.io/pvc-protection',
  ],
  [
    '/api/v1/persistentvolumes',
    { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/d' } },
    'kubernetes.io/pv-protection',
  ],
])('%s', (path, spec, finalizer) => {
  const server = new TestServer();
  const finalizers = (metadata: object) =>
    (server.send('POST', path, { metadata, spec }).body as KubeObject).metadata.finalizers;
  expect(finalizers({ name: 'a' })).toEqual([finalizer]);
  expect(finalizers({ name: 'b', finalizers: ['example.com/x'] })).toEqual(['example.com/x', finalizer]);
  expect(finalizers({ name: 'c', finalizers: [finalizer] })).toEqual([finalizer]);
});
