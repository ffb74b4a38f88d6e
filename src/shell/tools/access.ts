import { type FileAccess, FileError, type FileStatus } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { formatMode, parseMode } from './modes.ts';
import { idOfName, nameOfGroup, nameOfId } from './accounts.ts';
import { parseOptions } from './options.ts';
import { complain, nameOf, pathOf, statusOf, tool, ToolError, whyNot } from './tool.ts';

type Change = (status: FileStatus) => Partial<FileAccess>;

/** Changes files, and with `recursive` all that is in them; how the tool ends. */
async function changeAll(
  process: Process,
  operands: readonly string[],
  options: { readonly recursive: boolean; readonly failing: string },
  change: Change,
): Promise<number> {
  let code = 0;
  const visit = async (operand: string): Promise<void> => {
    const path = pathOf(process, operand);
    let status: FileStatus | null = null;
    try {
      status = process.files.status(path);
      if (status === null) throw new FileError('ENOENT', path);
      process.files.setAccess(path, change(status));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      code = 1;
      const what = status === null ? 'cannot access' : options.failing;
      await complain(process, `${what} '${operand}': ${error.message}`);
    }
    if (!options.recursive || status?.type !== 'directory') return;
    for (const name of process.files.list(path)) await visit(`${operand.replace(/\/$/, '')}/${name}`);
  };
  for (const operand of operands) await visit(operand);
  return code;
}

function missingOperand(process: Process, operands: readonly string[]): ToolError {
  const after = operands.length === 0 ? 'missing operand' : `missing operand after ‘${operands[0]}’`;
  return new ToolError(`${after}\nTry '${nameOf(process)} --help' for more information.`);
}

/** `chmod [-R] MODE FILE…`; a mode may begin with a minus. */
export const chmod = tool(async (process) => {
  const words = process.args.slice(1);
  const isOption = (word: string) => /^-[Rvcf]+$/.test(word) || word === '--recursive';
  const operands = words.filter((word) => !isOption(word) && word !== '--');
  const [mode, ...paths] = operands;
  if (mode === undefined || paths.length === 0) throw missingOperand(process, operands);
  const modeOf = parseMode(mode);
  const recursive = words.some((word) => isOption(word) && /R|recursive/.test(word));
  return changeAll(process, paths, { recursive, failing: 'changing permissions of' }, (status) => ({
    mode: modeOf(status),
  }));
});

const ownerOptions = { letters: 'Rvcfh', long: { recursive: 'R' } };

/** `chown [-R] [USER][:GROUP] FILE…`. */
export const chown = tool(async (process) => {
  const options = parseOptions(process.args, ownerOptions);
  const [owner, ...paths] = options.operands;
  if (owner === undefined || paths.length === 0) throw missingOperand(process, options.operands);
  const [user = '', group = ''] = owner.split(':');
  const access = {
    ...(user !== '' && { uid: idOrFail(process, user, `invalid user: ‘${owner}’`) }),
    ...(group !== '' && { gid: idOrFail(process, group, `invalid group: ‘${owner}’`) }),
  };
  const failing = user === '' ? 'changing group of' : 'changing ownership of';
  return changeAll(process, paths, { recursive: options.has('R'), failing }, () => access);
});

export const chgrp = tool(async (process) => {
  const options = parseOptions(process.args, ownerOptions);
  const [group, ...paths] = options.operands;
  if (group === undefined || paths.length === 0) throw missingOperand(process, options.operands);
  const gid = idOrFail(process, group, `invalid group: ‘${group}’`);
  return changeAll(process, paths, { recursive: options.has('R'), failing: 'changing group of' }, () => ({
    gid,
  }));
});

function idOrFail(process: Process, name: string, message: string): number {
  const id = idOfName(process, name);
  if (id === undefined) throw new ToolError(message);
  return id;
}

/** `2026-01-01 00:00:00.000000000 +0000`. */
function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}000000 +0000`;
}

function kindOf({ type, device, size }: FileStatus): string {
  if (type === 'directory') return 'directory';
  if (device !== undefined) return `${device} special file`;
  return size === 0 ? 'regular empty file' : 'regular file';
}

const octal = (mode: number, width: number) => mode.toString(8).padStart(width, '0');

/** `stat [-L] [-c FORMAT] FILE…`. */
export const stat = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'Lc:f', long: { format: 'c', dereference: 'L' } });
  if (options.operands.length === 0) throw missingOperand(process, []);
  let code = 0;
  for (const operand of options.operands) {
    const status = statusOf(process, operand);
    if (status === null) {
      code = 1;
      await complain(process, `cannot statx '${operand}': ${whyNot(process, operand)}`);
      continue;
    }
    const format = options.get('c');
    await process.stdout.write(
      format === undefined ? whole(process, operand, status) : formatted(process, format, operand, status),
    );
  }
  return code;
});

function formatted(process: Process, format: string, name: string, status: FileStatus): string {
  const { mode, uid, gid, size, modifiedMs } = status;
  const values: Readonly<Record<string, string>> = {
    a: mode.toString(8),
    A: formatMode(status),
    u: String(uid),
    g: String(gid),
    U: nameOfId(process, uid) ?? 'UNKNOWN',
    G: nameOfGroup(process, gid) ?? 'UNKNOWN',
    n: name,
    N: `'${name}'`,
    s: String(size),
    F: kindOf(status),
    y: timestamp(modifiedMs),
    Y: String(Math.floor(modifiedMs / 1000)),
    '%': '%',
  };
  return `${format.replace(/%(.)/g, (whole, letter: string) => values[letter] ?? whole)}\n`;
}

function whole(process: Process, name: string, status: FileStatus): string {
  const { mode, uid, gid, size, modifiedMs } = status;
  const id = (number: number) =>
    `(${String(number).padStart(5)}/${(nameOfId(process, number) ?? 'UNKNOWN').padStart(8)})`;
  const blocks = Math.ceil(size / 4096) * 8;
  const time = timestamp(modifiedMs);
  return `  File: ${name}
  Size: ${String(size).padEnd(10)}\tBlocks: ${String(blocks).padEnd(10)} IO Block: 4096   ${kindOf(status)}
Access: (${octal(mode, 4)}/${formatMode(status)})  Uid: ${id(uid)}   Gid: ${id(gid)}
Access: ${time}
Modify: ${time}
Change: ${time}
`;
}
