import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const labels = { app: 'e2e' };
const sleeper = (command: string, restartPolicy = 'Never') => ({
  metadata: { labels },
  spec: {
    restartPolicy,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', command] }],
  },
});
const inGroup = (core: string, group: string) => core.replace('/api/v1', group);
const statusOf = (path: string) => f.get(path).status as Readonly<Record<string, unknown>>;

// Upstream: test/e2e/apps/job.go
describe('sig-apps/Job', () => {
  const start = async (spec: object, name = 'j', more: object = {}) => {
    const core = await f.namespace();
    const jobs = `${inGroup(core, '/apis/batch/v1')}/jobs`;
    f.create(jobs, { metadata: { name, ...more }, spec });
    return { pods: `${core}/pods`, jobs, path: `${jobs}/${name}` };
  };

  test('should delete a job', async () => {
    const { pods, path } = await start({ parallelism: 2, completions: 4, template: sleeper('sleep 10000') });
    await f.until(() => statusOf(path)['active'] === 2);
    f.delete(path, { propagationPolicy: 'Foreground' });
    await f.until(() => !f.has(path));
    expect(f.names(pods)).toEqual([]);
  });

  test('should adopt matching orphans and release non-matching pods', async () => {
    const { pods, path } = await start({ parallelism: 2, completions: 4, template: sleeper('sleep 10000') });
    await f.until(() => statusOf(path)['active'] === 2);
    const [name = ''] = f.names(pods);
    const pod = `${pods}/${name}`;
    const { labels: own } = f.get(pod).metadata;
    f.patch(pod, { metadata: { ownerReferences: null } });
    await f.until(() => f.get(pod).metadata.ownerReferences?.[0]?.name === 'j');
    const removed = Object.fromEntries(Object.keys(own ?? {}).map((label) => [label, null]));
    f.patch(pod, { metadata: { labels: removed } });
    await f.until(() => (f.get(pod).metadata.ownerReferences ?? []).length === 0);
  });

  test('should apply changes to a job status', async () => {
    // Only a suspended job lets others say when it started.
    const { path } = await start({
      suspend: true,
      parallelism: 2,
      completions: 4,
      template: sleeper('true'),
    });
    const marks = { metadata: { annotations: { patchedstatus: 'true' } } };
    const startTime = '2026-01-01T00:00:00Z';
    const patched = f.patch(`${path}/status`, { ...marks, status: { startTime } });
    expect(patched).toMatchObject({ ...marks, status: { startTime } });
    const later = '2026-01-01T00:00:30Z';
    const put = f.update(`${path}/status`, { ...f.get(path), status: { startTime: later } });
    expect(put.status).toMatchObject({ startTime: later });
    expect(f.get(`${path}/status`).metadata.uid).toBe(patched.metadata.uid);
  });

  test('should manage the lifecycle of a job', async () => {
    const marks = { labels: { e2e: 'job' } };
    const { jobs, path } = await start({ suspend: true, template: sleeper('true') }, 'life', marks);
    const seen = f.watch(jobs);
    f.patch(path, { metadata: { labels: { e2e: 'patched' } } });
    f.patch(path, { spec: { suspend: false } });
    const read = f.get(path);
    f.update(path, { ...read, metadata: { ...read.metadata, annotations: { updated: 'true' } } });
    await f.until(() => statusOf(path)['succeeded'] === 1);
    expect(f.names('/apis/batch/v1/jobs', 'e2e=patched')).toEqual(['life']);
    f.delete(jobs, { propagationPolicy: 'Background' }, { labelSelector: 'e2e=patched' });
    await f.until(() => !f.has(path));
    await f.pass(1);
    expect(seen.at(-1)!.type).toBe('DELETED');
  });
});

// Upstream: test/e2e/apps/cronjob.go
describe('sig-apps/CronJob', () => {
  const start = async (concurrencyPolicy: string, command: string, more: object = {}) => {
    const batch = inGroup(await f.namespace(), '/apis/batch/v1');
    const spec = { template: sleeper(command, 'OnFailure') };
    f.create(`${batch}/cronjobs`, {
      metadata: { name: 'cj' },
      spec: { schedule: '*/1 * * * *', concurrencyPolicy, jobTemplate: { spec }, ...more },
    });
    return { jobs: `${batch}/jobs`, path: `${batch}/cronjobs/cj` };
  };
  const active = (path: string) => (statusOf(path)['active'] ?? []) as readonly { name: string }[];

  test('should schedule multiple jobs concurrently', async () => {
    const { jobs, path } = await start('Allow', 'sleep 300');
    await f.until(() => active(path).length >= 2, 200);
    expect(f.names(jobs).length).toBeGreaterThanOrEqual(2);
    f.delete(path);
  });

  test('should not schedule jobs when suspended', async () => {
    const { jobs, path } = await start('Allow', 'sleep 300', { suspend: true });
    await f.pass(300);
    expect(f.names(jobs)).toEqual([]);
    expect(active(path)).toEqual([]);
    f.delete(path);
  });

  test('should not schedule new jobs when ForbidConcurrent', async () => {
    const { jobs, path } = await start('Forbid', 'sleep 300');
    await f.until(() => active(path).length === 1);
    const before = f.names(jobs);
    await f.pass(120);
    expect(f.names(jobs)).toEqual(before);
    expect(active(path)).toHaveLength(1);
    f.delete(path);
  });

  test('should replace jobs when ReplaceConcurrent', async () => {
    const { jobs, path } = await start('Replace', 'sleep 300');
    await f.until(() => active(path).length === 1);
    const [before] = active(path);
    await f.until(() => active(path).length === 1 && active(path)[0]!.name !== before!.name);
    await f.until(() => !f.names(jobs).includes(before!.name));
    f.delete(path);
  });
});

// Upstream: test/e2e/apps/disruption.go
describe('sig-apps/DisruptionController', () => {
  const start = async (minAvailable: number, replicas: number) => {
    const core = await f.namespace();
    const apps = inGroup(core, '/apis/apps/v1');
    const budgets = `${inGroup(core, '/apis/policy/v1')}/poddisruptionbudgets`;
    if (replicas > 0) {
      const template = {
        metadata: { labels },
        spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10' }] },
      };
      f.create(`${apps}/replicasets`, {
        metadata: { name: 'rs' },
        spec: { replicas, selector: { matchLabels: labels }, template },
      });
      await f.until(() => statusOf(`${apps}/replicasets/rs`)['readyReplicas'] === replicas);
    }
    const spec = { selector: { matchLabels: labels }, minAvailable };
    f.create(budgets, { metadata: { name: 'foo' }, spec });
    const path = `${budgets}/foo`;
    await f.until(() => statusOf(path)['observedGeneration'] === 1);
    return { pods: `${core}/pods`, budgets, path };
  };

  test('should create a PodDisruptionBudget', async () => {
    const { path } = await start(1, 0);
    const read = f.get(path);
    const minAvailable = '2%';
    expect(f.update(path, { ...read, spec: { ...(read.spec as object), minAvailable } }).spec).toMatchObject({
      minAvailable,
    });
    await f.until(() => statusOf(path)['observedGeneration'] === 2);
    expect(f.patch(path, { spec: { minAvailable: '3%' } }).spec).toMatchObject({ minAvailable: '3%' });
    await f.until(() => statusOf(path)['observedGeneration'] === 3);
    f.delete(path);
    expect(f.has(path)).toBe(false);
  });

  test('Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets', async () => {
    const { budgets } = await start(1, 0);
    const other = await start(1, 0);
    const spec = { selector: { matchLabels: labels }, minAvailable: 2 };
    for (const name of ['foo2', 'foo3']) f.create(budgets, { metadata: { name }, spec });
    expect(
      f.names('/apis/policy/v1/poddisruptionbudgets').filter((name) => name.startsWith('foo')).length,
    ).toBeGreaterThanOrEqual(4);
    expect(f.names(budgets)).toEqual(['foo', 'foo2', 'foo3']);
    f.delete(budgets);
    await f.until(() => f.names(budgets).length === 0);
    expect(f.names(other.budgets)).toEqual(['foo']);
  });

  test('should observe PodDisruptionBudget status updated', async () => {
    const { path } = await start(1, 3);
    await f.until(() => statusOf(path)['disruptionsAllowed'] === 2);
    expect(statusOf(path)).toMatchObject({ expectedPods: 3, currentHealthy: 3, desiredHealthy: 1 });
  });

  test('should update/patch PodDisruptionBudget status', async () => {
    const { path } = await start(1, 2);
    const read = f.get(`${path}/status`);
    const disruptedPods = { 'some-pod': '2026-01-01T00:01:00Z' };
    const put = f.update(`${path}/status`, {
      ...read,
      status: { ...(read.status as object), disruptedPods },
    });
    expect(put.status).toMatchObject({ disruptedPods });
    const patched = f.patch(`${path}/status`, { status: { disruptedPods: null } });
    expect((patched.status as { disruptedPods?: unknown }).disruptedPods).toBeUndefined();
  });

  test('should block an eviction until the PDB is updated to allow it', async () => {
    const { pods, path } = await start(3, 3);
    const [name = ''] = f.names(pods);
    const evict = () => f.send('POST', `${pods}/${name}/eviction`, { metadata: { name } });
    expect(evict()).toMatchObject({
      status: 429,
      body: { details: { causes: [{ reason: 'DisruptionBudget' }] } },
    });
    f.patch(path, { spec: { minAvailable: 2 } });
    await f.until(() => statusOf(path)['disruptionsAllowed'] === 1);
    expect(evict().status).toBe(201);
    await f.until(() => !f.names(pods).includes(name));
  });
});

// Upstream: test/e2e/scheduling/limit_range.go
describe('sig-scheduling/LimitRange', () => {
  const limits = [
    {
      type: 'Container',
      min: { cpu: '50m', memory: '100Mi' },
      max: { cpu: '500m', memory: '500Mi' },
      default: { cpu: '500m', memory: '500Mi' },
      defaultRequest: { cpu: '100m', memory: '200Mi' },
    },
  ];
  const pod = (name: string, resources: object = {}) => ({
    metadata: { name },
    spec: { containers: [{ name: 'c', image: 'registry.k8s.io/pause:3.10', resources }] },
  });

  test('should create a LimitRange with defaults and ensure pod has those defaults applied.', async () => {
    const core = await f.namespace();
    const seen = f.watch(`${core}/limitranges`);
    f.create(`${core}/limitranges`, { metadata: { name: 'limit-range' }, spec: { limits } });
    await f.pass(1);
    expect(seen.map(({ type }) => type)).toEqual(['ADDED']);
    const resourcesOf = ({ spec }: Answer) =>
      (spec as { containers: { resources: unknown }[] }).containers[0]!.resources;
    expect(resourcesOf(f.create(`${core}/pods`, pod('no-resources')))).toEqual({
      requests: { cpu: '100m', memory: '200Mi' },
      limits: { cpu: '500m', memory: '500Mi' },
    });
    const partial = { requests: { cpu: '150m', memory: '150Mi' }, limits: { cpu: '300m' } };
    expect(resourcesOf(f.create(`${core}/pods`, pod('partial', partial)))).toEqual({
      requests: { cpu: '150m', memory: '150Mi' },
      limits: { cpu: '300m', memory: '500Mi' },
    });
    f.failure('POST', `${core}/pods`, pod('too-small', { requests: { cpu: '10m', memory: '50Mi' } }));
    f.failure('POST', `${core}/pods`, pod('too-large', { limits: { cpu: '600m', memory: '600Mi' } }));
    const min = { cpu: '49m', memory: '49Mi' };
    const one = `${core}/limitranges/limit-range`;
    f.update(one, { ...f.get(one), spec: { limits: [{ ...limits[0], min }] } });
    expect(f.get(one).spec).toMatchObject({ limits: [{ min }] });
    await f.pass(1);
    f.create(`${core}/pods`, pod('small-now', { requests: { cpu: '49m', memory: '49Mi' } }));
    f.failure('POST', `${core}/pods`, pod('still-too-large', { limits: { cpu: '600m', memory: '600Mi' } }));
    f.delete(one);
    await f.pass(1);
    f.create(`${core}/pods`, pod('large-now', { requests: { cpu: '600m', memory: '600Mi' } }));
  });

  test('should list, patch and delete a LimitRange by collection', async () => {
    const [core, other] = [await f.namespace(), await f.namespace()];
    const marks = { e2e: 'limit-range' };
    for (const path of [core, other])
      f.create(`${path}/limitranges`, { metadata: { name: 'lr', labels: marks }, spec: { limits } });
    expect(f.names('/api/v1/limitranges', 'e2e=limit-range')).toEqual(['lr', 'lr']);
    const changed = { spec: { limits: [{ ...limits[0], min: { cpu: '40m', memory: '40Mi' } }] } };
    const patched = f.patch(`${core}/limitranges/lr`, {
      metadata: { labels: { lr: 'patched' } },
      ...changed,
    });
    expect(patched).toMatchObject({ metadata: { labels: { lr: 'patched' } }, ...changed });
    f.delete(`${core}/limitranges`, undefined, { labelSelector: 'lr=patched' });
    await f.until(() => f.names(`${core}/limitranges`).length === 0);
    expect(f.names('/api/v1/limitranges', 'e2e=limit-range')).toEqual(['lr']);
  });
});
