import { expect, test } from 'vitest';
import './laterKinds.ts';
import { services } from './core/service.ts';
import { warningsOf } from './laterRules.ts';
import { created } from './testing/kindTable.ts';

const ports = [{ port: 80 }];
const externalIPs = ['203.0.113.7'];

test.each<[string, object, string[]]>([
  ['a plain Service', { ports }, []],
  ['a headless one', { ports, clusterIP: 'None' }, []],
  [
    'outer addresses',
    { ports, externalIPs },
    ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'],
  ],
  [
    'a headless one with what it has no use for',
    { ports, clusterIP: 'None', externalIPs, loadBalancerIP: '203.0.113.8', sessionAffinity: 'ClientIP' },
    [
      'spec.loadBalancerIP is ignored for headless services',
      'spec.externalIPs is ignored for headless services',
      'spec.SessionAffinity is ignored for headless services',
    ],
  ],
  [
    'a name with outer addresses',
    { type: 'ExternalName', externalName: 'a.b', externalIPs },
    ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
  ],
  [
    'an address with a name',
    { ports, externalName: 'a.b' },
    ['spec.externalName is ignored when spec.type is not "ExternalName"'],
  ],
  [
    'the old name of a preference',
    { ports, trafficDistribution: 'PreferClose' },
    ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
  ],
  ['its new name', { ports, trafficDistribution: 'PreferSameZone' }, []],
  [
    'an address of a balancer in a long form',
    { ports, type: 'LoadBalancer', loadBalancerIP: '2001:db8:0:0::2' },
    [
      'spec.loadBalancerIP: IPv6 address "2001:db8:0:0::2" should be in RFC 5952 canonical format ("2001:db8::2")',
    ],
  ],
  [
    'an address with leading zeros',
    { ports, type: 'LoadBalancer', loadBalancerIP: '10.001.1.1' },
    [
      'spec.loadBalancerIP: non-standard IP address "10.001.1.1" will be considered invalid in a future Kubernetes release: use "10.1.1.1"',
    ],
  ],
  [
    'an IPv4 address as an IPv6 one',
    { ports, type: 'LoadBalancer', loadBalancerIP: '::ffff:10.1.1.1' },
    [
      'spec.loadBalancerIP: non-standard IP address "::ffff:10.1.1.1" will be considered invalid in a future Kubernetes release: use "10.1.1.1"',
    ],
  ],
  [
    'ranges with host bits, in a long form, and as they should be',
    {
      ports,
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['10.0.0.1/8', '2001:db8:0:0::/64', '10.0.0.0/8'],
    },
    [
      'spec.loadBalancerSourceRanges[0]: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
      'spec.loadBalancerSourceRanges[1]: IPv6 CIDR value "2001:db8:0:0::/64" should be in RFC 5952 canonical format ("2001:db8::/64")',
    ],
  ],
])('%s', (_what, spec, warnings) => {
  expect(warningsOf(services, created(services, { spec }))).toEqual(warnings);
});

test('the old annotation for hints by topology', () => {
  const hints = { 'service.kubernetes.io/topology-aware-hints': 'auto' };
  expect(
    warningsOf(services, created(services, { metadata: { annotations: hints }, spec: { ports } })),
  ).toEqual([
    'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
  ]);
});
