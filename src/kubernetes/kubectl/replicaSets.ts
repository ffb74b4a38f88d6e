// Upstream: kubectl/pkg/util/deployment/deployment.go
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { CommandError } from './errors.ts';
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
export function noVisitor(what: string, object: KubeObject): string {
  return `error retrieving ${what} for ${JSON.stringify(groupKindOf(object))}, no visitor method exists for {${groupOf(object)} ${object.kind}}`;
}

/** Fails as upstream does for kinds that kubectl was not built with, where it needs to know their fields. */
export function assertBuiltIn({ apiVersion, kind }: KubeObject): void {
  if (builtInKinds.findKind(apiVersion, kind)) return;
  throw new CommandError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/scheme/scheme.go:28"`,
  );
}

const groupOf = ({ apiVersion }: KubeObject): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** `Job.batch`, or `Pod` of the core group. */
export function groupKindOf(object: KubeObject): string {
  const group = groupOf(object);
  return group ? `${object.kind}.${group}` : object.kind;
}
