import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const image = 'registry.k8s.io/pause:3.10';
const pod = (name: string, spec: object = {}, labels: object = {}, resources: object = {}) => ({
  metadata: { name, labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image, resources }], ...spec },
});
const statusOf = (path: string) => f.get(path).status as Readonly<Record<string, unknown>>;
const running = (path: string) => f.until(() => statusOf(path)['phase'] === 'Running');
const inGroup = (core: string, group: string) => core.replace('/api/v1', group);

// Upstream: test/e2e/architecture/conformance.go
describe('sig-architecture/Conformance Tests', () => {
  test('should have at least two untainted nodes', () => {
    const free = f.get('/api/v1/nodes').items.filter(({ spec }) => !(spec as { taints?: unknown }).taints);
    expect(free.length).toBeGreaterThanOrEqual(2);
  });
});

// Upstream: test/e2e/auth/service_accounts.go
describe('sig-auth/ServiceAccounts', () => {
  test('should allow opting out of API token automount', async () => {
    const core = await f.namespace();
    for (const [name, automount] of [
      ['default-mount', undefined],
      ['mount', true],
      ['nomount', false],
    ] as const) {
      f.create(`${core}/serviceaccounts`, {
        metadata: { name },
        ...(automount !== undefined && { automountServiceAccountToken: automount }),
      });
      for (const own of [undefined, true, false]) {
        const more = {
          serviceAccountName: name,
          ...(own !== undefined && { automountServiceAccountToken: own }),
        };
        const { spec } = f.create(`${core}/pods`, pod(`${name}-${own ?? 'default'}`, more));
        const mounts = JSON.stringify(spec).includes('/var/run/secrets/kubernetes.io/serviceaccount');
        expect(mounts, `${name}, ${own}`).toBe(own ?? automount ?? true);
      }
    }
  });

  test('should guarantee kube-root-ca.crt exist in any namespace', async () => {
    const path = `${await f.namespace()}/configmaps/kube-root-ca.crt`;
    await f.until(() => f.has(path));
    const { data } = f.send('GET', path).body as { data: object };
    f.delete(path);
    await f.until(() => f.has(path));
    f.patch(path, { data: { 'ca.crt': '' } });
    await f.until(
      () => JSON.stringify((f.send('GET', path).body as { data: object }).data) === JSON.stringify(data),
    );
  });

  test('should run through the lifecycle of a ServiceAccount', async () => {
    const path = `${await f.namespace()}/serviceaccounts`;
    const labels = { 'test-serviceaccount-static': 'true' };
    const seen = f.watch(path, { labelSelector: 'test-serviceaccount-static=true' });
    f.create(path, { metadata: { name: 'testserviceaccount', labels } });
    expect(f.patch(`${path}/testserviceaccount`, { automountServiceAccountToken: false })).toMatchObject({
      automountServiceAccountToken: false,
    });
    expect(f.names('/api/v1/serviceaccounts', 'test-serviceaccount-static=true')).toEqual([
      'testserviceaccount',
    ]);
    f.delete(path, undefined, { labelSelector: 'test-serviceaccount-static=true' });
    await f.pass(2);
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('should update a ServiceAccount', async () => {
    const path = `${await f.namespace()}/serviceaccounts`;
    const made = f.create(path, { metadata: { name: 'e2e-sa' }, automountServiceAccountToken: false });
    const changed = { ...made, automountServiceAccountToken: true };
    expect(f.update(`${path}/e2e-sa`, changed)).toMatchObject({ automountServiceAccountToken: true });
    expect(f.get(`${path}/e2e-sa`)).toMatchObject({ automountServiceAccountToken: true });
  });
});

// Upstream: test/e2e/auth/subjectreviews.go
describe('sig-auth/SubjectReview', () => {
  test('should support SubjectReview API operations', async () => {
    const namespace = (await f.namespace()).slice('/api/v1/namespaces/'.length);
    f.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'e2e' } });
    const user = `system:serviceaccount:${namespace}:e2e`;
    const api = '/apis/authorization.k8s.io/v1';
    const resourceAttributes = { namespace, verb: 'list', resource: 'configmaps', version: 'v1' };
    const may = (path: string, spec: object) =>
      f.create(`${api}/${path}`, { spec }).status as { allowed: boolean };
    expect(may('subjectaccessreviews', { resourceAttributes, user }).allowed).toBe(false);
    // As the account itself: the same answer to the same question.
    const self = f.send(
      'POST',
      `${api}/selfsubjectaccessreviews`,
      { spec: { resourceAttributes } },
      {
        impersonate: { user, groups: [] },
      },
    );
    expect(self.body).toMatchObject({ status: { allowed: false } });
    const local = f.create(`${api}/namespaces/${namespace}/localsubjectaccessreviews`, {
      metadata: { namespace },
      spec: { resourceAttributes, user },
    });
    expect(local.status).toMatchObject({ allowed: false });
  });
});

// Upstream: test/e2e/instrumentation/{core_events,events}.go
describe('sig-instrumentation/Events', () => {
  const involved = (path: string) => ({ namespace: path.split('/').at(-1) ?? '' });

  test('(core) should manage the lifecycle of an event', async () => {
    const core = await f.namespace();
    const path = `${core}/events`;
    const labels = { testevent: core.slice(-5) };
    const selector = `testevent=${labels.testevent}`;
    f.create(path, {
      metadata: { name: 'event-test', labels },
      message: 'This is a test event',
      reason: 'Test',
      type: 'Normal',
      count: 1,
      involvedObject: involved(core),
    });
    expect(f.names('/api/v1/events', selector)).toEqual(['event-test']);
    f.patch(`${path}/event-test`, { message: 'This is a test event - patched' });
    const read = f.get(`${path}/event-test`) as { message?: string };
    expect(read.message).toBe('This is a test event - patched');
    const series = { count: 100, lastObservedTime: '2026-01-01T00:00:00.000000Z' };
    expect(f.update(`${path}/event-test`, { ...read, series })).toMatchObject({ series: { count: 100 } });
    f.delete(`${path}/event-test`);
    expect(f.names('/api/v1/events', selector)).toEqual([]);
  });

  test('(core) should delete a collection of events', async () => {
    const core = await f.namespace();
    const labels = { 'testevent-set': 'true' };
    for (const name of ['test-event-1', 'test-event-2', 'test-event-3'])
      f.create(`${core}/events`, { metadata: { name, labels }, involvedObject: involved(core) });
    expect(f.names(`${core}/events`, 'testevent-set=true')).toHaveLength(3);
    f.delete(`${core}/events`, undefined, { labelSelector: 'testevent-set=true' });
    expect(f.names(`${core}/events`, 'testevent-set=true')).toEqual([]);
  });

  const newEvent = (core: string, name: string, labels: object) => ({
    metadata: { name, labels },
    regarding: involved(core),
    eventTime: '2026-01-01T00:00:00.000000Z',
    note: `This is ${name}`,
    action: 'Do',
    reason: 'Test',
    type: 'Normal',
    reportingController: 'test-controller',
    reportingInstance: 'test-node',
  });

  test('Events API should ensure that an event can be fetched, patched, deleted, and listed', async () => {
    const core = await f.namespace();
    const path = `${inGroup(core, '/apis/events.k8s.io/v1')}/events`;
    const labels = { 'testevent-constant': 'true' };
    f.create(path, newEvent(core, 'event-test', labels));
    const field = { fieldSelector: 'reportingController=test-controller' };
    for (const at of [path, '/apis/events.k8s.io/v1/events'])
      expect(f.get(at, { ...field, labelSelector: 'testevent-constant=true' }).items).toHaveLength(1);
    const series = { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' };
    expect(f.patch(`${path}/event-test`, { series })).toMatchObject({ series });
    const read = f.get(`${path}/event-test`);
    const more = { count: 100, lastObservedTime: '2026-01-01T00:00:02.000000Z' };
    expect(f.update(`${path}/event-test`, { ...read, series: more })).toMatchObject({ series: more });
    f.delete(`${path}/event-test`);
    expect(f.names(path, 'testevent-constant=true')).toEqual([]);
  });

  test('Events API should delete a collection of events', async () => {
    const core = await f.namespace();
    const path = `${inGroup(core, '/apis/events.k8s.io/v1')}/events`;
    const labels = { 'testevent-set': 'true' };
    for (const name of ['test-event-1', 'test-event-2', 'test-event-3'])
      f.create(path, newEvent(core, name, labels));
    expect(f.names(path, 'testevent-set=true')).toHaveLength(3);
    f.delete(path, undefined, { labelSelector: 'testevent-set=true' });
    expect(f.names(path, 'testevent-set=true')).toEqual([]);
  });
});

// Upstream: test/e2e/network/{service,endpointslice}.go
describe('sig-network/Services', () => {
  const service = (name: string, labels: object = {}) => ({
    metadata: { name, labels },
    spec: { type: 'LoadBalancer', ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 80 }] },
  });

  test('should provide secure master service', () => {
    const { ports } = f.get('/api/v1/namespaces/default/services/kubernetes').spec as { ports: unknown };
    expect(ports).toMatchObject([{ name: 'https', port: 443, protocol: 'TCP' }]);
  });

  test('should find a service from listing all namespaces', () => {
    expect(f.names('/api/v1/services')).toContain('kubernetes');
  });

  test('should test the lifecycle of an Endpoint', async () => {
    const path = `${await f.namespace()}/endpoints`;
    const labels = { 'test-endpoint-static': 'true' };
    const port = { name: 'http', port: 80, protocol: 'TCP' };
    const seen = f.watch(path);
    f.create(path, {
      metadata: { name: 'testservice', labels },
      subsets: [{ addresses: [{ ip: '10.0.0.24' }], ports: [port] }],
    });
    expect(f.names('/api/v1/endpoints', 'test-endpoint-static=true')).toEqual(['testservice']);
    const read = f.get(`${path}/testservice`);
    f.update(`${path}/testservice`, {
      ...read,
      metadata: { ...read.metadata, labels: { ...labels, test: 'updated' } },
    });
    const subsets = [
      { addresses: [{ ip: '10.0.0.25' }], ports: [{ name: 'http-test', port: 8080, protocol: 'TCP' }] },
    ];
    expect(
      f.patch(`${path}/testservice`, { metadata: { labels: { test: 'patched' } }, subsets }),
    ).toMatchObject({ subsets });
    f.delete(path, undefined, { labelSelector: 'test-endpoint-static=true' });
    await f.pass(2);
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED']);
    expect(f.has(`${path}/testservice`)).toBe(false);
  });

  test('should complete a service status lifecycle', async () => {
    const path = `${await f.namespace()}/services`;
    const one = `${path}/test-service`;
    f.create(path, service('test-service', { 'test-service-static': 'true' }));
    expect(f.get(`${one}/status`).status).toMatchObject({ loadBalancer: {} });
    const loadBalancer = { ingress: [{ ip: '203.0.113.1' }] };
    const annotations = { patchedstatus: 'true' };
    const patched = f.patch(`${one}/status`, { metadata: { annotations }, status: { loadBalancer } });
    expect(patched).toMatchObject({ metadata: { annotations }, status: { loadBalancer } });
    const condition = {
      type: 'StatusUpdate',
      status: 'True',
      reason: 'E2E',
      message: 'Set from e2e test',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const put = f.update(`${one}/status`, { ...patched, status: { loadBalancer, conditions: [condition] } });
    expect(put.status).toMatchObject({ conditions: [condition] });
    f.patch(one, { metadata: { labels: { 'test-service': 'patched' } } });
    expect(f.names('/api/v1/services', 'test-service=patched')).toEqual(['test-service']);
    f.delete(one);
    await f.until(() => !f.has(one));
  });

  test('should delete a collection of services', async () => {
    const path = `${await f.namespace()}/services`;
    const labels = { e2e_test_service_set: 'true' };
    for (const name of ['a', 'b'])
      f.create(path, { ...service(name, labels), spec: { ports: [{ port: 80 }] } });
    f.create(path, { ...service('c'), spec: { ports: [{ port: 80 }] } });
    f.delete(path, undefined, { labelSelector: 'e2e_test_service_set=true' });
    await f.until(() => f.names(path).length === 1);
    expect(f.names(path)).toEqual(['c']);
  });

  // Upstream: test/e2e/network/service_latency.go; the seconds are the simulation's.
  test('Service endpoints latency should not be very high', async () => {
    const core = await f.namespace();
    const labels = { name: 'svc-latency-rc' };
    f.create(`${core}/replicationcontrollers`, {
      metadata: labels,
      spec: { replicas: 1, selector: labels, template: pod('', {}, labels) },
    });
    await f.until(() => f.names(`${core}/pods`, 'name=svc-latency-rc').length === 1);
    await running(`${core}/pods/${f.names(`${core}/pods`)[0]}`);
    const seen = f.watch(`${core}/endpoints`);
    const isReady = (name: string) =>
      seen.some(({ object }) => {
        const { metadata, subsets } = object as typeof object & { subsets?: { addresses?: unknown[] }[] };
        return metadata.name === name && (subsets?.[0]?.addresses?.length ?? 0) > 0;
      });
    const seconds: number[] = [];
    const [total, parallel, step] = [200, 15, 0.1];
    while (seconds.length < total) {
      const spec = { ports: [{ protocol: 'TCP', port: 80 }], selector: labels, type: 'ClusterIP' };
      const waiting = new Set(
        Array.from(
          { length: Math.min(parallel, total - seconds.length) },
          () =>
            f.create(`${core}/services`, { metadata: { generateName: 'latency-svc-' }, spec }).metadata.name,
        ),
      );
      for (let waited = step; waiting.size > 0 && waited < 120; waited += step) {
        await f.pass(step);
        for (const name of waiting)
          if (isReady(name)) {
            waiting.delete(name);
            seconds.push(waited);
          }
      }
      expect([...waiting]).toEqual([]);
    }
    const percentile = (part: number) => seconds.sort((a, b) => a - b)[(seconds.length * part) / 100]!;
    expect(percentile(50)).toBeLessThan(20);
    expect(percentile(99)).toBeLessThan(50);
  });
});

describe('sig-network/EndpointSlice', () => {
  const slicesOf = (core: string, name: string) =>
    f.get(`${inGroup(core, '/apis/discovery.k8s.io/v1')}/endpointslices`, {
      labelSelector: `kubernetes.io/service-name=${name}`,
    }).items as unknown as readonly {
      endpoints: readonly { addresses: readonly string[] }[];
      ports: unknown;
    }[];

  test('EndpointSliceMirroring should mirror a custom Endpoints resource through create update and delete', async () => {
    const core = await f.namespace();
    const name = 'example-custom-endpoints';
    f.create(`${core}/services`, { metadata: { name }, spec: { ports: [{ name: 'example', port: 80 }] } });
    const subsets = (ip: string) => [{ addresses: [{ ip }], ports: [{ port: 80 }] }];
    const mirrored = () =>
      slicesOf(core, name).flatMap(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses));
    f.create(`${core}/endpoints`, { metadata: { name }, subsets: subsets('10.1.2.3') });
    await f.until(() => mirrored().join() === '10.1.2.3');
    f.send('PATCH', `${core}/endpoints/${name}`, { subsets: subsets('10.2.3.4') });
    await f.until(() => mirrored().join() === '10.2.3.4');
    f.delete(`${core}/endpoints/${name}`);
    await f.until(() => slicesOf(core, name).length === 0);
  });

  test('should have Endpoints and EndpointSlices pointing to API Server', () => {
    const core = '/api/v1/namespaces/default';
    const { subsets } = f.send('GET', `${core}/endpoints/kubernetes`).body as {
      subsets: { addresses: { ip: string }[] }[];
    };
    const slices = slicesOf(core, 'kubernetes');
    expect(slices).toHaveLength(1);
    expect(slices[0]!.endpoints.flatMap(({ addresses }) => addresses)).toEqual(
      subsets.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)),
    );
  });

  test('should create and delete Endpoints and EndpointSlices for a Service with a selector specified', async () => {
    const core = await f.namespace();
    f.create(`${core}/services`, {
      metadata: { name: 'example-empty-selector' },
      spec: { selector: { 'does-not-match-anything': 'x' }, ports: [{ name: 'example', port: 80 }] },
    });
    await f.until(
      () =>
        f.has(`${core}/endpoints/example-empty-selector`) &&
        slicesOf(core, 'example-empty-selector').length === 1,
    );
    f.delete(`${core}/services/example-empty-selector`);
    await f.until(
      () =>
        !f.has(`${core}/endpoints/example-empty-selector`) &&
        slicesOf(core, 'example-empty-selector').length === 0,
    );
  });

  test('should create Endpoints and EndpointSlices for Pods matching a Service', async () => {
    const core = await f.namespace();
    const ports = [{ name: 'example-name', containerPort: 3000 }];
    for (const [name, label] of [
      ['pod1', 'foo'],
      ['pod2', 'bar'],
    ] as const)
      f.create(
        `${core}/pods`,
        pod(name, { containers: [{ name: 'c', image, ports }] }, { example: 'pods', [label]: 'true' }),
      );
    const service = (name: string, selector: object, port: object) =>
      f.create(`${core}/services`, {
        metadata: { name },
        spec: { selector, ports: [{ name: 'example', protocol: 'TCP', ...port }] },
      });
    service('example-int-port', { foo: 'true' }, { port: 80, targetPort: 3000 });
    service('example-named-port', { example: 'pods' }, { port: 80, targetPort: 'example-name' });
    service('example-no-match', { foo: 'false' }, { port: 80, targetPort: 8080 });
    for (const name of ['pod1', 'pod2']) await running(`${core}/pods/${name}`);
    const ips = (name: string) =>
      slicesOf(core, name)
        .flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses))
        .sort();
    const [first, second] = ['pod1', 'pod2'].map((name) => statusOf(`${core}/pods/${name}`)['podIP']);
    await f.until(() => ips('example-named-port').length === 2);
    expect(ips('example-int-port')).toEqual([first]);
    expect(ips('example-named-port')).toEqual(
      [first, second].toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    );
    expect(ips('example-no-match')).toEqual([]);
    expect(slicesOf(core, 'example-named-port')[0]!.ports).toMatchObject([{ name: 'example', port: 3000 }]);
  });
});

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
