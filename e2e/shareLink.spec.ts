import { expect } from '@playwright/test';
import { writeShareLink } from '../src/classroom/shareLink.ts';
import { manifest } from './manifest.ts';
import { LearnerPage } from './page.ts';
import { tapWorker } from './workerTap.ts';
import { test, watchForFaults } from './test.ts';

test('a link gives a stranger the same cluster, after it has said what it will do', async ({
  learner,
  browser,
}) => {
  await learner.apply(manifest('nginx-deployment.yaml'));
  await expect(learner.pods('nginx-deployment-', 'running')).toHaveCount(2);
  await learner.run('kubectl scale deployment nginx-deployment --replicas=3');
  await learner.page.getByRole('button', { name: 'Pause' }).click();
  await expect(learner.page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  const hash = await learner.hash();
  await learner.page.getByRole('button', { name: 'Share' }).click();
  const link = await learner.page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toMatch(/#v2\.[\w-]+$/);

  // The visitor has a session of their own, and keeps it.
  const visitorPage = await (await browser.newContext()).newPage();
  const faults = watchForFaults(visitorPage);
  const visitor = await LearnerPage.open(visitorPage, new URL(learner.page.url()).origin);
  await visitor.run('kubectl create configmap mine --from-literal=a=1');
  await visitorPage.goto(link);
  const dialog = visitorPage.getByRole('dialog', { name: 'Open a shared session?' });
  await expect(dialog).toContainText('$ kubectl apply -f untitled.yaml');
  await expect(dialog).toContainText('$ kubectl scale deployment nginx-deployment --replicas=3');
  await expect(visitor.pods('nginx-deployment-')).toHaveCount(0);

  const starts = await visitorPage.evaluate(() => window.workerTap.started);
  await dialog.getByRole('button', { name: 'Run it' }).click();
  await expect.poll(() => visitorPage.evaluate(() => window.workerTap.started)).toBeGreaterThan(starts);
  expect(await visitorPage.evaluate(() => window.workerTap.lastStart?.differs)).toBe(false);
  expect(await visitor.hash()).toBe(hash);
  await expect(visitor.pods('nginx-deployment-')).toHaveCount(3);
  await expect(visitor.terminal.locator('.xterm-rows')).toContainText(
    'deployment.apps/nginx-deployment scaled',
  );

  // What is done in the stranger's session is not saved over the visitor's own either.
  await visitor.run('kubectl delete deployment nginx-deployment');
  await visitorPage.goto(new URL(learner.page.url()).origin);
  await visitor.ready();
  expect(await visitor.run('kubectl get configmap mine')).toMatch(/mine +1 /);
  await expect(visitor.pods('nginx-deployment-')).toHaveCount(0);
  expect(faults).toEqual([]);
  await visitorPage.context().close();
});

const good = writeShareLink({ scenario: 'empty', seed: 'seed', inputs: [] });

for (const { words, fragment, says } of [
  {
    words: 'a broken link',
    fragment: good.slice(0, -7),
    says: 'This link is broken: its content cannot be read. Ask for it again, and copy all of it.',
  },
  {
    words: 'a link that is not one',
    fragment: 'v2.',
    says: 'This link is broken: part of it is missing. Ask for it again, and copy all of it.',
  },
  {
    words: 'a link of a newer Podarium',
    fragment: good.replace('v2.', 'v3.'),
    says: 'This link was made by a newer Podarium. Reload the page to get the newest one, then open the link again.',
  },
])
  test(`${words} says so, and the page goes on`, async ({ page }) => {
    const faults = watchForFaults(page);
    const learner = new LearnerPage(page);
    await tapWorker(page);
    await page.goto(`./#${fragment}`);
    // The dialog hides the rest of the page from whoever asks by role, as it should.
    const dialog = page.getByRole('dialog', { name: 'This link cannot be opened' });
    await expect(dialog).toContainText(says);
    await dialog.getByRole('button', { name: 'Go on with my own session' }).click();
    await learner.ready();
    expect(await learner.run('kubectl get nodes')).toMatch(/node-1 +Ready/);
    expect(faults).toEqual([]);
  });
