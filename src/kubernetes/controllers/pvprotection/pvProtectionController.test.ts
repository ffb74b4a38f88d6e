import { expect, test } from 'vitest';
import type { PersistentVolume } from '#generated/types/core.v1.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { TestCluster } from '../testCluster.ts';
import { pvProtectionController } from './pvProtectionController.ts';

test('a bound volume that is deleted goes when it is released', () => {
  const cluster = new TestCluster([pvProtectionController]);
  const volume = cluster.client.create<PersistentVolume>(persistentVolumes, {
    metadata: { name: 'v' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/d' } },
  });
  const setPhase = (phase: 'Bound' | 'Released') =>
    cluster.client.updateStatus(persistentVolumes, {
      ...cluster.get(persistentVolumes, 'v'),
      status: { phase },
    });
  expect(volume.metadata.finalizers).toEqual(['kubernetes.io/pv-protection']);
  setPhase('Bound');
  cluster.client.delete(persistentVolumes, '', 'v');
  cluster.run();
  expect(cluster.has(persistentVolumes, 'v')).toBe(true);
  setPhase('Released');
  cluster.run();
  expect(cluster.has(persistentVolumes, 'v')).toBe(false);
});
