import { FileError, type FileSystemUsage } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { parseOptions } from './options.ts';
import { complain, pathOf, tool, whyNot } from './tool.ts';

const kibibyte = 1024;

/** `df [-h] [FILE…]`: what the mounted file systems, or those that files are on, have room for. */
export const df = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'hkmTPa',
    long: { 'human-readable': 'h', all: 'a', portability: 'P' },
  });
  let failed = false;
  const found: FileSystemUsage[] = [];
  const paths = options.operands.length > 0 ? options.operands : mounts(process);
  for (const operand of paths) {
    const usage = usageOf(process, operand);
    if (usage !== null) found.push(usage);
    else if (options.operands.length > 0) {
      failed = true;
      await complain(process, `${operand}: ${whyNot(process, operand)}`);
    }
  }
  if (found.length > 0) await process.stdout.write(table(found, options.has('h')));
  return failed ? 1 : 0;
});

function mounts({ files }: Process): readonly string[] {
  return ['/', ...(files.mountPoints?.() ?? [])];
}

/** What a path is on; a volume that only shows something belongs to what is around it. */
function usageOf(process: Process, operand: string): FileSystemUsage | null {
  const path = pathOf(process, operand);
  try {
    if (process.files.status(path) === null) return null;
    return process.files.usage(path);
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

function table(rows: readonly FileSystemUsage[], isHuman: boolean): string {
  const size = (bytes: number) => (isHuman ? human(bytes) : String(Math.ceil(bytes / kibibyte)));
  const cells = rows.map(({ source, totalBytes, usedBytes, mountedOn }) => {
    const left = Math.max(0, totalBytes - usedBytes);
    const share = totalBytes === 0 ? 0 : Math.ceil((100 * usedBytes) / totalBytes);
    return [source, size(totalBytes), size(usedBytes), size(left), `${share}%`, mountedOn];
  });
  const heads = ['Filesystem', ...(isHuman ? ['Size', 'Used', 'Avail'] : ['1K-blocks', 'Used', 'Available'])];
  const all = [[...heads, 'Use%', 'Mounted on'], ...cells];
  const widths = heads.concat('Use%').map((_head, at) => {
    const least = at === 0 ? 14 : isHuman ? 5 : 0;
    return Math.max(least, ...all.map((row) => row[at]!.length));
  });
  return all
    .map((row) => {
      const [first = '', ...rest] = row.slice(0, -1);
      const numbers = rest.map((cell, at) => cell.padStart(at === 3 ? 4 : widths[at + 1]!));
      return `${first.padEnd(widths[0]!)} ${numbers.join(' ')} ${row.at(-1)}\n`;
    })
    .join('');
}

/** `1.0G`, rounded up. */
function human(bytes: number): string {
  let value = bytes / kibibyte;
  let unit = 0;
  while (value >= kibibyte && unit < 4) {
    value /= kibibyte;
    unit++;
  }
  if (bytes === 0) return '0';
  const shown = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return `${shown}${'KMGTP'[unit]}`;
}
