import { evaluateText } from '../arithmetic.ts';
import { expandParts } from '../expansion.ts';
import type { Builtin, Shell } from '../shell.ts';
import type { Variable } from '../variables.ts';

interface Declaration {
  readonly flags: string;
  readonly items: readonly { readonly name: string; readonly value: string | undefined }[];
}

const namePattern = /^[A-Za-z_]\w*$/;

function parseArguments(args: readonly string[]): Declaration {
  let flags = '';
  const items: { name: string; value: string | undefined }[] = [];
  for (const arg of args.slice(1)) {
    if (items.length === 0 && /^[-+][A-Za-z]+$/.test(arg)) {
      flags += arg.startsWith('-') ? arg.slice(1) : arg.slice(1).toUpperCase();
    } else if (arg !== '--') {
      const at = arg.indexOf('=');
      items.push(
        at < 0 ? { name: arg, value: undefined } : { name: arg.slice(0, at), value: arg.slice(at + 1) },
      );
    }
  }
  return { flags, items };
}

async function eachName(
  shell: Shell,
  builtin: string,
  declaration: Declaration,
  act: (name: string, value: string | undefined) => Promise<void> | void,
): Promise<number> {
  let status = 0;
  for (const { name, value } of declaration.items) {
    if (namePattern.test(name)) await act(name, value);
    else {
      const shown = value === undefined ? name : `${name}=${value}`;
      await shell.error(`${builtin}: \`${shown}': not a valid identifier`);
      status = 1;
    }
  }
  return status;
}

export const exportVariables: Builtin = async (shell, args) => {
  const declaration = parseArguments(args);
  if (declaration.items.length === 0) return show(shell, (variable) => variable.exported);
  return eachName(shell, 'export', declaration, (name, value) => {
    shell.variables.export(name, value);
    if (declaration.flags.includes('n')) shell.variables.declare(name).exported = false;
  });
};

export const readonly: Builtin = async (shell, args) => {
  const declaration = parseArguments(args);
  if (declaration.items.length === 0) return show(shell, (variable) => variable.readonly);
  return eachName(shell, 'readonly', declaration, (name, value) => {
    if (value !== undefined) shell.variables.set(name, value);
    shell.variables.declare(name).readonly = true;
  });
};

/** `declare`, `typeset` and `local`. */
export const declare: Builtin = async (shell, args) => {
  const builtin = args[0]!;
  const declaration = parseArguments(args);
  const { flags } = declaration;
  if (flags.includes('p') || declaration.items.length === 0) return showNamed(shell, declaration);
  if (flags.includes('F') || flags.includes('f')) {
    return Number(declaration.items.some(({ name }) => !shell.functions.has(name)));
  }
  if (builtin === 'local' && shell.calls === 0) {
    await shell.error('local: can only be used in a function');
    return 1;
  }
  return eachName(shell, builtin, declaration, async (name, value) => {
    const alreadyLocal = shell.variables.find(name)?.elements != null && value === undefined;
    if (shell.calls > 0 && !flags.includes('g') && !alreadyLocal) shell.variables.local(name);
    const variable = shell.variables.declare(name);
    if (flags.includes('i')) variable.integer = true;
    if (flags.includes('a') || flags.includes('A')) {
      if (variable.elements === null) shell.variables.setArray(name, flags.includes('A'));
    }
    if (value !== undefined) shell.variables.set(name, await cast(shell, flags, value));
    if (flags.includes('x')) variable.exported = true;
    if (flags.includes('r')) variable.readonly = true;
  });
};

async function cast(shell: Shell, flags: string, value: string): Promise<string> {
  if (flags.includes('i')) return String(await evaluateText(shell, value, expandParts));
  if (flags.includes('u')) return value.toUpperCase();
  return flags.includes('l') ? value.toLowerCase() : value;
}

async function showNamed(shell: Shell, declaration: Declaration): Promise<number> {
  const names = new Set(declaration.items.map((item) => item.name));
  for (const name of names) {
    if (shell.variables.find(name) !== undefined) continue;
    await shell.error(`declare: ${name}: not found`);
    return 1;
  }
  return show(shell, (_, name) => names.size === 0 || names.has(name));
}

async function show(shell: Shell, wanted: (variable: Variable, name: string) => boolean): Promise<number> {
  for (const name of shell.variables.names()) {
    const variable = shell.variables.find(name)!;
    if (wanted(variable, name)) await shell.stdout.write(`${declarationOf(shell, name, variable)}\n`);
  }
  return 0;
}

function declarationOf(shell: Shell, name: string, variable: Variable): string {
  const array = variable.elements === null ? '' : variable.associative ? 'A' : 'a';
  const flags = `${array}${variable.integer ? 'i' : ''}${variable.readonly ? 'r' : ''}${variable.exported ? 'x' : ''}`;
  const head = `declare -${flags || '-'} ${name}`;
  const shown = (value: string) => `"${value.replace(/["\\$`]/g, '\\$&')}"`;
  if (array !== '') {
    const elements = shell.variables.elements(name).map(([key, value]) => `[${key}]=${shown(value)}`);
    return `${head}=(${elements.join(' ')}${array === 'A' && elements.length > 0 ? ' ' : ''})`;
  }
  return variable.value === null ? head : `${head}=${shown(variable.value)}`;
}

export const unset: Builtin = async (shell, args) => {
  const { flags, items } = parseArguments(args);
  for (const { name } of items) {
    const element = /^(\w+)\[(.*)\]$/.exec(name);
    if (element !== null) shell.variables.unset(element[1]!, element[2]!.replace(/^["'](.*)["']$/, '$1'));
    else if (flags.includes('f') || shell.variables.find(name) === undefined) shell.functions.delete(name);
    else shell.variables.unset(name);
  }
  return 0;
};

export const letBuiltin: Builtin = async (shell, args) => {
  let value = 0n;
  for (const arg of args.slice(1)) value = await evaluateText(shell, arg, expandParts);
  return Number(value === 0n);
};
