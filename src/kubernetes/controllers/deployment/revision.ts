// Upstream: pkg/controller/deployment/util/deployment_util.go, the annotations
import type { Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';

type Annotations = { readonly [key: string]: string };

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';

/** Upstream: maxRevHistoryLengthInChars. */
const historyLengthMax = 2000;

/** Annotations of a Deployment that its sets do not get. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The revision that a set's template is; 0 when it has none. */
export function revisionOf(object: KubeObject): number {
  return intAnnotation(object, revisionAnnotation) ?? 0;
}

export function maxRevision(sets: readonly ReplicaSet[]): number {
  return sets.reduce((max, set) => Math.max(max, revisionOf(set)), 0);
}

/** The size of the deployment when it last scaled the set; undefined when it never did. */
export function desiredReplicasOf(set: ReplicaSet): number | undefined {
  return intAnnotation(set, desiredReplicasAnnotation);
}

/** The most pods that the deployment could have when it last scaled the set. */
export function maxReplicasOf(set: ReplicaSet): number | undefined {
  return intAnnotation(set, maxReplicasAnnotation);
}

function intAnnotation({ metadata }: KubeObject, name: string): number | undefined {
  const text = metadata.annotations?.[name] ?? '';
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** The annotations of the newest set: the deployment's, its revision, and the revisions it was before. */
export function newSetAnnotations(
  deployment: Deployment,
  present: Annotations | undefined,
  newRevision: number,
): Annotations {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !ownAnnotations.has(key),
  );
  const next: Record<string, string> = { ...present, ...Object.fromEntries(copied) };
  const oldText = present?.[revisionAnnotation];
  if (Number(oldText ?? 0) >= newRevision) return next;
  next[revisionAnnotation] = String(newRevision);
  if (oldText !== undefined) {
    next[revisionHistoryAnnotation] = appendRevision(next[revisionHistoryAnnotation] ?? '', oldText);
  }
  return next;
}

function appendRevision(history: string, revision: string): string {
  const revisions = history === '' ? [] : history.split(',');
  revisions.push(revision);
  while (revisions.join(',').length > historyLengthMax) revisions.shift();
  return revisions.join(',');
}

/** What a set remembers of the deployment's size when it is scaled. */
export function sizeAnnotations(desired: number, max: number): Annotations {
  return { [desiredReplicasAnnotation]: String(desired), [maxReplicasAnnotation]: String(max) };
}
