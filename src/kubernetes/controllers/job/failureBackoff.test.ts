import { expect, test } from 'vitest';
import { FailureBackoff } from './failureBackoff.ts';

// Upstream: backoff_utils_test.go
test.each<[string, number[], number[], number]>([
  ['nothing has failed', [], [], 0],
  ['one failure', [], [100_000], 10_000],
  ['two failures', [], [90_000, 100_000], 20_000],
  ['three failures', [], [80_000, 90_000, 100_000], 40_000],
  ['a success after the failures', [100_000], [80_000, 90_000], 0],
  ['a failure after the success', [90_000], [80_000, 100_000], 10_000],
  ['no more than ten minutes', [], Array.from({ length: 20 }, () => 100_000), 600_000],
])('%s', (_what, succeeded, failed, expected) => {
  const backoff = new FailureBackoff();
  backoff.note('job', succeeded, failed);
  expect(backoff.remainingMs('job', 100_000)).toBe(expected);
});

test('failures add up over the syncs, time passes, and a success ends it', () => {
  const backoff = new FailureBackoff();
  backoff.note('job', [], [100_000]);
  backoff.note('job', [], [120_000]);
  expect(backoff.remainingMs('job', 125_000)).toBe(15_000);
  expect(backoff.remainingMs('job', 145_000)).toBe(0);
  backoff.note('job', [150_000], []);
  expect(backoff.remainingMs('job', 150_000)).toBe(0);
});
