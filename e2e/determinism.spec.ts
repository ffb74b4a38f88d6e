import { readdirSync, readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { load } from 'js-yaml';
import type { Scenario } from '../src/classroom/scenario.ts';
import { writeShareLink } from '../src/classroom/shareLink.ts';
import { playTranscript } from '../src/session/testPlay.ts';
import { parseTranscript } from '../src/session/testTranscript.ts';
import { test, watchForFaults } from './test.ts';
import { tapWorker } from './workerTap.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenarioFolder = new URL('../lessons/scenarios/', import.meta.url);
const scenarios = new Map(
  readdirSync(scenarioFolder).map((name) => {
    const scenario = load(readFileSync(new URL(name, scenarioFolder), 'utf8')) as Scenario;
    return [scenario.id, scenario];
  }),
);
const transcript = new URL('../src/session/testdata/determinism.txt', import.meta.url);

// A pipeline, an exec, an autoscaler under load, a lost node and a pause: once in Node, once in the browser's worker.
test('what was played in Node ends in the same state in the browser', async ({ page }) => {
  const { session } = await playTranscript(parseTranscript(readFileSync(transcript, 'utf8')), {
    scenarios,
    hop,
  });
  const recipe = session.recipe('node');
  expect(recipe.inputs.length).toBeGreaterThanOrEqual(20);
  const faults = watchForFaults(page);
  await tapWorker(page);
  await page.goto(`./#${writeShareLink(recipe)}`);
  // The visitor's own session has started; the link's is the next.
  await expect(page.getByRole('button', { name: 'Run it' })).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.workerTap.started)).toBe(1);
  await page.getByRole('button', { name: 'Run it' }).click();
  await expect.poll(() => page.evaluate(() => window.workerTap.started)).toBe(2);
  expect(await page.evaluate(() => window.workerTap.lastStart?.differs)).toBe(false);
  expect(faults).toEqual([]);
});
