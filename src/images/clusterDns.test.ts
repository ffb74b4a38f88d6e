import { beforeAll, expect, test } from 'vitest';
import type { Service } from '#generated/types/core.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { TestNodes } from '#kubernetes/node/testing/testNode.ts';
import type { DnsQuestion } from '#world/network/dns.ts';
import { ClusterDns } from './clusterDns.ts';

let dns: ClusterDns;

beforeAll(async () => {
  const nodes = new TestNodes();
  dns = new ClusterDns(nodes.informers);
  const service = (name: string, spec: Partial<Service['spec']>) =>
    nodes.client.create(services, {
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP' }], ...spec },
    });
  service('web', { clusterIP: '10.96.0.50' });
  service('db', { clusterIP: 'None' });
  service('out', { type: 'ExternalName', externalName: 'example.com' });
  service('alias', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' });
  service('self', { type: 'ExternalName', externalName: 'self.default.svc.cluster.local' });
  nodes.client.create(endpointSlices, {
    metadata: { name: 'db-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [
      { addresses: ['10.244.1.2'], hostname: 'db-0', conditions: { ready: true } },
      { addresses: ['10.244.1.3'], conditions: { ready: true } },
      { addresses: ['10.244.1.4'], conditions: { ready: false } },
    ],
  });
  await nodes.pass(2);
});

test.each<[string, DnsQuestion['type'], string[] | 'NXDOMAIN']>([
  ['web.default.svc.cluster.local', 'A', ['10.96.0.50']],
  ['web.default.svc.cluster.local', 'AAAA', []],
  ['web.kube-system.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['web.none.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['web.default.svc', 'A', 'NXDOMAIN'],
  ['web', 'A', 'NXDOMAIN'],
  ['google.com', 'A', 'NXDOMAIN'],
  ['db.default.svc.cluster.local', 'A', ['10.244.1.2', '10.244.1.3']],
  ['db-0.db.default.svc.cluster.local', 'A', ['10.244.1.2']],
  ['10-244-1-3.db.default.svc.cluster.local', 'A', ['10.244.1.3']],
  ['db-9.db.default.svc.cluster.local', 'A', 'NXDOMAIN'],
  ['out.default.svc.cluster.local', 'A', ['example.com.']],
  ['alias.default.svc.cluster.local', 'A', ['web.default.svc.cluster.local.', '10.96.0.50']],
  ['alias.default.svc.cluster.local', 'CNAME', ['web.default.svc.cluster.local.']],
  ['self.default.svc.cluster.local', 'A', Array.from({ length: 8 }, () => 'self.default.svc.cluster.local.')],
  ['10-244-1-2.default.pod.cluster.local', 'A', ['10.244.1.2']],
  ['nonsense.default.pod.cluster.local', 'A', 'NXDOMAIN'],
  ['default.svc.cluster.local', 'A', []],
  ['_http._tcp.web.default.svc.cluster.local', 'SRV', ['0 100 80 web.default.svc.cluster.local.']],
  [
    '_http._tcp.db.default.svc.cluster.local',
    'SRV',
    ['0 100 8080 db-0.db.default.svc.cluster.local.', '0 100 8080 10-244-1-3.db.default.svc.cluster.local.'],
  ],
  ['_smtp._tcp.web.default.svc.cluster.local', 'SRV', 'NXDOMAIN'],
  ['web.default.svc.cluster.local', 'SRV', ['0 100 80 web.default.svc.cluster.local.']],
  ['2.1.244.10.in-addr.arpa', 'PTR', ['db-0.db.default.svc.cluster.local.']],
  ['3.1.244.10.in-addr.arpa', 'PTR', 'NXDOMAIN'],
  ['50.0.96.10.in-addr.arpa', 'PTR', ['web.default.svc.cluster.local.']],
])('%s %s', (name, type, expected) => {
  const { code, records } = dns.answer({ name, type });
  expect(code === 'NOERROR' ? records.map(({ value }) => value) : code).toEqual(expected);
});
