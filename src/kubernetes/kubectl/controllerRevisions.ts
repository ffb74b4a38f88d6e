// Upstream: kubectl/pkg/polymorphichelpers/history.go daemonSetHistory, statefulSetHistory
import type { ControllerRevision, DaemonSet, StatefulSet } from '#generated/types/apps.v1.ts';
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import type { Invocation } from './invocation.ts';

/** Sets whose templates are kept as ControllerRevisions. */
export type RevisionedSet = DaemonSet | StatefulSet;

export function isRevisioned(object: KubeObject): object is RevisionedSet {
  return object.kind === 'DaemonSet' || object.kind === 'StatefulSet';
}

/** The revisions of a set, oldest first. */
export async function revisionsOf(
  { metadata, spec }: RevisionedSet,
  invocation: Invocation,
): Promise<ControllerRevision[]> {
  const resource = (await invocation.mapper()).get('apps', 'controllerrevisions');
  const labelSelector = String(selectorOf(spec.selector));
  const { items } = await invocation.client.list<ControllerRevision>(resource, metadata.namespace ?? '', {
    labelSelector,
  });
  return items
    .filter(({ metadata: { ownerReferences } }) =>
      ownerReferences?.some((owner) => owner.controller && owner.uid === metadata.uid),
    )
    .sort((a, b) => a.revision - b.revision);
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _patch, ...template } = spec.template;
  return template;
}
