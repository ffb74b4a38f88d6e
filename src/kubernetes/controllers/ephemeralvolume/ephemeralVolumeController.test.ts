import { expect, test } from 'vitest';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestCluster } from '../testCluster.ts';
import { ephemeralVolumeController } from './ephemeralVolumeController.ts';

const spec = { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } } };

function addPod(cluster: TestCluster): void {
  cluster.client.create(pods, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'nginx' }],
      volumes: [
        { name: 'scratch', ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: 'b' } }, spec } } },
        { name: 'plain', emptyDir: {} },
      ],
    },
  });
  cluster.run();
}

// Upstream: TestSyncHandler
test('a pod gets the claim of its ephemeral volume, and owns it', () => {
  const cluster = new TestCluster([ephemeralVolumeController]);
  addPod(cluster);
  const [claim, ...others] = cluster.list(persistentVolumeClaims);
  expect(others).toEqual([]);
  expect(claim?.metadata).toMatchObject({
    name: 'web-scratch',
    labels: { a: 'b' },
    ownerReferences: [
      { kind: 'Pod', name: 'web', controller: true, uid: cluster.get(pods, 'web').metadata.uid },
    ],
  });
  expect(cluster.events('web')).toEqual([]);
});

test('a claim of that name that is not the pod’s is left alone', () => {
  const cluster = new TestCluster([ephemeralVolumeController]);
  cluster.client.create(persistentVolumeClaims, {
    metadata: { name: 'web-scratch', namespace: 'default' },
    spec,
  });
  addPod(cluster);
  expect(cluster.get(persistentVolumeClaims, 'web-scratch').metadata.ownerReferences).toBeUndefined();
  expect(cluster.events('web')).toEqual([
    'Warning FailedBinding ephemeral volume controller failed to create the PVC: PVC default/web-scratch was not created for pod default/web (pod is not owner)',
  ]);
});
