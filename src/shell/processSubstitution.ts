import type { ProcessSubstitutionPart } from 'unbash';
import { FileError } from '#world/machine/fileSystem.ts';
import { ShellError } from './control.ts';
import type { Shell } from './shell.ts';

/**
 * `<(command)`: the path of a file that holds what the command printed. It is a file and not a pipe, so
 * the command has ended before its reader begins.
 */
export async function substituteProcess(shell: Shell, part: ProcessSubstitutionPart): Promise<string> {
  if (part.operator === '>') throw new ShellError('>(…) is not simulated yet; use a pipe instead');
  const text = await shell.capture((inner) => inner.interpreter.list(inner, part.script?.commands ?? []));
  const path = `/dev/fd/${63 - shell.processSubstitutions++}`;
  try {
    shell.process.files.makeDirectory('/dev/fd', { parents: true });
    shell.process.files.write(path, text === '' ? '' : `${text}\n`);
  } catch (error) {
    if (error instanceof FileError) throw new ShellError(`${path}: ${error.message}`);
    throw error;
  }
  return path;
}
