import { expect, test } from 'vitest';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { TestCluster } from '../testCluster.ts';
import { expandController } from './expandController.ts';

test.each([
  [
    'more is waited for',
    '2Gi',
    ['Normal ExternalExpanding waiting for an external controller to expand this PVC'],
  ],
  ['the same is not', '1Gi', []],
])('a claim that asks for %s', (_what, storage, events) => {
  const cluster = new TestCluster([expandController]);
  const { client } = cluster;
  client.create(storageClasses, {
    metadata: { name: 'fast' },
    provisioner: 'disk.example.com',
    allowVolumeExpansion: true,
  });
  client.create(persistentVolumes, {
    metadata: { name: 'pv' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      csi: { driver: 'disk.example.com', volumeHandle: 'pv' },
    },
  });
  const claim = client.create(persistentVolumeClaims, {
    metadata: { name: 'data', namespace: 'default' },
    spec: {
      storageClassName: 'fast',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      volumeName: 'pv',
    },
  });
  client.updateStatus(persistentVolumeClaims, { ...claim, status: { phase: 'Bound' } });
  cluster.run();
  cluster.patch(persistentVolumeClaims, 'data', {
    metadata: { labels: { touched: 'true' } },
    spec: { resources: { requests: { storage } } },
  });
  cluster.run();
  expect(cluster.events('data')).toEqual(events);
});
