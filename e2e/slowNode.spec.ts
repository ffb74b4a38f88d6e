import { expect, test } from '@playwright/test';
import { LearnerPage } from './page.ts';

test('a node is made slow, says so, and gets its full speed again', async ({ page }) => {
  const learner = await LearnerPage.open(page);
  const { inspector } = learner;
  await learner.breakIt('nodes/node-1', 'Slow down');
  await expect(inspector.getByText('50 times slower')).toBeVisible();
  await inspector.getByRole('button', { name: 'Full speed' }).click();
  await expect(inspector.getByRole('button', { name: 'Slow down' })).toBeVisible();
  await expect(inspector.getByText('times slower')).toBeHidden();
});
