import { expect, test } from 'vitest';
import { Simulation } from '#sim/simulation.ts';
import { Members } from './members.ts';

function three() {
  const simulation = new Simulation({ seed: 'members', startMs: 0 });
  const cut = new Set<string>();
  let revision = 1;
  const members = new Members(simulation, {
    isCut: (a, b) => cut.has(a) || cut.has(b),
    revision: () => revision,
  });
  for (const name of ['a', 'b', 'c']) members.add(name, `10.0.0.${name}`);
  const pass = (ms: number) => simulation.run({ untilMs: simulation.nowMs + ms });
  const able = () => members.all.filter((member) => members.hasQuorum(member)).map(({ name }) => name);
  return { members, cut, pass, able, write: () => revision++ };
}

test('a member alone leads at once, and has nothing to wait for', () => {
  const simulation = new Simulation({ seed: 'members', startMs: 0 });
  const members = new Members(simulation, { isCut: () => false, revision: () => 1 });
  members.add('a', '10.0.0.2');
  expect([members.leader?.name, members.stallMs, simulation.pending]).toEqual(['a', 0, 0]);
});

test('a follower is missed by nobody', () => {
  const { members, able } = three();
  members.stop('c');
  expect([members.leader?.name, members.term, members.stallMs]).toEqual(['a', 2, 0]);
  expect(able()).toEqual(['a', 'b']);
});

test.each(['stopped', 'cut off'])('a leader that is %s is followed within two seconds', (how) => {
  const { members, cut, pass } = three();
  if (how === 'stopped') members.stop('a');
  else cut.add('a');
  members.settle();
  expect(members.leader).toBe(null);
  expect(members.stallMs).toBeGreaterThanOrEqual(1_000);
  expect(members.stallMs).toBeLessThan(2_000);
  pass(2_000);
  expect(['b', 'c']).toContain(members.leader?.name);
  expect([members.term, members.stallMs]).toEqual([3, 0]);
  cut.clear();
  members.start('a');
  pass(5_000);
  expect(members.leader?.name).not.toBe('a');
  expect(members.term).toBe(3);
});

test('without a majority nobody leads, until it is back', () => {
  const { members, pass, able, write } = three();
  members.stop('a');
  members.stop('b');
  pass(60_000);
  expect([members.leader, members.stallMs, able()]).toEqual([null, 0, []]);
  members.start('b');
  pass(2_000);
  expect(able()).toEqual(['b', 'c']);
  write();
  expect(members.find('a')!.behindAt).toBe(1);
  members.start('a');
  expect(members.find('a')!.behindAt).toBe(null);
});

test('a network in three parts has no leader, and heals', () => {
  const { members, cut, pass, able } = three();
  for (const name of ['a', 'b', 'c']) cut.add(name);
  members.settle();
  expect(able()).toEqual([]);
  cut.clear();
  members.settle();
  pass(2_000);
  expect(able()).toEqual(['a', 'b', 'c']);
  expect(members.leader).not.toBe(null);
});
