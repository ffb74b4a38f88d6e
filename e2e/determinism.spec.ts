import { readdirSync, readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { load } from 'js-yaml';
import type { Scenario } from '../src/classroom/scenario.ts';
import { writeShareLink } from '../src/classroom/shareLink.ts';
import { playTranscript } from '../src/session/testPlay.ts';
import { parseTranscript } from '../src/session/testTranscript.ts';
import { LearnerPage } from './page.ts';
import { test, watchForFaults } from './test.ts';

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
  await LearnerPage.open(page, `./#${writeShareLink(recipe)}`);
  const starts = await page.evaluate(() => window.workerTap.started);
  await page.getByRole('button', { name: 'Run it' }).click();
  await expect.poll(() => page.evaluate(() => window.workerTap.started)).toBeGreaterThan(starts);
  expect(await page.evaluate(() => window.workerTap.lastStart?.differs)).toBe(false);
  expect(faults).toEqual([]);
});
