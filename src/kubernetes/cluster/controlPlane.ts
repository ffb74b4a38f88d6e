import { nodes } from '#kubernetes/api/core/node.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** The node that the control plane runs on, as kubeadm sets it up. */
export const controlPlane = {
  name: 'control-plane',
  address: '10.0.0.2',
  role: 'node-role.kubernetes.io/control-plane',
  excluded: 'node.kubernetes.io/exclude-from-external-load-balancers',
} as const;

/** A kubelet may not give its node a role; kubeadm does. Upstream: cmd/kubeadm/app/phases/markcontrolplane */
export function markControlPlane(client: Client, name: string): void {
  const body = { metadata: { labels: { [controlPlane.role]: '', [controlPlane.excluded]: '' } } };
  client.patch(nodes, '', name, { type: 'merge', body });
}
