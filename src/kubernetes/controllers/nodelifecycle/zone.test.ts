import { expect, test } from 'vitest';
import { Zone, computeZoneState } from './zone.ts';

// Upstream: node_lifecycle_controller_test.go TestComputeZoneState and the rates of TestMonitorNodeHealthEvictPods
test.each<[number, number, string]>([
  [0, 0, 'Normal'],
  [3, 0, 'Normal'],
  [0, 1, 'FullDisruption'],
  [0, 3, 'FullDisruption'],
  [1, 2, 'Normal'],
  [2, 3, 'PartialDisruption'],
  [3, 3, 'Normal'],
  [45, 55, 'PartialDisruption'],
  [46, 54, 'Normal'],
])('%i ready and %i not ready nodes: %s', (ready, notReady, state) => {
  expect(computeZoneState(ready, notReady)).toBe(state);
});

function takenWithin(zone: Zone, ms: number): number {
  for (let i = 0; i < 1000; i++) zone.add(String(i));
  let taken = 0;
  for (let nowMs = 0; nowMs < ms; nowMs += 100) if (zone.take(nowMs) !== null) taken++;
  return taken;
}

test.each<[Parameters<Zone['setState']>, number]>([
  [['Normal', 10], 10],
  [['FullDisruption', 10], 10],
  [['PartialDisruption', 50], 0],
  [['PartialDisruption', 51], 1],
])('in 100 s a zone in state %s lets %i through', (args, count) => {
  const zone = new Zone();
  zone.setState(...args);
  expect(takenWithin(zone, 100_000)).toBe(count);
});

test('a stopped zone lets nothing through, and a removed node is not taken', () => {
  const zone = new Zone();
  zone.add('a');
  zone.stop();
  expect(zone.take(0)).toBeNull();
  zone.setState('Normal', 1);
  zone.remove('a');
  expect(zone.take(0)).toBeNull();
});
