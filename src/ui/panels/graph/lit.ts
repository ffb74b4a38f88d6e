import type { ActivityRow } from '#protocol/rows.ts';

/**
 * Which components a request passed, for a moment of light: who sent it, the API server, and the store for a write.
 * Controllers live in the controller manager; a kubelet's light is the node's own.
 */
export function componentsLitBy(row: ActivityRow): readonly string[] {
  if (row.type === 'input' || row.type === 'fault') return [];
  const sender = componentOfActor(row.actor);
  const path = row.type === 'write' ? ['kube-apiserver', 'etcd'] : ['kube-apiserver'];
  return sender === null ? path : [sender, ...path];
}

function componentOfActor(actor: string): string | null {
  if (/scheduler/u.test(actor)) return 'kube-scheduler';
  if (/controller|autoscaler|garbage|endpointslice/u.test(actor)) return 'kube-controller-manager';
  if (/kubelet|system:node/u.test(actor)) return 'kubelet';
  return null;
}
