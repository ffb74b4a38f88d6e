import type { UserInfo } from '#kubernetes/api/request.ts';

/** Whoever the server knows is in this group. */
const authenticated = 'system:authenticated';

/** A component of the control plane, by its certificate: `system:kube-scheduler`. */
export function componentUser(name: string): UserInfo {
  return { name: `system:${name}`, groups: [authenticated] };
}

/** The kubelet of a node, by its certificate. */
export function nodeUser(node: string): UserInfo {
  return { name: `system:node:${node}`, groups: ['system:nodes', authenticated] };
}

/** What runs as a service account of kube-system: each controller, kube-proxy, CoreDNS. */
export function accountUser(name: string): UserInfo {
  return {
    name: `system:serviceaccount:kube-system:${name}`,
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', authenticated],
  };
}
