// Upstream: pkg/controlplane/instance.go, pkg/controlplane/controller/{systemnamespaces,kubernetesservice}
import type { Service } from '#generated/types/core.v1.ts';
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** The port that the API server listens on, on the control plane's node. */
const securePort = 6443;

const systemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** The objects that the API server itself makes before anyone asks for anything. */
export function bootstrap(client: Client, controlPlaneAddress: string): void {
  for (const name of systemNamespaces) {
    client.create(namespaces, { metadata: { name }, spec: {} });
  }
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const port = { name: 'https', port: 443, protocol: 'TCP' as const, targetPort: securePort };
  const spec: Service['spec'] = {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    ports: [port],
    sessionAffinity: 'None',
  };
  client.create(services, { metadata: { ...metadata, labels }, spec });
  const portOut = { name: 'https', port: securePort, protocol: 'TCP' as const };
  client.create(endpoints, {
    metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: controlPlaneAddress }], ports: [portOut] }],
  });
  client.create(endpointSlices, {
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [controlPlaneAddress], conditions: { ready: true } }],
    ports: [portOut],
  });
}
