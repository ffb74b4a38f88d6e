import type { AndOr, Case, CommandNode, For, If, PipelineNode, Select, Statement, While } from 'unbash';
import { ProcessLimit } from '#world/machine/program.ts';
import { textSource } from '#world/machine/stream.ts';
import { evaluate } from './arithmetic.ts';
import { testExpression } from './conditional.ts';
import { CommandError, Exit, LoopJump, ShellError } from './control.ts';
import { expandParts, expandPattern, expandText, expandWords, naming } from './expansion.ts';
import { runPipeline } from './pipeline.ts';
import { redirect } from './redirection.ts';
import type { Shell } from './shell.ts';
import { runSimpleCommand } from './simpleCommand.ts';
import { patternOf } from './text/pattern.ts';

/** Runs statements one after another; the status of the last. */
export async function runList(shell: Shell, statements: readonly Statement[]): Promise<number> {
  let status = 0;
  for (const statement of statements) {
    status =
      statement.background === true ? await startJob(shell, statement) : await run(shell, statement.command);
    shell.status = status;
  }
  return status;
}

async function startJob(shell: Shell, statement: Statement): Promise<number> {
  const text = shell.source.slice(statement.pos, statement.end).replace(/\s*&\s*$/, '');
  try {
    const child = shell.spawn((inner) => run(inner, statement.command), { stdin: textSource() });
    const job = shell.jobs.add(child, text);
    if (shell.interactive) await shell.stderr.write(`[${job.number}] ${child.id}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ProcessLimit)) throw error;
    throw new ShellError('fork: retry: Resource temporarily unavailable', 254);
  }
}

/** Runs one pipeline or chain, and leaves the shell when `set -e` says so. */
async function run(shell: Shell, node: PipelineNode | AndOr): Promise<number> {
  if (node.type === 'AndOr') return runChain(shell, node);
  const negated = node.type === 'Pipeline' && node.prefixes.some((prefix) => prefix.type === 'Negation');
  const status =
    node.type === 'Pipeline' ? await runPipeline(shell, node) : await runCommandNode(shell, node);
  shell.status = status;
  if (node.type !== 'Pipeline') shell.pipeStatus = [status];
  if (status !== 0 && !negated && shell.expectingFailure === 0) await onFailure(shell, node.type, status);
  return status;
}

/** Compound commands whose own commands have already been judged when they fail. */
const judged = new Set([
  'If',
  'For',
  'While',
  'Case',
  'BraceGroup',
  'ArithmeticFor',
  'Select',
  'Redirected',
  'Function',
]);

async function onFailure(shell: Shell, type: string, status: number): Promise<void> {
  if (judged.has(type)) return;
  const trap = shell.traps.get('ERR');
  if (trap !== undefined) {
    await expecting(shell, () => shell.interpreter.text(shell, trap));
    shell.status = status;
  }
  if (shell.options.has('errexit')) throw new Exit(status);
}

async function runChain(shell: Shell, chain: AndOr): Promise<number> {
  let status = 0;
  for (const [index, command] of chain.commands.entries()) {
    const operator = index === 0 ? null : chain.operators[index - 1];
    if (operator !== null && (operator === '&&') !== (status === 0)) continue;
    const last = index === chain.commands.length - 1;
    status = last ? await run(shell, command) : await expecting(shell, () => run(shell, command));
    shell.status = status;
  }
  return status;
}

async function expecting<T>(shell: Shell, act: () => Promise<T>): Promise<T> {
  shell.expectingFailure++;
  try {
    return await act();
  } finally {
    shell.expectingFailure--;
  }
}

/** Runs one command of any kind. */
export async function runCommandNode(shell: Shell, node: CommandNode): Promise<number> {
  switch (node.type) {
    case 'Command':
      return runSimpleCommand(shell, node);
    case 'BraceGroup':
      return runList(shell, node.body.commands);
    case 'Subshell': {
      const child = shell.spawn((inner) => runList(inner, node.body.commands));
      return (await shell.waitInForeground([child]))[0]!;
    }
    case 'If':
      return runIf(shell, node);
    case 'While':
      return runWhile(shell, node);
    case 'For':
    case 'Select':
      return runFor(shell, node);
    case 'Case':
      return runCase(shell, node);
    case 'Function': {
      if (node.body.type === 'CompoundList') return 2;
      shell.functions.set(node.name.text, { body: node.body, source: shell.source });
      return 0;
    }
    default:
      return failing(shell, node.pos, () => runOther(shell, node));
  }
}

async function runOther(shell: Shell, node: CommandNode): Promise<number> {
  switch (node.type) {
    case 'Redirected': {
      const descriptors = await redirect(shell, node.redirects);
      return shell.withDescriptors(descriptors, () => runCommandNode(shell, node.command));
    }
    case 'TestCommand':
      await shell.step();
      return Number(!(await testExpression(shell, node.expression)));
    case 'ArithmeticCommand':
      await shell.step();
      {
        const evaluation = () => evaluate(shell, node.expression, expandParts);
        return Number(
          (await naming(`((: ${node.body}`, evaluation, (text) => new CommandError(text))) === 0n,
        );
      }
    case 'ArithmeticFor': {
      await evaluate(shell, node.initialize, expandParts);
      return runLoop(shell, async (pass) => {
        if (pass > 0) await evaluate(shell, node.update, expandParts);
        if (node.test !== undefined && (await evaluate(shell, node.test, expandParts)) === 0n) return null;
        return () => runList(shell, node.body.commands);
      });
    }
    default:
      throw new ShellError('coproc is not simulated yet; use a pipe instead');
  }
}

/** Runs `act`; an error that fails one command only is printed and becomes its status. */
async function failing(shell: Shell, position: number, act: () => Promise<number>): Promise<number> {
  try {
    shell.position = position;
    return await act();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await shell.error(error.message);
    return error.status;
  }
}

async function runIf(shell: Shell, node: If): Promise<number> {
  for (const branch of [node, ...node.elif]) {
    const status = await expecting(shell, () => runList(shell, branch.clause.commands));
    if (status === 0) return runList(shell, branch.then.commands);
  }
  return node.else === undefined ? 0 : runList(shell, node.else.commands);
}

async function runWhile(shell: Shell, node: While): Promise<number> {
  return runLoop(shell, async () => {
    const status = await expecting(shell, () => runList(shell, node.clause.commands));
    if ((status === 0) !== (node.kind === 'while')) return null;
    return () => runList(shell, node.body.commands);
  });
}

async function runFor(shell: Shell, node: For | Select): Promise<number> {
  if (node.type === 'Select') throw new ShellError('select is not simulated yet; use read and case instead');
  const items = node.wordlist === undefined ? shell.positional : await expandWords(shell, node.wordlist);
  return runLoop(shell, async (pass) => {
    const item = items[pass];
    if (item === undefined) return null;
    shell.variables.set(node.name.text, item);
    return () => runList(shell, node.body.commands);
  });
}

/** Runs what `next` gives for each pass, until it gives null or a `break` comes. */
async function runLoop(
  shell: Shell,
  next: (pass: number) => Promise<(() => Promise<number>) | null>,
): Promise<number> {
  let status = 0;
  shell.loops++;
  try {
    for (let pass = 0; ; pass++) {
      await shell.step();
      try {
        const body = await next(pass);
        if (body === null) return status;
        status = await body();
      } catch (error) {
        if (!(error instanceof LoopJump)) throw error;
        status = 0;
        if (--error.levels > 0 && shell.loops > 1) throw error;
        if (error.kind === 'break') return 0;
      }
    }
  } finally {
    shell.loops--;
  }
}

async function runCase(shell: Shell, node: Case): Promise<number> {
  await shell.step();
  const text = await expandText(shell, node.word);
  let status = 0;
  let through = false;
  for (const item of node.items) {
    let matches = through;
    for (const pattern of item.pattern) {
      matches ||= patternOf(await expandPattern(shell, pattern)).matches(text);
    }
    if (!matches) continue;
    status = await runList(shell, item.body.commands);
    if (item.terminator === ';&') through = true;
    else if (item.terminator === ';;&') through = false;
    else break;
  }
  return status;
}
