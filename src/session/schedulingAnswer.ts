import type { Pod, Taint, Toleration } from '#generated/types/core.v1.ts';
import type { PriorityClass } from '#generated/types/scheduling.v1.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { priorityClasses } from '#kubernetes/api/scheduling/priorityClass.ts';
import { tolerates } from '#kubernetes/api/taints.ts';
import { validateCreate } from '#kubernetes/api/validation.ts';
import { StatusError, invalid } from '#kubernetes/apimachinery/statusError.ts';
import { applyStrategicMergePatch } from '#kubernetes/apimachinery/strategicMergePatch.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { Client } from '#kubernetes/client/client.ts';
import type { Cluster } from '#kubernetes/cluster/cluster.ts';
import type { Explanation } from '#kubernetes/scheduler/decisions.ts';
import type { Answers, SchedulingDecision, SchedulingTrial, WhatIf } from '#protocol/messages.ts';

const observer = { name: 'system:observer', groups: ['system:masters'] };

/** How the scheduler came to what it did with a pod last, and, for one that waits, what it would do with another. */
export function schedulingAnswer(
  cluster: Cluster,
  namespace: string,
  name: string,
  change: unknown,
): Answers['scheduling'] {
  const found = cluster.explain(`${namespace}/${name}`);
  const pod = cluster.apiServer.storage.get(pods, namespace, name) as Pod | undefined;
  const waits = pod !== undefined && !pod.spec.nodeName && !isPodTerminal(pod);
  return { decision: found ? ranked(found) : null, whatIf: waits ? whatIf(cluster, pod, change) : null };
}

/** The chosen node first, then by score, then what was turned down. */
function ranked<T extends Explanation>(explanation: T): T & SchedulingDecision {
  const rank = ({ rejection, node, total }: Explanation['nodes'][number]) =>
    rejection !== null ? -1 : node === explanation.node ? Infinity : total;
  return { ...explanation, nodes: explanation.nodes.toSorted((a, b) => rank(b) - rank(a)) };
}

function whatIf(cluster: Cluster, pod: Pod, change: unknown): WhatIf | null {
  const now = trialOf(cluster, pod);
  if (now === null) return null;
  const client = new Client(cluster.observe, observer);
  const classes: readonly PriorityClass[] = client.list(priorityClasses).items;
  const { changed, error } =
    change === undefined ? { changed: null, error: null } : trialOfChange(cluster, pod, change);
  return {
    now,
    changed,
    error,
    pod: partsOf(pod),
    taints: taintsAgainst(
      pod,
      client.list(nodes).items.flatMap(({ spec }) => spec.taints ?? []),
    ),
    priorities: classes
      .map(({ metadata, value }) => ({ name: metadata.name, value: value ?? 0 }))
      .sort((a, b) => a.value - b.value),
  };
}

function trialOfChange(cluster: Cluster, pod: Pod, change: unknown): Pick<WhatIf, 'changed' | 'error'> {
  try {
    const other = applyStrategicMergePatch(pod, change, patchSchemaOf(pods.schema));
    if (deepEqual(other, pod)) return { changed: null, error: null };
    const errors = validateCreate(pods, other);
    if (errors.length > 0) throw invalid('', 'Pod', pod.metadata.name, errors);
    return { changed: trialOf(cluster, other), error: null };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { changed: null, error: error.message };
  }
}

function trialOf(cluster: Cluster, pod: Pod): SchedulingTrial | null {
  const trial = cluster.tryOut(pod);
  return trial === undefined ? null : ranked(trial);
}

function partsOf({ spec }: Pod): WhatIf['pod'] {
  const { affinity = {}, nodeSelector = {}, topologySpreadConstraints = [], schedulingGates = [] } = spec;
  return {
    containers: spec.containers.map(({ name, resources }) => ({
      name,
      cpu: String(resources?.requests?.['cpu'] ?? ''),
      memory: String(resources?.requests?.['memory'] ?? ''),
    })),
    nodeSelector: Object.entries(nodeSelector),
    tolerations: spec.tolerations ?? [],
    nodeAffinity: affinity.nodeAffinity !== undefined,
    podAffinity: affinity.podAffinity !== undefined,
    podAntiAffinity: affinity.podAntiAffinity !== undefined,
    spread: topologySpreadConstraints.length > 0,
    gates: schedulingGates.map(({ name }) => name),
    priority: spec.priority ?? 0,
  };
}

function taintsAgainst({ spec }: Pod, taints: readonly Taint[]): WhatIf['taints'] {
  const counted = new Map<string, WhatIf['taints'][number]>();
  const tolerations: readonly Toleration[] = spec.tolerations ?? [];
  for (const taint of taints) {
    if (taint.effect === 'PreferNoSchedule' || tolerations.some((each) => tolerates(each, taint))) continue;
    const { key, value = '', effect } = taint;
    const text = `${key}=${value}:${effect}`;
    counted.set(text, { key, value, effect, nodes: (counted.get(text)?.nodes ?? 0) + 1 });
  }
  return [...counted.values()];
}
