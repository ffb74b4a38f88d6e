import { expect, test } from 'vitest';
import { causeOf } from '#sim/cause.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Machine } from './machine.ts';
import { MemoryFileSystem } from './memoryFileSystem.ts';
import { Pipe } from './pipe.ts';
import { type Process, ProcessLimit, type Program } from './program.ts';
import { callbackSink } from './stream.ts';
import { Terminal } from './terminal.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

function world() {
  const simulation = new Simulation({ seed: 'test', startMs: 0 });
  const files = new MemoryFileSystem(simulation);
  const machine = new Machine(simulation, { hostname: 'box', files, programs: new Map() });
  const log: string[] = [];
  const sink = callbackSink((text) => log.push(text));
  const start = (program: Program, options = {}) =>
    machine.start(program, { args: ['test'], stdout: sink, stderr: sink, ...options });
  const run = (untilMs = 1e9) => runWithHops(simulation, hop, { untilMs });
  return { simulation, machine, log, sink, start, run };
}

const sleeper =
  (ms: number): Program =>
  async (process) => {
    await process.sleep(ms);
    await process.stdout.write(`${process.args.join(' ')} woke at ${process.simulation.nowMs}\n`);
    return 3;
  };

test('a program sleeps, prints and exits, and its end is an event', async () => {
  const { start, run, log } = world();
  const exits: number[] = [];
  const process = start(sleeper(50));
  process.onExit((code) => exits.push(code));
  await run();
  expect(log).toEqual(['test woke at 50\n']);
  expect([process.exitCode, ...exits]).toEqual([3, 3]);
});

test('a parent waits for its children, which run side by side', async () => {
  const { start, run, log, machine } = world();
  start(async (process) => {
    const slow = process.spawn(sleeper(20), { args: ['slow'] });
    const quick = process.spawn(sleeper(10), { args: ['quick'] });
    return (await process.waitFor(slow)) + (await process.waitFor(quick));
  }).onExit((code) => log.push(`sum ${code}`));
  await run();
  expect(log).toEqual(['quick woke at 10\n', 'slow woke at 20\n', 'sum 6']);
  expect(machine.list()).toEqual([]);
});

test.each([
  ['INT', 130],
  ['TERM', 143],
  ['KILL', 137],
] as const)('%s ends a process and its children with %i', async (signal, code) => {
  const { simulation, start, run, log, machine } = world();
  const process = start(async (parent) => parent.waitFor(parent.spawn(sleeper(1000), { args: ['child'] })));
  simulation.after(5, () => process.signal(signal));
  await run(6);
  expect([process.exitCode, process.killedBy]).toEqual([code, signal]);
  expect(machine.list()).toEqual([]);
  await run();
  expect(log).toEqual([]);
});

test('a handler takes the place of dying, except from KILL', async () => {
  const { simulation, start, run, log } = world();
  const process = start(async (self) => {
    self.onSignal('TERM', () => self.interrupt(new Error('terminated')));
    self.onSignal('KILL', () => log.push('never'));
    await self.sleep(1000).catch((error: Error) => log.push(error.message));
    await self.sleep(1000);
    return 0;
  });
  simulation.after(5, () => process.signal('TERM'));
  simulation.after(9, () => process.signal('KILL'));
  await run();
  expect(log).toEqual(['terminated']);
  expect(process.exitCode).toBe(137);
});

test('the first process of a container ignores TERM, and takes all others with it', async () => {
  const { simulation, start, run, machine } = world();
  const init = start(sleeper(1000), { init: true });
  start(sleeper(5000));
  simulation.after(5, () => init.signal('TERM'));
  await run(999);
  expect(init.exitCode).toBeNull();
  await run(1000);
  expect(init.exitCode).toBe(3);
  expect(machine.list()).toEqual([]);
});

test('a full pipe holds its writer back, and a reader that leaves breaks it', async () => {
  const { simulation, start, run } = world();
  const pipe = new Pipe(simulation);
  let written = 0;
  const writer = start(
    async (process) => {
      for (;;) {
        await process.stdout.write('x'.repeat(9_999) + '\n');
        written++;
      }
    },
    { stdout: pipe.sink },
  );
  await run(100);
  expect(written).toBe(6);
  const reader = start(async (process) => (await process.stdin.readLine())!.length / 1000, {
    stdin: pipe.source,
  });
  await run(200);
  expect(reader.exitCode).toBe(10);
  expect([writer.exitCode, writer.killedBy]).toEqual([141, 'PIPE']);
});

test('a reader sees the end when the last writer has gone', async () => {
  const { simulation, start, run } = world();
  const pipe = new Pipe(simulation);
  start(sleeper(10), { args: ['a'], stdout: pipe.sink });
  start(sleeper(20), { args: ['b'], stdout: pipe.sink });
  let text = '';
  const reader = start(
    async (process) => {
      for (let piece; (piece = await process.stdin.read()) !== null;) text += piece;
      return 0;
    },
    { stdin: pipe.source },
  );
  await run();
  expect(text).toBe('a woke at 10\nb woke at 20\n');
  expect(reader.exitCode).toBe(0);
});

test('a loop that never waits lets time pass all the same', async () => {
  const { start, run, simulation } = world();
  let steps = 0;
  const process = start(async (self) => {
    for (;;) {
      steps++;
      const pause = self.step();
      if (pause !== null) await pause;
    }
  });
  simulation.after(95, () => process.signal('INT'));
  await run();
  expect(steps).toBeGreaterThan(3_000);
  expect(steps).toBeLessThan(5_000);
  expect(process.exitCode).toBe(130);
});

test('a terminal hands out lines, ends, and slows a writer that floods it', async () => {
  const { simulation, start, run } = world();
  let printed = 0;
  const terminal = new Terminal(simulation, {
    size: { columns: 80, rows: 24 },
    print: (text) => (printed += text.length),
  });
  const read: (string | null)[] = [];
  const process = start(
    async (self: Process) => {
      for (let line; (line = await self.stdin.readLine()) !== null;) read.push(line);
      const subject = self.cause?.subject;
      read.push(subject ?? '');
      for (;;) await self.stdout.write('y\n'.repeat(10_000));
    },
    { stdin: terminal.source, stdout: terminal.sink },
  );
  simulation.after(1, () => terminal.feed('one\ntwo\n'));
  simulation.after(2, () => terminal.end(), causeOf(null, 2, 'learner', 'input', 'Ctrl-D'));
  await run(1);
  expect(terminal.reading).toBe(true);
  await run(1002);
  expect(read).toEqual(['one\n', 'two\n', 'Ctrl-D']);
  expect(printed).toBeGreaterThan(2_000_000);
  expect(printed).toBeLessThan(3_200_000);
  process.kill(137);
  await run(1003);
});

test('the process table is bounded', async () => {
  const { start, run } = world();
  for (let count = 0; count < 256; count++) start(sleeper(10));
  expect(() => start(sleeper(10))).toThrow(ProcessLimit);
  await run();
  start(sleeper(10));
});

test('a bug in a program stops the simulation', async () => {
  const { start, run } = world();
  start(async () => {
    throw new TypeError('ours');
  });
  await expect(run()).rejects.toThrow('ours');
});

test('a terminal tells of a line when it is read, not when it is typed', () => {
  const simulation = new Simulation({ seed: 'echo', startMs: 0 });
  const read: string[] = [];
  const terminal = new Terminal(simulation, {
    size: { columns: 80, rows: 24 },
    print: () => {},
    onRead: (line) => read.push(line),
  });
  terminal.feed('one\ntwo\n');
  expect(read).toEqual([]);
  terminal.source.take('line');
  expect(read).toEqual(['one\n']);
});
