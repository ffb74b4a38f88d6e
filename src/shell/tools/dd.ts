import { overwritten } from '#world/machine/blockDevice.ts';
import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { fromBytes, toBytes } from '#world/machine/utf8.ts';
import { bytesOf } from './allocate.ts';
import { readAll } from './inputs.ts';
import { pathOf, tool, ToolError } from './tool.ts';

const generator = /^\/dev\/u?(zero|random)$/;
/** Zeros that are really written down, to a pipe or over what a device holds. */
const writtenMax = 8_388_608;

interface Copy {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly size: number;
  /** Blocks; undefined for all there is. */
  readonly count: number | undefined;
  readonly skip: number;
  readonly seek: number;
  readonly keeps: boolean;
}

/** `dd if=FROM of=TO bs=1M count=10 [skip=N] [seek=N] [conv=notrunc]`, between files, devices, pipes and zeros. */
export const dd = tool(async (process) => {
  const { copy, isQuiet } = readOptions(process.args.slice(1));
  const { copied, problem } = await run(process, copy);
  const records = `${Math.floor(copied / copy.size)}+${copied % copy.size === 0 ? 0 : 1} records`;
  if (problem !== null) await process.stderr.write(`dd: ${problem}\n`);
  const taken = problem === null ? records : `${Math.floor(copied / copy.size) + 1}+0 records`;
  if (!isQuiet) await process.stderr.write(`${taken} in\n${records} out\n${copied} bytes copied\n`);
  return problem === null ? 0 : 1;
});

function readOptions(words: readonly string[]): { copy: Copy; isQuiet: boolean } {
  const options = new Map(words.map((word) => word.split(/=(.*)/s).slice(0, 2) as [string, string]));
  const unknown = [...options.keys()].find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new ToolError(`unrecognized operand ‘${words[[...options.keys()].indexOf(unknown)]}’`);
  const number = (name: string) => {
    const text = options.get(name);
    return text === undefined ? undefined : bytesOf(text);
  };
  const size = number('bs') ?? 512;
  if (size === 0) throw new ToolError(`invalid number: ‘${options.get('bs')}’`);
  return {
    copy: {
      from: options.get('if'),
      to: options.get('of'),
      size,
      count: number('count'),
      skip: number('skip') ?? 0,
      seek: number('seek') ?? 0,
      keeps: options.get('conv')?.split(',').includes('notrunc') === true,
    },
    isQuiet: options.get('status') === 'none',
  };
}

const known = new Set(['if', 'of', 'bs', 'count', 'skip', 'seek', 'conv', 'status', 'oflag', 'iflag']);

interface Outcome {
  /** Bytes. */
  readonly copied: number;
  readonly problem: string | null;
}

async function run(process: Process, copy: Copy): Promise<Outcome> {
  const { from, to } = copy;
  if (from !== undefined && generator.test(from)) return fill(process, copy);
  const bytes = await inputOf(process, copy);
  if (to === undefined) await process.stdout.write(fromBytes(bytes));
  else if (to !== '/dev/null') {
    const problem = put(process, copy, to, bytes);
    if (problem !== null) return { copied: 0, problem };
  }
  return { copied: bytes.length, problem: null };
}

/** The bytes that are asked for. A device has zeros where nothing was written. */
async function inputOf(process: Process, { from, size, count, skip }: Copy): Promise<string> {
  const end = count === undefined ? undefined : (skip + count) * size;
  if (from === undefined) return toBytes(await readAll(process)).slice(skip * size, end);
  const path = pathOf(process, from);
  try {
    const text = toBytes(process.files.read(path));
    const status = process.files.status(path);
    const length = status?.device === 'block' && end !== undefined ? Math.min(end, status.size) : 0;
    if (length > writtenMax) throw new ToolError('memory exhausted by input buffer of too many bytes');
    return text.padEnd(length, '\0').slice(skip * size, end);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ToolError(`failed to open '${from}': ${error.message}`);
  }
}

/** Writes bytes where they go; what went wrong, if anything did. */
function put(process: Process, { size, seek, keeps }: Copy, to: string, bytes: string): string | null {
  const { files } = process;
  const path = pathOf(process, to);
  const offset = seek * size;
  try {
    const before = files.status(path);
    if (before?.device === undefined && !(keeps && before !== null))
      files.write(path, before === null ? '' : fromBytes(toBytes(files.read(path)).slice(0, offset)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ToolError(`failed to open '${to}': ${error.message}`);
  }
  try {
    const text = fromBytes(bytes);
    if (files.overwrite?.(path, offset, text) !== true)
      files.write(path, overwritten(files.read(path), offset, text));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return `error writing '${to}': ${error.message}`;
  }
  return null;
}

/** Zeros, or what nobody will look at: room that is taken and not written. */
async function fill(process: Process, { from, to, size, count, seek }: Copy): Promise<Outcome> {
  if (count === undefined) throw new ToolError(`count= is needed: '${from}' has no end`);
  const wanted = size * count;
  if (to === undefined) {
    const length = Math.min(wanted, writtenMax);
    await process.stdout.write('\0'.repeat(length));
    return { copied: length, problem: null };
  }
  if (to === '/dev/null') return { copied: wanted, problem: null };
  const path = pathOf(process, to);
  try {
    process.files.reserve(path, seek * size + wanted);
    return { copied: wanted, problem: null };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code !== 'ENOSPC') throw new ToolError(`failed to open '${to}': ${error.message}`);
    return { copied: fillUp(process, path), problem: `error writing '${to}': ${error.message}` };
  }
}

/** Takes all the room that there is left; how much that was. */
function fillUp({ files }: Process, path: string): number {
  const status = files.status(path);
  if (status?.device !== undefined) return status.size;
  const usage = files.usage(path);
  const left = usage === null ? 0 : Math.max(0, usage.totalBytes - usage.usedBytes);
  try {
    if (left > 0) files.reserve(path, left);
    return left;
  } catch (error) {
    if (error instanceof FileError) return 0;
    throw error;
  }
}
