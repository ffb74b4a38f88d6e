import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import {
  type Child,
  type Process,
  ProcessLimit,
  type Program,
  type SpawnOptions,
} from '#world/machine/program.ts';
import { RegexError } from '#text/regex.ts';

/** Ends a tool with a message, which is printed after the tool's name. */
export class ToolError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A program whose failures are printed the way tools print them; `failureCode` is for those it did not foresee. */
export function tool(run: (process: Process) => Promise<number>, failureCode = 1): Program {
  return async (process) => {
    try {
      return await run(process);
    } catch (error) {
      const [message, code] = describe(error, failureCode);
      await complain(process, message);
      return code;
    }
  };
}

function describe(error: unknown, failureCode: number): [string, number] {
  if (error instanceof ToolError) return [error.message, error.exitCode];
  if (error instanceof FileError) return [`${error.path}: ${error.message}`, failureCode];
  if (error instanceof RegexError) return [error.message, failureCode];
  if (error instanceof ProcessLimit) return ['cannot fork(): Resource temporarily unavailable', failureCode];
  throw error;
}

/** The name a tool was called by. */
export function nameOf(process: Process): string {
  const name = process.args[0] ?? '';
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Prints `name: message` to stderr. */
export async function complain(process: Process, message: string): Promise<void> {
  await process.stderr.write(`${nameOf(process)}: ${message}\n`);
}

/** An operand as an absolute path. */
export function pathOf(process: Process, operand: string): string {
  return resolvePath(process.workingDirectory, operand);
}

/** What stands at an operand's path; null when nothing does. */
export function statusOf(process: Process, operand: string) {
  try {
    return process.files.status(pathOf(process, operand));
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Why `statusOf` finds nothing there. */
export function whyNot(process: Process, operand: string): string {
  try {
    process.files.status(pathOf(process, operand));
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  return new FileError('ENOENT', operand).message;
}

/** Runs a command line that a tool was given, and waits; 127 when there is no such command. */
export async function runCommandLine(
  process: Process,
  args: readonly string[],
  options: Omit<SpawnOptions, 'args'> = {},
): Promise<number> {
  const child = await startCommandLine(process, args, options);
  return child === null ? 127 : process.waitFor(child);
}

/** Starts a command line that a tool was given; null, and a message, when there is no such command. */
export async function startCommandLine(
  process: Process,
  args: readonly string[],
  options: Omit<SpawnOptions, 'args'> = {},
): Promise<Child | null> {
  const found = process.lookUp(args[0]!);
  if (found !== undefined) return process.spawn(found, { ...options, args });
  if (args[0]!.includes('/') && statusOf(process, args[0]!)?.type === 'file') {
    const shell = process.lookUp('sh');
    if (shell !== undefined) return process.spawn(shell, { ...options, args: ['sh', ...args] });
  }
  const shown = nameOf(process) === 'env' ? `‘${args[0]}’` : args[0];
  await complain(process, `${shown}: No such file or directory`);
  return null;
}
