import { expect, test } from 'vitest';
import './laterKinds.ts';
import { services } from './core/service.ts';
import { laterRulesOf } from './laterRules.ts';
import { createErrors, created, statusErrors, stored, updateErrors } from './testing/kindTable.ts';

const ports = [{ port: 80 }];

test.each<[string, object, string[]]>([
  [
    'a protocol that is no qualified name',
    { ports: [{ port: 80, appProtocol: 'a b' }] },
    [
      expect.stringMatching(
        /^spec\.ports\[0\]\.appProtocol: Invalid value: "a b": name part must consist of/,
      ) as string,
    ],
  ],
  [
    'outer addresses of special ranges',
    { ports, externalIPs: ['1.2.3.4', '127.0.0.1', '0.0.0.0', 'x', '169.254.1.1'] },
    [
      'spec.externalIPs[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'spec.externalIPs[2]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
      'spec.externalIPs[3]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'spec.externalIPs[4]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ],
  ],
  [
    'cluster addresses that do not fit',
    { ports, clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.2', '10.96.0.3'], ipFamilies: ['IPv6'] },
    [
      'spec.clusterIPs: Invalid value: ["10.96.0.2","10.96.0.3"]: first value must match `clusterIP`',
      'spec.clusterIPs: Invalid value: ["10.96.0.2","10.96.0.3"]: may specify no more than one IP for each IP family',
      'spec.clusterIPs[0]: Invalid value: "10.96.0.2": expected an IPv6 value as indicated by `ipFamilies[0]`',
    ],
  ],
  [
    'cluster addresses without the first',
    { ports, clusterIPs: ['10.96.0.2'] },
    ['spec.clusterIPs: Invalid value: ["10.96.0.2"]: must be empty when `clusterIP` is not specified'],
  ],
  [
    'None and more',
    { ports, clusterIP: 'None', clusterIPs: ['None', '10.96.0.2'] },
    [`spec.clusterIPs: Invalid value: ["None","10.96.0.2"]: 'None' must be the first and only value`],
  ],
  [
    'families',
    { ports, ipFamilies: ['IPv4', 'IPv4', 'IPX'], ipFamilyPolicy: 'Both' },
    [
      'spec.ipFamilies[1]: Duplicate value: "IPv4"',
      'spec.ipFamilies[2]: Unsupported value: "IPX": supported values: "IPv4", "IPv6"',
      'spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
    ],
  ],
  [
    'a load balancer with wrong ranges and class',
    {
      ports,
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['10.0.0.0/8', '10.0.0.0'],
      loadBalancerClass: 'a/b/c',
    },
    [
      'spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      expect.stringMatching(
        /^spec\.loadBalancerClass: Invalid value: "a\/b\/c": a valid label key must/,
      ) as string,
    ],
  ],
  [
    'a port for health checks without need',
    { ports, healthCheckNodePort: 31000 },
    [
      "spec.healthCheckNodePort: Forbidden: may only be used when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(services, { spec })).toEqual(errors);
});

test('the annotation for source ranges is checked as the field is', () => {
  const key = 'service.beta.kubernetes.io/load-balancer-source-ranges';
  const metadata = { annotations: { [key]: '10.0.0.0/8,x' } };
  expect(createErrors(services, { metadata, spec: { ports } })).toEqual([
    `metadata.annotations[${key}]: Forbidden: may only be used when \`type\` is 'LoadBalancer'`,
  ]);
  expect(createErrors(services, { metadata, spec: { ports, type: 'LoadBalancer' } })).toEqual([
    `metadata.annotations[${key}]: Invalid value: "10.0.0.0/8,x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
  ]);
});

test.each<[string, object, object, string[]]>([
  [
    'the class of a load balancer',
    { ports, type: 'LoadBalancer', loadBalancerClass: 'a/b' },
    { ports, type: 'LoadBalancer' },
    ['spec.loadBalancerClass: Invalid value: null: may not change once set'],
  ],
  [
    'the first family',
    { ports, clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ipFamilies: ['IPv4'] },
    { ports, clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] },
    ['spec.ipFamilies[0]: Invalid value: []: may not change once set'],
  ],
])('an update may not change %s', (_what, old, next, errors) => {
  expect(updateErrors(services, { spec: old }, { spec: next })).toEqual(errors);
});

test.each<[string, object, object, object]>([
  [
    'of a load balancer that becomes a cluster address',
    { ports, type: 'LoadBalancer' },
    { type: 'ClusterIP' },
    { allocateLoadBalancerNodePorts: undefined, externalTrafficPolicy: undefined },
  ],
  [
    'of an external name',
    { type: 'ExternalName', externalName: 'a.b' },
    { type: 'ClusterIP', ports },
    { externalName: undefined },
  ],
  [
    'but not those that changed',
    { ports, type: 'NodePort' },
    { type: 'ClusterIP', externalTrafficPolicy: 'Local' },
    { externalTrafficPolicy: 'Local' },
  ],
])('fields go with their type: %s', (_what, spec, change, expected) => {
  const old = created(services, { spec });
  const next = { ...old, spec: { ...old.spec, ...change } };
  const prepared = laterRulesOf(services)!.prepareForUpdate!(next, old);
  for (const [field, value] of Object.entries(expected))
    expect((prepared as typeof old).spec[field as 'type'], field).toBe(value);
});

test.each<[object, string[]]>([
  [{ ip: '1.2.3.4' }, []],
  [{ ip: 'x' }, ['ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
  [{ ipMode: 'VIP', hostname: 'a.b' }, ['ipMode: Forbidden: may not be specified when `ip` is not set']],
  [{ ip: '1.2.3.4', ipMode: 'No' }, ['ipMode: Unsupported value: "No": supported values: "Proxy", "VIP"']],
  [{ hostname: '1.2.3.4' }, ['hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address']],
  [
    { hostname: 'a.b', ports: [{ port: 0, protocol: 'IP' }] },
    [
      'ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'ports[0].protocol: Unsupported value: "IP": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
])('the ingress %j of a load balancer', (ingress, errors) => {
  const spec = { ports, type: 'LoadBalancer' };
  const status = services.defaults!(
    stored(services, { spec, status: { loadBalancer: { ingress: [ingress] } } }),
  ).status;
  expect(statusErrors(services, { spec }, status)).toEqual(
    errors.map((error) => `status.loadBalancer.ingress[0].${error}`),
  );
});
