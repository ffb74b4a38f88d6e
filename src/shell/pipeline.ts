import type { CommandNode, Pipeline } from 'unbash';
import { type Child, ProcessLimit } from '#world/machine/program.ts';
import { Pipe } from '#world/machine/pipe.ts';
import type { Sink, Source } from '#world/machine/stream.ts';
import { ShellError } from './control.ts';
import type { Shell } from './shell.ts';

/** Runs `time ! a | b | c`; each part is a subshell, and text streams between them. */
export async function runPipeline(shell: Shell, pipeline: Pipeline): Promise<number> {
  const startedMs = shell.process.simulation.nowMs;
  const negations = pipeline.prefixes.filter((prefix) => prefix.type === 'Negation').length;
  if (negations > 0) shell.expectingFailure++;
  let status: number;
  try {
    status =
      pipeline.commands.length === 1
        ? await shell.interpreter.command(shell, pipeline.commands[0]!)
        : await runConnected(shell, pipeline);
  } finally {
    if (negations > 0) shell.expectingFailure--;
  }
  const time = pipeline.prefixes.find((prefix) => prefix.type === 'Time');
  if (time !== undefined) await report(shell, startedMs, time.posix !== undefined);
  return negations % 2 === 1 ? Number(status === 0) : status;
}

async function runConnected(shell: Shell, pipeline: Pipeline): Promise<number> {
  const children: Child[] = [];
  let stdin: Source | undefined;
  try {
    for (const [index, command] of pipeline.commands.entries()) {
      const operator = pipeline.operators[index];
      const pipe = operator === undefined ? null : new Pipe(shell.process.simulation);
      const streams: { stdin?: Source; stdout?: Sink; stderr?: Sink } = {};
      if (stdin !== undefined) streams.stdin = stdin;
      if (pipe !== null) streams.stdout = pipe.sink;
      if (pipe !== null && operator === '|&') streams.stderr = pipe.sink;
      children.push(shell.spawn((inner) => runPart(inner, command), streams));
      stdin = pipe?.source;
    }
  } catch (error) {
    if (!(error instanceof ProcessLimit)) throw error;
    for (const child of children) child.signal('TERM');
    throw new ShellError('fork: retry: Resource temporarily unavailable', 254);
  }
  const codes = await shell.waitInForeground(children);
  shell.pipeStatus = codes;
  const failed = shell.options.has('pipefail') ? codes.findLast((code) => code !== 0) : undefined;
  return failed ?? codes.at(-1)!;
}

async function runPart(shell: Shell, command: CommandNode): Promise<number> {
  return shell.interpreter.command(shell, command);
}

async function report(shell: Shell, startedMs: number, posix: boolean): Promise<void> {
  const seconds = (shell.process.simulation.nowMs - startedMs) / 1000;
  const minutes = Math.floor(seconds / 60);
  const real = posix ? seconds.toFixed(2) : `${minutes}m${(seconds - minutes * 60).toFixed(3)}s`;
  const none = posix ? '0.00' : '0m0.000s';
  const separator = posix ? ' ' : '\t';
  const lines = [`real${separator}${real}`, `user${separator}${none}`, `sys${separator}${none}`];
  await shell.stderr.write(`${posix ? '' : '\n'}${lines.join('\n')}\n`);
}
