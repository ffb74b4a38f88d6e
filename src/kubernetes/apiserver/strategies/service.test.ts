import { expect, test } from 'vitest';
import type { Service } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const path = '/api/v1/namespaces/default/services';
const ports = [{ port: 80 }];

function create(server: TestServer, spec: object): Service {
  return server.send('POST', path, { metadata: { name: 's' }, spec }).body as Service;
}

function change(server: TestServer, spec: object): Service {
  return server.send('PATCH', `${path}/s`, { spec }).body as Service;
}

test('a load balancer becomes a cluster address: what goes with its type goes', () => {
  const server = new TestServer();
  const balancer = create(server, { type: 'LoadBalancer', ports, externalTrafficPolicy: 'Local' });
  expect(balancer.spec.healthCheckNodePort).toBeGreaterThanOrEqual(30_000);
  expect(balancer.spec.allocateLoadBalancerNodePorts).toBe(true);
  const relabelled = server.send('PATCH', `${path}/s`, { metadata: { labels: { a: 'b' } } }).body as Service;
  expect(relabelled.spec).toEqual(balancer.spec);
  const { spec } = change(server, { type: 'ClusterIP' });
  expect(Object.keys(spec).sort()).toEqual([
    'clusterIP',
    'clusterIPs',
    'internalTrafficPolicy',
    'ipFamilies',
    'ipFamilyPolicy',
    'ports',
    'sessionAffinity',
    'type',
  ]);
  expect(spec.clusterIP).toBe(balancer.spec.clusterIP);
  expect(spec.ports![0]).toEqual({ port: 80, protocol: 'TCP', targetPort: 80 });
});

test('a cluster address becomes an external name and gives its address back', () => {
  const server = new TestServer();
  create(server, { ports });
  const { spec } = change(server, { type: 'ExternalName', externalName: 'example.com' });
  expect(spec.clusterIP).toBeUndefined();
  expect(spec.ipFamilies).toBeUndefined();
});

const invalid = 'Service "s" is invalid: ';

test.each<[string, object, string]>([
  [
    'a family that the cluster has not',
    { ipFamilies: ['IPv6'] },
    'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  ],
  [
    'two families',
    { ipFamilyPolicy: 'RequireDualStack' },
    'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
  ],
  [
    'addresses without the first',
    { clusterIPs: ['10.96.1.1'] },
    'spec.clusterIPs: Invalid value: ["10.96.1.1"]: must be empty when `clusterIP` is not specified',
  ],
])('a service that asks for %s is refused', (_what, spec, message) => {
  expect(new TestServer().failure('POST', path, { metadata: { name: 's' }, spec: { ports, ...spec } })).toBe(
    invalid + message,
  );
});

test('a cluster of one family serves those who would rather have two', () => {
  const { spec } = create(new TestServer(), { ports, ipFamilyPolicy: 'PreferDualStack' });
  expect(spec).toMatchObject({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4'] });
});
