import { expect, test } from 'vitest';
import type { Job } from '#generated/types/batch.v1.ts';
import { parseIndexes } from './completionIndexes.ts';
import { metSuccessRule } from './successPolicy.ts';

type Rules = NonNullable<Job['spec']['successPolicy']>['rules'];

// Facts from upstream's success_policy_test.go TestMatchSuccessPolicy.
test.each<[Rules | undefined, string, number]>([
  [undefined, '0-3', -1],
  [[{ succeededIndexes: '0' }], '', -1],
  [[{ succeededIndexes: '0-2' }], '0-2', 0],
  [[{ succeededIndexes: '0-2' }], '0,2', -1],
  [[{ succeededIndexes: '0-2', succeededCount: 2 }], '0,2', 0],
  [[{ succeededIndexes: '0-2', succeededCount: 2 }], '3-5', -1],
  [[{ succeededCount: 3 }], '1,4,7', 0],
  [[{ succeededCount: 3 }], '1,4', -1],
  [[{ succeededIndexes: '9' }, { succeededCount: 1 }], '2', 1],
])('rules %j with %j succeeded', (rules, succeeded, expected) => {
  const job = { spec: { completions: 10, ...(rules && { successPolicy: { rules } }) } } as unknown as Job;
  expect(metSuccessRule(job, parseIndexes(succeeded, 10))).toBe(expected);
});
