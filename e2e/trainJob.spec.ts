import { expect } from '@playwright/test';
import { manifest } from './manifest.ts';
import { test } from './test.ts';

test('a training job completes and keeps its logs; its failing variant fails once', async ({ learner }) => {
  await learner.speed('A minute a second');
  expect(await learner.apply(manifest('train-job.yaml'))).toBe('job.batch/train-job created\n');
  await expect(learner.pods('train-job-', 'succeeded')).toHaveCount(1);
  await learner.pods('train-job-').click();
  await learner.inspector.getByRole('tab', { name: 'Logs' }).click();
  await expect(learner.inspector).toContainText('Training done');
  expect(await learner.run('kubectl logs job/train-job | tail -n 1')).toContain('Training done');
  expect(await learner.run('kubectl get job train-job')).toMatch(/train-job +Complete +1\/1/);

  const failing = manifest('train-job.yaml')
    .replace('name: train-job', 'name: train-badly')
    .replace('podarium/train:', 'podarium/train-failing:');
  expect(await learner.apply(failing)).toBe('job.batch/train-badly created\n');
  await expect(learner.pods('train-badly-', 'failing')).toHaveCount(1);
  await expect.poll(() => learner.run('kubectl get job train-badly')).toMatch(/train-badly +Failed +0\/1/);
  // Ten minutes later it is still the one pod that failed, and the one job that completed.
  expect(await learner.run('sleep 600')).toBe('');
  await expect(learner.pods('train-badly-')).toHaveCount(1);
  expect(await learner.run('kubectl describe job train-badly')).toContain('BackoffLimitExceeded');
  await expect(learner.pods('train-job-', 'succeeded')).toHaveCount(1);
});
