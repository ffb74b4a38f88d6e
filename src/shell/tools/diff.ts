import { changesBetween, unifiedHunks } from '#text/lineChanges.ts';
import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { formatDate } from './date.ts';
import { linesOf, readAll } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';
import { complain, pathOf, statusOf, tool, ToolError } from './tool.ts';

/** The diff of old: `2c2`, `<`, `>`. */
function normalHunks(before: readonly string[], after: readonly string[]): string {
  const span = (from: number, to: number) =>
    to - from <= 1 ? String(Math.max(from + 1, to)) : `${from + 1},${to}`;
  return changesBetween(before, after)
    .map(({ from, to, newFrom, newTo }) => {
      const removed = before
        .slice(from, to)
        .map((line) => `< ${line}\n`)
        .join('');
      const added = after
        .slice(newFrom, newTo)
        .map((line) => `> ${line}\n`)
        .join('');
      if (from === to) return `${from}a${span(newFrom, newTo)}\n${added}`;
      if (newFrom === newTo) return `${span(from, to)}d${newFrom}\n${removed}`;
      return `${span(from, to)}c${span(newFrom, newTo)}\n${removed}---\n${added}`;
    })
    .join('');
}

export const diff = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'uU:rNqsiwbBL:',
    long: {
      unified: 'u',
      recursive: 'r',
      'new-file': 'N',
      brief: 'q',
      'report-identical-files': 's',
      'ignore-case': 'i',
      'ignore-all-space': 'w',
      'ignore-space-change': 'b',
      label: 'L',
      color: '',
    },
    exitCode: 2,
  });
  const [left, right] = options.operands;
  if (left === undefined || right === undefined) {
    throw new ToolError(
      `missing operand after '${left ?? 'diff'}'\ndiff: Try 'diff --help' for more information.`,
      2,
    );
  }
  const kinds = [left, right].map((operand) => (operand === '-' ? 'file' : statusOf(process, operand)?.type));
  for (const [index, operand] of [left, right].entries()) {
    if (kinds[index] === undefined && !options.has('N')) {
      await complain(process, `${operand}: No such file or directory`);
      return 2;
    }
  }
  if (kinds.every((kind) => kind === 'directory')) return compareDirectories(process, options, left, right);
  const into = (operand: string, other: string) =>
    `${operand.replace(/\/$/, '')}/${other.slice(other.lastIndexOf('/') + 1)}`;
  return compareFiles(
    process,
    options,
    kinds[0] === 'directory' ? into(left, right) : left,
    kinds[1] === 'directory' ? into(right, left) : right,
    '',
  );
}, 2);

async function compareDirectories(
  process: Process,
  options: Options,
  left: string,
  right: string,
): Promise<number> {
  const [a, b] = [process.files.list(pathOf(process, left)), process.files.list(pathOf(process, right))];
  let status = 0;
  for (const name of [...new Set([...a, ...b])].sort()) {
    const [x, y] = [`${left}/${name}`, `${right}/${name}`];
    if ((!a.includes(name) || !b.includes(name)) && !options.has('N')) {
      await process.stdout.write(`Only in ${a.includes(name) ? left : right}: ${name}\n`);
      status = 1;
    } else if ([x, y].some((path) => statusOf(process, path)?.type === 'directory')) {
      if (options.has('r')) status = Math.max(status, await compareDirectories(process, options, x, y));
      else await process.stdout.write(`Common subdirectories: ${x} and ${y}\n`);
    } else {
      const flags = ['u', 'r', 'N'].filter((letter) => options.has(letter)).join('');
      const heading = `diff ${flags === '' ? '' : `-${flags} `}${x} ${y}\n`;
      status = Math.max(status, await compareFiles(process, options, x, y, heading));
    }
  }
  return status;
}

async function textOf(process: Process, operand: string): Promise<string | null> {
  if (operand === '-') return readAll(process);
  try {
    return process.files.read(pathOf(process, operand));
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function compareFiles(
  process: Process,
  options: Options,
  left: string,
  right: string,
  heading: string,
): Promise<number> {
  const texts = [await textOf(process, left), await textOf(process, right)] as const;
  const [before, after] = texts.map((text) => markOpenEnd(text ?? '')) as [string[], string[]];
  if (before.length === after.length && before.every((line, index) => line === after[index])) {
    if (options.has('s')) await process.stdout.write(`Files ${left} and ${right} are identical\n`);
    return 0;
  }
  if (options.has('q')) {
    await process.stdout.write(`Files ${left} and ${right} differ\n`);
    return 1;
  }
  const unified = options.has('u') || options.has('U');
  const context = Number(options.get('U') ?? 3);
  let out = heading;
  if (unified) {
    const labels = options.all('L');
    const stamp = (operand: string) => {
      const modifiedMs =
        statusOf(process, operand)?.modifiedMs ?? (operand === '-' ? process.simulation.nowMs : 0);
      return `${operand}\t${formatDate('%Y-%m-%d %H:%M:%S.%N %z', modifiedMs)}`;
    };
    out += `--- ${labels[0] ?? stamp(left)}\n+++ ${labels[1] ?? stamp(right)}\n${unifiedHunks(before, after, context)}`;
  } else out += normalHunks(before, after);
  await process.stdout.write(out);
  return 1;
}

/** A last line without a newline is another line than one with it. */
function markOpenEnd(text: string): string[] {
  const lines = linesOf(text);
  if (text !== '' && !text.endsWith('\n')) lines.push(`${lines.pop()}\n\\ No newline at end of file`);
  return lines;
}
