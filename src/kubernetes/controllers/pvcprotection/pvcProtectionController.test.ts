import { expect, test } from 'vitest';
import type { PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestCluster } from '../testCluster.ts';
import { pvcProtectionController } from './pvcProtectionController.ts';

function clusterWith(nodeName: string | undefined): TestCluster {
  const cluster = new TestCluster([pvcProtectionController]);
  cluster.client.create<PersistentVolumeClaim>(persistentVolumeClaims, {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  cluster.client.create<Pod>(pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
  cluster.run();
  cluster.client.delete(persistentVolumeClaims, 'default', 'data');
  cluster.run();
  return cluster;
}

const isThere = (cluster: TestCluster) => cluster.has(persistentVolumeClaims, 'data');

test('a claim that no bound pod uses goes at once', () => {
  expect(isThere(clusterWith(undefined))).toBe(false);
});

test('a claim in use goes with its pod', () => {
  const cluster = clusterWith('node-1');
  expect(isThere(cluster)).toBe(true);
  cluster.client.delete(pods, 'default', 'web', { gracePeriodSeconds: 0 });
  cluster.run();
  expect(isThere(cluster)).toBe(false);
});

test('a claim in use goes when its pod has ended', () => {
  const cluster = clusterWith('node-1');
  cluster.setPhase(cluster.get(pods, 'web'), 'Succeeded');
  cluster.run();
  expect(isThere(cluster)).toBe(false);
});
