import { expect, test } from 'vitest';
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { isCountedFailure, judgeFailure } from './podFailurePolicy.ts';

type Rules = NonNullable<Job['spec']['podFailurePolicy']>['rules'];

function jobWith(rules: Rules | undefined): Job {
  return { spec: { ...(rules && { podFailurePolicy: { rules } }) } } as Job;
}

const ended = (name: string, exitCode: number) => ({ name, state: { terminated: { exitCode } } });

function podWith(codes: readonly (readonly [string, number])[], conditions: readonly string[] = []): Pod {
  return {
    metadata: { namespace: 'default', name: 'p' },
    status: {
      phase: 'Failed',
      containerStatuses: codes.map(([name, code]) => ended(name, code)),
      conditions: conditions.map((type) => ({ type, status: 'True' })),
    },
  } as unknown as Pod;
}

const codes = (operator: 'In' | 'NotIn', values: number[], containerName?: string) => ({
  onExitCodes: { operator, values, ...(containerName && { containerName }) },
});

// Facts from upstream's pod_failure_policy_test.go TestMatchPodFailurePolicy.
test.each<[string, Rules | undefined, Pod, string | null, string | undefined]>([
  ['no policy', undefined, podWith([['main', 2]]), null, undefined],
  ['no rule', [], podWith([['main', 2]]), null, undefined],
  [
    'a code among those',
    [{ action: 'FailJob', ...codes('In', [1, 2]) }],
    podWith([['main', 2]]),
    'FailJob',
    'Container main for pod default/p failed with exit code 2 matching FailJob rule at index 0',
  ],
  [
    'another container',
    [{ action: 'FailJob', ...codes('In', [2], 'side') }],
    podWith([['main', 2]]),
    null,
    undefined,
  ],
  [
    'a code beside those',
    [{ action: 'Ignore', ...codes('NotIn', [1]) }],
    podWith([['main', 2]]),
    'Ignore',
    undefined,
  ],
  [
    'success is no failure',
    [{ action: 'Ignore', ...codes('NotIn', [1]) }],
    podWith([['main', 0]]),
    null,
    undefined,
  ],
  [
    'the first rule that matches',
    [
      { action: 'Count', ...codes('In', [3]) },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailJob', ...codes('In', [2]) },
    ],
    podWith([['main', 2]], ['DisruptionTarget']),
    'Ignore',
    'Pod default/p has condition DisruptionTarget matching Ignore rule at index 1',
  ],
])('%s', (_name, rules, pod, action, message) => {
  const verdict = judgeFailure(jobWith(rules), pod);
  expect(verdict?.action ?? null).toBe(action);
  if (message !== undefined) expect(verdict?.message).toBe(message);
  expect(isCountedFailure(jobWith(rules), pod)).toBe(action !== 'Ignore');
});
