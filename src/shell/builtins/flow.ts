import { FileError } from '#world/machine/fileSystem.ts';
import { Exit, LoopJump, Return } from '../control.ts';
import type { Builtin, Shell } from '../shell.ts';
import { runCommand, runProgram } from '../simpleCommand.ts';

async function statusArgument(shell: Shell, args: readonly string[]): Promise<number> {
  const text = args[1];
  if (text === undefined) return shell.status;
  if (/^-?\d+$/.test(text)) return Number(text) & 255;
  await shell.error(`${args[0]}: ${text}: numeric argument required`);
  return 2;
}

export const exit: Builtin = async (shell, args) => {
  if (shell.interactive) await shell.stderr.write('exit\n');
  throw new Exit(await statusArgument(shell, args));
};

export const returnBuiltin: Builtin = async (shell, args) => {
  if (shell.calls === 0) {
    await shell.error("return: can only `return' from a function or sourced script");
    return 2;
  }
  throw new Return(await statusArgument(shell, args));
};

export const jump: Builtin = async (shell, args) => {
  const kind = args[0] === 'break' ? 'break' : 'continue';
  if (shell.loops === 0) {
    await shell.error(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
    return 0;
  }
  const levels = Number(args[1] ?? 1);
  if (!(levels >= 1)) {
    await shell.error(`${kind}: ${args[1]}: loop count out of range`);
    return 1;
  }
  throw new LoopJump(kind, levels);
};

export const evalBuiltin: Builtin = (shell, args) => shell.interpreter.text(shell, args.slice(1).join(' '));

export const source: Builtin = async (shell, args) => {
  const path = args[1];
  if (path === undefined) {
    await shell.error(`${args[0]}: filename argument required`);
    return 2;
  }
  let text: string;
  try {
    text = shell.process.files.read(shell.resolve(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await shell.error(`${path}: ${error.message}`);
    return 1;
  }
  const positional = args.length > 2 ? args.slice(2) : shell.positional;
  return shell.call(path, positional, async () => {
    try {
      return await shell.interpreter.text(shell, text);
    } catch (error) {
      if (error instanceof Return) return error.status;
      throw error;
    }
  });
};

export const exec: Builtin = async (shell, args) => {
  const first = args[1] === '-a' ? 3 : 1;
  const status = await runProgram(shell, args.slice(first), (child) => {
    // The program stands where the shell stood: it gets the shell's signals.
    for (const signal of ['TERM', 'INT', 'HUP', 'QUIT', 'USR1', 'USR2'] as const) {
      shell.process.onSignal(signal, () => child.signal(signal));
    }
  });
  throw new Exit(status);
};

/** `command name` and `builtin name`: never a function. `command -v` tells where a name leads. */
export const command: Builtin = async (shell, args) => {
  let first = 1;
  let describe = '';
  for (; /^-[pvV]+$/.test(args[first] ?? ''); first++) describe += args[first]!;
  if (args[first] === '--') first++;
  const rest = args.slice(first);
  if (rest.length === 0) return 0;
  if (describe.includes('V')) return type(shell, ['type', ...rest]);
  if (!describe.includes('v')) return runCommand(shell, rest);
  let status = 1;
  for (const name of rest) {
    const found = kindOf(shell, name);
    if (found === null) continue;
    status = 0;
    const shown =
      found.kind === 'alias'
        ? `alias ${name}='${found.detail}'`
        : found.kind === 'file'
          ? found.detail
          : name;
    await shell.stdout.write(`${shown}\n`);
  }
  return status;
};

interface Found {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
  readonly detail: string;
}

const keywords = new Set(
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]]'.split(' '),
);

function kindOf(shell: Shell, name: string): Found | null {
  const alias = shell.aliases.get(name);
  if (alias !== undefined && shell.interactive) return { kind: 'alias', detail: alias };
  if (keywords.has(name)) return { kind: 'keyword', detail: name };
  if (shell.functions.has(name)) return { kind: 'function', detail: name };
  if (shell.interpreter.builtins.has(name)) return { kind: 'builtin', detail: name };
  if (shell.process.lookUp(name) === undefined) return null;
  return { kind: 'file', detail: name.includes('/') ? name : `/usr/bin/${name}` };
}

export const type: Builtin = async (shell, args) => {
  const short = args[1] === '-t';
  const onlyPath = args[1] === '-p' || args[1] === '-P';
  let status = 0;
  for (const name of args.slice(short || onlyPath || args[1] === '-a' ? 2 : 1)) {
    const found = kindOf(shell, name);
    if (found === null) {
      status = 1;
      if (!short && !onlyPath) await shell.error(`type: ${name}: not found`);
    } else if (short) await shell.stdout.write(`${found.kind}\n`);
    else if (onlyPath) await shell.stdout.write(found.kind === 'file' ? `${found.detail}\n` : '');
    else await shell.stdout.write(`${sentence(shell, name, found)}\n`);
  }
  return status;
};

function sentence(shell: Shell, name: string, found: Found): string {
  switch (found.kind) {
    case 'alias':
      return `${name} is aliased to \`${found.detail}'`;
    case 'keyword':
      return `${name} is a shell keyword`;
    case 'builtin':
      return `${name} is a shell builtin`;
    case 'file':
      return `${name} is ${found.detail}`;
    case 'function': {
      const { body, source: text } = shell.functions.get(name)!;
      return `${name} is a function\n${name} () \n${text.slice(body.pos, body.end)}`;
    }
  }
}
