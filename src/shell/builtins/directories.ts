import type { Builtin, Shell } from '../shell.ts';

export const cd: Builtin = async (shell, args) => {
  const words = args.slice(1).filter((arg) => !/^-[LPe@]+$|^--$/.test(arg));
  if (words.length > 1) return fail(shell, 'cd: too many arguments');
  let target = words[0];
  if (target === undefined) {
    target = shell.variables.get('HOME');
    if (target === undefined) return fail(shell, 'cd: HOME not set');
  }
  const back = target === '-';
  if (back) {
    target = shell.variables.get('OLDPWD');
    if (target === undefined) return fail(shell, 'cd: OLDPWD not set');
  }
  const path = shell.resolve(target);
  let type: string | undefined;
  try {
    type = shell.process.files.status(path)?.type;
  } catch {
    type = 'file';
  }
  if (type === undefined) return fail(shell, `cd: ${target}: No such file or directory`);
  if (type !== 'directory') return fail(shell, `cd: ${target}: Not a directory`);
  shell.variables.set('OLDPWD', shell.process.workingDirectory);
  shell.process.workingDirectory = path;
  shell.variables.set('PWD', path);
  if (back) await shell.stdout.write(`${path}\n`);
  return 0;
};

export const pwd: Builtin = async (shell) => {
  await shell.stdout.write(`${shell.process.workingDirectory}\n`);
  return 0;
};

async function fail(shell: Shell, message: string): Promise<number> {
  await shell.error(message);
  return 1;
}
