import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Lesson } from '#classroom/lesson.ts';
import type { Scenario } from '#classroom/scenario.ts';
import { LessonRunner } from './lessonRunner.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const folder = new URL('../../lessons/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const ids = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/lesson.yaml`, folder)));
const wrongs = ids.flatMap((id) =>
  readdirSync(new URL(`${id}/wrong`, folder)).map((name) => [id, name] as const),
);

/** Virtual seconds after a line in which its step has to be done, or its hint to show. */
const secondsMax = 60;

async function open(id: string): Promise<{ play: Play; runner: LessonRunner }> {
  const lesson = load(read(`${id}/lesson.yaml`)) as Lesson;
  const play = new Play(load(read(`scenarios/${lesson.scenario}.yaml`)) as Scenario, id, hop);
  await play.wait(10_000);
  return { play, runner: new LessonRunner(play.session, lesson) };
}

/** Lets time go on until `done`; steps that are only read or answered are gone on from. */
async function until(done: () => boolean, play: Play, runner: LessonRunner): Promise<void> {
  for (let second = 0; second < secondsMax; second++) {
    runner.look();
    while (runner.continue());
    if (done()) return;
    await play.wait(1_000);
  }
}

const lines = (script: string) =>
  script.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));

test.each(ids)('%s: nothing is done by itself', async (id) => {
  const { play, runner } = await open(id);
  const first = runner.lesson.steps.findIndex(({ check }) => check !== undefined);
  await until(() => runner.state.at > first, play, runner);
  expect(runner.state).toMatchObject({ at: first, hint: null });
});

test.each(ids)('%s: the solution completes every step', async (id) => {
  const { play, runner } = await open(id);
  const { steps } = runner.lesson;
  for (const line of lines(read(`${id}/solution.sh`))) {
    const before = runner.state.at;
    expect(await play.type(line), line).toBe(true);
    await until(() => runner.state.at > before, play, runner);
  }
  const reached = steps[runner.state.at]?.id ?? 'the end';
  expect(reached, play.takeOutput()).toBe('the end');
});

test.each(wrongs)('%s: %s yields its hint', async (id, name) => {
  const { play, runner } = await open(id);
  const hint = basename(name, '.sh');
  for (const line of lines(read(`${id}/wrong/${name}`))) {
    const before = runner.state.at;
    await play.type(line);
    await until(() => runner.state.at > before || runner.state.hint === hint, play, runner);
  }
  expect(runner.state.hint, play.takeOutput()).toBe(hint);
});

test.each(ids)('%s: its words have every step and every hint', (id) => {
  const lesson = load(read(`${id}/lesson.yaml`)) as Lesson;
  for (const name of readdirSync(new URL(id, folder)).filter((file) => file.startsWith('content.'))) {
    const words = read(`${id}/${name}`);
    for (const step of lesson.steps) {
      expect(words).toMatch(new RegExp(`^## ${step.id} `, 'm'));
      for (const hint of step.hints ?? []) expect(words).toMatch(new RegExp(`^### hint ${hint.id}$`, 'm'));
    }
  }
});
