// Upstream: pkg/controlplane/instance.go, pkg/controlplane/controller/{systemnamespaces,kubernetesservice}, pkg/registry/scheduling/rest
import type { Service } from '#generated/types/core.v1.ts';
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { priorityClasses, systemPriorities } from '#kubernetes/api/scheduling/priorityClass.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** The port that the API server listens on, on the control plane's node. */
const securePort = 6443;

const systemNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

const systemPriorityUses: Readonly<Record<keyof typeof systemPriorities, string>> = {
  'system-cluster-critical':
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  'system-node-critical': 'Used for system critical pods that must not be moved from their current node.',
};

/** How often the API server looks whether its own Service is still there. Upstream: EndpointInterval. */
export const reconcileMs = 10_000;

/** The objects that the API server itself makes before anyone asks for anything. */
export function bootstrap(client: Client, controlPlaneAddress: string): void {
  for (const name of systemNamespaces) {
    client.create(namespaces, { metadata: { name }, spec: {} });
  }
  for (const [name, description] of Object.entries(systemPriorityUses)) {
    client.create(priorityClasses, { metadata: { name }, value: systemPriorities[name]!, description });
  }
  reconcileOwnService(client, controlPlaneAddress);
}

/** Makes what is missing of the Service by which pods reach the API server: whoever deletes it sees it again. */
export function reconcileOwnService(client: Client, controlPlaneAddress: string): void {
  const missing = (kind: Kind) => {
    try {
      client.get(kind, 'default', 'kubernetes');
      return false;
    } catch (error) {
      if (isStatus(error, 'NotFound')) return true;
      throw error;
    }
  };
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const port = { name: 'https', port: 443, protocol: 'TCP' as const, targetPort: securePort };
  const spec: Service['spec'] = {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    ports: [port],
    sessionAffinity: 'None',
  };
  if (missing(services)) client.create(services, { metadata: { ...metadata, labels }, spec });
  const portOut = { name: 'https', port: securePort, protocol: 'TCP' as const };
  if (missing(endpoints)) {
    client.create(endpoints, {
      metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      subsets: [{ addresses: [{ ip: controlPlaneAddress }], ports: [portOut] }],
    });
  }
  if (missing(endpointSlices)) {
    client.create(endpointSlices, {
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [controlPlaneAddress], conditions: { ready: true } }],
      ports: [portOut],
    });
  }
}
