import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const container = { name: 'c', image: 'registry.k8s.io/pause:3.10' };
const pod = (name: string, ownerReferences: readonly object[] = []) => ({
  metadata: { name, ownerReferences },
  spec: { terminationGracePeriodSeconds: 0, containers: [container] },
});
const template = (labels: object) => ({
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [container] },
});
const ownerOf = (owner: Answer, apiVersion: string, kind: string) => ({
  apiVersion,
  kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
});

// Upstream: test/e2e/apimachinery/namespace.go
describe('sig-api-machinery/Namespaces', () => {
  const nameOf = (path: string) => path.slice('/api/v1/namespaces/'.length);

  test('should ensure that all pods are removed when a namespace is deleted', async () => {
    const path = await f.namespace();
    f.create(`${path}/pods`, pod('test-pod'));
    await f.until(() => (f.get(`${path}/pods/test-pod`).status as { phase?: string }).phase === 'Running');
    f.delete(path);
    await f.until(() => !f.has(path));
    f.create('/api/v1/namespaces', { metadata: { name: nameOf(path) } });
    expect(f.names(`${path}/pods`)).toEqual([]);
  });

  test('should ensure that all services are removed when a namespace is deleted', async () => {
    const path = await f.namespace();
    f.create(`${path}/services`, {
      metadata: { name: 'test-service' },
      spec: { selector: { foo: 'bar' }, ports: [{ port: 80, targetPort: 80 }] },
    });
    f.delete(path);
    await f.until(() => !f.has(path));
    f.create('/api/v1/namespaces', { metadata: { name: nameOf(path) } });
    expect(f.names(`${path}/services`)).toEqual([]);
  });

  test('should patch a Namespace', async () => {
    const path = await f.namespace();
    f.patch(path, { metadata: { labels: { testLabel: 'testValue' } } });
    expect(f.get(path).metadata.labels).toMatchObject({ testLabel: 'testValue' });
  });

  test('should apply changes to a namespace status', async () => {
    const path = await f.namespace();
    const condition = (type: string) => ({ type, status: 'True', reason: 'E2E', message: 'by an e2e test' });
    f.patch(`${path}/status`, { status: { conditions: [condition('StatusPatch')] } });
    const read = f.get(`${path}/status`);
    expect(read.status).toMatchObject({ conditions: [condition('StatusPatch')] });
    const conditions = [condition('StatusPatch'), condition('StatusUpdate')];
    const status = { ...(read.status as object), conditions };
    expect(f.update(`${path}/status`, { ...read, status }).status).toMatchObject({ conditions });
  });

  test('should apply an update to a Namespace', async () => {
    const path = await f.namespace();
    const read = f.get(path);
    const labels = { ...read.metadata.labels, [nameOf(path)]: 'updated' };
    const updated = f.update(path, { ...read, metadata: { ...read.metadata, labels } });
    expect(updated.metadata.labels).toMatchObject({ [nameOf(path)]: 'updated' });
  });

  test('should apply a finalizer to a Namespace', async () => {
    const path = await f.namespace();
    const finalizer = 'e2e.example.com/fakeFinalizer';
    const read = f.get(path);
    const finalizers = ['kubernetes', finalizer];
    f.update(`${path}/finalize`, { ...read, spec: { finalizers } });
    expect(f.get(path).spec).toEqual({ finalizers });
    f.update(`${path}/finalize`, { ...f.get(path), spec: { finalizers: ['kubernetes'] } });
    expect(f.get(path).spec).toEqual({ finalizers: ['kubernetes'] });
  });
});

// Upstream: test/e2e/apimachinery/garbage_collector.go
describe('sig-api-machinery/Garbage collector', () => {
  const labels = { app: 'gc-test' };

  async function replicationController(replicas: number): Promise<{ path: string; rc: string }> {
    const path = await f.namespace();
    f.create(`${path}/replicationcontrollers`, {
      metadata: { name: 'simpletest.rc' },
      spec: { replicas, selector: labels, template: template(labels) },
    });
    await f.until(() => f.names(`${path}/pods`).length === replicas);
    return { path, rc: `${path}/replicationcontrollers/simpletest.rc` };
  }

  test('should delete pods created by rc when not orphaning', async () => {
    const { path, rc } = await replicationController(2);
    f.delete(rc, { propagationPolicy: 'Background' });
    await f.until(() => !f.has(rc) && f.names(`${path}/pods`).length === 0);
  });

  test('should orphan pods created by rc if delete options say so', async () => {
    const { path, rc } = await replicationController(10);
    f.delete(rc, { orphanDependents: true });
    await f.until(() => !f.has(rc));
    await f.pass(30);
    const { items } = f.get(`${path}/pods`);
    expect(items).toHaveLength(10);
    expect(items.filter(({ metadata }) => (metadata.ownerReferences ?? []).length > 0)).toEqual([]);
  });

  test('should keep the rc around until all its pods are deleted if the deleteOptions says so', async () => {
    const { path, rc } = await replicationController(10);
    // A finalizer keeps one pod, and so its controller.
    const [kept = ''] = f.names(`${path}/pods`);
    f.patch(`${path}/pods/${kept}`, { metadata: { finalizers: ['example.com/hold'] } });
    f.delete(rc, { propagationPolicy: 'Foreground' });
    await f.until(() => f.names(`${path}/pods`).length === 1);
    await f.pass(10);
    expect(f.get(rc).metadata).toMatchObject({ finalizers: ['foregroundDeletion'] });
    f.patch(`${path}/pods/${kept}`, { metadata: { finalizers: null } });
    await f.until(() => !f.has(rc));
    expect(f.names(`${path}/pods`)).toEqual([]);
  });

  test("should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted", async () => {
    const { path, rc } = await replicationController(6);
    const stay = f.create(`${path}/replicationcontrollers`, {
      metadata: { name: 'simpletest-rc-to-stay' },
      spec: { replicas: 0, selector: { app: 'other' }, template: template({ app: 'other' }) },
    });
    const both = f.get(`${path}/pods`).items.slice(0, 3);
    for (const { metadata } of both) {
      const ownerReferences = [
        ...(metadata.ownerReferences ?? []),
        ownerOf(stay, 'v1', 'ReplicationController'),
      ];
      f.patch(`${path}/pods/${metadata.name}`, { metadata: { ownerReferences } });
    }
    f.delete(rc, { propagationPolicy: 'Foreground' });
    await f.until(() => !f.has(rc));
    const { items } = f.get(`${path}/pods`);
    expect(items.map(({ metadata }) => metadata.name).sort()).toEqual(
      both.map(({ metadata }) => metadata.name).sort(),
    );
    for (const { metadata } of items) {
      expect(metadata.deletionTimestamp).toBeUndefined();
      expect(metadata.ownerReferences).toEqual([ownerOf(stay, 'v1', 'ReplicationController')]);
    }
  });

  test('should not be blocked by dependency circle', async () => {
    const pods = `${await f.namespace()}/pods`;
    const made = ['pod1', 'pod2', 'pod3'].map((name) => f.create(pods, pod(name)));
    for (const [index, { metadata }] of made.entries()) {
      const owner = {
        ...ownerOf(made[(index + 2) % 3]!, 'v1', 'Pod'),
        controller: true,
        blockOwnerDeletion: true,
      };
      f.patch(`${pods}/${metadata.name}`, { metadata: { ownerReferences: [owner] } });
    }
    f.delete(`${pods}/pod1`, { propagationPolicy: 'Foreground' });
    await f.until(() => f.names(pods).length === 0);
  });

  async function deployment(): Promise<{ deployments: string; replicaSets: string }> {
    const apps = (await f.namespace()).replace('/api/v1', '/apis/apps/v1');
    f.create(`${apps}/deployments`, {
      metadata: { name: 'simpletest.deployment' },
      spec: { replicas: 2, selector: { matchLabels: labels }, template: template(labels) },
    });
    await f.until(() => f.names(`${apps}/replicasets`).length === 1);
    return { deployments: `${apps}/deployments`, replicaSets: `${apps}/replicasets` };
  }

  test('should delete RS created by deployment when not orphaning', async () => {
    const { deployments, replicaSets } = await deployment();
    f.delete(`${deployments}/simpletest.deployment`, { propagationPolicy: 'Background' });
    await f.until(() => f.names(replicaSets).length === 0 && f.names(deployments).length === 0);
  });

  test('should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan', async () => {
    const { deployments, replicaSets } = await deployment();
    f.delete(`${deployments}/simpletest.deployment`, { propagationPolicy: 'Orphan' });
    await f.until(() => f.names(deployments).length === 0);
    await f.pass(30);
    const { items } = f.get(replicaSets);
    expect(items).toHaveLength(1);
    expect(items[0]!.metadata.ownerReferences ?? []).toEqual([]);
  });
});

// Upstream: test/e2e/apimachinery/resource_quota.go
describe('sig-api-machinery/ResourceQuota', () => {
  const hard = {
    pods: '5',
    services: '10',
    'services.nodeports': '1',
    'services.loadbalancers': '1',
    replicationcontrollers: '10',
    resourcequotas: '1',
    cpu: '1',
    memory: '500Mi',
    configmaps: '2',
    secrets: '10',
    'ephemeral-storage': '50Gi',
    'count/replicasets.apps': '5',
    'requests.example.com/dongle': '3',
  };
  const usedIn = (path: string, name = 'test-quota') =>
    (f.get(`${path}/resourcequotas/${name}`).status as { used?: Record<string, string> }).used ?? {};
  const uses = (path: string, expected: Record<string, string>, name?: string) =>
    f.until(() => {
      const used = usedIn(path, name);
      return Object.entries(expected).every(([resource, amount]) => used[resource] === amount);
    });

  async function quota(spec: object = { hard }, name = 'test-quota', at?: string): Promise<string> {
    const path = at ?? (await f.namespace());
    await f.until(() => f.has(`${path}/configmaps/kube-root-ca.crt`));
    f.create(`${path}/resourcequotas`, { metadata: { name }, spec });
    await f.until(() => Object.keys(usedIn(path, name)).length > 0);
    return path;
  }

  test('should create a ResourceQuota and ensure its status is promptly calculated.', async () => {
    await uses(await quota(), { resourcequotas: '1' });
  });

  test('should create a ResourceQuota and capture the life of a service.', async () => {
    const path = await quota();
    const service = (name: string, type: string) => ({
      metadata: { name },
      spec: { type, ports: [{ port: 80, targetPort: 80 }] },
    });
    f.create(`${path}/services`, service('test-service', 'ClusterIP'));
    f.create(`${path}/services`, service('test-service-np', 'NodePort'));
    expect(f.failure('POST', `${path}/services`, service('test-service-lb', 'LoadBalancer'))).toContain(
      'exceeded quota: test-quota',
    );
    await uses(path, { services: '2', 'services.nodeports': '1' });
    for (const name of ['test-service', 'test-service-np']) f.delete(`${path}/services/${name}`);
    await uses(path, { services: '0', 'services.nodeports': '0' });
  });

  test('should create a ResourceQuota and capture the life of a secret.', async () => {
    const path = await quota();
    f.create(`${path}/secrets`, { metadata: { name: 'test-secret' }, data: { data: 'dmFsdWU=' } });
    await uses(path, { secrets: '1' });
    f.delete(`${path}/secrets/test-secret`);
    await uses(path, { secrets: '0' });
  });

  test('should create a ResourceQuota and capture the life of a configMap.', async () => {
    const path = await quota();
    // The certificate's own is there from the beginning.
    await uses(path, { configmaps: '1' });
    f.create(`${path}/configmaps`, { metadata: { name: 'test-configmap' }, data: { a: 'b' } });
    await uses(path, { configmaps: '2' });
    f.delete(`${path}/configmaps/test-configmap`);
    await uses(path, { configmaps: '1' });
  });

  test('should create a ResourceQuota and capture the life of a replication controller.', async () => {
    const path = await quota();
    f.create(`${path}/replicationcontrollers`, {
      metadata: { name: 'test-rc' },
      spec: { replicas: 0, selector: { name: 'x' }, template: template({ name: 'x' }) },
    });
    await uses(path, { replicationcontrollers: '1' });
    f.delete(`${path}/replicationcontrollers/test-rc`, { propagationPolicy: 'Background' });
    await uses(path, { replicationcontrollers: '0' });
  });

  test('should create a ResourceQuota and capture the life of a replica set.', async () => {
    const path = await quota();
    const sets = `${path.replace('/api/v1', '/apis/apps/v1')}/replicasets`;
    f.create(sets, {
      metadata: { name: 'test-rs' },
      spec: { replicas: 0, selector: { matchLabels: { name: 'x' } }, template: template({ name: 'x' }) },
    });
    await uses(path, { 'count/replicasets.apps': '1' });
    f.delete(`${sets}/test-rs`, { propagationPolicy: 'Background' });
    await uses(path, { 'count/replicasets.apps': '0' });
  });

  const limited = (name: string, requests: object, more: object = {}, limits: object = {}) => ({
    metadata: { name },
    spec: { containers: [{ ...container, resources: { requests, limits } }], ...more },
  });

  test('should create a ResourceQuota and capture the life of a pod.', async () => {
    const path = await quota();
    const dongles = { 'example.com/dongle': '2' };
    const requests = { cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi', ...dongles };
    const made = f.create(`${path}/pods`, limited('test-pod', requests, {}, dongles));
    const used = {
      pods: '1',
      cpu: '500m',
      memory: '252Mi',
      'ephemeral-storage': '30Gi',
      'requests.example.com/dongle': '2',
    };
    await uses(path, used);
    expect(
      f.failure('POST', `${path}/pods`, limited('fail-pod', { cpu: '600m', memory: '100Mi' })),
    ).toContain('403 pods "fail-pod" is forbidden: ');
    const more = { ...requests, memory: '100Mi' };
    expect(f.failure('POST', `${path}/pods`, limited('fail-pod', more, {}, dongles))).toContain(
      'exceeded quota',
    );
    const spec = made.spec as { containers: readonly object[] };
    const smaller = { ...spec.containers[0], resources: { requests: { cpu: '100m', memory: '100Mi' } } };
    const changed = { ...f.get(`${path}/pods/test-pod`), spec: { ...spec, containers: [smaller] } };
    f.failure('PUT', `${path}/pods/test-pod`, changed);
    await uses(path, used);
    f.delete(`${path}/pods/test-pod`, { gracePeriodSeconds: 0 });
    await uses(path, { pods: '0', cpu: '0', memory: '0', 'requests.example.com/dongle': '0' });
  });

  test('should verify ResourceQuota with best effort scope.', async () => {
    const path = await quota({ hard: { pods: '5' }, scopes: ['BestEffort'] }, 'best');
    await quota({ hard: { pods: '5' }, scopes: ['NotBestEffort'] }, 'not-best', path);
    for (const [resources, own, other] of [
      [{}, 'best', 'not-best'],
      [{ cpu: '100m', memory: '100Mi' }, 'not-best', 'best'],
    ] as const) {
      f.create(`${path}/pods`, limited('pod', resources));
      await uses(path, { pods: '1' }, own);
      await uses(path, { pods: '0' }, other);
      f.delete(`${path}/pods/pod`, { gracePeriodSeconds: 0 });
      await uses(path, { pods: '0' }, own);
    }
  });

  test('should verify ResourceQuota with terminating scopes.', async () => {
    const path = await quota({ hard: { pods: '5' }, scopes: ['Terminating'] }, 'terminating');
    await quota({ hard: { pods: '5' }, scopes: ['NotTerminating'] }, 'not-terminating', path);
    for (const [more, own, other] of [
      [{}, 'not-terminating', 'terminating'],
      [{ activeDeadlineSeconds: 3600 }, 'terminating', 'not-terminating'],
    ] as const) {
      f.create(`${path}/pods`, limited('pod', {}, more));
      await uses(path, { pods: '1' }, own);
      await uses(path, { pods: '0' }, other);
      f.delete(`${path}/pods/pod`, { gracePeriodSeconds: 0 });
      await uses(path, { pods: '0' }, own);
    }
  });

  test('should be able to update and delete ResourceQuota.', async () => {
    const path = await quota({ hard: { cpu: '1', memory: '500Mi' } });
    const one = `${path}/resourcequotas/test-quota`;
    const bounds = { hard: { cpu: '2', memory: '1Gi' } };
    expect(f.update(one, { ...f.get(one), spec: bounds }).spec).toEqual(bounds);
    expect(f.get(one).spec).toEqual(bounds);
    f.delete(one);
    expect(f.has(one)).toBe(false);
  });

  test('should manage the lifecycle of a ResourceQuota', async () => {
    const path = await f.namespace();
    const labels = { e2e: 'quota' };
    const one = `${path}/resourcequotas/e2e-quota`;
    f.create(`${path}/resourcequotas`, {
      metadata: { name: 'e2e-quota', labels },
      spec: { hard: { cpu: '1', memory: '500Mi' } },
    });
    expect(f.get(one).spec).toMatchObject({ hard: { cpu: '1', memory: '500Mi' } });
    expect(f.names('/api/v1/resourcequotas', 'e2e=quota')).toEqual(['e2e-quota']);
    const bounds = { hard: { memory: '750Mi' } };
    const patched = f.patch(one, { metadata: { labels: { 'e2e-quota': 'patched' } }, spec: bounds });
    expect(patched).toMatchObject({ metadata: { labels: { 'e2e-quota': 'patched' } }, spec: bounds });
    f.delete(`${path}/resourcequotas`, undefined, { labelSelector: 'e2e-quota=patched' });
    await f.until(() => !f.has(one));
  });

  test('should apply changes to a resourcequota status', async () => {
    const path = await quota({ hard: { cpu: '500m', memory: '500Mi' } });
    const one = `${path}/resourcequotas/test-quota`;
    f.patch(one, { spec: { hard: { cpu: '1', memory: '1Gi' } } });
    await f.until(() => JSON.stringify(f.get(one).status).includes('"memory":"1Gi"'));
    const bounds = { hard: { cpu: '2', memory: '2Gi' } };
    const seen = f.watch(`${path}/resourcequotas`);
    expect(f.patch(`${one}/status`, { status: bounds }).status).toMatchObject(bounds);
    // The controller puts right what is not the spec's, when it next counts anew.
    await f.until(() => JSON.stringify(f.get(one).status).includes('"memory":"1Gi"'), 400);
    expect(seen.filter(({ type }) => type === 'MODIFIED').length).toBeGreaterThanOrEqual(2);
    const read = f.get(`${one}/status`);
    expect(f.update(`${one}/status`, { ...read, status: bounds }).status).toMatchObject(bounds);
    await f.until(() => JSON.stringify(f.get(one).status).includes('"memory":"1Gi"'), 400);
    expect(f.get(one).spec).toEqual({ hard: { cpu: '1', memory: '1Gi' } });
  });
});
