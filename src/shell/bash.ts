import { FileError } from '#world/machine/fileSystem.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { builtins } from './builtins/builtins.ts';
import { applyOptions } from './builtins/set.ts';
import { runCommandNode, runList } from './commands.ts';
import { readLoop, runText } from './readLoop.ts';
import { type Interpreter, Shell } from './shell.ts';

const interpreter: Interpreter = { list: runList, command: runCommandNode, text: runText, builtins };

const version = '5.2.37(1)-release';
const pathDefault = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The shell: `bash`, `bash -c TEXT`, `bash FILE`. Invoked as `sh` its errors are worded like BusyBox's.
 * `opened` is handed each shell as it starts; a session completes words with the one at its prompt.
 */
export function shellProgram(opened: (shell: Shell) => void = () => {}): Program {
  return async (process) => {
    const shell = new Shell(process, interpreter);
    const start = parseArguments(shell, process.args.slice(1));
    if (typeof start === 'string') {
      await process.stderr.write(`${shell.name}: ${start}\n`);
      return 2;
    }
    importVariables(shell, process);
    opened(shell);
    return shell.toEnd(() => run(shell, start));
  };
}

/** The shell as a plain program. */
export const bash: Program = shellProgram();

interface Start {
  readonly command: string | null;
  readonly script: string | null;
}

function parseArguments(shell: Shell, args: readonly string[]): Start | string {
  let rest = [...args];
  let takesCommand = false;
  let takesStdin = false;
  let interactive = false;
  while (rest.length > 0) {
    const arg = rest[0]!;
    if (arg === '--' || arg === '-') {
      rest.shift();
      break;
    }
    if (!/^[-+]./.test(arg)) break;
    rest.shift();
    if (arg.startsWith('--')) continue;
    for (const letter of arg.slice(1)) {
      if (letter === 'c') takesCommand = true;
      else if (letter === 's') takesStdin = true;
      else if (letter === 'i') interactive = true;
      else if (letter === 'l') continue;
      else {
        const used = applyOptions(shell, [`${arg[0]}${letter}`, ...(letter === 'o' ? rest.slice(0, 1) : [])]);
        if (typeof used === 'string') return used;
        rest = rest.slice(used - 1);
      }
    }
  }
  const base = (process: string) => process.slice(process.lastIndexOf('/') + 1);
  shell.name = base(shell.name.replace(/^-/, ''));
  shell.numbersLines = true;
  if (takesCommand) {
    const command = rest.shift();
    if (command === undefined) return '-c: option requires an argument';
    shell.name = rest.shift() ?? shell.name;
    shell.positional = rest;
    shell.origin = 'c';
    return { command, script: null };
  }
  const script = takesStdin ? null : (rest.shift() ?? null);
  shell.positional = rest;
  if (script === null) shell.origin = 's';
  shell.interactive = script === null && (interactive || shell.process.stdin.terminal);
  shell.numbersLines = !shell.interactive;
  return { command: null, script };
}

function importVariables(shell: Shell, process: Process): void {
  const { variables } = shell;
  for (const [name, value] of process.environment) variables.export(name, value);
  if (variables.get('PATH') === undefined) variables.export('PATH', pathDefault);
  variables.export('PWD', process.workingDirectory);
  variables.export('SHLVL', String(Number(shell.get('SHLVL')) + 1));
  variables.set('HOSTNAME', process.hostname);
  variables.set('OPTIND', '1');
  if (!shell.isPlain) variables.set('BASH_VERSION', version);
}

async function run(shell: Shell, start: Start): Promise<number> {
  if (start.command !== null) return runText(shell, start.command);
  if (start.script !== null) return runFile(shell, start.script);
  if (shell.interactive) {
    shell.process.onSignal('INT', () => shell.interrupt());
    shell.process.onSignal('TERM', () => {});
  }
  return readLoop(shell);
}

async function runFile(shell: Shell, path: string): Promise<number> {
  let text: string;
  try {
    text = shell.process.files.read(shell.resolve(path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    shell.numbersLines = false;
    await shell.error(`${path}: ${error.message}`);
    return error.code === 'ENOENT' ? 127 : 126;
  }
  shell.name = path;
  return runText(shell, text);
}
