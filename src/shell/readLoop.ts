import { Interrupted, LoopJump, Return, ShellError } from './control.ts';
import type { Shell } from './shell.ts';
import { expandAliases, type Parsed, parseScript } from './syntax.ts';

/** Lines that `history` keeps. */
const historyMax = 1_000;
const promptDefault = '\\u@\\h:\\w\\$ ';
const plainPromptDefault = '\\w \\$ ';

/** Reads commands from stdin and runs each as soon as it is whole, with prompts when a person types them. */
export async function readLoop(shell: Shell): Promise<number> {
  let typed = '';
  for (;;) {
    try {
      if (shell.interactive) await prompt(shell, typed === '');
      const line = await shell.stdin.readLine();
      if (line === null) return await atEnd(shell, typed);
      typed += shell.interactive && typed === '' ? await recall(shell, line) : line;
      if (typed.trim() === '') {
        typed = '';
        continue;
      }
      const parsed = parseScript(shell.interactive ? expandAliases(typed, shell.aliases) : typed);
      if (parsed.incomplete) continue;
      remember(shell, typed);
      typed = '';
      await runParsed(shell, parsed);
    } catch (error) {
      if (!shell.interactive) throw error;
      typed = '';
      await recover(shell, error);
    }
  }
}

async function atEnd(shell: Shell, typed: string): Promise<number> {
  if (typed !== '') await runParsed(shell, parseScript(typed));
  if (shell.interactive) await shell.stderr.write('exit\n');
  return shell.status;
}

/** What a failed line leaves behind at a prompt. */
async function recover(shell: Shell, error: unknown): Promise<void> {
  if (error instanceof Interrupted) {
    shell.status = 130;
    await shell.stderr.write('\n');
  } else if (error instanceof ShellError) {
    await shell.report(error);
    shell.status = error.status;
  } else if (!(error instanceof Return) && !(error instanceof LoopJump)) throw error;
}

/** Runs what was parsed, then says what could not be. */
export async function runParsed(shell: Shell, parsed: Parsed): Promise<number> {
  const { source } = shell;
  shell.source = parsed.source;
  try {
    let status = await shell.interpreter.list(shell, parsed.statements);
    if (parsed.error !== null) {
      const { message, line, text } = parsed.error;
      shell.position = nthLine(parsed.source, line);
      const { name } = shell;
      if (shell.origin === 'c') shell.name = `${name}: -c`;
      await shell.error(message);
      if (text !== null && shell.numbersLines) await shell.error(`\`${text}'`);
      shell.name = name;
      status = shell.status = 2;
    }
    return status;
  } catch (error) {
    shell.locate(error);
    throw error;
  } finally {
    shell.source = source;
  }
}

function nthLine(source: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count++) at = source.indexOf('\n', at) + 1 || source.length;
  return at;
}

function remember(shell: Shell, typed: string): void {
  const line = typed.replace(/\n+$/, '');
  if (!shell.interactive || line.startsWith(' ') || line === shell.history.at(-1)) return;
  shell.history.push(line);
  if (shell.history.length > historyMax) shell.history.shift();
}

/** `!!` is the line before, and is shown with it filled in. */
async function recall(shell: Shell, line: string): Promise<string> {
  if (!/(^|\s)!!/.test(line) || line.includes("'")) return line;
  const last = shell.history.at(-1);
  if (last === undefined) throw new ShellError('!!: event not found');
  const filled = line.replace(/(^|\s)!!/g, (_, before: string) => before + last);
  await shell.stderr.write(filled);
  return filled;
}

async function prompt(shell: Shell, first: boolean): Promise<void> {
  if (first) await shell.stderr.write(shell.jobs.report());
  const text = first
    ? (shell.variables.get('PS1') ?? (shell.isPlain ? plainPromptDefault : promptDefault))
    : (shell.variables.get('PS2') ?? '> ');
  await shell.stderr.write(promptText(shell, text));
}

function promptText(shell: Shell, text: string): string {
  const home = shell.get('HOME');
  const directory = shell.process.workingDirectory;
  const shown =
    home !== '' && (directory === home || directory.startsWith(`${home}/`))
      ? `~${directory.slice(home.length)}`
      : directory;
  const host = shell.process.hostname;
  const values: Readonly<Record<string, string>> = {
    u: shell.variables.get('USER') ?? 'root',
    h: host.split('.')[0]!,
    H: host,
    w: shown,
    W: shown.slice(shown.lastIndexOf('/') + 1) || '/',
    $: (shell.variables.get('USER') ?? 'root') === 'root' ? '#' : '$',
    s: shell.name,
    n: '\n',
    r: '\r',
    e: '\u001b',
    a: '\u0007',
    '\\': '\\',
    '[': '',
    ']': '',
    '?': String(shell.status),
  };
  return text
    .replace(/\\(.)/g, (whole, letter: string) => values[letter] ?? whole)
    .replaceAll('\\033', '\u001b');
}

/** Parses and runs a whole text: `-c`, a script, `eval`, `source`, a trap. */
export async function runText(shell: Shell, text: string): Promise<number> {
  return runParsed(shell, parseScript(shell.interactive ? expandAliases(text, shell.aliases) : text));
}
