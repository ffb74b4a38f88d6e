// Upstream: pkg/controller/history/controller_history.go
import type { ControllerRevision } from '#generated/types/apps.v1.ts';
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import { controllerRevisions } from '#kubernetes/api/apps/controllerRevision.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject, New } from '#kubernetes/api/object.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { controlledBy, controllerRefTo, isControlledBy } from './controllerRef.ts';
import { templateHash } from './templateHash.ts';

/** A set whose templates are kept as ControllerRevisions. */
type Historied = KubeObject & {
  readonly spec: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number };
  readonly status: { readonly collisionCount?: number };
};

/** Where the templates of a kind of set are kept. */
export interface History<S extends Historied> {
  readonly client: Client;
  readonly revisions: Informer<ControllerRevision>;
  readonly kind: Kind<S>;
  /** The label of a revision that holds its hash. */
  readonly hashLabel: string;
}

/** The template as a patch that would bring it back. */
function revisionData({ spec }: Historied): unknown {
  return { spec: { template: { ...spec.template, $patch: 'replace' } } };
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _patch, ...template } = spec.template;
  return template;
}

/** Keeps a revision of the present template, as the newest, and returns it. */
export function syncRevision<S extends Historied>(history: History<S>, set: S): ControllerRevision {
  const { client, revisions, hashLabel, kind } = history;
  const known = [...controlledBy(revisions, set)];
  const data = revisionData(set);
  const present = known.find((revision) => deepEqual(revision.data, data));
  const newest = known.reduce((max, { revision }) => Math.max(max, revision), 0);
  if (present !== undefined) {
    if (present.revision === newest) return present;
    return client.update(controllerRevisions, { ...present, revision: newest + 1 });
  }
  const hash = templateHash(set.spec.template, set.status.collisionCount);
  const { name, namespace = '', annotations } = set.metadata;
  const revision: New<ControllerRevision> = {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...set.spec.template.metadata?.labels, [hashLabel]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerRefTo(set)],
    },
    data,
    revision: newest + 1,
  };
  try {
    return client.create(controllerRevisions, revision);
  } catch (error) {
    if (!isStatus(error, 'AlreadyExists')) throw error;
    const taken = client.get(controllerRevisions, namespace, revision.metadata.name!);
    if (isControlledBy(taken, set) && deepEqual(taken.data, data)) return taken;
    const collisionCount = (set.status.collisionCount ?? 0) + 1;
    client.updateStatus(kind, { ...set, status: { ...set.status, collisionCount } });
    throw error;
  }
}

/** Deletes the oldest revisions beyond the set's limit, of those that nobody lives by. */
export function cleanUpRevisions<S extends Historied>(
  { client, revisions }: History<S>,
  set: S,
  isLive: (revision: ControllerRevision) => boolean,
  isCounted: (revision: ControllerRevision) => boolean,
): void {
  const old = [...controlledBy(revisions, set)].filter(isCounted);
  const surplus = old.length - (set.spec.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return;
  const dead = old.filter((revision) => !isLive(revision)).sort((a, b) => a.revision - b.revision);
  for (const { metadata } of dead.slice(0, surplus)) {
    try {
      client.delete(controllerRevisions, metadata.namespace ?? '', metadata.name);
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }
}
