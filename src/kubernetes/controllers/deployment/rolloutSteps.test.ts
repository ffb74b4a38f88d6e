import { expect, test } from 'vitest';
import type { Deployment, DeploymentCondition, ReplicaSet } from '#generated/types/apps.v1.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import { syncRolloutStatus } from './deploymentStatus.ts';
import { sizeAnnotations } from './revision.ts';
import { rollOut } from './rollingUpdate.ts';
import { allSets, type Rollout } from './rollout.ts';
import { maxSurgeOf } from './rolloutSize.ts';
import { cleanUpHistory, scaleProportionally } from './scaling.ts';

/** A set of a size, of which so many pods are available; the older the lower its number. */
function setOf(
  version: number,
  replicas: number,
  available = replicas,
  status: Partial<ReplicaSet['status']> = {},
): ReplicaSet {
  return {
    metadata: {
      name: `foo-v${version}`,
      uid: `v${version}`,
      creationTimestamp: `2026-01-0${version}T00:00:00Z`,
    },
    spec: { replicas },
    status: { replicas, availableReplicas: available, ...status },
  } as unknown as ReplicaSet;
}

type Size = string | number;

function deploymentOf(replicas: number, maxSurge: Size = 0, maxUnavailable: Size = 0): Deployment {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
  return { metadata: { name: 'foo' }, spec: { replicas, strategy }, status: {} } as unknown as Deployment;
}

/** A rollout whose writes stay in it; `deleted` has the names of sets that it deletes. */
function rolloutOf(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  oldSets: readonly ReplicaSet[],
  nowMs = 0,
): Rollout & { readonly deleted: string[] } {
  const deleted: string[] = [];
  const client = {
    update: (_kind: unknown, object: unknown) => object,
    updateStatus: (_kind: unknown, object: unknown) => object,
    delete: (_kind: unknown, _namespace: string, name: string) => deleted.push(name),
  };
  const room = { client, recorder: { event: () => {} }, simulation: { nowMs } } as unknown as Rollout['room'];
  return { room, deployment, newSet, oldSets, deleted };
}

const sizesOf = (rollout: Rollout) => allSets(rollout).map(({ spec }) => spec.replicas);

interface Before {
  readonly replicas: number;
  readonly maxSurge?: number;
  /** The size of the deployment by the annotations of a set, where that is another. */
  readonly desired?: Readonly<Record<string, number>>;
}

// Facts from upstream's TestScale; sizes of the old sets, oldest first, and of the new one, which may be none.
test.each<[string, Before, [number, number?], number[], number | null, number[], number | null]>([
  ['the new set alone grows', { replicas: 10 }, [12], [], 10, [], 12],
  ['the new set alone shrinks', { replicas: 10 }, [5], [], 10, [], 5],
  ['5 to 10', { replicas: 5 }, [10], [3], 2, [6], 4],
  ['5 to 3', { replicas: 5 }, [3], [3], 2, [2], 1],
  ['9 to 4', { replicas: 9 }, [4], [1], 8, [0], 4],
  ['7 to 10, three sets', { replicas: 7 }, [10], [2, 3], 2, [3, 4], 3],
  ['13 to 8, three sets', { replicas: 13 }, [8], [3, 8], 2, [2, 5], 1],
  ['what is left over goes to the newest', { replicas: 3 }, [4], [1, 1], 1, [1, 1], 2],
  ['and is taken from the oldest', { replicas: 3 }, [2], [1, 1], 1, [0, 1], 1],
  ['without a new set, 4 to 5', { replicas: 4 }, [5], [2, 2], null, [2, 3], null],
  ['6 to 0', { replicas: 6 }, [0], [1, 2], 3, [0, 0], 0],
  ['0 to 6', { replicas: 6 }, [6], [0, 0], 0, [0, 0], 6],
  ['a set that was missed before', { replicas: 5, desired: { 'foo-v2': 3 } }, [5], [1, 1], 2, [1, 2], 2],
  ['with a surge', { replicas: 10, maxSurge: 2 }, [20, 2], [6], 6, [11], 11],
  ['another surge and size', { replicas: 10, maxSurge: 3 }, [50, 6], [8], 5, [34], 22],
  ['another template and size', { replicas: 10 }, [14], [3, 7], null, [4, 10], null],
])('proportional scaling: %s', (_what, before, [replicas, maxSurge], old, size, wantedOld, wanted) => {
  const mark = (set: ReplicaSet) => {
    const desired = before.desired?.[set.metadata.name] ?? before.replicas;
    const surge = maxSurgeOf(deploymentOf(before.replicas, before.maxSurge));
    return { ...set, metadata: { ...set.metadata, annotations: sizeAnnotations(desired, desired + surge) } };
  };
  const newSet = size === null ? undefined : mark(setOf(old.length + 1, size));
  const sets = old.map((count, i) => mark(setOf(i + 1, count)));
  const rollout = rolloutOf(deploymentOf(replicas, maxSurge), newSet, sets);
  scaleProportionally(rollout);
  expect(sizesOf(rollout)).toEqual(wanted === null ? wantedOld : [...wantedOld, wanted]);
});

test('a new set that is as large as it should be and not available leaves the old pods alone', () => {
  const mark = (set: ReplicaSet) => ({
    ...set,
    metadata: { ...set.metadata, annotations: sizeAnnotations(2, 3) },
  });
  const rollout = rolloutOf(deploymentOf(2, 1, 1), mark(setOf(2, 2, 0)), [mark(setOf(1, 1))]);
  scaleProportionally(rollout);
  expect(sizesOf(rollout)).toEqual([1, 2]);
});

// Facts from upstream's TestDeploymentController_reconcileNewReplicaSet; old pods are all needed.
test.each<[number, number, number, number, number]>([
  [10, 0, 10, 0, 0],
  [10, 2, 10, 0, 2],
  [10, 2, 5, 0, 7],
  [10, 2, 10, 2, 2],
  [10, 2, 2, 11, 10],
])('of %i with surge %i, %i old and %i new pods become %i new ones', (replicas, surge, old, size, wanted) => {
  const rollout = rolloutOf(deploymentOf(replicas, surge, 0), setOf(2, size, 0), [setOf(1, old)]);
  rollOut(rollout);
  expect(rollout.newSet?.spec.replicas).toBe(wanted);
});

// Facts from upstream's TestDeploymentController_reconcileOldReplicaSets, cleanupUnhealthyReplicas and
// scaleDownOldReplicaSetsForRollingUpdate: a new set that cannot grow, and how many old pods are left.
test.each<[string, number, number, [number, number], [number, number], number]>([
  ['one at least may be unavailable', 10, 0, [10, 10], [0, 0], 9],
  ['two may be unavailable', 10, 2, [10, 10], [0, 0], 8],
  ['two are unavailable already', 10, 2, [10, 8], [0, 0], 8],
  ['one is unavailable already', 10, 2, [10, 9], [0, 0], 8],
  ['new pods that are not available count', 10, 2, [8, 8], [2, 0], 8],
  ['new pods that are available make room', 10, 2, [8, 8], [2, 2], 6],
  ['hardly any is available', 10, 2, [10, 1], [0, 0], 8],
  ['there are none', 10, 2, [0, 0], [10, 10], 0],
])(
  'old pods of a rolling update: %s',
  (_what, replicas, unavailable, [old, oldReady], [size, ready], left) => {
    const rollout = rolloutOf(deploymentOf(replicas, 0, unavailable), setOf(2, size, ready), [
      setOf(1, old, oldReady),
    ]);
    rollOut(rollout);
    expect(rollout.oldSets[0]!.spec.replicas).toBe(left);
  },
);

// Facts from upstream's TestDeploymentController_cleanupDeployment and …cleanupDeploymentOrder.
type Old = readonly [version: number, replicas: number, statusReplicas: number, revision?: string];
test.each<[string, readonly Old[], number, string[]]>([
  [
    'beyond the limit',
    [
      [1, 0, 0],
      [2, 0, 0],
      [3, 0, 0],
    ],
    1,
    ['foo-v1', 'foo-v2'],
  ],
  [
    'none that has pods or wants some',
    [
      [1, 0, 0],
      [2, 0, 1],
      [3, 1, 0],
      [4, 1, 1],
    ],
    0,
    ['foo-v1'],
  ],
  [
    'all',
    [
      [1, 0, 0],
      [2, 0, 0],
    ],
    0,
    ['foo-v1', 'foo-v2'],
  ],
  [
    'none at work',
    [
      [1, 1, 1],
      [2, 1, 1],
    ],
    0,
    [],
  ],
  [
    'no limit',
    [
      [1, 0, 0],
      [2, 0, 0],
      [3, 0, 0],
    ],
    2 ** 31 - 1,
    [],
  ],
  [
    'by revision',
    [
      [1, 0, 0, '1'],
      [2, 0, 0, '2'],
    ],
    1,
    ['foo-v1'],
  ],
  [
    'by revision, not by age',
    [
      [1, 0, 0, '2'],
      [2, 0, 0, '1'],
    ],
    1,
    ['foo-v2'],
  ],
  [
    'what has no revision first, the younger',
    [
      [1, 0, 0, '1'],
      [2, 0, 0],
    ],
    1,
    ['foo-v2'],
  ],
  [
    'what has no revision first, the older',
    [
      [1, 0, 0],
      [2, 0, 0, '2'],
    ],
    1,
    ['foo-v1'],
  ],
  [
    'not the oldest, which is at work',
    [
      [1, 1, 1, '1'],
      [2, 0, 0, '2'],
      [3, 0, 0, '3'],
    ],
    1,
    ['foo-v2'],
  ],
])('history: %s', (_what, old, revisionHistoryLimit, deleted) => {
  const deployment = deploymentOf(1);
  const sets = old.map(([version, replicas, count, revision]) => {
    const set = setOf(version, replicas, 0, { replicas: count });
    const annotations: Record<string, string> = {};
    if (revision !== undefined) annotations['deployment.kubernetes.io/revision'] = revision;
    return { ...set, metadata: { ...set.metadata, annotations } };
  });
  const rollout = rolloutOf(
    { ...deployment, spec: { ...deployment.spec, revisionHistoryLimit } },
    undefined,
    sets,
  );
  cleanUpHistory(rollout);
  expect(rollout.deleted).toEqual(deleted);
});

const then = '2017-02-15T18:49:00Z';
const condition = (status: string, reason: string): DeploymentCondition => ({
  type: 'Progressing',
  status,
  reason,
  lastUpdateTime: then,
  lastTransitionTime: then,
});
const timedOut = condition('False', 'ProgressDeadlineExceeded');
const updated = condition('True', 'ReplicaSetUpdated');
const arrived = condition('True', 'NewReplicaSetAvailable');

interface Progress {
  readonly deadline?: number;
  readonly replicas?: number;
  /** Of the deployment's status: all, updated and available pods. */
  readonly status: readonly [number, number, number];
  readonly present?: DeploymentCondition;
  /** Each set with its size, its pods, and how many of them are available. */
  readonly others?: readonly (readonly [number, number, number])[];
  readonly newSet?: readonly [number, number, number];
  readonly secondsLater?: number;
}

function progressOf({
  deadline,
  replicas = 3,
  status,
  present,
  others = [],
  newSet,
  secondsLater = 3600,
}: Progress) {
  const [all, updatedReplicas, availableReplicas] = status;
  const deployment = {
    metadata: { name: 'foo' },
    spec: {
      replicas,
      strategy: { type: 'Recreate' },
      ...(deadline !== undefined && { progressDeadlineSeconds: deadline }),
    },
    status: { replicas: all, updatedReplicas, availableReplicas, conditions: present ? [present] : [] },
  } as unknown as Deployment;
  const make = (version: number, [size, pods, available]: readonly [number, number, number]) =>
    setOf(version, size, available, { replicas: pods });
  return rolloutOf(
    deployment,
    newSet && make(9, newSet),
    others.map((set, i) => make(i + 1, set)),
    parseTime(then) + secondsLater * 1000,
  );
}

// Facts from upstream's TestSyncRolloutStatus: the reason, and whether the condition became what it is just now.
test.each<[string, Progress, string | undefined, 'kept' | 'changed' | undefined]>([
  [
    'no deadline, no condition',
    { status: [2, 2, 2], present: updated, others: [[0, 1, 1]], newSet: [3, 2, 2] },
    undefined,
    undefined,
  ],
  [
    'only one set',
    { deadline: 60, status: [3, 3, 3], present: arrived, others: [[3, 3, 3]] },
    'True NewReplicaSetAvailable',
    'kept',
  ],
  [
    'still progressing',
    { deadline: 60, status: [2, 2, 2], present: updated, others: [[0, 1, 1]], newSet: [3, 2, 2] },
    'True ReplicaSetUpdated',
    'kept',
  ],
  [
    'progressing again',
    { deadline: 60, status: [2, 2, 2], present: timedOut, others: [[0, 1, 1]], newSet: [3, 2, 2] },
    'True ReplicaSetUpdated',
    'changed',
  ],
  [
    'progressing',
    { deadline: 60, status: [2, 2, 2], others: [[0, 1, 1]], newSet: [3, 2, 2] },
    'True ReplicaSetUpdated',
    'changed',
  ],
  [
    'complete',
    { deadline: 60, status: [3, 3, 3], present: updated, newSet: [3, 3, 3] },
    'True NewReplicaSetAvailable',
    'kept',
  ],
  [
    'complete after all',
    { deadline: 60, status: [3, 3, 3], present: timedOut, newSet: [3, 3, 3] },
    'True NewReplicaSetAvailable',
    'changed',
  ],
  [
    'complete at once',
    { deadline: 60, status: [3, 3, 3], newSet: [3, 3, 3] },
    'True NewReplicaSetAvailable',
    'changed',
  ],
  [
    'complete without a new set',
    { deadline: 60, replicas: 0, status: [3, 3, 3], present: updated, others: [[0, 0, 0]] },
    'True NewReplicaSetAvailable',
    'kept',
  ],
  [
    'beyond the deadline',
    { deadline: 60, status: [2, 2, 2], present: updated, newSet: [3, 2, 2] },
    'False ProgressDeadlineExceeded',
    'changed',
  ],
  [
    'beyond it already',
    { deadline: 60, status: [2, 2, 2], present: timedOut, newSet: [3, 2, 2] },
    'False ProgressDeadlineExceeded',
    'kept',
  ],
])('progress: %s', (_what, given, wanted, since) => {
  const rollout = progressOf(given);
  syncRolloutStatus(rollout);
  const found = rollout.deployment.status.conditions?.find(({ type }) => type === 'Progressing');
  expect(found && `${found.status} ${found.reason}`).toBe(wanted);
  expect(found && (found.lastTransitionTime === then ? 'kept' : 'changed')).toBe(since);
});

const stuck = condition('True', 'ReplicaSetUpdated');

// Facts from upstream's TestRequeueStuckDeployment: when a rollout that stands still is looked at again, with a second more.
test.each<[string, Progress, number | undefined]>([
  ['no deadline', { status: [3, 3, 2], newSet: [3, 3, 2] }, undefined],
  ['an endless deadline', { deadline: 2 ** 31 - 1, status: [3, 3, 2], newSet: [3, 3, 2] }, undefined],
  [
    '30 seconds',
    { deadline: 60, status: [3, 3, 1], present: stuck, newSet: [3, 3, 1], secondsLater: 30 },
    31_000,
  ],
  [
    'one second',
    { deadline: 60, status: [3, 3, 1], present: stuck, newSet: [3, 3, 1], secondsLater: 59 },
    2000,
  ],
  ['now', { deadline: 60, status: [3, 3, 1], present: stuck, newSet: [3, 3, 1], secondsLater: 60 }, 1000],
  ['failed already', { deadline: 60, status: [3, 3, 1], present: timedOut, newSet: [3, 3, 1] }, undefined],
])('looked at again: %s', (_what, given, afterMs) => {
  const rollout = progressOf(given);
  // The first sync may write the status; the one that finds nothing to write says when to look again.
  syncRolloutStatus(rollout);
  expect(syncRolloutStatus(rollout)?.afterMs).toBe(afterMs);
});
