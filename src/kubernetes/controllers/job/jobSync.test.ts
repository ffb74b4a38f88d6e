import { expect, test } from 'vitest';
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodActive } from '#kubernetes/api/podStatus.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { controllerRefTo } from '../controllerRef.ts';
import { TestCluster } from '../testCluster.ts';
import { jobController } from './jobController.ts';

const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
const finalizer = 'batch.kubernetes.io/job-tracking';

/**
 * Pods that are there when the controller starts, by letters: `p`ending, `a`ctive, `r`eady, `s`ucceeded, `f`ailed, and
 * `t` for those that are on their way out; or with the index of each.
 */
type Given = string | readonly (readonly [letter: string, index: string])[];

const phases = {
  p: 'Pending',
  a: 'Running',
  r: 'Running',
  s: 'Succeeded',
  f: 'Failed',
  t: 'Running',
} as const;

/** A job whose pods were made by somebody before its controller runs; all of them are bound, so that they end with grace. */
function started(spec: Partial<Job['spec']>, given: Given): TestCluster {
  let context: ControllerContext | null = null;
  const late: Controller = {
    ...jobController,
    start(own) {
      context = own;
      return () => {};
    },
  };
  const cluster = new TestCluster([late]);
  const template = {
    spec: { restartPolicy: 'Never' as const, containers: [{ name: 'a', image: 'busybox' }] },
  };
  const job = cluster.client.create<Job>(jobs, {
    metadata: { name: 'foo', namespace: 'default' },
    spec: { backoffLimit: 6, ...spec, template },
  });
  const list = typeof given === 'string' ? given.split('').map((letter) => [letter, ''] as const) : given;
  for (const [i, [letter, index]] of list.entries()) {
    const name = `pod-${i}`;
    cluster.client.create<Pod>(pods, {
      metadata: {
        name,
        namespace: 'default',
        labels: job.spec.selector!.matchLabels ?? {},
        finalizers: [finalizer],
        ownerReferences: [controllerRefTo(job)],
        ...(index !== '' && { annotations: { [indexAnnotation]: index } }),
      },
      spec: template.spec,
    });
    cluster.client.subresource(pods, 'default', name, 'binding', { target: { name: 'a' } });
    const phase = phases[letter as keyof typeof phases];
    if (phase !== 'Pending') cluster.setPhase(cluster.get(pods, name), phase, letter === 'r');
    if (letter === 't') cluster.client.delete(pods, 'default', name);
  }
  jobController.start(context!);
  // Longer than the back-off of two failures.
  cluster.run(25_000);
  return cluster;
}

interface Expected {
  readonly active?: number;
  readonly ready?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly terminating?: number;
  readonly completedIndexes?: string;
  /** The indexes of pods that were created. */
  readonly created?: readonly number[];
  /** The condition that ends it, or begins to. */
  readonly condition?: string;
}

const isOfController = ({ metadata }: Pod) => !metadata.name.startsWith('pod-');
const two5 = { parallelism: 2, completions: 5 };
const indexed = { completionMode: 'Indexed' } as const;
const three: Partial<Job['spec']> = { parallelism: 2, completions: 3, ...indexed };
const limit = 'BackoffLimitExceeded';

// Facts from upstream's TestControllerSyncJob, which looks after one sync; here the job has come to rest.
test.each<[string, Partial<Job['spec']>, Given, Expected]>([
  ['job start', two5, '', { active: 2 }],
  ['WQ job start', { parallelism: 2 }, '', { active: 2 }],
  ['pending pods', two5, 'pp', { active: 2 }],
  ['correct # of pods', { parallelism: 3, completions: 5 }, 'arr', { active: 3, ready: 2 }],
  ['WQ job: correct # of pods', { parallelism: 2 }, 'aa', { active: 2 }],
  ['too few active pods', two5, 'as', { active: 2, succeeded: 1 }],
  ['too few active pods with a dynamic job', { parallelism: 2 }, 'a', { active: 2 }],
  ['too many active pods', two5, 'aaa', { active: 2, terminating: 1 }],
  ['count ready pods when too many active pods', two5, 'rrr', { active: 2, ready: 2, terminating: 1 }],
  ['failed + succeed pods', two5, 'asf', { active: 2, succeeded: 1, failed: 1 }],
  ['new failed pod', two5, 'af', { active: 2, failed: 1 }],
  ['job finish', two5, 'sssss', { succeeded: 5, condition: 'Complete CompletionsReached' }],
  ['WQ job finishing', { parallelism: 2 }, 'as', { active: 1, succeeded: 1 }],
  [
    'WQ job all finished',
    { parallelism: 2 },
    'ss',
    { succeeded: 2, condition: 'Complete CompletionsReached' },
  ],
  [
    'WQ job all finished despite one failure',
    { parallelism: 2 },
    'sf',
    { succeeded: 1, failed: 1, condition: 'Complete CompletionsReached' },
  ],
  ['more active pods than parallelism', two5, 'aaaaaaaaaa', { active: 2, terminating: 8 }],
  [
    'more active pods than remaining completions',
    { parallelism: 3, completions: 4 },
    'aaass',
    { active: 2, succeeded: 2, terminating: 1 },
  ],
  ['status change', two5, 'aass', { active: 2, succeeded: 2 }],
  ['too many job failures', { ...two5, backoffLimit: 0 }, 'f', { failed: 1, condition: `Failed ${limit}` }],
  [
    'count ready pods when job fails',
    { parallelism: 2, completions: 3, backoffLimit: 0 },
    'rrf',
    { failed: 3, terminating: 2, condition: `FailureTarget ${limit}` },
  ],
  [
    'WQ job: recreate pods when failed',
    { parallelism: 1, podReplacementPolicy: 'Failed' },
    'aft',
    { active: 1, failed: 1, terminating: 1 },
  ],
  [
    'WQ job: recreate pods when terminating or failed',
    { parallelism: 1, podReplacementPolicy: 'TerminatingOrFailed' },
    'aft',
    { active: 1, failed: 2, terminating: 1 },
  ],
  [
    'more terminating pods than parallelism',
    { parallelism: 1, completions: 1, podReplacementPolicy: 'Failed' },
    'aatttt',
    { active: 1, terminating: 5 },
  ],
  [
    'suspending a job',
    { parallelism: 2, completions: 4, suspend: true },
    'rr',
    { terminating: 2, condition: 'Suspended JobSuspended' },
  ],
  ['indexed job start', { ...two5, ...indexed }, '', { active: 2, created: [0, 1] }],
  [
    'indexed job with some pods deleted, podReplacementPolicy Failed',
    { ...two5, ...indexed, podReplacementPolicy: 'Failed' },
    't',
    { active: 1, created: [0], terminating: 1 },
  ],
  [
    'indexed job with some pods deleted, podReplacementPolicy TerminatingOrFailed',
    { ...two5, ...indexed, podReplacementPolicy: 'TerminatingOrFailed' },
    't',
    { active: 2, created: [0, 1], terminating: 1 },
  ],
  [
    'indexed job completed',
    three,
    [
      ['s', '0'],
      ['f', '1'],
      ['s', '1'],
      ['s', '2'],
    ],
    { succeeded: 3, failed: 1, completedIndexes: '0-2', condition: 'Complete CompletionsReached' },
  ],
  [
    'indexed job failed',
    { ...three, backoffLimit: 0 },
    [
      ['s', '0'],
      ['f', '1'],
      ['a', '2'],
    ],
    { succeeded: 1, failed: 2, terminating: 1, completedIndexes: '0', condition: `FailureTarget ${limit}` },
  ],
  [
    'indexed job repeated completed index',
    three,
    [
      ['s', '0'],
      ['s', '1'],
      ['s', '1'],
    ],
    { active: 1, succeeded: 2, completedIndexes: '0,1', created: [2] },
  ],
  [
    'indexed job some running and completed pods',
    { parallelism: 8, completions: 20, ...indexed },
    [
      ['a', '0'],
      ['s', '2'],
      ['p', '3'],
      ['s', '4'],
      ['s', '5'],
      ['s', '7'],
      ['s', '8'],
      ['s', '9'],
    ],
    { active: 8, succeeded: 6, completedIndexes: '2,4,5,7-9', created: [1, 6, 10, 11, 12, 13] },
  ],
  [
    'indexed job some failed pods',
    { parallelism: 3, completions: 4, ...indexed },
    [
      ['f', '0'],
      ['p', '1'],
      ['f', '2'],
    ],
    { active: 3, failed: 2, created: [0, 2] },
  ],
  [
    'indexed job some pods without index',
    { ...two5, ...indexed },
    [
      ['a', ''],
      ['s', ''],
      ['f', ''],
      ['a', 'invalid'],
      ['s', 'invalid'],
      ['f', 'invalid'],
      ['p', 'invalid'],
      ['s', '0'],
      ['a', '1'],
      ['a', '2'],
    ],
    { active: 2, succeeded: 1, terminating: 3, completedIndexes: '0' },
  ],
  [
    'indexed job repeated indexes',
    { parallelism: 5, completions: 5, ...indexed },
    [
      ['a', 'invalid'],
      ['s', '0'],
      ['a', '1'],
      ['a', '2'],
      ['p', '2'],
    ],
    { active: 4, succeeded: 1, terminating: 2, completedIndexes: '0', created: [3, 4] },
  ],
  [
    'indexed job with indexes outside of range',
    { ...two5, ...indexed },
    [
      ['s', '0'],
      ['a', '5'],
      ['s', '6'],
      ['p', '7'],
      ['f', '8'],
    ],
    { active: 2, succeeded: 1, terminating: 2, completedIndexes: '0', created: [1, 2] },
  ],
])('%s', (_what, spec, given, { created, condition, completedIndexes, ...counts }) => {
  const cluster = started(spec, given);
  const { status } = cluster.get(jobs, 'foo');
  const { active = 0, ready = 0, succeeded = 0, failed = 0, terminating = 0 } = status;
  const none = { active: 0, ready: 0, succeeded: 0, failed: 0, terminating: 0 };
  expect({ active, ready, succeeded, failed, terminating }).toEqual({ ...none, ...counts });
  expect(status.completedIndexes).toBe(completedIndexes);
  const last = status.conditions?.at(-1);
  expect(last && `${last.type} ${last.reason}`).toBe(condition);
  const present = cluster.list(pods);
  expect(present.filter(isPodActive)).toHaveLength(active);
  if (created !== undefined) {
    const indexes = present
      .filter(isOfController)
      .map(({ metadata }) => Number(metadata.annotations?.[indexAnnotation]));
    expect(indexes.toSorted((a, b) => a - b)).toEqual(created);
  }
});
