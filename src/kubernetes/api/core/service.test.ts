import { expect, test } from 'vitest';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { services } from './service.ts';

test.each<[string, object, object]>([
  [
    'a cluster address',
    { selector: { a: 'b' }, ports: [{ port: 80 }] },
    {
      selector: { a: 'b' },
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'named ports',
    {
      ports: [
        { name: 'x', port: 80, targetPort: 'http' },
        { name: 'y', port: 81, protocol: 'UDP' },
      ],
    },
    {
      ports: [
        { name: 'x', protocol: 'TCP', port: 80, targetPort: 'http' },
        { name: 'y', protocol: 'UDP', port: 81, targetPort: 81 },
      ],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'a node port',
    { type: 'NodePort', ports: [{ port: 80, nodePort: 30123 }] },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 30123 }],
      type: 'NodePort',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'affinity',
    { sessionAffinity: 'ClientIP', ports: [{ port: 80 }] },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      type: 'ClusterIP',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'a load balancer',
    { type: 'LoadBalancer', ports: [{ port: 80 }] },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      type: 'LoadBalancer',
      sessionAffinity: 'None',
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
    },
  ],
])('defaults of %s', (_name, spec, expected) => {
  const service = created(services, { spec });
  expect(service.spec).toEqual(expected);
  expect(service.status).toEqual({ loadBalancer: {} });
  expect(services.defaults!(service)).toBe(service);
});

test.each<[string, object, string[]]>([
  ['no ports', { spec: { selector: { a: 'b' } } }, ['spec.ports: Required value']],
  ['no ports but headless', { spec: { clusterIP: 'None' } }, []],
  [
    'a node port on a cluster address',
    { spec: { ports: [{ port: 80, nodePort: 30001 }] } },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  ['an external name without it', { spec: { type: 'ExternalName' } }, ['spec.externalName: Required value']],
  [
    'a name that starts with a digit, as since 1.36',
    { metadata: { name: '1s' }, spec: { ports: [{ port: 80 }] } },
    [],
  ],
  [
    'one port twice',
    {
      spec: {
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
      },
    },
    [
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    'two ports without names',
    { spec: { ports: [{ port: 80 }, { port: 81 }] } },
    ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  ],
  [
    'an unknown type',
    { spec: { type: 'Magic', ports: [{ port: 80 }] } },
    [
      'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  [
    'a port beyond all ports',
    { spec: { ports: [{ port: 70000 }] } },
    [
      'spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(services, manifest)).toEqual(errors);
});

test('a service keeps its address', () => {
  const spec = { clusterIP: '10.96.0.10', ports: [{ port: 80 }] };
  expect(updateErrors(services, { spec }, { spec: { ...spec, clusterIP: '10.96.0.11' } })).toEqual([
    'spec.clusterIPs[0]: Invalid value: ["10.96.0.11"]: may not change once set',
  ]);
  const named = { type: 'ExternalName', externalName: 'example.com' };
  expect(updateErrors(services, { spec }, { spec: named })).toEqual([]);
});

test.each<[object, object, string, string, string]>([
  [{ clusterIPs: ['10.96.0.10'], ports: [{ port: 80 }] }, {}, '10.96.0.10', '<none>', '80/TCP'],
  [
    { type: 'NodePort', clusterIPs: ['10.96.0.10'], ports: [{ port: 80, nodePort: 30001 }] },
    {},
    '10.96.0.10',
    '<none>',
    '80:30001/TCP',
  ],
  [{ type: 'LoadBalancer', ports: [{ port: 80 }] }, {}, '<none>', '<pending>', '80/TCP'],
  [
    { type: 'LoadBalancer', ports: [{ port: 80 }], externalIPs: ['9.9.9.9'] },
    { ingress: [{ ip: '1.2.3.4' }] },
    '<none>',
    '1.2.3.4,9.9.9.9',
    '80/TCP',
  ],
  [{ type: 'ExternalName', externalName: 'example.com' }, {}, '<none>', 'example.com', '<none>'],
])('%j with %j', (spec, loadBalancer, clusterIp, externalIp, ports) => {
  const service = stored(services, { spec, status: { loadBalancer } });
  expect(cells(services, service)).toMatchObject({
    'Cluster-IP': clusterIp,
    'External-IP': externalIp,
    'Port(s)': ports,
    Age: '60m',
  });
});
