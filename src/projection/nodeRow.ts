import type { Node, Pod } from '#generated/types/core.v1.ts';
import { isNodeReady, nodeAddress, nodeRoles } from '#kubernetes/api/core/node.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { NodeRow } from '#protocol/rows.ts';
import type { Usage } from './podRow.ts';
import { rowBase } from './rowBase.ts';

export function nodeRow(
  node: Node,
  pods: Iterable<Pod>,
  usage: Usage | undefined,
  slowness: number,
): NodeRow {
  const { allocatable = {}, conditions } = node.status;
  const ready = isNodeReady(node);
  const isUnknown = conditions?.some(({ type, status }) => type === 'Ready' && status === 'Unknown') ?? true;
  const requested = requestedBy(pods);
  const status = `${ready ? 'Ready' : 'NotReady'}${node.spec.unschedulable ? ',SchedulingDisabled' : ''}`;
  return {
    ...rowBase('nodes', node),
    type: 'node',
    health: ready ? 'running' : isUnknown ? 'unknown' : 'failing',
    status,
    roles: nodeRoles(node).join(',') || '<none>',
    zone: node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '',
    taints: (node.spec.taints ?? []).map(
      ({ key, value: text, effect }) => `${key}${text ? `=${text}` : ''}:${effect}`,
    ),
    address: nodeAddress(node, 'InternalIP') ?? '',
    cpu: {
      allocatable: milliValue(String(allocatable['cpu'] ?? '0')),
      requested: requested.cpu,
      used: usage?.cpu ?? 0,
    },
    memory: {
      allocatable: unitValue(String(allocatable['memory'] ?? '0')),
      requested: requested.memory,
      used: usage?.memory ?? 0,
    },
    podsMax: unitValue(String(allocatable['pods'] ?? '0')),
    slowness,
  };
}

/** Millicores and bytes that the pods which still run have asked for. */
function requestedBy(pods: Iterable<Pod>): Usage {
  let cpu = 0;
  let memory = 0;
  for (const pod of pods) {
    if (isPodTerminal(pod)) continue;
    for (const { resources } of pod.spec.containers) {
      cpu += milliValue(String(resources?.requests?.['cpu'] ?? '0'));
      memory += unitValue(String(resources?.requests?.['memory'] ?? '0'));
    }
  }
  return { cpu, memory };
}
