import { expect, test } from 'vitest';
import type { Service } from '#generated/types/core.v1.ts';
import type { Endpoint } from '#generated/types/discovery.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { NetworkStack } from '#world/network/networkStack.ts';
import { TestNodes } from './testing/testNode.ts';

const outside = {
  address: '192.168.0.2',
  machine: 'laptop',
  resolver: { nameservers: [], search: [], ndots: 1 },
};

/** Two nodes, a pod on each, and a service over them. */
async function cluster(spec: Partial<Service['spec']>, endpoints?: Endpoint[]) {
  const nodes = new TestNodes({ nodes: 2 });
  const proxies = nodes.startProxies();
  const containers = [{ name: 'nginx', image: 'nginx' }];
  nodes.run({ containers }, { name: 'a', node: 1 });
  nodes.run({ containers }, { name: 'b', node: 2 });
  await nodes.pass(20);
  nodes.client.create(services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { clusterIP: '10.96.0.50', ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }], ...spec },
  });
  nodes.client.create(endpointSlices, {
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
    endpoints: endpoints ?? [
      { addresses: ['10.244.1.2'], nodeName: 'node-1', conditions: { ready: true } },
      { addresses: ['10.244.2.2'], nodeName: 'node-2', conditions: { ready: true } },
    ],
  });
  await nodes.pass(2);
  const from = (node: number) =>
    new NetworkStack(nodes.network, { ...outside, address: `10.244.${node}.2`, machine: `node-${node}` });
  return { nodes, proxies, from, laptop: new NetworkStack(nodes.network, outside) };
}

/** The addresses that many connections end at, or how they fail. */
function spread(stack: NetworkStack, address: string, port: number): string[] {
  const seen = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const connection = stack.connect(address, port);
    seen.add(
      connection.outcome === 'open'
        ? `${connection.address} sees ${connection.clientAddress}`
        : connection.outcome,
    );
  }
  return [...seen].sort();
}

const a = '10.244.1.2';
const b = '10.244.2.2';
const nodePort = {
  type: 'NodePort' as const,
  ports: [{ port: 80, nodePort: 30001, protocol: 'TCP' as const }],
};

test.each<[string, Partial<Service['spec']>, 'pod' | 'laptop', string, number, string[]]>([
  ['a cluster address', {}, 'pod', '10.96.0.50', 80, [`${a} sees ${a}`, `${b} sees ${a}`]],
  ['a port that the service does not have', {}, 'pod', '10.96.0.50', 81, ['timeout']],
  ['from outside of the cluster', {}, 'laptop', '10.96.0.50', 80, ['timeout']],
  [
    'a node port on a node',
    nodePort,
    'laptop',
    '192.168.0.11',
    30001,
    [`${a} sees 192.168.0.11`, `${b} sees 192.168.0.11`],
  ],
  ['a node port that nobody has', nodePort, 'laptop', '192.168.0.11', 30002, ['refused']],
  [
    'a local node port',
    { ...nodePort, externalTrafficPolicy: 'Local' },
    'laptop',
    '192.168.0.12',
    30001,
    [`${b} sees 192.168.0.2`],
  ],
  [
    'a local node port without an endpoint of its own, from a pod',
    { ...nodePort, externalTrafficPolicy: 'Local' },
    'pod',
    '192.168.0.11',
    30001,
    [`${a} sees ${a}`, `${b} sees ${a}`],
  ],
  [
    'an external address',
    { externalIPs: ['203.0.113.9'] },
    'pod',
    '203.0.113.9',
    80,
    [`${a} sees 192.168.0.11`, `${b} sees 192.168.0.11`],
  ],
  ['local inside', { internalTrafficPolicy: 'Local' }, 'pod', '10.96.0.50', 80, [`${a} sees ${a}`]],
])('%s', async (_name, spec, who, address, port, expected) => {
  const { from, laptop } = await cluster(spec);
  expect(spread(who === 'pod' ? from(1) : laptop, address, port)).toEqual(expected);
});

test.each<[string, Endpoint[], string[]]>([
  ['no endpoints: refused', [], ['refused']],
  [
    'only ready ones',
    [
      { addresses: [a], conditions: { ready: false } },
      { addresses: [b], conditions: { ready: true } },
    ],
    [`${b} sees ${a}`],
  ],
  [
    'those that end, when no other is left',
    [
      { addresses: [a], conditions: { ready: false, serving: true, terminating: true } },
      { addresses: [b], conditions: { ready: false, serving: false, terminating: true } },
    ],
    [`${a} sees ${a}`],
  ],
])('%s', async (_name, endpoints, expected) => {
  const { from } = await cluster({}, endpoints);
  expect(spread(from(1), '10.96.0.50', 80)).toEqual(expected);
});

test('a sticky client stays with its endpoint until its time is over', async () => {
  const { from, nodes } = await cluster({
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } },
  });
  const stack = from(1);
  expect(spread(stack, '10.96.0.50', 80)).toHaveLength(1);
  const seen = new Set<string>();
  for (let i = 0; i < 20; i++) {
    await nodes.pass(101);
    seen.add(spread(stack, '10.96.0.50', 80)[0]!);
  }
  expect(seen.size).toBe(2);
});

test('a stopped proxy leaves its last rules; a machine without power answers nothing', async () => {
  const { nodes, proxies, from, laptop } = await cluster(nodePort);
  proxies[0]!.stop();
  nodes.client.delete(services, 'default', 'web');
  await nodes.pass(2);
  expect(spread(from(1), '10.96.0.50', 80)).toHaveLength(2);
  expect(spread(from(2), '10.96.0.50', 80)).toEqual(['timeout']);
  nodes.kubelets[1]!.powerOff();
  proxies[1]!.powerOff();
  expect(spread(laptop, '192.168.0.12', 30001)).toEqual(['timeout']);
  expect(spread(from(1), b, 80)).toEqual(['timeout']);
});

test('HTTP goes from pod to pod', async () => {
  const { from } = await cluster({});
  const exchange = from(1).request(b, 80, { method: 'GET', path: '/', headers: {}, body: '' });
  expect(exchange).toMatchObject({ outcome: 'answered', address: b, response: { status: 200 } });
});

test('a load balancer’s address is reached where it is announced, by who may', async () => {
  const { nodes, from, laptop } = await cluster({
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    loadBalancerSourceRanges: ['192.168.0.0/24', '10.244.0.0/16'],
  });
  const address = '192.168.0.200';
  const { network, client } = nodes;
  const change = async (body: object) => {
    const { status: _, ...rest } = body as { status?: object };
    client.patch(services, 'default', 'web', { type: 'merge', body: rest });
    await nodes.pass(1);
  };
  const service = client.get(services, 'default', 'web');
  client.updateStatus(services, { ...service, status: { loadBalancer: { ingress: [{ ip: address }] } } });
  await nodes.pass(1);
  expect(spread(laptop, address, 80)).toEqual(['timeout']);
  network.announce(address, network.hostAt('192.168.0.12')!);
  expect(spread(laptop, address, 80)).toEqual([`${b} sees 192.168.0.2`]);
  expect(spread(from(1), address, 80)).toEqual([`${a} sees ${a}`, `${b} sees ${a}`]);
  await change({ spec: { externalTrafficPolicy: 'Cluster' } });
  expect(spread(laptop, address, 80)).toEqual([`${a} sees 192.168.0.12`, `${b} sees 192.168.0.12`]);
  await change({ spec: { loadBalancerSourceRanges: ['203.0.113.0/24'] } });
  expect(spread(laptop, address, 80)).toEqual(['timeout']);
  await change({ spec: { loadBalancerSourceRanges: null } });
  nodes.kubelets[1]!.powerOff();
  expect(spread(laptop, address, 80)).toEqual(['timeout']);
  network.announce(address, network.hostAt('192.168.0.11')!);
  expect(spread(laptop, address, 80)).toContain(`${a} sees 192.168.0.11`);
  network.announce(address, null);
  expect(spread(laptop, address, 80)).toEqual(['timeout']);
});
