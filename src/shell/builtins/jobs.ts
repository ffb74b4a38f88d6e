import { type Child, type Signal, signalNumbers } from '#world/machine/program.ts';
import { Interrupted } from '../control.ts';
import type { Builtin, Shell } from '../shell.ts';

export const jobs: Builtin = async (shell, args) => {
  for (const job of shell.jobs.all()) {
    const line = args.includes('-p') ? `${job.child.id}\n` : shell.jobs.line(job);
    await shell.stdout.write(line);
    if (job.child.exitCode !== null) shell.jobs.remove(job);
  }
  return 0;
};

export const wait: Builtin = async (shell, args) => {
  const names = args.slice(1).filter((arg) => !arg.startsWith('-'));
  if (names.length === 0) {
    const waited = shell.jobs.all();
    let status = 0;
    if (args.includes('-n'))
      status = await waitForAny(
        shell,
        waited.map((job) => job.child),
      );
    else for (const job of waited) await shell.process.waitFor(job.child);
    for (const job of waited) if (job.child.exitCode !== null) shell.jobs.remove(job);
    return status;
  }
  let status = 0;
  for (const name of names) {
    const job = shell.jobs.find(name);
    if (job === undefined) {
      const unknown = name.startsWith('%') ? 'no such job' : 'is not a child of this shell';
      await shell.error(`wait: ${name.startsWith('%') ? `${name}: ` : `pid ${name} `}${unknown}`);
      status = 127;
      continue;
    }
    status = await shell.process.waitFor(job.child);
    shell.jobs.remove(job);
  }
  return status;
};

async function waitForAny(shell: Shell, children: readonly Child[]): Promise<number> {
  if (children.length === 0) return 127;
  const ended = children.find((child) => child.exitCode !== null);
  if (ended !== undefined) return ended.exitCode!;
  return shell.process.wait((resolve) => {
    const undo = children.map((child) => child.onExit(resolve));
    return () => undo.forEach((forget) => forget());
  });
}

export const fg: Builtin = async (shell, args) => {
  const job = shell.jobs.find(args[1] ?? '%+');
  if (job === undefined) {
    await shell.error(`fg: ${args[1] ?? 'current'}: no such job`);
    return 1;
  }
  await shell.stdout.write(`${job.text}\n`);
  shell.jobs.remove(job);
  return (await shell.waitInForeground([job.child]))[0]!;
};

export const bg: Builtin = async (shell, args) => {
  const job = shell.jobs.find(args[1] ?? '%+');
  if (job === undefined) await shell.error(`bg: ${args[1] ?? 'current'}: no such job`);
  else await shell.error(`bg: job ${job.number} already in background`);
  return job === undefined ? 1 : 0;
};

export const disown: Builtin = (shell, args) => {
  for (const job of shell.jobs.all()) {
    if (args.length === 1 || job === shell.jobs.find(args[1]!)) shell.jobs.remove(job);
  }
  return 0;
};

/** The signal that `9`, `KILL` or `SIGKILL` names. */
export function signalOf(name: string): Signal | undefined {
  const upper = name.toUpperCase().replace(/^SIG/, '');
  return (Object.keys(signalNumbers) as Signal[]).find(
    (signal) => signal === upper || String(signalNumbers[signal]) === name,
  );
}

export const kill: Builtin = async (shell, args) => {
  let signal: Signal | undefined = 'TERM';
  let rest = args.slice(1);
  const first = rest[0] ?? '';
  if (first === '-l') {
    const names = Object.entries(signalNumbers).map(([name, number]) => `${number}) SIG${name}`);
    await shell.stdout.write(`${names.join('\n')}\n`);
    return 0;
  }
  if (/^-./.test(first)) {
    const named = first === '-s' || first === '-n' ? rest[1] : first.slice(1);
    rest = rest.slice(first === '-s' || first === '-n' ? 2 : 1);
    signal = named === '0' ? undefined : signalOf(named ?? '');
    if (signal === undefined && named !== '0') {
      await shell.error(`kill: ${named}: invalid signal specification`);
      return 1;
    }
  }
  if (rest.length === 0) {
    await shell.stderr.write(
      'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
    );
    return 2;
  }
  let status = 0;
  for (const name of rest) {
    const child = targetOf(shell, name);
    if (typeof child === 'string') {
      await shell.error(`kill: ${child}`);
      status = 1;
    } else if (signal !== undefined) {
      child.signal(signal);
      // Whoever kills itself does not go on.
      if (child.id === shell.process.id) await shell.process.sleep(0);
    }
  }
  return status;
};

function targetOf(shell: Shell, name: string): Child | string {
  if (name.startsWith('%')) return shell.jobs.find(name)?.child ?? `${name}: no such job`;
  if (!/^-?\d+$/.test(name)) return `${name}: arguments must be process or job IDs`;
  const child = shell.process.processes().find((process) => process.id === Math.abs(Number(name)));
  return child ?? `(${name}) - No such process`;
}

/** `trap command SIGNAL …`; EXIT and ERR are the shell's own. */
export const trap: Builtin = async (shell, args) => {
  const words = args.slice(1).filter((arg) => arg !== '--');
  if (words.length === 0 || words[0] === '-p') {
    for (const [name, text] of shell.traps) {
      const shown = name in signalNumbers ? `SIG${name}` : name;
      await shell.stdout.write(`trap -- '${text}' ${shown}\n`);
    }
    return 0;
  }
  const resets = words[0] === '-' || (words.length === 1 && signalOf(words[0]!) !== undefined);
  const text = words[0]!;
  let status = 0;
  for (const name of words.slice(words.length === 1 ? 0 : 1)) {
    const own = name === '0' ? 'EXIT' : name.toUpperCase();
    const signal = signalOf(name);
    const key = ['EXIT', 'ERR', 'DEBUG', 'RETURN'].includes(own) ? own : signal;
    if (key === undefined) {
      await shell.error(`trap: ${name}: invalid signal specification`);
      status = 1;
      continue;
    }
    if (resets) shell.traps.delete(key);
    else shell.traps.set(key, text);
    if (signal !== undefined) handle(shell, signal, resets ? null : text);
  }
  return status;
};

function handle(shell: Shell, signal: Signal, text: string | null): void {
  if (text === null) {
    shell.process.onSignal(signal, shell.interactive && signal === 'INT' ? () => shell.interrupt() : null);
    return;
  }
  shell.process.onSignal(signal, () => {
    if (text !== '') shell.queueTrap(signal);
  });
}

/** Lets a trap run at once when the shell only waits for jobs. */
export const waitInterruptibly: Builtin = async (shell, args) => {
  shell.waiting = true;
  try {
    return await wait(shell, args);
  } catch (error) {
    if (!(error instanceof Interrupted) || shell.interactive) throw error;
    return 143;
  } finally {
    shell.waiting = false;
  }
};
