import { expect } from '@playwright/test';
import { LearnerPage } from './page.ts';
import { test } from './test.ts';

const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: kept
`;

test('a reload keeps the unsaved text, the files, the history and the session', async ({ learner }) => {
  const { page } = learner;
  await learner.apply(configMap);
  await learner.run('echo in a file > notes.txt');
  await learner.run('kubectl create deployment web --image=nginx --replicas=2');
  await expect(learner.pods('web-', 'running')).toHaveCount(2);
  const names = await learner.podNames('web-');
  await learner.write(`${configMap}# not applied yet\n`);
  await expect(learner.editor.getByRole('img', { name: 'not applied' })).toBeVisible();

  await page.reload();
  await learner.ready();
  await expect(learner.pods('web-', 'running')).toHaveCount(2);
  expect((await learner.podNames('web-')).sort()).toEqual(names.sort());
  await expect(learner.editor.locator('.view-lines')).toContainText('# not applied yet');
  expect(await learner.run('cat notes.txt; kubectl get configmap kept -o name')).toBe(
    'in a file\nconfigmap/kept\n',
  );
  // The line before the last one typed, from before the reload.
  await learner.prompted();
  const from = (await learner.printed()).length;
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await learner.printedSince(from)).toContain('deployments.apps "web" already exists');
});

test('undo takes the last act back; reset begins the scenario again', async ({ learner }) => {
  const { page } = learner;
  await learner.run('kubectl create configmap first');
  await learner.run('kubectl create configmap second');
  const undo = page.getByRole('button', { name: 'Undo the last input' });
  await undo.click();
  await expect.poll(() => page.evaluate(() => window.workerTap.started)).toBe(2);
  expect(await learner.run('kubectl get configmaps -o name')).toBe(
    'configmap/first\nconfigmap/kube-root-ca.crt\n',
  );
  // The second comes while the first is still replayed.
  await undo.click();
  await undo.click();
  await expect(undo).toBeDisabled();
  await learner.prompted();
  expect(await learner.printed()).not.toContain('configmap');
  await expect(learner.terminal.locator('.xterm-rows')).not.toContainText('configmap');

  await learner.run('kubectl create configmap third');
  const started = await page.evaluate(() => window.workerTap.started);
  await learner.act('Reset to the scenario’s start');
  await expect.poll(() => page.evaluate(() => window.workerTap.started)).toBe(started + 1);
  await learner.ready();
  expect(await learner.run('kubectl get configmaps -o name')).toBe('configmap/kube-root-ca.crt\n');
});

test('a second tab has a session of its own and says so', async ({ learner }) => {
  await learner.run('kubectl create configmap mine');
  const other = await LearnerPage.open(await learner.page.context().newPage());
  await expect(other.page.getByRole('status').filter({ hasText: 'open in another tab' })).toBeVisible();
  expect(await other.run('kubectl get configmaps -o name')).toBe('configmap/kube-root-ca.crt\n');
  await other.run('kubectl create configmap theirs');
  await other.page.close();
  await learner.page.reload();
  await learner.ready();
  expect(await learner.run('kubectl get configmaps -o name')).toBe(
    'configmap/kube-root-ca.crt\nconfigmap/mine\n',
  );
});
