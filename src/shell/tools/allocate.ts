import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { parseOptions } from './options.ts';
import { pathOf, tool, ToolError } from './tool.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  c: 1,
  b: 512,
  k: 1024,
  K: 1024,
  m: 1024 ** 2,
  M: 1024 ** 2,
  g: 1024 ** 3,
  G: 1024 ** 3,
  t: 1024 ** 4,
  T: 1024 ** 4,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
};

/** `10M`, `1GiB`, `512`. */
export function bytesOf(text: string): number {
  const [, digits, unit = ''] = /^(\d+)(.*?)(?:iB)?$/.exec(text) ?? [];
  const factor = units[unit];
  if (digits === undefined || factor === undefined) throw new ToolError(`invalid number: '${text}'`);
  return Number(digits) * factor;
}

function reserve(process: Process, path: string, bytes: number): void {
  try {
    process.files.reserve(pathOf(process, path), bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'ENOSPC') throw new ToolError(`fallocate failed: ${error.message}`);
    throw new ToolError(`cannot open '${path}': ${error.message}`);
  }
}

/** `fallocate -l 1G FILE`: room on the disk that nobody has to write. */
export const fallocate = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'l:n', long: { length: 'l' } });
  const length = options.get('l');
  const [path] = options.operands;
  if (length === undefined) throw new ToolError('no length argument specified');
  if (path === undefined) throw new ToolError('no filename specified');
  reserve(process, path, bytesOf(length));
  return 0;
});
