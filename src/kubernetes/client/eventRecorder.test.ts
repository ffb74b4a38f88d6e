import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { Simulation } from '#sim/simulation.ts';
import type { Client } from './client.ts';
import { EventRecorder } from './eventRecorder.ts';

interface Written {
  metadata: { name: string };
  reason: string;
  count: number;
}

function record() {
  const simulation = new Simulation({ seed: 'test', startMs: Date.UTC(2026, 0, 5) });
  const written: Written[] = [];
  const client = {
    create: (_kind: unknown, event: Written) => (written.push(event), event),
    patch: (_kind: unknown, _namespace: string, name: string, { body }: { body: Partial<Written> }) =>
      Object.assign(
        written.find(({ metadata }) => metadata.name === name)!,
        body,
      ),
  };
  const recorder = new EventRecorder(simulation, client as unknown as Client, 'kubelet', 'node-1');
  const pod = { kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u' } } as KubeObject;
  return { simulation, written, event: (reason: string) => recorder.event(pod, 'Normal', reason, reason) };
}

test("the names of one instant's events sort as they happened", () => {
  const { simulation, written, event } = record();
  for (const reason of ['Scheduled', 'Pulling', 'Pulled', 'Created']) event(reason);
  simulation.run({ untilMs: simulation.nowMs + 1 });
  event('Started');
  const names = written.map(({ metadata }) => metadata.name);
  expect(names[0]).toMatch(/^web\.[0-9a-f]{16}$/);
  expect(names.toSorted()).toEqual(names);
});

test('the same event again only raises the count of the first', () => {
  const { written, event } = record();
  for (const reason of ['BackOff', 'Pulling', 'BackOff']) event(reason);
  expect(written.map(({ reason, count }) => [reason, count])).toEqual([
    ['BackOff', 2],
    ['Pulling', 1],
  ]);
});
