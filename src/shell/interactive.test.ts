import { beforeEach, expect, test } from 'vitest';
import type { RunningProcess } from '#world/machine/process.ts';
import { Terminal } from '#world/machine/terminal.ts';
import { programs } from './programs.ts';
import { Workbench } from './workbench.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

let bench: Workbench;
let terminal: Terminal;
let shell: RunningProcess;
let screen = '';

beforeEach(async () => {
  bench = new Workbench(hop);
  screen = '';
  terminal = new Terminal(bench.simulation, {
    size: { columns: 80, rows: 24 },
    print: (text) => {
      screen += text;
    },
  });
  shell = bench.machine.start(programs.get('bash')!, {
    args: ['bash'],
    environment: bench.environment,
    workingDirectory: '/home/learner',
    stdin: terminal.source,
    stdout: terminal.sink,
    stderr: terminal.sink,
  });
  await bench.advance(0);
});

const prompt = 'learner@workstation:~$ ';

/** Types a line and lets `ms` pass; what was printed meanwhile. */
async function type(line: string, ms = 0): Promise<string> {
  screen = '';
  bench.simulation.after(0, () => terminal.feed(line));
  await bench.advance(ms);
  return screen;
}

async function interrupt(ms = 0): Promise<string> {
  screen = '';
  bench.simulation.after(0, () => shell.signal('INT'));
  await bench.advance(ms);
  return screen;
}

test('it prompts, runs at the same instant, and knows where it is', async () => {
  expect(screen).toBe(prompt);
  expect(await type('echo hi\n')).toBe(`hi\n${prompt}`);
  expect(await type('mkdir -p a/b; cd a/b\n')).toBe('learner@workstation:~/a/b$ ');
  expect(await type('cd /\n')).toBe('learner@workstation:/$ ');
  expect(await type('\n')).toBe('learner@workstation:/$ ');
  expect(terminal.reading).toBe(true);
});

test('what is not whole yet is asked for', async () => {
  expect(await type('for i in 1 2; do\n')).toBe('> ');
  expect(await type('echo $i\n')).toBe('> ');
  expect(await type('done\n')).toBe(`1\n2\n${prompt}`);
  expect(await type('cat <<EOF\n')).toBe('> ');
  expect(await type('hello\n')).toBe('> ');
  expect(await type('EOF\n')).toBe(`hello\n${prompt}`);
  expect(await type("echo 'a\n")).toBe('> ');
  expect(await type("b'\n")).toBe(`a\nb\n${prompt}`);
  expect(await type('echo one \\\n')).toBe('> ');
  expect(await type('two\n')).toBe(`one two\n${prompt}`);
});

test.each([
  ['nosuch\n', 'bash: nosuch: command not found\n', 127],
  ['echo )\n', "bash: syntax error near unexpected token `)'\n", 2],
  ['echo $((1/0))\n', 'bash: 1/0: division by 0 (error token is "0")\n', 1],
  ['while true do; done\n', "bash: syntax error near unexpected token `done'\n", 2],
])('after %j the prompt comes back', async (line, message, status) => {
  expect(await type(line)).toBe(`${message}${prompt}`);
  expect(await type('echo $?\n')).toBe(`${status}\n${prompt}`);
});

test('Ctrl-C ends what runs in the foreground', async () => {
  await type('sleep 100\n', 1_000);
  expect(await interrupt()).toBe(`\n${prompt}`);
  expect(await type('echo $?\n')).toBe(`130\n${prompt}`);
  await type('while true; do sleep 1; done\n', 3_500);
  expect(await interrupt()).toBe(`\n${prompt}`);
  await type('yes > /dev/null\n', 100);
  expect(await interrupt()).toBe(`\n${prompt}`);
  await type('while true; do :; done\n', 100);
  expect(await interrupt()).toBe(`\n${prompt}`);
  await type('sleep 50 | cat\n', 100);
  expect(await interrupt()).toBe(`\n${prompt}`);
  await type('x=$(sleep 50)\n', 100);
  expect(await interrupt()).toBe(`\n${prompt}`);
  await type('bash -c "sleep 50; echo never"\n', 100);
  expect(await interrupt()).toBe(`\n${prompt}`);
  expect(bench.machine.list()).toHaveLength(1);
});

test('Ctrl-C drops a line that is half typed, and an endless loop lets time pass', async () => {
  await type('echo "half\n');
  expect(await interrupt()).toBe(`\n${prompt}`);
  expect(await type('echo whole\n')).toBe(`whole\n${prompt}`);
  const before = bench.simulation.eventCount;
  await type('while true; do :; done\n', 1_000);
  expect(bench.simulation.eventCount - before).toBeLessThan(200);
});

test('an endless loop also stops at the present instant, while time is paused', async () => {
  await type('i=0; while true; do i=$((i+1)); done\n', 0);
  expect(await interrupt(0)).toBe(`\n${prompt}`);
  const count = Number((await type('echo $i\n')).split('\n')[0]);
  expect(count).toBeGreaterThan(100);
  expect(count).toBeLessThan(1_001);
});

test('jobs run in the background', async () => {
  expect(await type('sleep 10 &\n')).toMatch(/^\[1\] \d+\n/);
  expect(await type('jobs\n')).toBe(`[1]+  Running                 sleep 10 &\n${prompt}`);
  await bench.advance(10_000);
  expect(await type('\n')).toBe(`[1]+  Done                    sleep 10\n${prompt}`);
  await type('sleep 5 &\n');
  expect(await type('fg\n', 5_000)).toBe(`sleep 5\n${prompt}`);
  await type('sleep 100 &\n');
  expect(await type('kill %1\n')).toContain(prompt);
  expect(await type('\n')).toBe(`[1]+  Terminated              sleep 100\n${prompt}`);
  expect(await type('(exit 3) &\n')).toContain('[1]');
  expect(await type('\n')).toBe(`[1]+  Exit 3                  (exit 3)\n${prompt}`);
});

test('programs read what is typed, and read -p asks', async () => {
  expect(await type('read -p "name? " name\n')).toBe('name? ');
  expect(await type('Ada L\n')).toBe(prompt);
  expect(await type('echo "[$name]"\n')).toBe(`[Ada L]\n${prompt}`);
  await type('cat > notes.txt\n');
  await type('first line\nsecond line\n');
  screen = '';
  bench.simulation.after(0, () => terminal.end());
  await bench.advance(0);
  expect(screen).toBe(prompt);
  expect(await type('cat notes.txt\n')).toBe(`first line\nsecond line\n${prompt}`);
  expect(await type('read -t 2 late || echo too late\n', 2_000)).toBe(`too late\n${prompt}`);
});

test('aliases, history and !!', async () => {
  await type("alias ll='ls -1' k=echo\n");
  await type('touch a b\n');
  expect(await type('ll | cat\n')).toBe(`a\nb\n${prompt}`);
  expect(await type('k get pods\n')).toBe(`get pods\n${prompt}`);
  expect(await type('!!\n')).toBe(`k get pods\nget pods\n${prompt}`);
  expect(await type('history 2\n')).toBe(`    4  k get pods
    5  history 2
${prompt}`);
});

test('Ctrl-D and exit end the shell', async () => {
  screen = '';
  bench.simulation.after(0, () => terminal.end());
  await bench.advance(0);
  expect(screen).toBe('exit\n');
  expect(shell.exitCode).toBe(0);
});

test('watch redraws until it is interrupted', async () => {
  await type('watch -n 2 -t date +%T\n', 5_000);
  expect(screen.split('\u001b[H\u001b[2J')).toEqual(['', '00:00:00', '00:00:02', '00:00:04']);
  expect(await interrupt()).toBe(`\n${prompt}`);
});

test('sh prompts and complains as in a BusyBox container', async () => {
  const terminalIn = new Terminal(bench.simulation, {
    size: { columns: 80, rows: 24 },
    print: (text) => {
      screen += text;
    },
  });
  screen = '';
  const stdio = { stdin: terminalIn.source, stdout: terminalIn.sink, stderr: terminalIn.sink };
  bench.machine.start(programs.get('sh')!, { args: ['/bin/sh'], ...stdio, environment: new Map() });
  bench.simulation.after(0, () => terminalIn.feed('nosuch\n'));
  await bench.advance(0);
  expect(screen).toBe('/ # sh: nosuch: not found\n/ # ');
});

test('the first process of a container hands TERM on to what it became', async () => {
  const start = (script: string) =>
    bench.machine.start(programs.get('sh')!, { args: ['sh', '-c', script], init: true });
  for (const [script, seconds, code] of [
    ['exec sleep 60', 0, 143],
    ['sleep 60', 60, 0],
    ['trap "exit 7" TERM; sleep 60 & wait', 0, 7],
  ] as const) {
    const init = start(script);
    await bench.advance(1_000);
    bench.simulation.after(0, () => init.signal('TERM'));
    await bench.advance(0);
    expect(init.exitCode === null).toBe(seconds > 0);
    await bench.advance(60_000);
    expect(init.exitCode).toBe(code);
  }
});
