import { quote } from '../parameter.ts';
import type { Builtin, Shell, ShellOption } from '../shell.ts';

const letters: Readonly<Record<string, ShellOption>> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
  a: 'allexport',
  n: 'noexec',
  v: 'verbose',
};
const names = new Set<string>([...Object.values(letters), 'pipefail']);

/** Applies `-e`, `+x`, `-o pipefail` …; how many arguments that took, or the option that is not known. */
export function applyOptions(shell: Shell, args: readonly string[]): number | string {
  let index = 0;
  for (; index < args.length; index++) {
    const arg = args[index]!;
    if (!/^[-+][A-Za-z]+$/.test(arg)) break;
    const on = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      const option = letter === 'o' ? args[++index] : letters[letter];
      if (option === undefined) {
        // Options that change nothing here, such as `-m` and `-h`.
        if ('bhkmptBCEHPT'.includes(letter)) continue;
        return `${arg[0]}${letter}: invalid option`;
      }
      if (!names.has(option)) {
        if (['emacs', 'vi', 'history', 'monitor', 'posix', 'notify', 'errtrace'].includes(option)) continue;
        return `${option}: invalid option name`;
      }
      if (on) shell.options.add(option as ShellOption);
      else shell.options.delete(option as ShellOption);
    }
  }
  return index;
}

export const set: Builtin = async (shell, args) => {
  if (args.length === 1) {
    for (const name of shell.variables.names()) {
      const value = shell.variables.get(name);
      if (value !== undefined) await shell.stdout.write(`${name}=${quote(value)}\n`);
    }
    return 0;
  }
  if (args.length === 2 && args[1] === '-o') {
    for (const name of [...names].sort()) {
      const on = [...shell.options].some((option) => option === name);
      await shell.stdout.write(`${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`);
    }
    return 0;
  }
  const used = applyOptions(shell, args.slice(1));
  if (typeof used === 'string') {
    await shell.error(`set: ${used}`);
    return 2;
  }
  let rest = args.slice(1 + used);
  const dashes = rest[0] === '--';
  if (dashes) rest = rest.slice(1);
  if (dashes || rest.length > 0) shell.positional = rest;
  return 0;
};

export const shift: Builtin = (shell, args) => {
  const count = Number(args[1] ?? 1);
  if (count > shell.positional.length) return 1;
  shell.positional = shell.positional.slice(count);
  return 0;
};

/** `getopts optstring name [args]`. */
export const getopts: Builtin = async (shell, args) => {
  const [, options = '', name = 'opt'] = args;
  const words = args.length > 3 ? args.slice(3) : shell.positional;
  let index = Number(shell.variables.get('OPTIND') ?? 1);
  const word = words[index - 1];
  // Where in a cluster such as `-abc` the next letter is; kept in a variable, as OPTIND is.
  const offset = Number(shell.variables.get('_OPTOFFSET') ?? 1);
  if (word === undefined || !/^-./.test(word) || word === '--') {
    shell.variables.set(name, '?');
    if (word === '--') shell.variables.set('OPTIND', String(index + 1));
    return 1;
  }
  const letter = word[offset]!;
  const known = letter !== ':' && options.includes(letter);
  const takesValue = known && options[options.indexOf(letter) + 1] === ':';
  let found = known ? letter : '?';
  const more = offset + 1 < word.length;
  shell.variables.unset('OPTARG');
  if (takesValue) {
    const value = more ? word.slice(offset + 1) : words[index];
    index += more ? 1 : 2;
    if (value === undefined) {
      found = options.startsWith(':') ? ':' : '?';
      if (options.startsWith(':')) shell.variables.set('OPTARG', letter);
      else await shell.stderr.write(`${shell.name}: option requires an argument -- ${letter}\n`);
    } else shell.variables.set('OPTARG', value);
  } else if (!more) index++;
  if (!known) {
    if (options.startsWith(':')) shell.variables.set('OPTARG', letter);
    else await shell.stderr.write(`${shell.name}: illegal option -- ${letter}\n`);
  }
  shell.variables.set('_OPTOFFSET', String(!takesValue && more ? offset + 1 : 1));
  shell.variables.set('OPTIND', String(index));
  shell.variables.set(name, found);
  return 0;
};
