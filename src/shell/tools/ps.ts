// Upstream: busybox's procps/ps.c and procps-ng's ps(1)
import type { Child, Process } from '#world/machine/program.ts';
import { nameOfId } from './accounts.ts';
import { parseOptions } from './options.ts';
import { tool, ToolError } from './tool.ts';

/** Columns by name: their head, their width (0 for one that ends the line), and what stands in them. */
const columns: Readonly<
  Record<string, readonly [head: string, width: number, cell: (of: Child, process: Process) => string]>
> = {
  pid: ['PID', 5, ({ id }) => String(id).padStart(5)],
  user: ['USER', 8, ({ user: { uid } }, process) => (nameOfId(process, uid) ?? String(uid)).slice(0, 8)],
  time: ['TIME', 5, ({ cpuMicros }) => minutes(cpuMicros).padStart(5)],
  comm: ['COMMAND', 16, (of) => commandOf(of)],
  args: ['COMMAND', 0, ({ args }) => args.join(' ')],
};

function minutes(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function commandOf({ args }: Child): string {
  const name = args[0] ?? '';
  return name.slice(name.lastIndexOf('/') + 1).slice(0, 15);
}

/** BusyBox's `ps [-o COLUMN,…]`. */
export const busyboxPs = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'o:TZlwaefux' });
  const names = (options.get('o') ?? 'pid,user,time,args').split(',');
  const chosen = names.map((name) => {
    const column = columns[name];
    if (column === undefined)
      throw new ToolError(
        `bad -o argument '${name}', supported arguments: ${Object.keys(columns).join(',')}`,
      );
    return column;
  });
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(chosen[at]![1]))).join(' ')}\n`;
  const rows = process.processes().map((child) => line(chosen.map(([, , cell]) => cell(child, process))));
  await process.stdout.write(line(chosen.map(([head]) => head)) + rows.join(''));
  return 0;
});

/** procps' `ps`, as it prints without flags; `-e`, `-f` and `aux` show whole command lines. */
export const ps = tool(async (process) => {
  const isFull = process.args.slice(1).some((word) => /^-?[a-z]*[fu]/.test(word));
  const lines = process.processes().map((child) => {
    const shown = isFull ? child.args.join(' ') : commandOf(child);
    return `${String(child.id).padStart(7)} ?        ${clock(child.cpuMicros)} ${shown}\n`;
  });
  await process.stdout.write(`    PID TTY          TIME CMD\n${lines.join('')}`);
  return 0;
});

function clock(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
