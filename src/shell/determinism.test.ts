import { expect, test } from 'vitest';
import type { Program } from '#world/machine/program.ts';
import { Workbench } from './workbench.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Prints a line a second for as long as somebody listens. */
const ticker: Program = async (process) => {
  for (let count = 1; ; count++) {
    await process.sleep(1_000);
    await process.stdout.write(`tick ${count}\n`);
  }
};
const bench = () => new Workbench(hop, new Map([['ticker', ticker]]));

test('a slow producer ends when its reader has enough', async () => {
  const result = await bench().run('ticker | head -3; echo ${PIPESTATUS[@]}');
  expect(result.stdout).toBe('tick 1\ntick 2\ntick 3\n141 0\n');
  expect(result.tookMs).toBe(4_000);
  const filtered = await bench().run(
    'ticker | grep --line-buffered 2 | head -1; set -o pipefail; ticker | head -1; echo $?',
  );
  expect(filtered.stdout).toBe('tick 2\ntick 1\n141\n');
});

const scripts = [
  'for i in 3 1 2; do (sleep $i; echo $i) & done; wait; echo all',
  'yes | head -5000 | sort | uniq -c; seq 1 20000 | tail -1',
  'x=$(for i in $(seq 1 50); do echo $RANDOM; done | sort -n | tail -1); echo $x',
  'while read -r l; do echo "<$l>"; done < <(ticker | head -3) | tee out | tr a-z A-Z; cat out',
  'ticker & sleep 3.5; kill $!; wait $!; echo $?',
  'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; echo $i',
  'trap "echo term; exit 5" TERM; (sleep 2; kill $$) & while true; do sleep 1; echo loop; done',
  'timeout 3 ticker; echo $?; timeout 0.5 sleep 5 | cat; echo ${PIPESTATUS[0]}',
];

test.each(scripts)('slices change nothing: %s', async (script) => {
  const whole = await bench().run(script, { untilMs: 200_000 });
  expect(whole.exitCode).not.toBeNull();
  for (const slice of [1, 7]) expect(await bench().run(script, { untilMs: 200_000, slice })).toEqual(whole);
});

test.each([
  ['a loop', 'while true; do :; done'],
  ['a recursion', 'f() { f; }; f'],
  ['output', 'yes'],
  ['output to a file', 'yes > big'],
  ['a growing variable', 'x=aaaaaaaaaa; while true; do x=$x$x; done'],
  ['a growing array', 'while true; do a+=(aaaaaaaaaaaaaaaaaaaa); done'],
  ['a substitution without end', 'x=$(yes)'],
  ['forks', 'f() { f | f & }; f; wait'],
  ['braces', 'echo {1..9999999}'],
  ['counting', 'seq 1 999999999 > /dev/null'],
  ['subshells', 'while true; do (true); done'],
])('%s without end costs a bounded number of events', async (_, script) => {
  const workbench = bench();
  await workbench.run(script, { untilMs: 1_000 });
  expect(workbench.simulation.eventCount).toBeLessThan(400_000);
  workbench.machine.stop();
  await workbench.advance(1_000);
  expect(workbench.machine.list()).toEqual([]);
});

test('what goes too far is told', async () => {
  const said = async (script: string) => (await bench().run(script, { untilMs: 600_000 })).stderr;
  expect(await said('f() { f; }; f')).toBe(
    'bash: line 1: f: maximum function nesting level exceeded (1000)\n',
  );
  expect(await said('yes > big')).toBe('yes: write error: No space left on device\n');
  expect(await said('x=$(yes)')).toMatch(/^bash: line 1: xrealloc: cannot allocate \d+ bytes\n$/);
  expect(await said('x=aaaaaaaaaa; while true; do x=$x$x; done')).toMatch(/xrealloc: cannot allocate/);
  expect(await said('echo {1..9999999}')).toBe('bash: line 1: brace expansion: cannot allocate memory\n');
});
