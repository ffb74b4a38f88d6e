import { expect, test } from 'vitest';
import type { PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

test('a claim that names no class gets the default, one that names the empty class none', () => {
  const server = new TestServer();
  const created = (name: string, spec: object = {}) => {
    const { body } = server.send('POST', '/api/v1/namespaces/default/persistentvolumeclaims', {
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
    });
    return (body as PersistentVolumeClaim).spec.storageClassName;
  };
  expect(created('a')).toBeUndefined();
  server.send('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'example.com/p',
  });
  expect(created('b')).toBe('standard');
  expect(created('c', { storageClassName: '' })).toBe('');
  expect(created('d', { storageClassName: 'other' })).toBe('other');
});
