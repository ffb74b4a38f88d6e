// Upstream: kubectl/pkg/util/deployment/deployment.go
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Invocation } from './invocation.ts';

const hashLabel = 'pod-template-hash';

/** A ReplicaSet's template as its deployment has it. */
export function withoutHash(template: PodTemplateSpec | undefined): unknown {
  const { [hashLabel]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}

/** The rollout that made a ReplicaSet, or a Deployment's present one; 0 when unknown. */
export function revisionOf({ metadata }: Pick<ReplicaSet, 'metadata'>): number {
  return Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
}

/** True for templates that differ at most in the hash label. */
export function isSameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  return deepEqual(withoutHash(a), withoutHash(b));
}

/** The ReplicaSets a deployment owns: the one of its present template, and older ones, oldest first. */
export async function replicaSetsOf(
  deployment: Deployment,
  invocation: Invocation,
): Promise<{ all: ReplicaSet[]; current: ReplicaSet | undefined; old: ReplicaSet[] }> {
  const { metadata, spec } = deployment;
  const resource = (await invocation.mapper()).get('apps', 'replicasets');
  const labelSelector = String(selectorOf(spec.selector));
  const { items } = await invocation.client.list<ReplicaSet>(resource, metadata.namespace ?? '', {
    labelSelector,
  });
  const created = (set: ReplicaSet) => set.metadata.creationTimestamp ?? '';
  const all = items
    .filter((set) =>
      set.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === metadata.uid),
    )
    .sort((a, b) =>
      created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : a.metadata.name < b.metadata.name ? -1 : 1,
    );
  const current = all.find((set) => isSameTemplate(set.spec.template, spec.template));
  return { all, current, old: all.filter((set) => set !== current) };
}

/** What kubectl says of a kind that has no revisions. */
export function noVisitor(what: string, { apiVersion, kind }: KubeObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `error retrieving ${what} for ${JSON.stringify(group ? `${kind}.${group}` : kind)}, no visitor method exists for {${group} ${kind}}`;
}
