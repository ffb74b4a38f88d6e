import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './test.ts';

/** A pod for node-1 alone, on which only one of its size has room. */
const large = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  nodeSelector:
    kubernetes.io/hostname: node-1
  containers:
  - name: web
    image: nginx
    resources:
      requests:
        cpu: "3"
        memory: 1Gi
`;

const stuck = `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: urgent
value: 1000
---
${large('low')}---
${large('stuck')}`;

test('of a pod that waits, a change of one field flips the verdicts of nodes', async ({ learner }) => {
  const { page, inspector } = learner;
  expect(await learner.apply(stuck)).toContain('pod/stuck created');
  await expect(learner.pods('low', 'running')).toHaveCount(1);
  await learner.pods('stuck').click();
  await inspector.getByRole('tab', { name: 'Scheduling' }).click();
  const whatIf = inspector.getByRole('region', { name: 'What if' });
  const said = whatIf.getByRole('status');
  await expect(said).toContainText('nodes are available');
  await expect(inspector).toContainText('Insufficient cpu');

  const cpu = whatIf.getByRole('textbox', { name: 'web requests cpu' });
  await cpu.fill('500m');
  await expect(said).toHaveText('It would fit on node-1 alone.');
  await expect(whatIf.locator('tr[data-flips=true]')).toHaveCount(1);
  await expect(whatIf.locator('tr[data-flips=true]')).toContainText('Insufficient cpu');
  await cpu.fill('lots');
  await expect(said).toContainText('quantities must match the regular expression');

  await whatIf.getByRole('button', { name: 'As it is' }).click();
  await expect(cpu).toHaveValue('3');
  // By keyboard alone: from the last request to the next field and off with the selector.
  await whatIf.getByRole('textbox', { name: 'web requests memory' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(said).toHaveText(/^It would fit on 2 of 4 nodes, best on node-[23]\.$/);
  await expect(whatIf.locator('tr[data-flips=true]')).toHaveCount(2);

  await whatIf.getByRole('button', { name: 'As it is' }).click();
  await whatIf.getByRole('combobox', { name: 'Priority class' }).selectOption('urgent');
  await expect(said).toHaveText('It would fit nowhere as things are, but drive default/low from node-1.');
  await expect(learner.pods('low', 'running')).toHaveCount(1);
  const { violations } = await new AxeBuilder({ page }).include('[aria-label="What if"]').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
