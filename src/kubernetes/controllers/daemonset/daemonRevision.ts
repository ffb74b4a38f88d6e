// Upstream: pkg/controller/daemon/update.go constructHistory, cleanupHistory
import type { ControllerRevision, DaemonSet } from '#generated/types/apps.v1.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { cleanUpRevisions, type History, syncRevision } from '../controllerHistory.ts';
import { revisionHashLabel } from './daemonPod.ts';
import type { DaemonSync, Room } from './daemonSetSync.ts';

function historyIn({ client, revisions }: Room): History<DaemonSet> {
  return { client, revisions, kind: daemonSets, hashLabel: revisionHashLabel };
}

function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[revisionHashLabel] ?? '';
}

/** Keeps a revision of the present template, as the newest. Returns its hash. */
export function syncDaemonRevision(room: Room, set: DaemonSet): string {
  return hashOf(syncRevision(historyIn(room), set));
}

/** Deletes the oldest revisions beyond the limit, those that no pod is of. */
export function cleanUpDaemonRevisions({ room, set, hash, nodes }: DaemonSync): void {
  const live = new Set(
    nodes.flatMap(({ pods }) => pods.map(({ metadata }) => metadata.labels?.[revisionHashLabel])),
  );
  cleanUpRevisions(
    historyIn(room),
    set,
    (revision) => live.has(hashOf(revision)),
    (revision) => hashOf(revision) !== hash,
  );
}
