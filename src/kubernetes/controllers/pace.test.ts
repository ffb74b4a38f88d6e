import { expect, test } from 'vitest';
import { Client } from '#kubernetes/client/client.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import { Simulation } from '#sim/simulation.ts';
import { Pace } from './pace.ts';

test('the first sync is at once, later ones keep their distance, and none is lost', () => {
  const simulation = new Simulation({ seed: 'pace', startMs: 0 });
  const client = new Client(() => ({ status: 200, warnings: [], body: {}, latencyMs: 0 }), {
    name: 'test',
    groups: [],
  });
  const seen: string[] = [];
  const reconcile = (key: string) => void seen.push(`${key}@${simulation.nowMs}`);
  const pace = new Pace(simulation, new WorkQueue({ simulation, client, workers: 1, reconcile }));
  for (let ms = 0; ms < 120; ms++) simulation.after(ms, () => pace.ask('a'));
  simulation.after(60, () => pace.ask('b'));
  simulation.run({ untilMs: 1000 });
  expect(seen).toEqual(['a@0', 'a@50', 'b@60', 'a@100', 'a@150']);
});

test('the more there is to look at, the rarer are the looks', () => {
  const simulation = new Simulation({ seed: 'pace', startMs: 0 });
  const transport = () => ({ status: 200, warnings: [], body: {}, latencyMs: 0 });
  const client = new Client(transport, { name: 'test', groups: [] });
  const seen: number[] = [];
  const reconcile = () => void seen.push(simulation.nowMs);
  const pace = new Pace(simulation, new WorkQueue({ simulation, client, workers: 1, reconcile }));
  pace.setSize('a', 5000);
  for (let ms = 0; ms < 200; ms++) simulation.after(ms, () => pace.ask('a'));
  simulation.run({ untilMs: 1000 });
  expect(seen).toEqual([0, 150, 300]);
});
