import { expect, test } from 'vitest';
import type { StatefulSet } from '#generated/types/apps.v1.ts';
import { controllerRevisions } from '#kubernetes/api/apps/controllerRevision.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { garbageCollectorController } from '../garbagecollector/garbageCollectorController.ts';
import { TestCluster } from '../testCluster.ts';
import { statefulSetController } from './statefulSetController.ts';

const labels = { app: 'db' };

function clusterWith(spec: Partial<StatefulSet['spec']> = {}): TestCluster {
  const cluster = new TestCluster([statefulSetController, garbageCollectorController]);
  cluster.client.create<StatefulSet>(statefulSets, {
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'v1' }] } },
      ...spec,
    },
  });
  return cluster;
}

const setImage = (cluster: TestCluster, image: string) =>
  cluster.patch(statefulSets, 'db', { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } });

/** `name:image`, of all pods by name. */
function images(cluster: TestCluster): string[] {
  return cluster
    .list(pods)
    .map(({ metadata, spec }) => `${metadata.name}:${spec.containers[0]!.image}`)
    .sort();
}

const names = (cluster: TestCluster) => cluster.list(pods).map(({ metadata }) => metadata.name);

const claim = {
  apiVersion: 'v1' as const,
  kind: 'PersistentVolumeClaim' as const,
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } } },
};
const claims = [claim] as unknown as NonNullable<StatefulSet['spec']['volumeClaimTemplates']>;

test('ordered pods come one after the other, each when the one before is ready', () => {
  const cluster = clusterWith();
  cluster.run();
  expect(names(cluster)).toEqual(['db-0']);
  cluster.setPhase(cluster.get(pods, 'db-0'), 'Running', false);
  cluster.run();
  expect(names(cluster)).toEqual(['db-0']);
  cluster.setPhase(cluster.get(pods, 'db-0'), 'Running');
  cluster.run();
  expect(names(cluster)).toEqual(['db-0', 'db-1']);
  cluster.settle();
  expect(names(cluster)).toEqual(['db-0', 'db-1', 'db-2']);
  expect(cluster.get(statefulSets, 'db').status).toMatchObject({
    observedGeneration: 1,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    collisionCount: 0,
  });
  expect(cluster.events('db')).toEqual(
    ['0', '1', '2'].map(
      (ordinal) => `Normal SuccessfulCreate create Pod db-${ordinal} in StatefulSet db successful`,
    ),
  );
});

test('parallel pods come at once', () => {
  const cluster = clusterWith({ podManagementPolicy: 'Parallel' });
  cluster.run();
  expect(names(cluster)).toEqual(['db-0', 'db-1', 'db-2']);
});

test('a pod has its name, index, revision and host name', () => {
  const cluster = clusterWith({ ordinals: { start: 5 }, replicas: 1 });
  cluster.run();
  const pod = cluster.get(pods, 'db-5');
  const { currentRevision } = cluster.get(statefulSets, 'db').status;
  expect(pod.metadata.labels).toEqual({
    app: 'db',
    'apps.kubernetes.io/pod-index': '5',
    'statefulset.kubernetes.io/pod-name': 'db-5',
    'controller-revision-hash': currentRevision,
  });
  expect(pod.spec).toMatchObject({ hostname: 'db-5', subdomain: 'db' });
  expect(cluster.list(controllerRevisions).map(({ metadata }) => metadata.name)).toEqual([currentRevision]);
});

test('scaling down takes the highest first, one at a time', () => {
  const cluster = clusterWith();
  cluster.settle();
  cluster.patch(statefulSets, 'db', { spec: { replicas: 1 } });
  cluster.run();
  const going = cluster.list(pods).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  // The pods of this test are bound to no node: what is deleted is gone.
  expect(going).toEqual([]);
  cluster.settle();
  expect(names(cluster)).toEqual(['db-0']);
  expect(cluster.events('db').slice(3)).toEqual([
    'Normal SuccessfulDelete delete Pod db-2 in StatefulSet db successful',
    'Normal SuccessfulDelete delete Pod db-1 in StatefulSet db successful',
  ]);
});

test('a pod that is gone comes back under its name; one that has failed is replaced', () => {
  const cluster = clusterWith();
  cluster.settle();
  const { uid } = cluster.get(pods, 'db-1').metadata;
  cluster.client.delete(pods, 'default', 'db-1');
  cluster.setPhase(cluster.get(pods, 'db-2'), 'Failed');
  cluster.settle();
  expect(names(cluster).sort()).toEqual(['db-0', 'db-1', 'db-2']);
  expect(cluster.get(pods, 'db-1').metadata.uid).not.toBe(uid);
  expect(cluster.get(pods, 'db-2').status.phase).toBe('Running');
});

test('a rollout goes from the highest to the lowest, and the new version becomes the current one', () => {
  const cluster = clusterWith();
  cluster.settle();
  const before = cluster.get(statefulSets, 'db').status.currentRevision;
  setImage(cluster, 'v2');
  cluster.run();
  expect(images(cluster)).toEqual(['db-0:v1', 'db-1:v1', 'db-2:v2']);
  expect(cluster.get(statefulSets, 'db').status).toMatchObject({
    currentRevision: before,
    updatedReplicas: 1,
  });
  cluster.settle();
  expect(images(cluster)).toEqual(['db-0:v2', 'db-1:v2', 'db-2:v2']);
  const { status } = cluster.get(statefulSets, 'db');
  expect(status.currentRevision).toBe(status.updateRevision);
  expect(status.currentRevision).not.toBe(before);
});

test('a partition holds the rollout off the lower ordinals, also when they are made anew', () => {
  const cluster = clusterWith({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
  cluster.settle();
  setImage(cluster, 'v2');
  cluster.settle();
  expect(images(cluster)).toEqual(['db-0:v1', 'db-1:v1', 'db-2:v2']);
  cluster.client.delete(pods, 'default', 'db-0');
  cluster.settle();
  expect(images(cluster)).toEqual(['db-0:v1', 'db-1:v1', 'db-2:v2']);
});

test('maxUnavailable lets several go at once', () => {
  const cluster = clusterWith({
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } },
  });
  cluster.settle();
  setImage(cluster, 'v2');
  cluster.run();
  expect(images(cluster)).toEqual(['db-0:v1', 'db-1:v2', 'db-2:v2']);
});

test('OnDelete leaves it to whoever deletes', () => {
  const cluster = clusterWith({ updateStrategy: { type: 'OnDelete' } });
  cluster.settle();
  setImage(cluster, 'v2');
  cluster.settle();
  expect(images(cluster)).toEqual(['db-0:v1', 'db-1:v1', 'db-2:v1']);
  cluster.client.delete(pods, 'default', 'db-1');
  cluster.settle();
  expect(images(cluster)).toEqual(['db-0:v1', 'db-1:v2', 'db-2:v1']);
});

test('a template that comes back brings its revision back, and old ones go beyond the limit', () => {
  const cluster = clusterWith({ revisionHistoryLimit: 1 });
  cluster.settle();
  for (const image of ['v2', 'v3', 'v4']) {
    setImage(cluster, image);
    cluster.settle();
  }
  const revisions = () =>
    cluster
      .list(controllerRevisions)
      .map(({ revision }) => revision)
      .sort((a, b) => a - b);
  expect(revisions()).toEqual([3, 4]);
  setImage(cluster, 'v3');
  cluster.settle();
  expect(revisions()).toEqual([4, 5]);
});

test('ordered pods wait until the one before has been ready for minReadySeconds', () => {
  const cluster = clusterWith({ minReadySeconds: 30 });
  cluster.settle();
  expect(names(cluster)).toEqual(['db-0']);
  expect(cluster.get(statefulSets, 'db').status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
  cluster.run(31_000);
  expect(names(cluster)).toEqual(['db-0', 'db-1']);
});

test('each pod has claims of its own, which stay', () => {
  const cluster = clusterWith({ replicas: 2, volumeClaimTemplates: claims });
  cluster.settle();
  const all = () => cluster.list(persistentVolumeClaims).map(({ metadata }) => metadata.name);
  expect(all()).toEqual(['data-db-0', 'data-db-1']);
  expect(cluster.get(pods, 'db-1').spec.volumes?.[0]).toEqual({
    name: 'data',
    persistentVolumeClaim: { claimName: 'data-db-1' },
  });
  expect(cluster.get(persistentVolumeClaims, 'data-db-0').metadata.labels).toEqual(labels);
  expect(cluster.events('db')[0]).toBe(
    'Normal SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success',
  );
  cluster.patch(statefulSets, 'db', { spec: { replicas: 0 } });
  cluster.settle();
  expect(all()).toEqual(['data-db-0', 'data-db-1']);
  expect(cluster.get(persistentVolumeClaims, 'data-db-0').metadata.ownerReferences).toBeUndefined();
});

test.each([
  ['Retain', 'Retain', [], []],
  ['Delete', 'Retain', ['StatefulSet'], ['StatefulSet']],
  ['Retain', 'Delete', [], ['Pod']],
  ['Delete', 'Delete', ['StatefulSet'], ['Pod']],
] as const)(
  'whenDeleted %s, whenScaled %s: claims belong to %j, of a pod too many to %j',
  (whenDeleted, whenScaled, kept, scaled) => {
    const cluster = clusterWith({
      replicas: 2,
      volumeClaimTemplates: claims,
      persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
    });
    cluster.settle();
    const owners = (name: string) =>
      (cluster.get(persistentVolumeClaims, name).metadata.ownerReferences ?? []).map(({ kind }) => kind);
    expect([owners('data-db-0'), owners('data-db-1')]).toEqual([kept, kept]);
    // What still terminates keeps its claim alive long enough to be looked at.
    cluster.patch(pods, 'db-1', { metadata: { finalizers: ['test/hold'] } });
    cluster.patch(statefulSets, 'db', { spec: { replicas: 1 } });
    cluster.run();
    expect([owners('data-db-0'), owners('data-db-1')]).toEqual([kept, scaled]);
  },
);

test('orphans of the right names are adopted', () => {
  const cluster = clusterWith({ replicas: 1 });
  cluster.settle();
  for (const name of ['db-7', 'other']) {
    cluster.client.create(pods, {
      metadata: { name, namespace: 'default', labels },
      spec: { containers: [{ name: 'c', image: 'v1' }] },
    });
  }
  cluster.settle();
  expect(names(cluster).sort()).toEqual(['db-0', 'other']);
});

test('a million replicas come a few hundred at a time, and hold nobody up', () => {
  const cluster = clusterWith({ replicas: 1_000_000, podManagementPolicy: 'Parallel' });
  cluster.run(500);
  expect(cluster.list(pods).length).toBeGreaterThanOrEqual(150);
});
