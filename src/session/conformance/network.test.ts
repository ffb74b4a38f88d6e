import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';
import { image, inGroup, pod } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const statusOf = (path: string) => f.get(path).status as Readonly<Record<string, unknown>>;
const running = (path: string) => f.until(() => statusOf(path)['phase'] === 'Running');

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
