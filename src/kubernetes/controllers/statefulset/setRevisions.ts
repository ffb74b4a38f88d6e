// Upstream: pkg/controller/statefulset/stateful_set_control.go getStatefulSetRevisions, truncateHistory
import type { ControllerRevision, StatefulSet } from '#generated/types/apps.v1.ts';
import { statefulSets } from '#kubernetes/api/apps/statefulSet.ts';
import { cleanUpRevisions, type History, syncRevision, templateOf } from '../controllerHistory.ts';
import { controlledBy } from '../controllerRef.ts';
import { revisionOf } from './statefulPod.ts';
import type { Room, SetSync, Version } from './statefulSetSync.ts';

function historyIn({ client, revisions }: Room): History<StatefulSet> {
  return { client, revisions, kind: statefulSets, hashLabel: 'controller.kubernetes.io/hash' };
}

function versionOf(revision: ControllerRevision): Version {
  return { name: revision.metadata.name, template: templateOf(revision) };
}

/** The version that the set has come to, and the one that it goes to: its present template's. */
export function syncVersions(room: Room, set: StatefulSet): { current: Version; update: Version } {
  const update = versionOf(syncRevision(historyIn(room), set));
  const { currentRevision } = set.status;
  const known = [...controlledBy(room.revisions, set)];
  const current = known.find(({ metadata }) => metadata.name === currentRevision);
  return { update, current: current === undefined ? update : versionOf(current) };
}

/** Deletes the oldest versions beyond the limit; those that pods are of, and are going to, do not count. */
export function cleanUpVersions({ room, set, current, update, pods }: SetSync): void {
  const live = new Set([current.name, update.name, ...pods.map(revisionOf)]);
  const isLive = ({ metadata }: ControllerRevision) => live.has(metadata.name);
  cleanUpRevisions(historyIn(room), set, isLive, (revision) => !isLive(revision));
}
