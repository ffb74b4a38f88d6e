import { FileError, type FileStatus } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { type Options, parseOptions } from './options.ts';
import { nameOfGroup, nameOfId } from './accounts.ts';
import { formatMode } from './modes.ts';
import { complain, pathOf, statusOf, tool, whyNot } from './tool.ts';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** Older than this, or in the future, a file is listed with its year and not the time of day. */
const recentMs = 15_778_476_000;

/** Major and minor number, which stand where files have their size. */
const numbers = { block: '252, 16', character: '1, 3' };

interface Entry {
  readonly name: string;
  readonly status: FileStatus;
}

export const ls = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'lahAt1rRSdFpCxgonL',
    long: {
      all: 'a',
      'almost-all': 'A',
      'human-readable': 'h',
      reverse: 'r',
      recursive: 'R',
      color: '',
      directory: 'd',
      classify: 'F',
    },
    exitCode: 2,
  });
  const operands = options.operands.length > 0 ? options.operands : ['.'];
  let failed = false;
  const files: Entry[] = [];
  const directories: string[] = [];
  for (const operand of operands) {
    const status = statusOf(process, operand);
    if (status === null) {
      failed = true;
      await complain(process, `cannot access '${operand}': ${whyNot(process, operand)}`);
    } else if (status.type === 'file' || options.has('d')) files.push({ name: operand, status });
    else directories.push(operand);
  }
  let out = listing(process, sorted(files, options), options);
  const several = operands.length > 1 || options.has('R');
  const queue = directories.sort();
  while (queue.length > 0) {
    const directory = queue.shift()!;
    const entries = readable(process, directory) ? entriesOf(process, directory, options) : null;
    if (entries === null) {
      failed = true;
      await complain(process, `cannot open directory '${directory}': Permission denied`);
      continue;
    }
    if (several) out += `${out === '' ? '' : '\n'}${directory}:\n`;
    if (options.has('l') || options.has('n'))
      out += `total ${entries.reduce((sum, { status }) => sum + blocks(status), 0)}\n`;
    out += listing(process, entries, options);
    if (!options.has('R')) continue;
    const below = entries.filter(({ name, status }) => status.type === 'directory' && !/^\.\.?$/.test(name));
    queue.unshift(...below.map(({ name }) => `${directory.replace(/\/$/, '')}/${name}`));
  }
  await process.stdout.write(out);
  return failed ? 2 : 0;
});

function readable(process: Process, directory: string): boolean {
  try {
    process.files.list(pathOf(process, directory));
    return true;
  } catch (error) {
    if (error instanceof FileError && error.code === 'EACCES') return false;
    throw error;
  }
}

function entriesOf(process: Process, directory: string, options: Options): Entry[] {
  const path = pathOf(process, directory);
  let names = process.files.list(path);
  if (!options.has('a') && !options.has('A')) names = names.filter((name) => !name.startsWith('.'));
  const entries = names.map((name) => ({ name, status: statusOf(process, `${path}/${name}`)! }));
  const own = options.has('a') ? ['.', '..'].map((name) => ({ name, status: statusOf(process, path)! })) : [];
  return [...own, ...sorted(entries, options)];
}

function sorted(entries: readonly Entry[], options: Options): Entry[] {
  const byName = (a: Entry, b: Entry) => (a.name < b.name ? -1 : 1);
  const result = [...entries].sort((a, b) => {
    if (options.has('t')) return b.status.modifiedMs - a.status.modifiedMs || byName(a, b);
    if (options.has('S')) return b.status.size - a.status.size || byName(a, b);
    return byName(a, b);
  });
  return options.has('r') ? result.reverse() : result;
}

function blocks(status: FileStatus): number {
  return Math.ceil(status.size / 4096) * 4;
}

function listing(process: Process, entries: readonly Entry[], options: Options): string {
  if (entries.length === 0) return '';
  const shown = ({ name, status }: Entry) => {
    const marks = options.has('F') || options.has('p');
    return marks && status.type === 'directory' ? `${name}/` : name;
  };
  if (options.has('l') || options.has('n')) return long(process, entries, options, shown);
  const width = process.stdout.terminal?.columns;
  if (width === undefined || options.has('1')) return entries.map((entry) => `${shown(entry)}\n`).join('');
  return columns(entries.map(shown), width);
}

function long(
  process: Process,
  entries: readonly Entry[],
  options: Options,
  shown: (entry: Entry) => string,
): string {
  const isNumeric = options.has('n');
  const nameOf = (id: number) => (isNumeric ? undefined : nameOfId(process, id)) ?? String(id);
  const groupOf = (id: number) => (isNumeric ? undefined : nameOfGroup(process, id)) ?? String(id);
  const owners = entries.map(({ status }) => nameOf(status.uid));
  const groups = entries.map(({ status }) => groupOf(status.gid));
  const widest = (names: readonly string[]) => Math.max(...names.map((name) => name.length));
  const [ownerWidth, groupWidth] = [widest(owners), widest(groups)];
  const sizes = entries.map(({ status }) =>
    status.device !== undefined
      ? numbers[status.device]
      : options.has('h')
        ? humanSize(status.size)
        : String(status.size),
  );
  const width = widest(sizes);
  const lines = entries.map((entry, index) => {
    const directory = entry.status.type === 'directory';
    const owner = `${owners[index]!.padEnd(ownerWidth)} ${groups[index]!.padEnd(groupWidth)}`;
    const date = dateOf(entry.status.modifiedMs, process.simulation.nowMs);
    return `${formatMode(entry.status)} ${directory ? 2 : 1} ${owner} ${sizes[index]!.padStart(width)} ${date} ${shown(entry)}\n`;
  });
  return lines.join('');
}

function humanSize(size: number): string {
  if (size < 1024) return String(size);
  let value = size;
  let unit = -1;
  while (value >= 1024) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${'KMGT'[unit]}`;
}

function dateOf(ms: number, nowMs: number): string {
  const date = new Date(ms);
  const head = `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`;
  if (ms > nowMs || nowMs - ms > recentMs) return `${head}  ${date.getUTCFullYear()}`;
  return `${head} ${String(date.getUTCHours()).padStart(2, '0')}:${String(date.getUTCMinutes()).padStart(2, '0')}`;
}

/** Names in as many columns as fit, filled downwards. */
function columns(names: readonly string[], width: number): string {
  for (let rows = 1; ; rows++) {
    const count = Math.ceil(names.length / rows);
    const widths = Array.from({ length: count }, (_, column) =>
      Math.max(...names.slice(column * rows, (column + 1) * rows).map((name) => name.length)),
    );
    const total = widths.reduce((sum, each) => sum + each + 2, -2);
    if (total > width && rows < names.length) continue;
    const lines = Array.from({ length: rows }, (_, row) => {
      const cells = widths.map((each, column) => (names[column * rows + row] ?? '').padEnd(each + 2));
      return `${cells.join('').trimEnd()}\n`;
    });
    return lines.join('');
  }
}
