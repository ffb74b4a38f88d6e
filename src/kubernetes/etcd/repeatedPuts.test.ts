import { expect, test } from 'vitest';
import { causeOf } from '#sim/cause.ts';
import { Simulation } from '#sim/simulation.ts';
import { Etcd } from './etcd.ts';
import { type Repeated, RepeatedPuts } from './repeatedPuts.ts';
import type { EtcdEvent } from './version.ts';

/** `a 3` is what was put at three seconds. */
const repeated: Repeated<string> = {
  value: (before, atMs) => `${before.split(' ')[0]} ${atMs / 1000}`,
  cause: (round, _name, atMs) => causeOf(round, atMs, 'sweep', 'update', ''),
  note: (atMs) => atMs,
  settle: () => {},
};

interface World {
  readonly etcd: Etcd<string>;
  readonly simulation: Simulation;
  /** Puts `/x/a`, `/x/b` and `/x/c` again. */
  putAll(): void;
}

const names = ['a', 'b', 'c'];

function worlds(): readonly [World, World] {
  const [one, other] = [0, 1].map(() => {
    const simulation = new Simulation({ seed: 'repetition', startMs: 0 });
    const etcd = new Etcd<string>(simulation);
    const directory = etcd.directory('/x/');
    for (const name of names) etcd.put(directory, name, 0, `${name} 0`);
    return { simulation, etcd, directory };
  });
  const { etcd, directory, simulation } = one!;
  const begin = (members: readonly string[]) => {
    const versions = members.map((name) => directory.get(name)!);
    const puts = new RepeatedPuts(directory, versions, repeated, simulation.nowMs);
    etcd.repeat(puts);
    return puts;
  };
  let repetition = begin(names);
  return [
    {
      ...one!,
      putAll() {
        const there = names.filter((name) => etcd.read(directory, name) !== undefined);
        if (there.length !== repetition.names.length) etcd.endRepetition(repetition);
        if (repetition.isOver) repetition = begin(there);
        etcd.putAgain(repetition, simulation.nowMs);
      },
    },
    {
      ...other!,
      putAll() {
        for (const name of names) {
          const known = other!.etcd.read(other!.directory, name);
          if (known === undefined) continue;
          const value = repeated.value(known.value!, other!.simulation.nowMs, 0);
          other!.etcd.put(other!.directory, name, known.modRevision, value);
        }
      },
    },
  ];
}

const told = ({ key, value, modRevision, previous }: EtcdEvent<string>) =>
  `${modRevision} ${key}=${value} was ${previous?.value}`;

const acts: readonly ((world: World, i: number) => void)[] = [
  (world) => world.putAll(),
  (world) => world.putAll(),
  ({ etcd }) => etcd.transact([], [{ type: 'put', key: '/y/other', value: 'y' }]),
  ({ etcd }, i) =>
    etcd.transact([], [{ type: 'put', key: `/x/${names[i % 3]}`, value: `${names[i % 3]} by-hand` }]),
  ({ etcd, simulation }, i) => {
    etcd.compact(Math.max(1, etcd.revision - (i % 7)));
    simulation.run({ untilMs: simulation.nowMs });
  },
  ({ etcd }) => etcd.get('/x/b'),
  ({ etcd }) => etcd.transact([], [{ type: 'delete', key: '/x/c' }]),
  ({ etcd }) => etcd.range({ from: '/x/', end: '/x0' }),
];

function seen({ etcd }: World): unknown {
  const past: unknown[] = [];
  for (let revision = etcd.compactRevision; revision <= etcd.revision; revision++)
    past.push(etcd.range({ from: '/', end: '0', revision }).kvs.map((kv) => `${kv.modRevision} ${kv.value}`));
  return { past, log: etcd.since(etcd.compactRevision).map(told), revision: etcd.revision };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('nobody can tell repeated puts from puts, seed %i', (seed) => {
  const both = worlds();
  const random = new Simulation({ seed: String(seed), startMs: 0 }).random('acts');
  const watched = both.map(({ etcd }) => {
    const events: string[] = [];
    etcd.watch(etcd.revision, (event) => events.push(told(event)));
    return events;
  });
  for (let i = 0; i < 60; i++) {
    const act = acts[random.uint32() % acts.length]!;
    for (const world of both) {
      world.simulation.run({ untilMs: (i + 1) * 1000 });
      act(world, i);
    }
    if (i % 9 === 0) expect(seen(both[0])).toEqual(seen(both[1]));
  }
  expect(seen(both[0])).toEqual(seen(both[1]));
  expect(watched[0]).toEqual(watched[1]);
});

test('who watches repetitions is told of them, and not of their puts', () => {
  const [{ etcd, putAll }] = worlds();
  const told: string[] = [];
  etcd.watch(
    etcd.revision,
    ({ key }) => told.push(`put ${key}`),
    ['/x/'],
    ({ isOver }, round) => told.push(round === null ? (isOver ? 'over' : 'began') : 'round'),
  );
  putAll();
  putAll();
  etcd.transact([], [{ type: 'put', key: '/x/a', value: 'a by-hand' }]);
  putAll();
  expect(told).toEqual(['round', 'round', 'over', 'put /x/a', 'began', 'round']);
});

test('versions that nobody asked for are not kept, nor those that nobody can ask for any more', () => {
  const [{ etcd, putAll, simulation }] = worlds();
  for (let i = 1; i < 50; i++) {
    simulation.run({ untilMs: i * 1000 });
    putAll();
    etcd.get('/x/a');
    etcd.compact(etcd.revision);
  }
  simulation.run({ untilMs: 60_000 });
  expect(etcd.get('/x/a')!.value).toBe('a 49');
  let depth = 0;
  for (let version = etcd.get('/x/a'); version !== undefined; version = version.older) depth++;
  expect(depth).toBe(1);
});
