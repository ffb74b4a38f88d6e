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
  create(server, { type: 'NodePort', ports });
  const { spec } = change(server, { type: 'ExternalName', externalName: 'example.com' });
  expect(spec.clusterIP).toBeUndefined();
  expect(spec.ports!.map(({ nodePort }) => nodePort)).toEqual(ports.map(() => undefined));
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
  [
    'an address outside of the range',
    { clusterIP: '1.2.3.4' },
    'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
  ],
  [
    'the address of the whole range',
    { clusterIP: '10.96.0.0' },
    'spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: the provided network does not match the current range',
  ],
  [
    'two node ports of one number for two ports',
    {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80, nodePort: 30_100 },
        { name: 'b', port: 81, protocol: 'UDP', nodePort: 30_100 },
      ],
    },
    'spec.ports[1].nodePort: Invalid value: 30100: provided port is already allocated',
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

test('an address is given once', () => {
  const server = new TestServer();
  const { spec } = create(server, { ports });
  const again = { metadata: { name: 't' }, spec: { ports, clusterIP: spec.clusterIP } };
  expect(server.failure('POST', path, again)).toBe(
    `Service "t" is invalid: spec.clusterIPs: Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`,
  );
});

const dns = [
  { name: 'udp', port: 53, protocol: 'UDP' },
  { name: 'tcp', port: 53, protocol: 'TCP', nodePort: 30_053 },
];

test('ports of one number share a node port', () => {
  const { spec } = create(new TestServer(), { type: 'NodePort', ports: dns });
  expect(spec.ports!.map(({ nodePort }) => nodePort)).toEqual([30_053, 30_053]);
});

test('a changed port keeps the node port of its name', () => {
  const server = new TestServer();
  const { spec } = create(server, { type: 'NodePort', ports: [{ name: 'a', port: 80 }] });
  const { nodePort } = spec.ports![0]!;
  const { body } = server.send('GET', `${path}/s`);
  const changed = { ...(body as Service), spec: { ...spec, ports: [{ name: 'a', port: 81 }] } };
  const after = server.send('PUT', `${path}/s`, changed).body as Service;
  expect(after.spec.ports).toEqual([{ name: 'a', port: 81, protocol: 'TCP', targetPort: 81, nodePort }]);
});

test('a balancer without node ports has none but those it asks for', () => {
  const balancer = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false };
  const { spec } = create(new TestServer(), { ...balancer, ports: dns });
  expect(spec.ports!.map(({ nodePort }) => nodePort)).toEqual([30_053, 30_053]);
  expect(create(new TestServer(), { ...balancer, ports }).spec.ports![0]!.nodePort).toBeUndefined();
});
