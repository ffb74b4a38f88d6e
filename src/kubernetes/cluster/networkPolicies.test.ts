import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { NetworkPolicySpec } from '#generated/types/networking.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { images } from '#images/registry.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

// Upstream: test/e2e/network/netpol: pods a, b and c in namespaces x and y, each of which listens on two ports.
const simulation = new Simulation({ seed: 'policies', startMs: 0 });
const nodes = ['node-1', 'node-2'].map((name) => ({ name, cpu: '4', memory: '8Gi', podsMax: 110, zone: '' }));
const cluster = new Cluster({ simulation, nodes });
const user = { name: 'kubernetes-admin', groups: ['system:masters'] };
const places = ['x/a', 'x/b', 'x/c', 'y/a', 'y/b', 'y/c'];
const policies = '/apis/networking.k8s.io/v1/namespaces/x/networkpolicies';

function send(method: 'GET' | 'POST' | 'DELETE' | 'PATCH', path: string, body?: unknown): unknown {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = cluster.apiServer.handle({ method, path, user, contentType, body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const pass = (seconds: number) => simulation.run({ untilMs: simulation.nowMs + seconds * 1000 });
const podOf = (place: string) => {
  const [namespace, name] = place.split('/');
  return send('GET', `/api/v1/namespaces/${namespace}/pods/${name}`) as Pod;
};
const addressOf = (place: string) => podOf(place).status.podIP!;

beforeAll(() => {
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  pass(20);
  for (const namespace of ['x', 'y'])
    send('POST', '/api/v1/namespaces', { metadata: { name: namespace, labels: { ns: namespace } } });
  pass(2);
  for (const place of places) {
    const [namespace, name] = place.split('/');
    const env = [80, 81].map((port) => ({ name: `SERVE_PORT_${port}`, value: 'ok' }));
    const ports = [
      { name: 'serve-80', containerPort: 80 },
      { name: 'serve-81', containerPort: 81 },
    ];
    const container = {
      name: 'c',
      image: 'registry.k8s.io/e2e-test-images/agnhost:2.59',
      args: ['porter'],
      env,
      ports,
    };
    send('POST', `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name, labels: { pod: name } },
      spec: { containers: [container], nodeName: name === 'b' ? 'node-2' : 'node-1' },
    });
  }
  pass(30);
});

beforeEach(() => {
  send('DELETE', policies);
  pass(1);
});

function outcome(fromAddress: string, machine: string, to: string, port: number): string {
  const packet = { clientAddress: fromAddress, address: addressOf(to), port, protocol: 'TCP' } as const;
  return cluster.network.connect(packet, machine).outcome;
}

const connects = (from: string, to: string, port: number) =>
  outcome(addressOf(from), podOf(from).spec.nodeName!, to, port);

/** Which pods of both namespaces reach x/a at a port. */
const whoReaches = (port: number) =>
  places.filter((from) => connects(from, 'x/a', port) === 'open').join(' ');

const whomReaches = (port: number) => places.filter((to) => connects('x/a', to, port) === 'open').join(' ');

function apply(...specs: NetworkPolicySpec[]): void {
  for (const [i, spec] of specs.entries()) send('POST', policies, { metadata: { name: `p${i}` }, spec });
  pass(1);
}

const everyone = places.join(' ');
const a = { matchLabels: { pod: 'a' } };
const ingress = (spec: Omit<NetworkPolicySpec, 'podSelector'>) => ({ podSelector: a, ...spec });

test('without policies everybody reaches everybody, and the network has nothing to ask', () => {
  expect([whoReaches(80), whomReaches(81)]).toEqual([everyone, everyone]);
  expect(cluster.network.firewall).toBeNull();
});

test.each<[string, NetworkPolicySpec[], string, string]>([
  ['deny all', [{ podSelector: {}, policyTypes: ['Ingress'] }], 'x/a', 'x/a'],
  ['allow all', [ingress({ ingress: [{}] })], everyone, everyone],
  ['another pod’s policy', [{ podSelector: { matchLabels: { pod: 'b' } } }], everyone, everyone],
  [
    'pods of its own namespace',
    [ingress({ ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'b' } } }] }] })],
    'x/a x/b',
    'x/a x/b',
  ],
  [
    'a whole namespace',
    [ingress({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { ns: 'y' } } }] }] })],
    'x/a y/a y/b y/c',
    'x/a y/a y/b y/c',
  ],
  [
    'a namespace by the name that all have as a label',
    [
      ingress({
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['y'] }],
                },
                podSelector: { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['a'] }] },
              },
            ],
          },
        ],
      }),
    ],
    'x/a y/b y/c',
    'x/a y/b y/c',
  ],
  [
    'one or the other',
    [
      ingress({
        ingress: [
          {
            from: [
              { namespaceSelector: { matchLabels: { ns: 'y' } } },
              { podSelector: { matchLabels: { pod: 'c' } } },
            ],
          },
        ],
      }),
    ],
    'x/a x/c y/a y/b y/c',
    'x/a x/c y/a y/b y/c',
  ],
  ['a port by its number', [ingress({ ingress: [{ ports: [{ port: 80 }] }] })], everyone, 'x/a'],
  ['a port by its name', [ingress({ ingress: [{ ports: [{ port: 'serve-81' }] }] })], 'x/a', everyone],
  ['a range of ports', [ingress({ ingress: [{ ports: [{ port: 1, endPort: 80 }] }] })], everyone, 'x/a'],
  ['another protocol', [ingress({ ingress: [{ ports: [{ port: 80, protocol: 'UDP' }] }] })], 'x/a', 'x/a'],
  [
    'policies add up',
    [
      ingress({ ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'b' } } }] }] }),
      ingress({ ingress: [{ ports: [{ port: 81 }] }] }),
    ],
    'x/a x/b',
    everyone,
  ],
])('ingress: %s', (_what, specs, at80, at81) => {
  apply(...specs);
  expect([whoReaches(80), whoReaches(81)]).toEqual([at80, at81]);
  expect(connects('x/a', 'y/b', 80)).toBe('open');
});

test('egress: what a pod may call, and nothing that it is called with', () => {
  const to = [{ podSelector: {} }];
  apply(ingress({ policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 80 }] }] }));
  expect([whomReaches(80), whomReaches(81)]).toEqual(['x/a x/b x/c', 'x/a']);
  expect(whoReaches(81)).toBe(everyone);
});

test('addresses: a range without a part of it', () => {
  const [b, c] = [addressOf('x/b'), addressOf('x/c')];
  const from = [{ ipBlock: { cidr: '10.244.0.0/16', except: [`${c}/32`] } }];
  apply(ingress({ ingress: [{ from }] }));
  expect([connects('x/b', 'x/a', 80), connects('x/c', 'x/a', 80)]).toEqual(['open', 'timeout']);
  expect(cluster.network.ping(b, addressOf('x/a'), 'node-2')).not.toBeNull();
  expect(cluster.network.ping(c, addressOf('x/a'), 'node-1')).toBeNull();
});

test('a pod’s own node reaches it whatever policies say, another one does not', () => {
  apply({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const address = (node: string) => cluster.nodes.kubelets.get(node)!.hostIp;
  expect(outcome(address('node-1'), 'node-1', 'x/a', 80)).toBe('open');
  expect(outcome(address('node-2'), 'node-2', 'x/a', 80)).toBe('timeout');
  expect(podOf('x/a').status.phase).toBe('Running');
});

test('labels that come and go change who gets through, and so does the end of the policy', () => {
  apply(ingress({ ingress: [{ from: [{ podSelector: { matchLabels: { access: 'yes' } } }] }] }));
  const label = (access: string | null) => {
    send('PATCH', '/api/v1/namespaces/x/pods/b', { metadata: { labels: { access } } });
    pass(1);
    return connects('x/b', 'x/a', 80);
  };
  expect([label('yes'), label(null)]).toEqual(['open', 'timeout']);
  send('DELETE', policies);
  pass(1);
  expect(connects('x/b', 'x/a', 80)).toBe('open');
  expect(cluster.network.firewall).toBeNull();
});
