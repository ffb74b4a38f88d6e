import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { workstationPrograms } from './programs.ts';
import { replay } from './replay.ts';
import { Session } from './session.ts';
import { playTranscript } from './testPlay.ts';
import { comparable, parseTranscript, printTranscript } from './testTranscript.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenarioFolder = new URL('../../lessons/scenarios/', import.meta.url);
const folder = new URL('./testdata/', import.meta.url);
const transcripts = readdirSync(folder).filter((name) => name.endsWith('.txt'));
const updating = process.env.UPDATE === '1';

const scenarios = new Map(
  readdirSync(scenarioFolder).map((name) => {
    const scenario = load(readFileSync(new URL(name, scenarioFolder), 'utf8')) as Scenario;
    return [scenario.id, scenario];
  }),
);

/** How a session is played again: events per slice, and whether a page looks on. */
const again = [
  { events: 1, watched: false },
  { events: 100, watched: true },
  { events: Infinity, watched: false },
];

// To take what is printed now as right: UPDATE=1 node node_modules/vitest/vitest.mjs run src/session/transcripts
test.each(transcripts)('%s', { timeout: 120_000 }, async (name) => {
  const file = new URL(name, folder);
  const written = parseTranscript(readFileSync(file, 'utf8'));
  const { blocks, session } = await playTranscript(written, { scenarios, hop });
  if (updating) writeFileSync(file, printTranscript(blocks));
  else expect(comparable(printTranscript(blocks))).toBe(comparable(printTranscript(written)));
  const { end, inputs, seed } = session.recipe('test');
  for (const { events, watched } of again) {
    const copy = new Session({
      scenario: session.scenario,
      seed,
      loadSoftware: async () => workstationPrograms,
      onOutput: () => {},
    });
    const look = () => {
      copy.cluster.apiServer.flushObservers();
      copy.projection.takeDelta();
      return true;
    };
    if (watched) look();
    await replay(copy, inputs, { hop, end: end!, events, onProgress: watched ? look : () => true });
    expect(copy.hash(), `${name} in slices of ${events} events`).toBe(end!.hash);
  }
});
