// Upstream: pkg/controller/volume/persistentvolume/recycle_test.go, pkg/volume/util/recyclerclient/recycler_client_test.go
import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestCluster } from '../testCluster.ts';
import { persistentVolumeController } from './persistentVolumeController.ts';

const recyclerName = 'recycler-for-pv';

/** A volume to recycle whose claim has just gone, beside a pod where `user` names the phase of one that used it. */
function released(
  source: object = { hostPath: { path: '/srv/data' } },
  user?: Pod['status']['phase'],
): TestCluster {
  const cluster = new TestCluster([persistentVolumeController]);
  const accessModes = ['ReadWriteOnce' as const];
  cluster.client.create(persistentVolumes, {
    metadata: { name: 'pv' },
    spec: { capacity: { storage: '5Gi' }, accessModes, persistentVolumeReclaimPolicy: 'Recycle', ...source },
  });
  cluster.client.create(persistentVolumeClaims, {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes, resources: { requests: { storage: '5Gi' } }, storageClassName: '' },
  });
  if (user !== undefined) {
    const pod = cluster.client.create<Pod>(pods, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        containers: [{ name: 'c', image: 'nginx' }],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
      },
    });
    cluster.client.updateStatus(pods, { ...pod, status: { ...pod.status, phase: user } });
  }
  cluster.run();
  cluster.patch(persistentVolumeClaims, 'data', { metadata: { finalizers: null } });
  cluster.client.delete(persistentVolumeClaims, 'default', 'data');
  cluster.run();
  return cluster;
}

const phaseOf = (cluster: TestCluster) => cluster.get(persistentVolumes, 'pv').status.phase;

/** What a kubelet writes when the pod is over. */
function finish(cluster: TestCluster, status: Partial<Pod['status']>): void {
  const pod = cluster.get(pods, recyclerName);
  cluster.client.updateStatus(pods, { ...pod, status: { ...pod.status, phase: 'Failed', ...status } });
  cluster.run(400);
}

test.each<[string, object, number, object]>([
  ['hostPath', { hostPath: { path: '/srv/data' } }, 60, { hostPath: { path: '/srv/data', type: '' } }],
  ['NFS', { nfs: { server: 's', path: '/x' } }, 300, { nfs: { server: 's', path: '/x' } }],
])('a volume of %s is emptied by a pod, and everybody’s again', (_name, source, seconds, volume) => {
  const cluster = released(source);
  expect(phaseOf(cluster)).toBe('Released');
  expect(cluster.get(pods, recyclerName).spec).toMatchObject({
    activeDeadlineSeconds: seconds,
    restartPolicy: 'Never',
    volumes: [{ name: 'vol', ...volume }, {}],
    containers: [{ command: ['/bin/sh'], volumeMounts: [{ name: 'vol', mountPath: '/scrub' }, {}] }],
  });
  finish(cluster, { phase: 'Succeeded' });
  const { spec } = cluster.get(persistentVolumes, 'pv');
  expect(phaseOf(cluster)).toBe('Available');
  expect(spec.claimRef).toBeUndefined();
  expect(cluster.has(pods, recyclerName)).toBe(false);
  expect(cluster.events('pv')).toEqual(['Normal VolumeRecycled Volume recycled']);
});

test('what happens to the pod is told of the volume', () => {
  const cluster = released();
  cluster.client.create(events, {
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: recyclerName },
    type: 'Normal',
    reason: 'Pulled',
    message: 'Container image is there',
  });
  cluster.run();
  expect(cluster.events('pv')).toEqual(['Normal RecyclerPod Recycler pod: Container image is there']);
});

test.each([
  [
    { message: 'Pod was active on the node longer than the specified deadline' },
    'Pod was active on the node longer than the specified deadline',
  ],
  [{}, 'pod failed, pod.Status.Message unknown'],
])('a pod that fails with %j is tried again later', (status, why) => {
  const cluster = released();
  const { uid } = cluster.get(pods, recyclerName).metadata;
  finish(cluster, status);
  expect(phaseOf(cluster)).toBe('Failed');
  expect(cluster.events('pv')).toEqual([`Warning VolumeFailedRecycle Recycle failed: ${why}`]);
  cluster.run(5_000);
  expect(cluster.get(pods, recyclerName).metadata.uid).not.toBe(uid);
  finish(cluster, { phase: 'Succeeded' });
  expect(phaseOf(cluster)).toBe('Available');
});

test.each<[NonNullable<Pod['status']['phase']>, boolean]>([
  ['Running', false],
  ['Succeeded', true],
])('a volume whose pod is %s is emptied: %s', (phase, isEmptied) => {
  const cluster = released(undefined, phase);
  expect(cluster.has(pods, recyclerName)).toBe(isEmptied);
  expect(cluster.events('pv')).toEqual(
    isEmptied ? [] : ['Normal VolumeFailedRecycle Volume is used by pods: default/web'],
  );
});
