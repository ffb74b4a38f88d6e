import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const image = 'registry.k8s.io/pause:3.10';
const pod = (name: string, spec: object = {}, cpu?: string) => ({
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      { name: 'c', image, ...(cpu !== undefined && { resources: { requests: { cpu }, limits: { cpu } } }) },
    ],
    ...spec,
  },
});
const nodeOf = (path: string) => (f.get(path).spec as { nodeName?: string }).nodeName;
const text = (path: string) => JSON.stringify(f.get(path).status);
const isRefused = (path: string) => f.until(() => text(path).includes('"reason":"Unschedulable"'));
const isPlaced = (path: string) => f.until(() => nodeOf(path) !== undefined);
const isRunning = (path: string) => f.until(() => text(path).includes('"phase":"Running"'));
const nodes = ['node-1', 'node-2'];
const label = (node: string, value: string | null) =>
  f.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { 'kubernetes.io/e2e': value } } });

// Upstream: test/e2e/scheduling/predicates.go
describe('sig-scheduling/SchedulerPredicates', () => {
  test('validates resource limits of pods that are allowed to run', async () => {
    const path = `${await f.namespace()}/pods`;
    for (const node of nodes) label(node, node);
    const to = (node: string) => ({ nodeSelector: { 'kubernetes.io/e2e': node } });
    for (const node of nodes) f.create(path, pod(`filler-${node}`, to(node), '2800m'));
    for (const node of nodes) await isRunning(`${path}/filler-${node}`);
    f.create(path, pod('additional', {}, '2'));
    await isRefused(`${path}/additional`);
    expect(f.names(path.replace('/pods', '/events')).some((name) => name.startsWith('additional'))).toBe(
      true,
    );
    for (const node of nodes) label(node, null);
    f.delete(path);
    await f.until(() => f.names(path).length === 0);
  });

  test('validates that NodeSelector is respected if not matching', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('restricted', { nodeSelector: { label: 'nonempty' } }));
    await isRefused(`${path}/restricted`);
    f.delete(path);
  });

  test('validates that NodeSelector is respected if matching', async () => {
    const path = `${await f.namespace()}/pods`;
    label('node-2', '42');
    f.create(path, pod('with-labels', { nodeSelector: { 'kubernetes.io/e2e': '42' } }));
    await isPlaced(`${path}/with-labels`);
    expect(nodeOf(`${path}/with-labels`)).toBe('node-2');
    label('node-2', null);
    f.delete(path);
  });

  test('validates that there exists conflict between pods with same hostPort and protocol but one using 0.0.0.0 hostIP', async () => {
    const path = `${await f.namespace()}/pods`;
    label('node-1', '95');
    const onPort = (name: string, hostIP: string) => {
      const ports = [{ containerPort: 5555, hostPort: 54322, protocol: 'TCP', hostIP }];
      const nodeSelector = { 'kubernetes.io/e2e': '95' };
      f.create(path, pod(name, { nodeSelector, containers: [{ name: 'c', image, ports }] }));
    };
    onPort('pod4', '0.0.0.0');
    await isRunning(`${path}/pod4`);
    const [first] = (f.get('/api/v1/nodes/node-1').status as { addresses: { address: string }[] }).addresses;
    onPort('pod5', first!.address);
    await isRefused(`${path}/pod5`);
    label('node-1', null);
    f.delete(path);
  });
});

// Upstream: test/e2e/scheduling/preemption.go
describe('sig-scheduling/SchedulerPreemption', () => {
  const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
  beforeAll(() => {
    for (const [name, value] of [
      ['low', 1],
      ['medium', 100],
      ['high', 1000],
    ] as const)
      f.create(classes, { metadata: { name }, value });
  });

  /** Fills each node with a pod that more than half of it is: one of low, one of medium priority. */
  async function fill(): Promise<string> {
    const path = `${await f.namespace()}/pods`;
    for (const [index, node] of nodes.entries()) {
      const priorityClassName = index === 0 ? 'low' : 'medium';
      const nodeSelector = { 'kubernetes.io/hostname': node };
      f.create(path, pod(priorityClassName, { priorityClassName, nodeSelector }, '3'));
    }
    for (const name of ['low', 'medium']) await isRunning(`${path}/${name}`);
    return path;
  }

  async function clear(path: string): Promise<void> {
    f.delete(path);
    await f.until(() => f.names(path).length === 0);
  }

  test('validates basic preemption works', async () => {
    const path = await fill();
    f.create(path, pod('preemptor', { priorityClassName: 'high' }, '3'));
    await isRunning(`${path}/preemptor`);
    expect(f.has(`${path}/low`)).toBe(false);
    expect(f.get(`${path}/medium`).metadata.deletionTimestamp).toBeUndefined();
    await clear(path);
  });

  test('validates lower priority pod preemption by critical pod', async () => {
    const path = await fill();
    const system = '/api/v1/namespaces/kube-system/pods';
    f.create(system, pod('critical', { priorityClassName: 'system-cluster-critical' }, '3'));
    await isRunning(`${system}/critical`);
    expect(f.has(`${path}/low`)).toBe(false);
    expect(f.has(`${path}/medium`)).toBe(true);
    f.delete(`${system}/critical`);
    await clear(path);
  });

  test('validates pod disruption condition is added to the preempted pod', async () => {
    const path = await fill();
    f.patch(`${path}/low`, { metadata: { finalizers: ['example.com/test-finalizer'] } });
    f.create(path, pod('preemptor', { priorityClassName: 'high' }, '3'));
    await f.until(() => text(`${path}/low`).includes('"type":"DisruptionTarget"'));
    expect(f.get(`${path}/low`).status).toMatchObject({
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'PreemptionByScheduler',
        }),
      ]) as unknown,
    });
    f.patch(`${path}/low`, { metadata: { finalizers: null } });
    await isRunning(`${path}/preemptor`);
    await clear(path);
  });

  test('PreemptionExecutionPath runs ReplicaSets to verify preemption running path', async () => {
    const core = await f.namespace();
    const sets = `${core.replace('/api/v1', '/apis/apps/v1')}/replicasets`;
    const node = '/api/v1/nodes/node-1';
    const fakecpu = { 'example.com/fakecpu': '1k' };
    f.patch(`${node}/status`, { status: { capacity: fakecpu, allocatable: fakecpu } });
    for (const [name, value] of [
      ['p1', 1],
      ['p2', 2],
      ['p3', 3],
      ['p4', 4],
    ] as const)
      f.create(classes, { metadata: { name }, value });
    const ready = (name: string) =>
      (f.get(`${sets}/${name}`).status as { readyReplicas?: number }).readyReplicas ?? 0;
    const start = (name: string, replicas: number, amount: string) => {
      const labels = { name };
      const amounts = { 'example.com/fakecpu': amount };
      const spec = pod(name, {
        priorityClassName: name,
        nodeSelector: { 'kubernetes.io/hostname': 'node-1' },
      }).spec;
      const containers = [{ name: 'c', image, resources: { requests: amounts, limits: amounts } }];
      const template = { metadata: { labels }, spec: { ...spec, containers } };
      f.create(sets, { metadata: { name }, spec: { replicas, selector: { matchLabels: labels }, template } });
      return f.until(() => ready(name) === replicas);
    };
    await start('p1', 1, '200');
    await start('p2', 1, '300');
    await start('p3', 1, '450');
    // 50 are free: the most important wants 500, which the two least important have to make room for.
    await start('p4', 1, '500');
    await f.pass(5);
    expect(['p1', 'p2', 'p3', 'p4'].map(ready)).toEqual([0, 0, 1, 1]);
  });
});
