import { expect } from '@playwright/test';
import { manifest } from './manifest.ts';
import { test } from './test.ts';

test('two replicas of nginx: one is killed, another appears', async ({ learner }) => {
  expect(await learner.apply(manifest('nginx-deployment.yaml'))).toBe(
    'deployment.apps/nginx-deployment created\n',
  );
  await learner.speed('Ten times as fast');
  await expect(learner.pods('nginx-deployment-', 'running')).toHaveCount(2);
  const before = await learner.podNames('nginx-deployment-');

  await learner.breakIt(`pods/default/${before[0]}`, 'Kill');
  await expect(learner.pods(before[0]!)).toHaveCount(0);
  await expect(learner.pods('nginx-deployment-', 'running')).toHaveCount(2);
  const after = await learner.podNames('nginx-deployment-');
  expect(after).toContain(before[1]);
  expect(after).not.toContain(before[0]);

  const created = after.find((name) => !before.includes(name))!;
  await learner.graph.locator(`[data-graph-item="pods/default/${created}"]`).click();
  await learner.inspector.getByRole('tab', { name: 'Why?' }).click();
  const causes = learner.inspector.getByRole('list', { name: 'Causes, nearest first' });
  await expect(causes).toContainText(`killed pod default/${before[0]}`);
  expect(await learner.run('kubectl get deployment nginx-deployment')).toMatch(
    /nginx-deployment +2\/2 +2 +2/,
  );
});
