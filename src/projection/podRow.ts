import type { ContainerStatus, Pod } from '#generated/types/core.v1.ts';
import { summarizePod } from '#kubernetes/api/podSummary.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import type { ContainerRow, PodRow } from '#protocol/rows.ts';
import { podHealth } from './health.ts';
import { rowBase } from './rowBase.ts';

/** Millicores and bytes in use. */
export interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

export function podRow(pod: Pod, usage: Usage | undefined): PodRow {
  const summary = summarizePod(pod);
  return {
    ...rowBase('pods', pod),
    type: 'pod',
    health: podHealth(pod, summary),
    status: summary.reason,
    node: pod.spec.nodeName ? `nodes/${pod.spec.nodeName}` : null,
    address: pod.status.podIP ?? '',
    ready: isPodReady(pod),
    containers: pod.spec.containers.map(({ name, image }) =>
      containerRow(
        name,
        image ?? '',
        pod.status.containerStatuses?.find((status) => status.name === name),
      ),
    ),
    restarts: summary.restarts,
    cpuUsed: usage?.cpu ?? 0,
    memoryUsed: usage?.memory ?? 0,
    system: pod.metadata.namespace === 'kube-system',
  };
}

function containerRow(name: string, image: string, status: ContainerStatus | undefined): ContainerRow {
  const { running, terminated, waiting } = status?.state ?? {};
  return {
    name,
    image,
    state: running ? 'running' : terminated ? 'terminated' : 'waiting',
    reason: terminated?.reason ?? waiting?.reason ?? '',
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
  };
}
