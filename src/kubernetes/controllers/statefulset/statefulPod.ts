// Upstream: pkg/controller/statefulset/stateful_set_utils.go
import type { StatefulSet } from '#generated/types/apps.v1.ts';
import type { Pod, PodTemplateSpec, Volume } from '#generated/types/core.v1.ts';
import type { New } from '#kubernetes/api/object.ts';
import { isPodAvailable, isPodReady } from '#kubernetes/api/podStatus.ts';
import { podFromTemplate } from '../podControl.ts';

export const revisionLabel = 'controller-revision-hash';
const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const podIndexLabel = 'apps.kubernetes.io/pod-index';

/** The set's name and the ordinal that a pod's name is made of; null for other names. */
function readName(name: string): { readonly parent: string; readonly ordinal: number } | null {
  const [, parent, ordinal] = /^(.*)-(\d{1,9})$/.exec(name) ?? [];
  return parent === undefined || ordinal === undefined ? null : { parent, ordinal: Number(ordinal) };
}

/** The ordinal of a pod, -1 when its name has none. */
export function ordinalOf({ metadata }: Pod): number {
  return readName(metadata.name)?.ordinal ?? -1;
}

/** True when the pod's name is one that the set gives. */
export function isMemberOf(set: StatefulSet, { metadata }: Pod): boolean {
  return readName(metadata.name)?.parent === set.metadata.name;
}

export function podName(set: StatefulSet, ordinal: number): string {
  return `${set.metadata.name}-${ordinal}`;
}

export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${podName(set, ordinal)}`;
}

export function startOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

export function wantedReplicas({ spec }: StatefulSet): number {
  return spec.replicas ?? 1;
}

/** True when the ordinal is one of those that the set wants now. */
export function isInRange(set: StatefulSet, ordinal: number): boolean {
  const start = startOrdinal(set);
  return ordinal >= start && ordinal < start + wantedReplicas(set);
}

export function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.[revisionLabel] ?? '';
}

export function isTerminating({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status.phase === 'Running' && isPodReady(pod);
}

export function isRunningAndAvailable(pod: Pod, { spec }: StatefulSet, nowMs: number): boolean {
  return pod.status.phase === 'Running' && isPodAvailable(pod, spec.minReadySeconds ?? 0, nowMs);
}

/** The volumes of one pod: its own claims, and those of the template that no claim takes the place of. */
function volumesOf(set: StatefulSet, ordinal: number, present: readonly Volume[] = []): readonly Volume[] {
  const templates = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
  const claims = templates.map((name) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(set, name, ordinal) },
  }));
  return [...claims, ...present.filter(({ name }) => !templates.includes(name))];
}

/** The pod of one ordinal, of the template that the revision keeps. */
export function newStatefulPod(
  set: StatefulSet,
  ordinal: number,
  template: PodTemplateSpec,
  revision: string,
): New<Pod> {
  const name = podName(set, ordinal);
  const { generateName: _generated, ...metadata } = podFromTemplate(template, set).metadata;
  const { serviceName } = set.spec;
  const volumes = volumesOf(set, ordinal, template.spec!.volumes);
  return {
    metadata: {
      ...metadata,
      name,
      labels: {
        ...metadata.labels,
        [podNameLabel]: name,
        [podIndexLabel]: String(ordinal),
        [revisionLabel]: revision,
      },
    },
    spec: {
      ...template.spec!,
      hostname: name,
      ...(serviceName && { subdomain: serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}

/** True when the pod carries the names that its set gives it: an adopted one may lack them. */
export function hasIdentity({ metadata }: Pod): boolean {
  return metadata.labels?.[podNameLabel] === metadata.name;
}

/** The labels of a pod with its identity among them. */
export function withIdentity(pod: Pod): Readonly<Record<string, string>> {
  const { labels, name } = pod.metadata;
  return { ...labels, [podNameLabel]: name, [podIndexLabel]: String(ordinalOf(pod)) };
}
