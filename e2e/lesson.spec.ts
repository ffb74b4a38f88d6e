import { expect } from '@playwright/test';
import { test } from './test.ts';

test('a learner does the lesson "Desired state", with a wrong turn and its hint', async ({ learner }) => {
  const { lesson, page } = learner;
  await lesson.getByRole('button', { name: 'Lessons and scenarios' }).click();
  await page.getByRole('button', { name: 'Start Desired state' }).click();
  await learner.ready();
  await learner.speed('Ten times as fast');
  const done = lesson.getByRole('progressbar', { name: 'Steps done' });
  const now = lesson.locator('[aria-current=step]');
  await expect(now).toContainText('Say what should be');
  await expect(done).toHaveAttribute('aria-valuenow', '0');

  await learner.run('kubectl create deployment web --image=nginx --replicas=2');
  await expect(now).toContainText('web is there, with another number of replicas.');
  await expect(learner.pods('web-', 'running')).toHaveCount(2);
  await expect(done).toHaveAttribute('aria-valuenow', '0');
  await learner.run('kubectl scale deployment web --replicas=3');
  await expect(now).toContainText('What will happen?');

  await now.getByRole('button', { name: 'Two pods: deleted is deleted.' }).click();
  await expect(now).toContainText('A pod is never brought back.');
  await now.getByRole('button', { name: 'Continue' }).click();
  await expect(now).toContainText('Take one away');

  // A reload in the middle: the session comes back, and so does the place in the lesson.
  await page.reload();
  await learner.ready();
  await expect(now).toContainText('Take one away');
  const [pod] = await learner.podNames('web-');
  await learner.run(`kubectl delete pod ${pod}`);
  await expect(now).toContainText('Change your mind');
  await now.getByRole('button', { name: 'Do it for me' }).click();
  await expect(lesson.getByRole('status')).toContainText('Done. You have seen it happen.');
  await expect(done).toHaveAttribute('aria-valuenow', '4');
  await expect(learner.pods('web-', 'running')).toHaveCount(1);
});
