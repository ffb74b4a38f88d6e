import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const labels = { app: 'e2e' };
const pause = 'registry.k8s.io/pause:3.10';
const template = (image = pause, more: object = {}) => ({
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image, ...more }] },
});
const spec = (replicas: number, more: object = {}) => ({
  replicas,
  selector: { matchLabels: labels },
  template: template(),
  ...more,
});
const setImage = (image: string) => ({ spec: { template: template(image) } });
/** An image that cannot be pulled: its pods are never ready. */
const broken = 'registry.k8s.io/webserver:404';

const appsNamespace = async () => {
  const core = await f.namespace();
  return { core, apps: core.replace('/api/v1', '/apis/apps/v1') };
};
const statusOf = (path: string) => f.get(path).status as Readonly<Record<string, number>>;
const specOf = (object: Answer) => object.spec as { replicas: number; template: ReturnType<typeof template> };
const namesOf = (items: readonly Answer[]) => items.map(({ metadata }) => metadata.name).sort();
const ownersOf = (path: string) => f.get(path).metadata.ownerReferences ?? [];

async function rolledOut(path: string, replicas: number): Promise<void> {
  await f.until(() => {
    const { metadata } = f.get(path);
    const status = statusOf(path);
    return (
      status['observedGeneration'] === metadata.generation &&
      status['updatedReplicas'] === replicas &&
      status['availableReplicas'] === replicas &&
      status['replicas'] === replicas
    );
  });
}

/** What every "should have a working scale subresource" asserts. */
function scales(path: string): void {
  const scale = f.get(`${path}/scale`);
  expect(scale.spec).toMatchObject({ replicas: 1 });
  expect(f.update(`${path}/scale`, { ...scale, spec: { replicas: 2 } }).spec).toMatchObject({ replicas: 2 });
  expect(f.get(path).spec).toMatchObject({ replicas: 2 });
  expect(f.patch(`${path}/scale`, { spec: { replicas: 4 } }).spec).toMatchObject({ replicas: 4 });
  expect(f.get(path).spec).toMatchObject({ replicas: 4 });
}

/** What every "should validate … Status endpoints" asserts. */
function hasStatusEndpoints(path: string): void {
  const conditionOf = (type: string) => ({
    type,
    status: 'True',
    reason: 'E2E',
    message: 'Set from e2e test',
  });
  const read = f.get(`${path}/status`);
  const conditions = [conditionOf('StatusUpdate')];
  const put = f.update(`${path}/status`, { ...read, status: { ...(read.status as object), conditions } });
  expect(put.status).toMatchObject({ conditions });
  const patched = f.patch(`${path}/status`, { status: { conditions: [conditionOf('StatusPatched')] } });
  expect(patched.status).toMatchObject({ conditions: [conditionOf('StatusPatched')] });
  expect(f.get(path).spec).toEqual(read.spec);
}

/** What every "should list and delete a collection" asserts. */
async function deletesCollection(path: string, object: object): Promise<void> {
  const [, group = '', kinds = ''] = /^(\/apis\/[^/]+\/[^/]+)\/namespaces\/[^/]+\/(.*)$/.exec(path)!;
  const label = `collection-of-${f.simulation.nowMs}`;
  for (const name of ['test-1', 'test-2', 'test-3'])
    f.create(path, { metadata: { name, labels: { e2e: label } }, ...object });
  expect(f.names(`${group}/${kinds}`, `e2e=${label}`)).toHaveLength(3);
  f.delete(path, undefined, { labelSelector: `e2e=${label}` });
  await f.until(() => f.names(`${group}/${kinds}`, `e2e=${label}`).length === 0);
}

// Upstream: test/e2e/apps/deployment.go
describe('sig-apps/Deployment', () => {
  test('Deployment should have a working scale subresource', async () => {
    const { apps } = await appsNamespace();
    f.create(`${apps}/deployments`, { metadata: { name: 'd' }, spec: spec(1) });
    scales(`${apps}/deployments/d`);
  });

  test('should validate Deployment Status endpoints', async () => {
    const { apps } = await appsNamespace();
    f.create(`${apps}/deployments`, { metadata: { name: 'd' }, spec: spec(1) });
    await rolledOut(`${apps}/deployments/d`, 1);
    hasStatusEndpoints(`${apps}/deployments/d`);
  });

  test('RecreateDeployment should delete old pods and create new ones', async () => {
    const { core, apps } = await appsNamespace();
    const path = `${apps}/deployments/d`;
    f.create(`${apps}/deployments`, {
      metadata: { name: 'd' },
      spec: spec(1, { strategy: { type: 'Recreate' } }),
    });
    await rolledOut(path, 1);
    const [old = ''] = f.names(`${core}/pods`);
    const seen = f.watch(`${core}/pods`);
    f.patch(path, setImage('nginx:1.27'));
    await rolledOut(path, 1);
    const order = seen.map(({ type, object }) => `${type} ${object.metadata.name === old ? 'old' : 'new'}`);
    expect(order.indexOf('ADDED new')).toBeGreaterThan(order.indexOf('DELETED old'));
    expect(order).toContain('DELETED old');
  });

  test('RollingUpdateDeployment should delete old pods and create new ones', async () => {
    const { core, apps } = await appsNamespace();
    const annotations = { 'deployment.kubernetes.io/revision': '41' };
    f.create(`${apps}/replicasets`, {
      metadata: { name: 'controller', labels, annotations },
      spec: spec(1, { template: template('nginx:1.27') }),
    });
    await f.until(() => statusOf(`${apps}/replicasets/controller`)['readyReplicas'] === 1);
    const before = f.names(`${core}/pods`);
    f.create(`${apps}/deployments`, { metadata: { name: 'd' }, spec: spec(1) });
    await rolledOut(`${apps}/deployments/d`, 1);
    expect(f.names(`${core}/pods`)).toHaveLength(1);
    expect(f.names(`${core}/pods`)).not.toEqual(before);
    expect(f.get(`${apps}/replicasets/controller`).spec).toMatchObject({ replicas: 0 });
    expect(f.get(`${apps}/deployments/d`).metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '42',
    });
  });

  test('deployment should delete old replica sets', async () => {
    const { core, apps } = await appsNamespace();
    const old = spec(1, { template: template('nginx:1.27') });
    f.create(`${apps}/replicasets`, { metadata: { name: 'controller', labels }, spec: old });
    await f.until(() => f.names(`${core}/pods`).length === 1);
    f.create(`${apps}/deployments`, { metadata: { name: 'd' }, spec: spec(1, { revisionHistoryLimit: 0 }) });
    await f.until(() => !f.has(`${apps}/replicasets/controller`));
    expect(f.names(`${apps}/replicasets`)).toHaveLength(1);
  });

  test('deployment should support rollover', async () => {
    const { apps } = await appsNamespace();
    const path = `${apps}/deployments/d`;
    const strategy = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    f.create(`${apps}/deployments`, {
      metadata: { name: 'd' },
      spec: spec(1, { strategy, minReadySeconds: 10 }),
    });
    await rolledOut(path, 1);
    f.patch(path, setImage(broken));
    await f.until(() => f.names(`${apps}/replicasets`).length === 2);
    f.patch(path, setImage('nginx:1.27'));
    await rolledOut(path, 1);
    const sets = f.get(`${apps}/replicasets`).items;
    expect(sets.map((set) => specOf(set).replicas).toSorted((a, b) => a - b)).toEqual([0, 0, 1]);
    expect(sets.find((set) => specOf(set).replicas === 1)!.spec).toMatchObject(setImage('nginx:1.27').spec);
  });

  test('deployment should support proportional scaling', async () => {
    const { apps } = await appsNamespace();
    const path = `${apps}/deployments/d`;
    const strategy = { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    f.create(`${apps}/deployments`, { metadata: { name: 'd' }, spec: spec(10, { strategy }) });
    await rolledOut(path, 10);
    const sizes = () =>
      f
        .get(`${apps}/replicasets`)
        .items.map((set) => specOf(set).replicas)
        .sort((a, b) => b - a);
    f.patch(path, setImage(broken));
    await f.until(() => String(sizes()) === '8,5');
    f.patch(path, { spec: { replicas: 30 } });
    await f.until(() => String(sizes()) === '20,13');
  });

  test('should run the lifecycle of a Deployment', async () => {
    const { apps } = await appsNamespace();
    const path = `${apps}/deployments/d`;
    const seen = f.watch(`${apps}/deployments`);
    f.create(`${apps}/deployments`, { metadata: { name: 'd', labels: { life: 'cycle' } }, spec: spec(1) });
    await rolledOut(path, 1);
    f.patch(path, { metadata: { labels: { 'test-deployment': 'patched' } }, spec: { replicas: 2 } });
    await rolledOut(path, 2);
    expect(f.names('/apis/apps/v1/deployments', 'test-deployment=patched')).toEqual(['d']);
    f.patch(`${path}/status`, { status: { readyReplicas: 0, availableReplicas: 0 } });
    const read = f.get(path);
    f.update(path, { ...read, metadata: { ...read.metadata, labels: { 'test-deployment': 'updated' } } });
    await rolledOut(path, 2);
    f.delete(`${apps}/deployments`, undefined, { labelSelector: 'test-deployment=updated' });
    await f.until(() => !f.has(path));
    await f.pass(1);
    expect(seen[0]!.type).toBe('ADDED');
    expect(seen.at(-1)!.type).toBe('DELETED');
  });
});

// Upstream: test/e2e/apps/replica_set.go
describe('sig-apps/ReplicaSet', () => {
  test('should adopt matching pods on creation and release no longer matching pods', async () => {
    const { core, apps } = await appsNamespace();
    f.create(`${core}/pods`, { metadata: { name: 'pod-adoption', labels }, spec: template().spec });
    f.create(`${apps}/replicasets`, { metadata: { name: 'rs' }, spec: spec(1) });
    await f.until(() => ownersOf(`${core}/pods/pod-adoption`)[0]?.name === 'rs');
    f.patch(`${core}/pods/pod-adoption`, { metadata: { labels: { app: 'not-matching' } } });
    await f.until(() => ownersOf(`${core}/pods/pod-adoption`).length === 0);
    await f.until(() => f.names(`${core}/pods`, 'app=e2e').length === 1);
  });

  test('Replicaset should have a working scale subresource', async () => {
    const { apps } = await appsNamespace();
    f.create(`${apps}/replicasets`, { metadata: { name: 'rs' }, spec: spec(1) });
    scales(`${apps}/replicasets/rs`);
  });

  test('Replace and Patch tests', async () => {
    const { core, apps } = await appsNamespace();
    const path = `${apps}/replicasets/rs`;
    f.create(`${apps}/replicasets`, { metadata: { name: 'rs', labels }, spec: spec(1) });
    f.update(path, { ...f.get(path), spec: spec(3) });
    await f.until(() => f.names(`${core}/pods`).length === 3 && statusOf(path)['readyReplicas'] === 3);
    const patch = { metadata: { labels: { 'test-rs': 'patched' } }, ...setImage('nginx:1.27') };
    expect(f.patch(path, patch)).toMatchObject(patch);
    await f.until(() => statusOf(path)['observedGeneration'] === f.get(path).metadata.generation);
  });

  test('should list and delete a collection of ReplicaSets', async () => {
    await deletesCollection(`${(await appsNamespace()).apps}/replicasets`, { spec: spec(1) });
  });

  test('should validate Replicaset Status endpoints', async () => {
    const { apps } = await appsNamespace();
    f.create(`${apps}/replicasets`, { metadata: { name: 'rs' }, spec: spec(1) });
    await f.until(() => statusOf(`${apps}/replicasets/rs`)['readyReplicas'] === 1);
    hasStatusEndpoints(`${apps}/replicasets/rs`);
  });
});

// Upstream: test/e2e/apps/rc.go
describe('sig-apps/ReplicationController', () => {
  const controller = (replicas: number) => ({ replicas, selector: labels, template: template() });

  test('should adopt matching pods on creation', async () => {
    const { core } = await appsNamespace();
    f.create(`${core}/pods`, { metadata: { name: 'pod-adoption', labels }, spec: template().spec });
    f.create(`${core}/replicationcontrollers`, { metadata: { name: 'rc' }, spec: controller(1) });
    await f.until(() => ownersOf(`${core}/pods/pod-adoption`)[0]?.name === 'rc');
    expect(f.names(`${core}/pods`)).toEqual(['pod-adoption']);
  });

  test('should release no longer matching pods', async () => {
    const { core } = await appsNamespace();
    f.create(`${core}/replicationcontrollers`, { metadata: { name: 'rc' }, spec: controller(1) });
    await f.until(() => f.names(`${core}/pods`).length === 1);
    const [name = ''] = f.names(`${core}/pods`);
    f.patch(`${core}/pods/${name}`, { metadata: { labels: { app: 'not-matching' } } });
    await f.until(() => ownersOf(`${core}/pods/${name}`).length === 0);
  });

  test('should get and update a ReplicationController scale', async () => {
    const { core } = await appsNamespace();
    const path = `${core}/replicationcontrollers/rc`;
    f.create(`${core}/replicationcontrollers`, { metadata: { name: 'rc' }, spec: controller(1) });
    await f.until(() => statusOf(path)['replicas'] === 1);
    const scale = f.get(`${path}/scale`);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 1 } });
    f.update(`${path}/scale`, { ...scale, spec: { replicas: 2 } });
    await f.until(() => statusOf(path)['replicas'] === 2);
  });

  test('should surface a failure condition on a common issue like exceeded quota', async () => {
    const { core } = await appsNamespace();
    const path = `${core}/replicationcontrollers/condition-test`;
    f.create(`${core}/resourcequotas`, {
      metadata: { name: 'condition-test' },
      spec: { hard: { pods: '2' } },
    });
    await f.until(() => JSON.stringify(f.get(`${core}/resourcequotas`)).includes('"used"'));
    f.create(`${core}/replicationcontrollers`, { metadata: { name: 'condition-test' }, spec: controller(3) });
    const fails = () => JSON.stringify(f.get(path).status).includes('"ReplicaFailure"');
    await f.until(fails);
    f.patch(path, { spec: { replicas: 2 } });
    await f.until(() => !fails());
  });

  test('should test the lifecycle of a ReplicationController', async () => {
    const { core } = await appsNamespace();
    const path = `${core}/replicationcontrollers/rc`;
    const seen = f.watch(`${core}/replicationcontrollers`);
    const static_ = { 'test-rc-static': 'true' };
    f.create(`${core}/replicationcontrollers`, {
      metadata: { name: 'rc', labels: static_ },
      spec: controller(1),
    });
    await f.until(() => statusOf(path)['readyReplicas'] === 1);
    expect(f.patch(path, { metadata: { labels: { 'test-rc': 'patched' } } }).metadata.labels).toMatchObject({
      'test-rc': 'patched',
    });
    expect(
      f.patch(`${path}/status`, { status: { readyReplicas: 0, availableReplicas: 0 } }).status,
    ).toMatchObject({
      replicas: 1,
    });
    await f.until(() => statusOf(path)['readyReplicas'] === 1);
    f.patch(`${path}/scale`, { spec: { replicas: 2 } });
    await f.until(() => statusOf(path)['readyReplicas'] === 2);
    f.update(path, { ...f.get(path), spec: controller(3) });
    await f.until(() => statusOf(path)['readyReplicas'] === 3);
    expect(f.names('/api/v1/replicationcontrollers', 'test-rc-static=true')).toEqual(['rc']);
    f.delete(`${core}/replicationcontrollers`, undefined, { labelSelector: 'test-rc-static=true' });
    await f.until(() => !f.has(path));
    await f.pass(1);
    expect(seen[0]!.type).toBe('ADDED');
    expect(seen.at(-1)!.type).toBe('DELETED');
  });
});

// Upstream: test/e2e/apps/statefulset.go
describe('sig-apps/StatefulSet', () => {
  const set = (replicas: number) => spec(replicas, { serviceName: 'test' });

  test('should have a working scale subresource', async () => {
    const { apps } = await appsNamespace();
    f.create(`${apps}/statefulsets`, { metadata: { name: 'ss' }, spec: set(1) });
    scales(`${apps}/statefulsets/ss`);
  });

  test('should list, patch and delete a collection of StatefulSets', async () => {
    const { apps } = await appsNamespace();
    const path = `${apps}/statefulsets/test-ss`;
    f.create(`${apps}/statefulsets`, { metadata: { name: 'test-ss', labels }, spec: set(1) });
    expect(f.names('/apis/apps/v1/statefulsets', 'app=e2e')).toContain('test-ss');
    const patch = {
      metadata: { labels: { 'test-ss': 'patched' } },
      spec: { replicas: 2, template: template('nginx:1.27') },
    };
    expect(f.patch(path, patch)).toMatchObject(patch);
    await f.until(() => statusOf(path)['readyReplicas'] === 2);
    f.delete(`${apps}/statefulsets`, undefined, { labelSelector: 'test-ss=patched' });
    await f.until(() => !f.has(path));
  });

  test('should validate Statefulset Status endpoints', async () => {
    const { apps } = await appsNamespace();
    f.create(`${apps}/statefulsets`, { metadata: { name: 'ss' }, spec: set(1) });
    await f.until(() => statusOf(`${apps}/statefulsets/ss`)['readyReplicas'] === 1);
    hasStatusEndpoints(`${apps}/statefulsets/ss`);
  });
});

// Upstream: test/e2e/apps/daemon_set.go
describe('sig-apps/Daemon set', () => {
  const tolerations = [{ operator: 'Exists' }];
  const daemon = (image = pause, more: object = {}) => ({
    selector: { matchLabels: labels },
    template: { ...template(image), spec: { ...template(image).spec, ...more } },
  });
  const ready = (path: string, count: number) =>
    f.until(() => {
      const status = statusOf(path);
      return (
        status['observedGeneration'] === f.get(path).metadata.generation &&
        status['numberReady'] === count &&
        status['desiredNumberScheduled'] === count &&
        (status['updatedNumberScheduled'] ?? 0) === count
      );
    });
  const start = async (more: object = {}, strategy: object = {}) => {
    const { core, apps } = await appsNamespace();
    f.create(`${apps}/daemonsets`, {
      metadata: { name: 'ds', labels },
      spec: { ...daemon(pause, more), ...strategy },
    });
    return { pods: `${core}/pods`, sets: `${apps}/daemonsets`, path: `${apps}/daemonsets/ds` };
  };

  test('should run and stop simple daemon', async () => {
    const { pods, path } = await start();
    await ready(path, 2);
    const [first = ''] = f.names(pods);
    f.delete(`${pods}/${first}`);
    await f.until(() => !f.names(pods).includes(first) && statusOf(path)['numberReady'] === 2);
    f.delete(path);
    await f.until(() => f.names(pods).length === 0);
  });

  test('should run and stop complex daemon', async () => {
    const { pods, path } = await start({ nodeSelector: { color: 'blue' } });
    await f.until(() => statusOf(path)['observedGeneration'] === 1);
    expect(f.names(pods)).toEqual([]);
    f.patch('/api/v1/nodes/node-1', { metadata: { labels: { color: 'blue' } } });
    await ready(path, 1);
    f.patch('/api/v1/nodes/node-1', { metadata: { labels: { color: 'green' } } });
    await f.until(() => f.names(pods).length === 0);
    const template = daemon(pause, { nodeSelector: { color: 'green' } }).template;
    f.patch(path, { spec: { template, updateStrategy: { type: 'RollingUpdate' } } });
    await ready(path, 1);
    f.patch('/api/v1/nodes/node-1', { metadata: { labels: { color: null } } });
    await f.until(() => f.names(pods).length === 0);
  });

  test('should retry creating failed daemon pods', async () => {
    const { pods, path } = await start();
    await ready(path, 2);
    const [name = ''] = f.names(pods);
    const { uid } = f.get(`${pods}/${name}`).metadata;
    f.patch(`${pods}/${name}/status`, { status: { phase: 'Failed' } });
    await f.until(() => f.get(pods).items.every(({ metadata }) => metadata.uid !== uid));
    await ready(path, 2);
  });

  test('should update pod when spec was updated and update strategy is RollingUpdate', async () => {
    const { pods, path } = await start({}, { updateStrategy: { type: 'RollingUpdate' } });
    await ready(path, 2);
    f.patch(path, setImage('nginx:1.27'));
    await ready(path, 2);
    for (const { spec: own } of f.get(pods).items)
      expect(own).toMatchObject({ containers: [{ image: 'nginx:1.27' }] });
  });

  test('should rollback without unnecessary restarts', async () => {
    const { pods, path } = await start({ tolerations }, { updateStrategy: { type: 'RollingUpdate' } });
    await ready(path, 3);
    const before = f.get(pods).items;
    f.patch(path, { spec: daemon(broken, { tolerations }) });
    await f.until(() => f.get(pods).items.some(({ spec: own }) => JSON.stringify(own).includes(broken)));
    const kept = namesOf(before.filter(({ metadata }) => f.names(pods).includes(metadata.name)));
    expect(kept.length).toBe(2);
    f.patch(path, { spec: daemon(pause, { tolerations }) });
    await ready(path, 3);
    for (const name of kept) {
      const { status } = f.get(`${pods}/${name}`);
      expect(status).toMatchObject({ containerStatuses: [{ restartCount: 0 }] });
    }
  });

  test('should list and delete a collection of DaemonSets', async () => {
    await deletesCollection(`${(await appsNamespace()).apps}/daemonsets`, { spec: daemon() });
  });

  test('should verify changes to a daemon set status', async () => {
    const { path } = await start();
    await ready(path, 2);
    hasStatusEndpoints(path);
  });
});
