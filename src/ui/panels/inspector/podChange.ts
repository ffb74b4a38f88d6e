import type { WhatIf } from '#protocol/messages.ts';

/** What a learner changes of a pod that waits. Nothing is changed by an empty one. */
export interface PodChange {
  /** Texts as typed, by container and resource: `web/cpu`. */
  readonly requests: Readonly<Record<string, string>>;
  /** What is left out: `selector/KEY`, `nodeAffinity`, `gate/NAME` … */
  readonly dropped: readonly string[];
  /** Taints that are tolerated too: `key=value:effect`. */
  readonly tolerated: readonly string[];
  /** A priority class; `''` leaves it. */
  readonly priority: string;
}

export const noChange: PodChange = { requests: {}, dropped: [], tolerated: [], priority: '' };

export function taintText({ key, value, effect }: WhatIf['taints'][number]): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}

/** The strategic merge patch that makes the change; undefined for none. */
export function patchOf(change: PodChange, { pod, taints, priorities }: WhatIf): unknown {
  const spec: Record<string, unknown> = {};
  const containers = pod.containers.flatMap(({ name, ...present }) => {
    const requests = Object.fromEntries(
      (['cpu', 'memory'] as const).flatMap((resource) => {
        const typed = change.requests[`${name}/${resource}`]?.trim();
        return typed === undefined || typed === present[resource]
          ? []
          : [[resource, typed === '' ? null : typed]];
      }),
    );
    return Object.keys(requests).length === 0 ? [] : [{ name, resources: { requests } }];
  });
  if (containers.length > 0) spec['containers'] = containers;
  const isDropped = (part: string) => change.dropped.includes(part);
  const selector = pod.nodeSelector
    .filter(([key]) => isDropped(`selector/${key}`))
    .map(([key]) => [key, null]);
  if (selector.length > 0) spec['nodeSelector'] = Object.fromEntries(selector);
  const affinity = (['nodeAffinity', 'podAffinity', 'podAntiAffinity'] as const).filter(isDropped);
  if (affinity.length > 0) spec['affinity'] = Object.fromEntries(affinity.map((part) => [part, null]));
  if (isDropped('spread')) spec['topologySpreadConstraints'] = null;
  const gates = pod.gates.filter((name) => isDropped(`gate/${name}`));
  if (gates.length > 0) spec['schedulingGates'] = gates.map((name) => ({ name, $patch: 'delete' }));
  const tolerated = taints.filter((taint) => change.tolerated.includes(taintText(taint)));
  if (tolerated.length > 0) {
    const added = tolerated.map(({ key, value, effect }) => ({ key, operator: 'Equal', value, effect }));
    spec['tolerations'] = [...pod.tolerations, ...added];
  }
  const priority = priorities.find(({ name }) => name === change.priority);
  if (priority !== undefined) {
    spec['priorityClassName'] = priority.name;
    spec['priority'] = priority.value;
  }
  return Object.keys(spec).length === 0 ? undefined : { spec };
}
