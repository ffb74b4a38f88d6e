import { FileError, resolvePath } from './fileSystem.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';
import { mayAccess } from './userFiles.ts';

/** The interpreter that a text's first line names, with its arguments; null for a text without such a line. */
export function interpreterOf(text: string): string[] | null {
  const line = /^#! *(\S+) *(.*)/.exec(text);
  if (line === null) return null;
  const words = [line[1]!, ...(line[2] ? line[2].split(/\s+/) : [])];
  if (words[0]!.endsWith('/env')) words.shift();
  return words;
}

/** What the kernel makes of a command line whose first word is the path of a file, or why it refuses. */
export function findScript(
  machine: Machine,
  args: readonly string[],
  workingDirectory: string,
): { readonly program: Program; readonly args: readonly string[] } | string {
  const name = args[0] ?? '';
  const path = resolvePath(workingDirectory, name);
  try {
    const status = machine.files.status(path);
    if (status === null) return `stat ${name}: no such file or directory`;
    if (status.type === 'directory' || !mayAccess(status, machine.user, 1)) return 'permission denied';
    const words = interpreterOf(machine.files.read(path));
    if (words === null) return 'exec format error';
    const program = machine.lookUp(words[0]!);
    return program === undefined ? 'no such file or directory' : { program, args: [...words, ...args] };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.code === 'EACCES' ? 'permission denied' : `stat ${name}: no such file or directory`;
  }
}
