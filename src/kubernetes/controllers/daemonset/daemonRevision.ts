// Upstream: pkg/controller/daemon/update.go constructHistory, cleanupHistory
import type { ControllerRevision, DaemonSet } from '#generated/types/apps.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { controllerRevisions } from '#kubernetes/api/apps/controllerRevision.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import type { New } from '#kubernetes/api/object.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { controlledBy, controllerRefTo, isControlledBy } from '../controllerRef.ts';
import { templateHash } from '../templateHash.ts';
import { revisionHashLabel } from './daemonPod.ts';
import type { DaemonSync, Room } from './daemonSetSync.ts';

/** The template as a patch that would bring it back. */
function revisionData({ spec }: DaemonSet): unknown {
  return { spec: { template: { ...spec.template, $patch: 'replace' } } };
}

/** Keeps a revision of the present template, as the newest. Returns its hash. */
export function syncRevision(room: Room, set: DaemonSet): string {
  const { client, revisions } = room;
  const known = [...controlledBy(revisions, set)];
  const data = revisionData(set);
  const present = known.find((revision) => deepEqual(revision.data, data));
  const newest = known.reduce((max, { revision }) => Math.max(max, revision), 0);
  if (present !== undefined) {
    if (present.revision < newest) {
      client.update(controllerRevisions, { ...present, revision: newest + 1 });
    }
    return hashOf(present);
  }
  const hash = templateHash(set.spec.template, set.status.collisionCount);
  const revision = newRevision(set, hash, newest + 1);
  try {
    client.create(controllerRevisions, revision);
  } catch (error) {
    if (!isStatus(error, 'AlreadyExists')) throw error;
    const taken = client.get(controllerRevisions, set.metadata.namespace ?? '', revision.metadata.name!);
    if (isControlledBy(taken, set) && deepEqual(taken.data, data)) return hashOf(taken);
    const collisionCount = (set.status.collisionCount ?? 0) + 1;
    client.updateStatus(daemonSets, { ...set, status: { ...set.status, collisionCount } });
    throw error;
  }
  return hash;
}

function newRevision(set: DaemonSet, hash: string, revision: number): New<ControllerRevision> {
  const { name, namespace = '', annotations } = set.metadata;
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...set.spec.template.metadata?.labels, [revisionHashLabel]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerRefTo(set)],
    },
    data: revisionData(set),
    revision,
  };
}

function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[revisionHashLabel] ?? '';
}

function podHash({ metadata }: Pod): string | undefined {
  return metadata.labels?.[revisionHashLabel];
}

/** Deletes the oldest revisions beyond the limit, those that no pod is of. */
export function cleanUpRevisions({ room, set, hash, nodes }: DaemonSync): void {
  const old = [...controlledBy(room.revisions, set)].filter((revision) => hashOf(revision) !== hash);
  const surplus = old.length - (set.spec.revisionHistoryLimit ?? 10);
  if (surplus <= 0) return;
  const live = new Set(nodes.flatMap(({ pods }) => pods.map(podHash)));
  const dead = old.filter((revision) => !live.has(hashOf(revision))).sort((a, b) => a.revision - b.revision);
  for (const { metadata } of dead.slice(0, surplus)) {
    try {
      room.client.delete(controllerRevisions, metadata.namespace ?? '', metadata.name);
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }
}
