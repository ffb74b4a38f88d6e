import type { Builtin } from '../shell.ts';

export const alias: Builtin = async (shell, args) => {
  const show = (name: string, text: string) =>
    shell.stdout.write(`alias ${name}='${text.replaceAll("'", "'\\''")}'\n`);
  if (args.length === 1) {
    for (const [name, text] of [...shell.aliases].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
      await show(name, text);
  }
  let status = 0;
  for (const arg of args.slice(1)) {
    const at = arg.indexOf('=');
    const text = shell.aliases.get(arg);
    if (at > 0) shell.aliases.set(arg.slice(0, at), arg.slice(at + 1));
    else if (text !== undefined) await show(arg, text);
    else {
      await shell.error(`alias: ${arg}: not found`);
      status = 1;
    }
  }
  return status;
};

export const unalias: Builtin = async (shell, args) => {
  let status = 0;
  for (const name of args.slice(1)) {
    if (name === '-a') shell.aliases.clear();
    else if (!shell.aliases.delete(name)) {
      await shell.error(`unalias: ${name}: not found`);
      status = 1;
    }
  }
  return status;
};

export const history: Builtin = async (shell, args) => {
  if (args[1] === '-c') shell.history.length = 0;
  const count = /^\d+$/.test(args[1] ?? '') ? Number(args[1]) : Infinity;
  const first = Math.max(0, shell.history.length - count);
  for (const [index, line] of shell.history.entries()) {
    if (index >= first) await shell.stdout.write(`${String(index + 1).padStart(5)}  ${line}\n`);
  }
  return 0;
};
