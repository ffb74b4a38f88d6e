import type { Assignment, Command, Redirection } from 'unbash';
import { FileError } from '#world/machine/fileSystem.ts';
import { type Child, ProcessLimit, type Program, WriteError } from '#world/machine/program.ts';
import { callbackSink, textSource } from '#world/machine/stream.ts';
import { interpreterOf } from '#world/machine/script.ts';
import { mayAccess } from '#world/machine/userFiles.ts';
import { assign } from './assignment.ts';
import { CommandError, Return, ShellError } from './control.ts';
import { expandText, expandWords } from './expansion.ts';
import { quote } from './parameter.ts';
import { redirect } from './redirection.ts';
import type { Shell, ShellFunction } from './shell.ts';

/** Builtins whose arguments may be assignments. */
const declarations = new Set(['export', 'local', 'declare', 'typeset', 'readonly', 'alias']);

/** Runs `x=1 name arguments >file`; its status. */
export async function runSimpleCommand(shell: Shell, command: Command): Promise<number> {
  shell.position = command.pos;
  shell.processSubstitutions = 0;
  shell.substitutionStatus = 0;
  await shell.step();
  const assignments = command.prefix.filter((item) => item.type === 'Assignment');
  try {
    const args = await argumentsOf(shell, command);
    if (args.length === 0) return await runAssignments(shell, assignments, command.redirects);
    if (shell.options.has('xtrace')) await trace(shell, args.map((arg) => quote(arg)).join(' '));
    const status = await withAssignments(shell, assignments, () => runNamed(shell, args, command.redirects));
    shell.lastArgument = args.at(-1)!;
    return status;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await shell.error(error.message);
    return error.status;
  }
}

export async function trace(shell: Shell, text: string): Promise<void> {
  await shell.stderr.write(`${shell.variables.get('PS4') ?? '+ '}${text}\n`);
}

async function argumentsOf(shell: Shell, command: Command): Promise<string[]> {
  if (command.name === undefined) return [];
  if (!declarations.has(command.name.text)) {
    const words = command.args.map((argument) => (argument.type === 'Word' ? argument : asWord(argument)));
    return expandWords(shell, [command.name, ...words]);
  }
  const args = [command.name.text];
  for (const argument of command.args) {
    if (argument.type === 'Word') args.push(...(await expandWords(shell, [argument])));
    else args.push(await declaration(shell, command.name.text, args, argument));
  }
  return args;
}

/** `name=value` as a declaring builtin reads it; an array is assigned here, and only its name handed on. */
async function declaration(
  shell: Shell,
  builtin: string,
  args: readonly string[],
  assignment: Assignment,
): Promise<string> {
  const { name, value, append } = assignment;
  if (value.type === 'Word') {
    if (append === true && builtin !== 'alias') {
      return `${name}=${shell.get(name)}${await expandText(shell, value, true)}`;
    }
    const index = assignment.index === undefined ? '' : `[${assignment.index.text}]`;
    return `${name}${index}=${await expandText(shell, value, builtin !== 'alias')}`;
  }
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  if (builtin === 'local' || (shell.calls > 0 && builtin !== 'export' && !flags.includes('g'))) {
    shell.variables.local(name);
  }
  if (flags.includes('A')) shell.variables.setArray(name, true);
  await assign(shell, assignment);
  return name;
}

/** An assignment that stands where an argument does, such as in `echo a=b`, is a word like any other. */
function asWord(assignment: Assignment) {
  const { pos, end, text, value } = assignment;
  const parts = value.type === 'Word' ? value.parts : undefined;
  const head = text.slice(0, text.indexOf('=') + 1);
  if (value.type !== 'Word' || parts === undefined) {
    const plain = value.type === 'Word' ? head + value.value : text;
    return { type: 'Word', pos, end, text, value: plain } as const;
  }
  const literal = { type: 'Literal', pos, end: value.pos, text: head, value: head } as const;
  return { type: 'Word', pos, end, text, value: text, parts: [literal, ...parts] } as const;
}

async function runAssignments(
  shell: Shell,
  assignments: readonly Assignment[],
  redirections: readonly Redirection[],
): Promise<number> {
  for (const assignment of assignments) {
    const text = await assign(shell, assignment);
    if (shell.options.has('xtrace')) await trace(shell, `${assignment.name}=${quote(text ?? '(…)')}`);
  }
  const descriptors = await redirect(shell, redirections);
  const source = descriptors.get(0)?.source;
  if (shell.capturing && redirections.length === 1 && source !== undefined) {
    // `$(<file)` is the file.
    for (let text; (text = await shell.process.input(source).read()) !== null;)
      await shell.stdout.write(text);
  }
  return shell.substitutionStatus;
}

/** Runs `act` with assignments that hold, and are exported, for it alone. */
async function withAssignments<T>(
  shell: Shell,
  assignments: readonly Assignment[],
  act: () => Promise<T>,
): Promise<T> {
  if (assignments.length === 0) return act();
  shell.variables.enter();
  try {
    const texts: [string, string][] = [];
    for (const { name, value } of assignments) {
      if (value.type === 'Word') texts.push([name, await expandText(shell, value, true)]);
    }
    for (const [name, text] of texts) {
      shell.variables.local(name);
      shell.variables.export(name, text);
    }
    return await act();
  } finally {
    shell.variables.leave();
  }
}

async function runNamed(
  shell: Shell,
  args: readonly string[],
  redirections: readonly Redirection[],
): Promise<number> {
  const descriptors = await redirect(shell, redirections);
  const name = args[0]!;
  if (name === 'exec' && args.length === 1) {
    shell.useDescriptors(descriptors);
    return 0;
  }
  return shell.withDescriptors(descriptors, async () => {
    const own = shell.functions.get(name);
    if (own !== undefined) return callFunction(shell, own, args);
    return runCommand(shell, args);
  });
}

/** Runs a builtin or a program, never a function; the `command` builtin comes in here. */
export async function runCommand(shell: Shell, args: readonly string[]): Promise<number> {
  const builtin = shell.interpreter.builtins.get(args[0]!);
  if (builtin === undefined) return runProgram(shell, args);
  try {
    return await builtin(shell, args);
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    await shell.error(`${args[0]}: ${error.message}`);
    return 1;
  }
}

async function callFunction(shell: Shell, own: ShellFunction, args: readonly string[]): Promise<number> {
  return shell.call(args[0]!, args.slice(1), async () => {
    shell.variables.enter();
    shell.source = own.source;
    try {
      return await shell.interpreter.command(shell, own.body);
    } catch (error) {
      if (error instanceof Return) return error.status;
      throw error;
    } finally {
      shell.variables.leave();
    }
  });
}

/** Starts a program as a child and waits for it. */
export async function runProgram(
  shell: Shell,
  args: readonly string[],
  started: (child: Child) => void = () => {},
): Promise<number> {
  const found = await findProgram(shell, args);
  if (typeof found === 'number') return found;
  const { descriptors } = shell;
  try {
    const child = shell.process.spawn(found.program, {
      args: found.args,
      environment: shell.variables.environment(),
      workingDirectory: shell.process.workingDirectory,
      stdin: descriptors.get(0)?.source ?? textSource(),
      stdout: descriptors.get(1)?.sink ?? callbackSink(),
      stderr: descriptors.get(2)?.sink ?? callbackSink(),
    });
    started(child);
    return (await shell.waitInForeground([child]))[0]!;
  } catch (error) {
    if (error instanceof ProcessLimit) {
      throw new ShellError('fork: retry: Resource temporarily unavailable', 254);
    }
    throw error;
  }
}

/** The program that a command line names, or the status when there is none. */
async function findProgram(
  shell: Shell,
  args: readonly string[],
): Promise<{ program: Program; args: readonly string[] } | number> {
  const name = args[0]!;
  const program = name === '' ? undefined : shell.process.lookUp(name);
  if (program !== undefined) return { program, args };
  if (!name.includes('/')) {
    await shell.error(`${name}: ${shell.isPlain ? 'not found' : 'command not found'}`);
    return 127;
  }
  try {
    const path = shell.resolve(name);
    const text = shell.process.files.read(path);
    const status = shell.process.files.status(path);
    if (status !== null && !mayAccess(status, shell.process.user, 1)) throw new FileError('EACCES', path);
    const words = interpreterOf(text) ?? ['bash'];
    const interpreter = shell.process.lookUp(words[0]!);
    if (interpreter !== undefined) return { program: interpreter, args: [...words, ...args] };
    await shell.error(`${name}: ${words[0]}: bad interpreter: No such file or directory`);
    return 126;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await shell.error(`${name}: ${error.message}`);
    return error.code === 'EISDIR' || error.code === 'EACCES' ? 126 : 127;
  }
}
