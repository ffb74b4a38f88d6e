import { expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { replicaSetController } from '../replicaset/replicaSetController.ts';
import { TestCluster } from '../testCluster.ts';
import { deploymentController } from './deploymentController.ts';

const labels = { app: 'web' };
const template = (image: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image }] },
});

function clusterWith(replicas: number, more: object = {}): TestCluster {
  const cluster = new TestCluster([deploymentController, replicaSetController]);
  cluster.client.create<Deployment>(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: template('nginx:1'), ...more },
  });
  return cluster;
}

const patchSpec = (cluster: TestCluster, spec: object) => cluster.patch(deployments, 'web', { spec });
const setImage = (cluster: TestCluster, image: string) => patchSpec(cluster, { template: template(image) });
const deploymentOf = (cluster: TestCluster) => cluster.get(deployments, 'web');
const imageOf = (set: ReplicaSet) => set.spec.template!.spec!.containers[0]!.image;
const revisionOf = ({ metadata }: ReplicaSet | Deployment) =>
  metadata.annotations!['deployment.kubernetes.io/revision'];

/** Image, revision and size of every set, by revision. */
function setsOf(cluster: TestCluster): string[] {
  return cluster
    .list(replicaSets)
    .map((set) => `${revisionOf(set)} ${imageOf(set)} ${set.spec.replicas}`)
    .sort();
}

function conditionsOf(cluster: TestCluster): string[] {
  return deploymentOf(cluster).status.conditions!.map(
    ({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`,
  );
}

test('a deployment makes one set named for its template', () => {
  const cluster = clusterWith(3);
  cluster.settle();
  const [set] = cluster.list(replicaSets);
  const hash = set!.metadata.labels!['pod-template-hash'];
  expect(set!.metadata.name).toBe(`web-${hash}`);
  expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
  expect(set!.spec.selector.matchLabels).toEqual({ app: 'web', 'pod-template-hash': hash });
  expect(set!.metadata.annotations).toEqual({
    'deployment.kubernetes.io/revision': '1',
    'deployment.kubernetes.io/desired-replicas': '3',
    'deployment.kubernetes.io/max-replicas': '4',
  });
  expect(set!.metadata.ownerReferences).toMatchObject([
    { kind: 'Deployment', name: 'web', controller: true },
  ]);
  expect(cluster.list(pods)).toHaveLength(3);
  expect(revisionOf(deploymentOf(cluster))).toBe('1');
  expect(deploymentOf(cluster).status).toMatchObject({
    observedGeneration: 1,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    terminatingReplicas: 0,
  });
  expect(conditionsOf(cluster)).toEqual([
    'Available True MinimumReplicasAvailable: Deployment has minimum availability.',
    `Progressing True NewReplicaSetAvailable: ReplicaSet "web-${hash}" has successfully progressed.`,
  ]);
  expect(cluster.events('web')).toEqual([
    `Normal ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`,
  ]);
});

test('a rolling update keeps within surge and unavailable, and an undo takes the old set again', () => {
  const cluster = clusterWith(4, {
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
  });
  cluster.settle();
  setImage(cluster, 'nginx:2');
  cluster.run();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 3', '2 nginx:2 2']);
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 0', '2 nginx:2 4']);
  expect(revisionOf(deploymentOf(cluster))).toBe('2');
  setImage(cluster, 'nginx:1');
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['2 nginx:2 0', '3 nginx:1 4']);
  const restored = cluster.list(replicaSets).find((set) => imageOf(set) === 'nginx:1')!;
  expect(restored.metadata.annotations!['deployment.kubernetes.io/revision-history']).toBe('1');
});

test('pods that never become ready stop the rollout, and the deadline tells', () => {
  const cluster = clusterWith(4, { progressDeadlineSeconds: 60 });
  cluster.settle();
  setImage(cluster, 'broken');
  cluster.run(50_000);
  expect(setsOf(cluster)).toEqual(['1 nginx:1 3', '2 broken 2']);
  expect(deploymentOf(cluster).status).toMatchObject({ availableReplicas: 3, unavailableReplicas: 2 });
  expect(conditionsOf(cluster)[1]).toMatch(
    /^Progressing True ReplicaSetUpdated: ReplicaSet "web-\w+" is progressing.$/,
  );
  cluster.run(20_000);
  expect(conditionsOf(cluster)[1]).toMatch(
    /^Progressing False ProgressDeadlineExceeded: ReplicaSet "web-\w+" has timed out progressing.$/,
  );
  setImage(cluster, 'nginx:1');
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['2 broken 0', '3 nginx:1 4']);
  expect(conditionsOf(cluster)[1]).toMatch(/NewReplicaSetAvailable/);
});

test('Recreate waits until the old pods are gone', () => {
  const cluster = clusterWith(2, { strategy: { type: 'Recreate' } });
  cluster.settle();
  const old = cluster.list(pods);
  cluster.patch(pods, old[0]!.metadata.name, { metadata: { finalizers: ['test/hold'] } });
  setImage(cluster, 'nginx:2');
  cluster.run(30_000);
  expect(setsOf(cluster)).toEqual(['1 nginx:1 0']);
  cluster.patch(pods, old[0]!.metadata.name, { metadata: { finalizers: null } });
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 0', '2 nginx:2 2']);
});

test('scaling keeps the set, and in the middle of a rollout keeps the proportion', () => {
  const cluster = clusterWith(4);
  cluster.settle();
  patchSpec(cluster, { replicas: 10 });
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 10']);
  setImage(cluster, 'nginx:2');
  cluster.run();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 8', '2 nginx:2 5']);
  patchSpec(cluster, { replicas: 20 });
  cluster.run();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 15', '2 nginx:2 10']);
});

test('a paused deployment scales but does not roll out', () => {
  const cluster = clusterWith(2);
  cluster.settle();
  patchSpec(cluster, { paused: true });
  cluster.run();
  expect(conditionsOf(cluster)).toContain('Progressing Unknown DeploymentPaused: Deployment is paused');
  setImage(cluster, 'nginx:2');
  patchSpec(cluster, { replicas: 3 });
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 3']);
  patchSpec(cluster, { paused: false });
  cluster.settle();
  expect(setsOf(cluster)).toEqual(['1 nginx:1 0', '2 nginx:2 3']);
});

test('old sets beyond the history limit go, oldest first', () => {
  const cluster = clusterWith(1, { revisionHistoryLimit: 2 });
  for (const image of ['nginx:1', 'nginx:2', 'nginx:3', 'nginx:4', 'nginx:5']) {
    setImage(cluster, image);
    cluster.settle();
  }
  expect(setsOf(cluster)).toEqual(['3 nginx:3 0', '4 nginx:4 0', '5 nginx:5 1']);
});

test('a name that another template has taken is counted as a collision', () => {
  const cluster = clusterWith(1);
  cluster.settle();
  const [set] = cluster.list(replicaSets);
  cluster.client.delete(deployments, 'default', 'web', { propagationPolicy: 'Orphan' });
  cluster.patch(deployments, 'web', { metadata: { finalizers: null } });
  cluster.patch(replicaSets, set!.metadata.name, {
    metadata: { ownerReferences: null, labels: { app: 'x' } },
  });
  cluster.run();
  cluster.client.create<Deployment>(deployments, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: template('nginx:1') },
  });
  cluster.settle();
  expect(deploymentOf(cluster).status.collisionCount).toBe(1);
  expect(cluster.list(replicaSets)).toHaveLength(2);
});

test('a failure of the set to create pods is the deployment’s too', () => {
  const cluster = clusterWith(1);
  cluster.client.patch(deployments, 'default', 'web', {
    type: 'merge',
    body: { spec: { template: { spec: { serviceAccountName: 'nobody' } } } },
  });
  cluster.run();
  expect(conditionsOf(cluster)[2]).toMatch(
    /^ReplicaFailure True FailedCreate: pods "web-\w+-\w+" is forbidden: error looking up service account default\/nobody: serviceaccount "nobody" not found$/,
  );
});
