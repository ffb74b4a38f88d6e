import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';
import { inGroup, pod } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const statusOf = (path: string) => f.get(path).status as Readonly<Record<string, unknown>>;
const running = (path: string) => f.until(() => statusOf(path)['phase'] === 'Running');

// Upstream: test/e2e/common/node/{configmap,secrets}.go, test/e2e/common/storage/{configmap,secrets}_volume.go
describe('sig-node/ConfigMap', () => {
  test('should fail to create ConfigMap with empty key', async () => {
    f.failure('POST', `${await f.namespace()}/configmaps`, {
      metadata: { name: 'cm' },
      data: { '': 'value-1' },
    });
  });

  test('should run through a ConfigMap lifecycle', async () => {
    const path = `${await f.namespace()}/configmaps`;
    const labels = { 'test-configmap-static': 'true' };
    const seen = f.watch(path, { labelSelector: 'test-configmap-static=true' });
    f.create(path, { metadata: { name: 'cm', labels }, data: { valueName: 'value' } });
    f.patch(`${path}/cm`, {
      metadata: { labels: { 'test-configmap': 'patched' } },
      data: { valueName: 'value1' },
    });
    expect(f.get(`${path}/cm`)).toMatchObject({
      data: { valueName: 'value1' },
      metadata: { labels: { 'test-configmap': 'patched' } },
    });
    expect(f.names('/api/v1/configmaps', 'test-configmap=patched')).toEqual(['cm']);
    f.delete(path, undefined, { labelSelector: 'test-configmap-static=true' });
    await f.pass(2);
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });
});

describe('sig-node/Secrets', () => {
  test('should fail to create secret due to empty secret key', async () => {
    f.failure('POST', `${await f.namespace()}/secrets`, {
      metadata: { name: 's' },
      data: { '': 'dmFsdWUtMQ==' },
    });
  });

  test('should patch a secret', async () => {
    const path = `${await f.namespace()}/secrets`;
    const labels = { 'testsecret-constant': 'true' };
    f.create(path, { metadata: { name: 's', labels }, data: { key: 'dmFsdWU=' }, type: 'Opaque' });
    f.patch(`${path}/s`, { metadata: { labels: { testsecret: 'true' } }, data: { key: 'dmFsdWUx' } });
    expect(f.get(`${path}/s`)).toMatchObject({
      data: { key: 'dmFsdWUx' },
      metadata: { labels: { testsecret: 'true' } },
    });
    f.delete(path, undefined, { labelSelector: 'testsecret=true' });
    expect(f.names('/api/v1/secrets', 'testsecret-constant=true')).toEqual([]);
  });
});

async function staysImmutable(resource: string, first: object, second: object): Promise<void> {
  const path = `${await f.namespace()}/${resource}`;
  const one = `${path}/immutable`;
  f.create(path, { metadata: { name: 'immutable' }, data: first });
  f.patch(one, { data: second });
  f.patch(one, { immutable: true });
  expect(f.failure('PATCH', one, { data: first })).toContain(
    'data: Forbidden: field is immutable when `immutable` is set',
  );
  expect(f.failure('PATCH', one, { immutable: false })).toContain(
    'immutable: Forbidden: field is immutable when `immutable` is set',
  );
  f.patch(one, { metadata: { labels: { still: 'changes' } } });
  f.delete(one);
}

describe('sig-storage/ConfigMap', () => {
  test('should be immutable if `immutable` field is set', () =>
    staysImmutable('configmaps', { a: '1' }, { a: '2' }));
});

describe('sig-storage/Secrets', () => {
  test('should be immutable if `immutable` field is set', () =>
    staysImmutable('secrets', { a: 'MQ==' }, { a: 'Mg==' }));
});

// Upstream: test/e2e/common/node/lease.go
describe('sig-node/Lease', () => {
  test('lease API should be available', async () => {
    const path = `${inGroup(await f.namespace(), '/apis/coordination.k8s.io/v1')}/leases`;
    const spec = {
      holderIdentity: 'holder',
      leaseDurationSeconds: 30,
      leaseTransitions: 0,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:05.000000Z',
    };
    const made = f.create(path, { metadata: { name: 'lease' }, spec });
    expect(f.get(`${path}/lease`).spec).toEqual(spec);
    const next = { ...spec, holderIdentity: 'holder2', leaseTransitions: 1 };
    f.update(`${path}/lease`, { ...made, spec: next });
    expect(f.get(`${path}/lease`).spec).toEqual(next);
    f.patch(`${path}/lease`, { spec: { leaseDurationSeconds: 120 } });
    expect(f.get(`${path}/lease`).spec).toMatchObject({ leaseDurationSeconds: 120 });
    f.create(path, { metadata: { name: 'lease2', labels: { deletecollection: 'true' } }, spec });
    expect(f.names(path)).toHaveLength(2);
    f.delete(path, undefined, { labelSelector: 'deletecollection=true' });
    expect(f.names(path)).toEqual(['lease']);
    f.delete(`${path}/lease`);
    expect(f.has(`${path}/lease`)).toBe(false);
  });
});

// Upstream: test/e2e/common/node/runtimeclass.go
describe('sig-node/RuntimeClass', () => {
  const classes = '/apis/node.k8s.io/v1/runtimeclasses';

  test('should reject a Pod requesting a non-existent RuntimeClass', async () => {
    const refused = f.failure(
      'POST',
      `${await f.namespace()}/pods`,
      pod('p', { runtimeClassName: 'nonexistent' }),
    );
    expect(refused).toContain('RuntimeClass "nonexistent" not found');
  });

  test('should reject a Pod requesting a deleted RuntimeClass', async () => {
    const core = await f.namespace();
    f.create(classes, { metadata: { name: 'delete-me' }, handler: 'runc' });
    f.delete(`${classes}/delete-me`);
    await f.pass(1);
    f.failure('POST', `${core}/pods`, pod('p', { runtimeClassName: 'delete-me' }));
  });

  test('should schedule a Pod requesting a RuntimeClass without PodOverhead', async () => {
    const core = await f.namespace();
    f.create(classes, { metadata: { name: 'preconfigured' }, handler: 'runc' });
    await f.pass(1);
    const made = f.create(`${core}/pods`, pod('p', { runtimeClassName: 'preconfigured' }));
    expect((made.spec as { overhead?: unknown }).overhead).toBeUndefined();
    await running(`${core}/pods/p`);
  });

  test('should schedule a Pod requesting a RuntimeClass and initialize its Overhead', async () => {
    const core = await f.namespace();
    const podFixed = { cpu: '10m', memory: '1Mi' };
    f.create(classes, { metadata: { name: 'heavy' }, handler: 'runc', overhead: { podFixed } });
    await f.pass(1);
    expect(f.create(`${core}/pods`, pod('p', { runtimeClassName: 'heavy' })).spec).toMatchObject({
      overhead: podFixed,
    });
    await running(`${core}/pods/p`);
  });
});

// Upstream: test/e2e/common/node/sysctl.go
describe('sig-node/Sysctls', () => {
  test('should reject invalid sysctls', async () => {
    const sysctls = ['foo-', 'kernel.shmmax', 'safe-and-unsafe', 'bar..'].map((name) => ({
      name,
      value: 'x',
    }));
    const refused = f.failure(
      'POST',
      `${await f.namespace()}/pods`,
      pod('p', { securityContext: { sysctls } }),
    );
    for (const index of [0, 3])
      expect(refused).toContain(
        `spec.securityContext.sysctls[${index}].name: Invalid value: "${sysctls[index]!.name}"`,
      );
    for (const index of [1]) expect(refused).not.toContain(`sysctls[${index}]`);
  });
});

// Upstream: test/e2e/common/node/pods.go, test/e2e/node/pods.go
describe('sig-node/Pods', () => {
  test('should get a host IP', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('p'));
    await f.until(() => typeof statusOf(`${path}/p`)['hostIP'] === 'string');
    const { nodeName = '' } = f.get(`${path}/p`).spec as { nodeName?: string };
    expect(JSON.stringify(statusOf(`/api/v1/nodes/${nodeName}`)['addresses'])).toContain(
      `"${String(statusOf(`${path}/p`)['hostIP'])}"`,
    );
  });

  test('should be submitted and removed', async () => {
    const path = `${await f.namespace()}/pods`;
    const labels = { time: 'submitted' };
    expect(f.names(path, 'time=submitted')).toEqual([]);
    const seen = f.watch(path, { labelSelector: 'time=submitted' });
    f.create(path, pod('p', { terminationGracePeriodSeconds: 30 }, labels));
    await running(`${path}/p`);
    f.delete(`${path}/p`, { gracePeriodSeconds: 30 });
    await f.until(() => f.names(path, 'time=submitted').length === 0);
    await f.pass(1);
    expect(seen[0]!.type).toBe('ADDED');
    const last = seen.at(-1)!;
    expect(last.type).toBe('DELETED');
    expect(last.object.metadata).toMatchObject({ deletionTimestamp: expect.any(String) as string });
  });

  test('should be updated', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('p', {}, { time: 'first' }));
    await running(`${path}/p`);
    const read = f.get(`${path}/p`);
    f.update(`${path}/p`, { ...read, metadata: { ...read.metadata, labels: { time: 'second' } } });
    expect(f.names(path, 'time=second')).toEqual(['p']);
  });

  test('should allow activeDeadlineSeconds to be updated', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('p'));
    await running(`${path}/p`);
    f.patch(`${path}/p`, { spec: { activeDeadlineSeconds: 5 } });
    await f.until(() => statusOf(`${path}/p`)['phase'] === 'Failed');
    expect(statusOf(`${path}/p`)).toMatchObject({ reason: 'DeadlineExceeded' });
  });

  test('should delete a collection of pods', async () => {
    const path = `${await f.namespace()}/pods`;
    for (const name of ['test-pod-1', 'test-pod-2', 'test-pod-3'])
      f.create(path, pod(name, {}, { type: 'Testing' }));
    f.delete(path, { gracePeriodSeconds: 0 }, { labelSelector: 'type=Testing' });
    await f.until(() => f.names(path, 'type=Testing').length === 0);
  });

  test('should run through the lifecycle of Pods and PodStatus', async () => {
    const path = `${await f.namespace()}/pods`;
    const seen = f.watch(path, { labelSelector: 'test-pod-static=true' });
    f.create(path, pod('p', {}, { 'test-pod-static': 'true' }));
    await f.until(
      () =>
        JSON.stringify(statusOf(`${path}/p`)).includes('"type":"Ready"') &&
        statusOf(`${path}/p`)['phase'] === 'Running',
    );
    f.patch(`${path}/p`, { metadata: { labels: { 'test-pod': 'patched' } } });
    expect(f.get(`${path}/p`).metadata.labels).toMatchObject({ 'test-pod': 'patched' });
    const read = f.get(`${path}/p/status`);
    const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-01T00:00:00Z' }];
    const put = f.update(`${path}/p/status`, { ...read, status: { ...(read.status as object), conditions } });
    expect(put.status).toMatchObject({ conditions });
    f.delete(path, { gracePeriodSeconds: 0 }, { labelSelector: 'test-pod-static=true' });
    await f.until(() => f.names(path).length === 0);
    await f.pass(1);
    expect(seen.at(-1)!.type).toBe('DELETED');
  });

  test('should patch a pod status', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('p'));
    await running(`${path}/p`);
    const condition = { type: 'StatusPatched', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    const patched = f.patch(`${path}/p/status`, { status: { conditions: [condition] } });
    expect(patched.status).toMatchObject({ conditions: [condition] });
    expect(f.get(`${path}/p/status`).metadata.uid).toBe(patched.metadata.uid);
  });

  test('Pods Set QOS Class should be set on Pods with matching resource requests and limits for memory and cpu', async () => {
    const path = `${await f.namespace()}/pods`;
    const amounts = { cpu: '100m', memory: '100Mi' };
    f.create(path, pod('p', {}, {}, { requests: amounts, limits: amounts }));
    expect(statusOf(`${path}/p`)).toMatchObject({ qosClass: 'Guaranteed' });
  });
});

// Upstream: test/e2e/node/{node_lifecycle,taints}.go
describe('sig-node/Node Lifecycle', () => {
  test('should run through the lifecycle of a node', async () => {
    const path = '/api/v1/nodes/e2e-fake-node';
    const seen = f.watch('/api/v1/nodes', { fieldSelector: 'metadata.name=e2e-fake-node' });
    const status = {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', message: 'Set from e2e test' }],
    };
    f.create('/api/v1/nodes', { metadata: { name: 'e2e-fake-node' }, status });
    expect(
      f.patch(path, { metadata: { labels: { 'e2e-fake-node': 'patched' } } }).metadata.labels,
    ).toMatchObject({ 'e2e-fake-node': 'patched' });
    const read = f.get(path);
    f.update(path, {
      ...read,
      metadata: { ...read.metadata, labels: { ...read.metadata.labels, 'e2e-fake-node': 'updated' } },
    });
    expect(f.names('/api/v1/nodes', 'e2e-fake-node=updated')).toEqual(['e2e-fake-node']);
    const conditions = [{ type: 'Ready', status: 'True', reason: 'E2E', message: 'Set from e2e test' }];
    expect(f.patch(`${path}/status`, { status: { conditions } }).status).toMatchObject({ conditions });
    f.delete('/api/v1/nodes', undefined, { labelSelector: 'e2e-fake-node=updated' });
    await f.until(() => !f.has(path));
    await f.pass(1);
    expect(seen.at(-1)!.type).toBe('DELETED');
  });
});

describe('sig-node/NoExecuteTaintManager', () => {
  const taint = (node: string, effects: readonly string[]) =>
    f.patch(`/api/v1/nodes/${node}`, {
      spec: {
        taints: effects.map((effect) => ({
          key: 'kubernetes.io/e2e-evict-taint-key',
          value: 'evictTaintVal',
          effect,
        })),
      },
    });
  const tolerating = (tolerationSeconds: number) => ({
    nodeName: 'node-2',
    tolerations: [
      {
        key: 'kubernetes.io/e2e-evict-taint-key',
        operator: 'Equal',
        value: 'evictTaintVal',
        effect: 'NoExecute',
        tolerationSeconds,
      },
    ],
  });

  test('Single Pod removing taint cancels eviction', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('p', tolerating(60)));
    await running(`${path}/p`);
    taint('node-2', ['NoExecute']);
    await f.pass(30);
    expect(f.has(`${path}/p`)).toBe(true);
    taint('node-2', []);
    await f.pass(90);
    expect(f.get(`${path}/p`).metadata.deletionTimestamp).toBeUndefined();
    f.delete(`${path}/p`);
  });

  test('Multiple Pods evicts pods with minTolerationSeconds', async () => {
    const path = `${await f.namespace()}/pods`;
    f.create(path, pod('early', tolerating(5)));
    f.create(path, pod('late', tolerating(120)));
    for (const name of ['early', 'late']) await running(`${path}/${name}`);
    taint('node-2', ['NoExecute']);
    await f.until(() => !f.has(`${path}/early`), 60);
    await f.pass(20);
    expect(f.get(`${path}/late`).metadata.deletionTimestamp).toBeUndefined();
    await f.until(() => !f.has(`${path}/late`), 180);
    taint('node-2', []);
  });
});
