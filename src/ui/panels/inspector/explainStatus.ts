import type { ComponentRow, NodeRow, PodRow, WorkloadRow } from '#protocol/rows.ts';

/** What each status of a pod means, in a sentence. Statuses not named here are explained by their events. */
const podStatuses: Readonly<Record<string, string>> = {
  Pending: 'It waits for a node. Its events say what the scheduler found.',
  ContainerCreating: 'Its node prepares it: volumes, network, and the images of its containers.',
  PodInitializing: 'Its init containers have finished; its own containers are being started.',
  Running: 'All its containers have been started, and at least one runs.',
  Completed: 'All its containers have ended well, and none will be started again.',
  Error: 'A container has ended with an error. Its logs say what it printed last.',
  CrashLoopBackOff:
    'A container keeps ending soon after it was started. The kubelet waits longer each time before it tries again; the logs of the previous run say why it ended.',
  ErrImagePull: 'The image of a container could not be pulled. Is its name right?',
  ImagePullBackOff:
    'The image of a container could not be pulled, and the kubelet waits before it tries again. Is its name right?',
  ErrImageNeverPull:
    'imagePullPolicy is Never, and the image is not on the node. Load it onto the node, or let it be pulled.',
  CreateContainerConfigError:
    'A container cannot be configured: it names a ConfigMap, a Secret or a key that is not there.',
  OOMKilled: 'A container used more memory than its limit and was killed.',
  Evicted: 'Its node was short of a resource and has put it out.',
  Terminating:
    'It is being deleted. Its containers have been asked to stop and have their grace period to do so.',
  Unknown: 'Its node no longer reports, so nobody knows how it is.',
};

/** A row's status in words a learner can act on. */
export function explainStatus(row: NodeRow | PodRow | WorkloadRow | ComponentRow): string {
  if (row.type === 'pod') return explainPod(row);
  if (row.type === 'node') return explainNode(row);
  if (row.type === 'component')
    return row.running
      ? `${row.name} is running.`
      : `${row.name} is stopped. What it does, nobody does until it is started again.`;
  return row.status === '' ? `${row.kind} ${row.name}.` : `${row.kind} ${row.name}: ${row.status}.`;
}

function explainPod(pod: PodRow): string {
  const meaning = podStatuses[pod.status] ?? 'Its events say more.';
  const notReady =
    pod.health === 'running' && !pod.ready
      ? ' It is not ready, so no Service sends it requests: a readiness probe has not succeeded.'
      : '';
  return `${pod.status}. ${meaning}${notReady}`;
}

function explainNode(node: NodeRow): string {
  if (node.status.startsWith('NotReady'))
    return `${node.status}. Its kubelet has not reported in time. After five minutes its pods are evicted and made anew elsewhere.`;
  if (node.status.includes('SchedulingDisabled'))
    return `${node.status}. It is cordoned: what runs on it goes on, but nothing new is scheduled to it.`;
  return `${node.status}. It runs pods and takes new ones.`;
}
