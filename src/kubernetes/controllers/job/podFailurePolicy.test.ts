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
const disrupted = (status?: string) =>
  ({ onPodConditions: [{ type: 'DisruptionTarget', status }] }) as object;
const rule = (action: string, what: object) => ({ action, ...what }) as NonNullable<Rules>[number];
const podThat = (status: string) =>
  ({
    metadata: { namespace: 'default', name: 'p' },
    status: { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status }] },
  }) as unknown as Pod;
const failed = (code: number, index: number, container = 'main') =>
  `Container ${container} for pod default/p failed with exit code ${code} matching FailJob rule at index ${index}`;

test.each<[string, Rules | undefined, Pod, string | null, string | undefined]>([
  [
    'a negative code',
    [rule('Ignore', codes('In', [-1073741510]))],
    podWith([['main', -1073741510]]),
    'Ignore',
    undefined,
  ],
  [
    'containers that succeeded are passed over',
    [rule('FailJob', codes('NotIn', [111]))],
    podWith([
      ['main', 111],
      ['side', 0],
    ]),
    null,
    undefined,
  ],
  [
    'no code but success',
    [rule('FailJob', codes('NotIn', [0]))],
    podWith([
      ['main', 1],
      ['side', 0],
    ]),
    'FailJob',
    failed(1, 0),
  ],
  [
    'an index that fails',
    [rule('FailIndex', codes('In', [1, 2, 3]))],
    podWith([['main', 2]]),
    'FailIndex',
    undefined,
  ],
  [
    'the second rule',
    [rule('Count', codes('In', [1, 2, 3])), rule('FailJob', codes('In', [4, 5, 6]))],
    podWith([['main', 6]]),
    'FailJob',
    failed(6, 1),
  ],
  [
    'a failure that counts',
    [rule('Count', codes('In', [1, 2, 3]))],
    podWith([['main', 2]]),
    'Count',
    undefined,
  ],
  [
    'an index that fails by a condition',
    [rule('FailIndex', disrupted('True'))],
    podThat('True'),
    'FailIndex',
    undefined,
  ],
  ['a condition', [rule('Ignore', disrupted('True'))], podThat('True'), 'Ignore', undefined],
  ['a condition that is False', [rule('Ignore', disrupted('False'))], podThat('False'), 'Ignore', undefined],
  [
    'a condition that is Unknown',
    [rule('Ignore', disrupted('Unknown'))],
    podThat('Unknown'),
    'Ignore',
    undefined,
  ],
  [
    'a condition that should be False',
    [rule('Ignore', disrupted('False'))],
    podThat('True'),
    null,
    undefined,
  ],
  ['a condition that should be True', [rule('Ignore', disrupted('True'))], podThat('False'), null, undefined],
  ['a condition is True by default', [rule('Ignore', disrupted())], podThat('False'), null, undefined],
  [
    'a condition that fails the job',
    [rule('FailJob', disrupted('True'))],
    podThat('True'),
    'FailJob',
    'Pod default/p has condition DisruptionTarget matching FailJob rule at index 0',
  ],
  [
    'the named container',
    [rule('FailJob', codes('In', [5], 'side'))],
    podWith([
      ['main', 5],
      ['side', 5],
    ]),
    'FailJob',
    failed(5, 0, 'side'),
  ],
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
