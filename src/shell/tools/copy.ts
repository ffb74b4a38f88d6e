import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { parseMode } from './modes.ts';
import { parseOptions } from './options.ts';
import { complain, pathOf, statusOf, tool, ToolError } from './tool.ts';

function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function needOperands(process: Process, operands: readonly string[]): string {
  const help = `\nTry '${process.args[0]} --help' for more information.`;
  if (operands.length === 0) throw new ToolError(`missing file operand${help}`);
  if (operands.length === 1)
    throw new ToolError(`missing destination file operand after '${operands[0]}'${help}`);
  return operands.at(-1)!;
}

/** Runs `act` and prints its failure after `what`; true when it went well. */
async function attempt(process: Process, what: string, act: () => void): Promise<boolean> {
  try {
    act();
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await complain(process, `${what}: ${error.message}`);
    return false;
  }
}

/** The targets of `cp a b dir` and `mv a b dir`. */
function targets(process: Process, operands: readonly string[]): (source: string) => string {
  const last = needOperands(process, operands);
  const into = statusOf(process, last)?.type === 'directory';
  if (operands.length > 2 && !into) throw new ToolError(`target '${last}': No such file or directory`);
  return (source) => (into ? `${last.replace(/\/$/, '')}/${baseName(source)}` : last);
}

export const cp = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'rRafpvniuT',
    long: { recursive: 'r', archive: 'a', verbose: 'v', force: 'f', 'no-clobber': 'n' },
  });
  const recursive = ['r', 'R', 'a'].some((letter) => options.has(letter));
  const targetOf = targets(process, options.operands);
  let status = 0;
  for (const source of options.operands.slice(0, -1)) {
    const target = targetOf(source);
    const found = statusOf(process, source);
    let problem = '';
    if (found === null) problem = `cannot stat '${source}': No such file or directory`;
    else if (found.type === 'directory' && !recursive)
      problem = `-r not specified; omitting directory '${source}'`;
    else if (pathOf(process, source) === pathOf(process, target))
      problem = `'${source}' and '${target}' are the same file`;
    else if (`${pathOf(process, target)}/`.startsWith(`${pathOf(process, source)}/`)) {
      problem = `cannot copy a directory, '${source}', into itself, '${target}'`;
    }
    if (problem !== '') {
      await complain(process, problem);
      status = 1;
      continue;
    }
    if (options.has('n') && statusOf(process, target) !== null) continue;
    const copied = await attempt(process, `cannot create regular file '${target}'`, () =>
      copyTree(
        process,
        pathOf(process, source),
        pathOf(process, target),
        options.has('p') || options.has('a'),
      ),
    );
    if (!copied) status = 1;
    else if (options.has('v')) await process.stdout.write(`'${source}' -> '${target}'\n`);
  }
  return status;
});

/** `keeps` says that owners come along, and modes also where a file is overwritten. */
function copyTree(process: Process, source: string, target: string, keeps: boolean): void {
  const files = process.files;
  const { type, mode, uid, gid } = files.status(source)!;
  const isNew = files.status(target) === null;
  if (type === 'file') files.write(target, files.read(source));
  else files.makeDirectory(target, { parents: true });
  const made = files.status(target)!;
  const access = keeps ? { mode, uid, gid } : { mode };
  if (keeps || (isNew && made.mode !== mode && !target.startsWith('/dev/'))) files.setAccess(target, access);
  if (type === 'file') return;
  for (const name of files.list(source)) copyTree(process, `${source}/${name}`, `${target}/${name}`, keeps);
}

export const mv = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'fnviuT',
    long: { force: 'f', verbose: 'v', 'no-clobber': 'n' },
  });
  const targetOf = targets(process, options.operands);
  let status = 0;
  for (const source of options.operands.slice(0, -1)) {
    const target = targetOf(source);
    const [from, to] = [pathOf(process, source), pathOf(process, target)];
    let problem = '';
    if (statusOf(process, source) === null) problem = `cannot stat '${source}': No such file or directory`;
    else if (from === to) problem = `'${source}' and '${target}' are the same file`;
    else if (to.startsWith(`${from}/`))
      problem = `cannot move '${source}' to a subdirectory of itself, '${target}'`;
    if (problem !== '') {
      await complain(process, problem);
      status = 1;
      continue;
    }
    if (options.has('n') && statusOf(process, target) !== null) continue;
    const moved = await attempt(process, `cannot move '${source}' to '${target}'`, () =>
      move(process, from, to),
    );
    if (!moved) status = 1;
    else if (options.has('v')) await process.stdout.write(`renamed '${source}' -> '${target}'\n`);
  }
  return status;
});

function move(process: Process, from: string, to: string): void {
  try {
    process.files.rename(from, to);
  } catch (error) {
    // Between two mounted trees a move is a copy and a removal.
    if (!(error instanceof FileError) || error.code !== 'EXDEV') throw error;
    copyTree(process, from, to, true);
    process.files.remove(from, { recursive: true });
  }
}

export const rm = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'rRfvdi',
    long: { recursive: 'r', force: 'f', verbose: 'v', dir: 'd' },
  });
  const recursive = options.has('r') || options.has('R');
  if (options.operands.length === 0 && !options.has('f')) {
    throw new ToolError(`missing operand\nTry '${process.args[0]} --help' for more information.`);
  }
  let status = 0;
  for (const operand of options.operands) {
    const found = statusOf(process, operand);
    let problem = '';
    if (pathOf(process, operand) === '/') {
      problem =
        "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe";
    } else if (found === null) {
      if (options.has('f')) continue;
      problem = `cannot remove '${operand}': No such file or directory`;
    } else if (found.type === 'directory' && !recursive && !options.has('d')) {
      problem = `cannot remove '${operand}': Is a directory`;
    }
    if (problem !== '') {
      await complain(process, problem);
      status = 1;
      continue;
    }
    const removed = await attempt(process, `cannot remove '${operand}'`, () =>
      process.files.remove(pathOf(process, operand), { recursive }),
    );
    if (!removed) status = 1;
    else if (options.has('v')) {
      await process.stdout.write(`removed ${found?.type === 'directory' ? 'directory ' : ''}'${operand}'\n`);
    }
  }
  return status;
});

export const mkdir = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'pvm:',
    long: { parents: 'p', verbose: 'v', mode: 'm' },
  });
  if (options.operands.length === 0) {
    throw new ToolError(`missing operand\nTry '${process.args[0]} --help' for more information.`);
  }
  let status = 0;
  const mode = options.get('m');
  const modeOf = mode === undefined ? undefined : parseMode(mode);
  for (const operand of options.operands) {
    const made = await attempt(process, `cannot create directory ‘${operand}’`, () => {
      const path = pathOf(process, operand);
      process.files.makeDirectory(path, { parents: options.has('p') });
      if (modeOf) process.files.setAccess(path, { mode: modeOf({ type: 'directory', mode: 0o777 }) });
    });
    if (!made) status = 1;
    else if (options.has('v')) await process.stdout.write(`mkdir: created directory '${operand}'\n`);
  }
  return status;
});

export const rmdir = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'pv' });
  let status = 0;
  for (const operand of options.operands) {
    const found = statusOf(process, operand);
    if (found?.type === 'file') {
      await complain(process, `failed to remove '${operand}': Not a directory`);
      status = 1;
      continue;
    }
    const removed = await attempt(process, `failed to remove '${operand}'`, () =>
      process.files.remove(pathOf(process, operand)),
    );
    if (!removed) status = 1;
  }
  return status;
});

export const touch = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'acmd:t:r:', long: { 'no-create': 'c' } });
  if (options.operands.length === 0) {
    throw new ToolError(`missing file operand\nTry '${process.args[0]} --help' for more information.`);
  }
  let status = 0;
  for (const operand of options.operands) {
    const found = statusOf(process, operand);
    if (found?.type === 'directory' || (found === null && options.has('c'))) continue;
    const touched = await attempt(process, `cannot touch '${operand}'`, () =>
      process.files.append(pathOf(process, operand), ''),
    );
    if (!touched) status = 1;
  }
  return status;
});
