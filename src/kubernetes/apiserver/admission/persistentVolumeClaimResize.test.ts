import { expect, test } from 'vitest';
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { TestServer } from '../testing/testServer.ts';

const path = '/api/v1/namespaces/default/persistentvolumeclaims';
const forbidden = 'persistentvolumeclaims "data" is forbidden: ';

test.each([
  ['Bound', 'growing', null],
  [
    'Bound',
    'fixed',
    `${forbidden}only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`,
  ],
] as const)('a claim that is %s, of a class that is %s', (phase, storageClassName, failure) => {
  const server = new TestServer();
  for (const name of ['growing', 'fixed']) {
    server.send('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      metadata: { name },
      provisioner: 'example.com/p',
      allowVolumeExpansion: name === 'growing',
    });
  }
  const spec = {
    accessModes: ['ReadWriteOnce'],
    storageClassName,
    resources: { requests: { storage: '1Gi' } },
    volumeName: 'v',
  };
  const claim = server.send('POST', path, { metadata: { name: 'data' }, spec }).body as PersistentVolumeClaim;
  const bound: PersistentVolumeClaim = { ...claim, status: { phase } };
  server.server.storage.put(persistentVolumeClaims, bound, claim);
  const resize = (storage: string) =>
    server.failure('PATCH', `${path}/data`, { spec: { resources: { requests: { storage } } } });
  expect(resize('2Gi')).toBe(failure);
  expect(server.failure('PATCH', `${path}/data`, { metadata: { labels: { a: 'b' } } })).toBeNull();
});
