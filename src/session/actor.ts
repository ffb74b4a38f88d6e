/** A user of the API as a person would call it: `deployment-controller`, `kubelet on node-1`, `kube-scheduler`. */
export function actorName(user: string): string {
  const [system, kind, ...rest] = user.split(':');
  if (system !== 'system') return user;
  if (kind === 'serviceaccount') return rest.at(-1) ?? user;
  if (kind === 'node') return `kubelet on ${rest.join(':')}`;
  return [kind, ...rest].join(':');
}
