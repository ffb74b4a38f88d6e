// Upstream: pkg/controller/daemon/{daemon_controller,util/daemonset_util}.go
import type { DaemonSet } from '#generated/types/apps.v1.ts';
import type { Affinity, Node, NodeSelectorTerm, Pod, PodSpec, Toleration } from '#generated/types/core.v1.ts';
import { matchesRequiredAffinity } from '#kubernetes/api/nodeAffinity.ts';
import type { New } from '#kubernetes/api/object.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import { untoleratedTaint } from '#kubernetes/api/taints.ts';
import { podFromTemplate } from '../podControl.ts';

export const revisionHashLabel = 'controller-revision-hash';
const generationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** Daemons stay through the troubles of their node. */
const daemonTolerations: readonly (readonly [string, NonNullable<Toleration['effect']>])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

const tolerationsOf = remembered(({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] => {
  const wanted = hostNetwork
    ? [...daemonTolerations, ['node.kubernetes.io/network-unavailable', 'NoSchedule'] as const]
    : daemonTolerations;
  const added = wanted
    .map(([key, effect]): Toleration => ({ key, operator: 'Exists', effect }))
    .filter(({ key, effect }) => !tolerations.some((own) => own.key === key && own.effect === effect));
  return [...tolerations, ...added];
});

interface Place {
  readonly shouldRun: boolean;
  readonly mayStay: boolean;
}

/** Whether a daemon should be started on a node, and whether one that runs there may stay. */
export function nodeShouldRun({ spec }: DaemonSet, node: Node): Place {
  return placesOf(spec.template.spec!)(node);
}

/** Remembered: a set looks at every node whenever one of its pods changes. */
const placesOf = remembered((template: PodSpec) => remembered((node: Node) => placeOf(template, node)));

function placeOf(template: PodSpec, node: Node): Place {
  const isNamed = !template.nodeName || template.nodeName === node.metadata.name;
  if (!isNamed || !matchesRequiredAffinity(template, node)) return { shouldRun: false, mayStay: false };
  const { taints } = node.spec;
  const tolerations = tolerationsOf(template);
  if (untoleratedTaint(taints, tolerations, ['NoSchedule', 'NoExecute']) === undefined) {
    return { shouldRun: true, mayStay: true };
  }
  return { shouldRun: false, mayStay: untoleratedTaint(taints, tolerations, ['NoExecute']) === undefined };
}

/** The pod for one node: the scheduler binds it, but may choose no other. */
export function daemonPodOf(set: DaemonSet, node: string, hash: string): New<Pod> {
  const { metadata = {}, spec } = set.spec.template;
  const generation = set.metadata.annotations?.[generationAnnotation];
  const labels = {
    ...metadata.labels,
    [revisionHashLabel]: hash,
    ...(generation !== undefined && { [generationLabel]: generation }),
  };
  const pinned = {
    ...spec!,
    affinity: pinnedAffinity(spec!.affinity, node),
    tolerations: tolerationsOf(spec!),
  };
  return podFromTemplate({ metadata: { ...metadata, labels }, spec: pinned }, set);
}

function pinnedAffinity(affinity: Affinity | undefined, node: string): Affinity {
  const term: NodeSelectorTerm = {
    matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }],
  };
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}

/** The node that a daemon runs on, or waits to be bound to. */
export function nodeOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const field = required?.nodeSelectorTerms[0]?.matchFields?.find(({ key }) => key === 'metadata.name');
  return field?.values?.[0];
}

/** Bound pods first, then older ones: the first of a node is the one that counts. */
export function compareSeniority(a: Pod, b: Pod): number {
  const bound = Number(Boolean(b.spec.nodeName)) - Number(Boolean(a.spec.nodeName));
  if (bound !== 0) return bound;
  const { creationTimestamp: createdA, name: nameA } = a.metadata;
  const { creationTimestamp: createdB, name: nameB } = b.metadata;
  if (createdA !== createdB) return createdA < createdB ? -1 : 1;
  return nameA < nameB ? -1 : 1;
}
