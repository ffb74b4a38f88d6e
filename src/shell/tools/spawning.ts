import type { Process } from '#world/machine/program.ts';
import { callbackSink, textSource } from '#world/machine/stream.ts';
import { linesOf, readAll } from './inputs.ts';
import { parseOptions } from './options.ts';
import { complain, nameOf, runCommandLine, startCommandLine, tool, ToolError } from './tool.ts';

/** Characters of arguments that xargs gives to one command. */
const commandLengthMax = 131_072;

export const xargs = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: '0rtI:n:L:d:P:pa:',
    long: {
      null: '0',
      'no-run-if-empty': 'r',
      verbose: 't',
      'max-args': 'n',
      replace: 'I',
      delimiter: 'd',
      'max-procs': 'P',
    },
    stops: true,
  });
  const command = options.operands.length > 0 ? options.operands : ['echo'];
  const text = await readAll(process);
  const replace = options.get('I');
  const perLine = replace !== undefined || options.has('L');
  const items = itemsOf(text, options.has('0') ? '\0' : options.get('d'), perLine);
  const size =
    replace !== undefined
      ? 1
      : options.number('n', options.number('L', Infinity, 'invalid number'), 'invalid number', 1);
  let status = 0;
  for (const batch of batches(items, size, options.has('r') || replace !== undefined)) {
    const args =
      replace === undefined
        ? [...command, ...batch]
        : command.map((word) => word.replaceAll(replace, batch[0]!));
    if (options.has('t')) await process.stderr.write(`${args.join(' ')}\n`);
    const code = await runCommandLine(process, args, { stdin: textSource() });
    if (code === 255) throw new ToolError(`${args[0]}: exited with status 255; aborting`, 124);
    if (code === 127) return 127;
    if (code !== 0) status = 123;
  }
  return status;
});

function itemsOf(text: string, delimiter: string | undefined, perLine: boolean): string[] {
  if (delimiter !== undefined) {
    const separator = delimiter.replace('\\n', '\n').replace('\\t', '\t');
    const items = text.split(separator);
    return items.at(-1) === '' ? items.slice(0, -1) : items;
  }
  if (perLine)
    return linesOf(text)
      .filter((line) => line.trim() !== '')
      .map((line) => line.trimStart());
  if (/(^|[^\\])'[^']*$/.test(text.replace(/'[^']*'|"[^"]*"/g, ''))) {
    throw new ToolError(
      'unmatched single quote; by default quotes are special to xargs unless you use the -0 option',
    );
  }
  const words = text.match(/(?:'[^']*'|"[^"]*"|\\[^]|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /'([^']*)'|"([^"]*)"|\\([^])/g,
      (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? '',
    ),
  );
}

function batches(items: readonly string[], size: number, skipsEmpty: boolean): string[][] {
  if (items.length === 0) return skipsEmpty ? [] : [[]];
  const result: string[][] = [];
  let length = Infinity;
  for (const item of items) {
    const current = result.at(-1);
    if (current === undefined || current.length >= size || length + item.length > commandLengthMax) {
      result.push([item]);
      length = item.length;
    } else {
      current.push(item);
      length += item.length + 1;
    }
  }
  return result;
}

/** `watch -n SECONDS COMMAND`: runs it again and again on a cleared screen. */
export const watch = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'n:tdegxbc',
    long: { interval: 'n', 'no-title': 't', differences: 'd', exec: 'x', color: 'c' },
    stops: true,
  });
  if (options.operands.length === 0) {
    await process.stderr.write('Usage:\n watch [options] command\n');
    return 1;
  }
  const seconds = Math.max(0.1, Number(options.get('n') ?? 2));
  if (Number.isNaN(seconds)) throw new ToolError(`failed to parse argument: '${options.get('n')}'`);
  const line = options.operands.join(' ');
  const args = options.has('x') ? options.operands : ['sh', '-c', line];
  for (;;) {
    let text = '';
    const sink = callbackSink((piece) => {
      text = (text + piece).slice(0, 262_144);
    });
    await runCommandLine(process, args, { stdout: sink, stderr: sink, stdin: textSource() });
    await process.stdout.write(
      screen(process, text, options.has('t') ? null : `Every ${seconds.toFixed(1)}s: ${line}`),
    );
    await process.sleep(seconds * 1000);
  }
});

function screen(process: Process, text: string, title: string | null): string {
  const size = process.stdout.terminal ?? { columns: 80, rows: 24 };
  const lines = linesOf(text);
  if (title !== null) {
    const right = `${process.hostname}: ${new Date(process.simulation.nowMs).toUTCString().replace(' GMT', '')}`;
    lines.unshift(title.padEnd(Math.max(title.length + 1, size.columns - right.length)) + right, '');
  }
  const shown = lines.slice(0, size.rows).map((line) => line.slice(0, size.columns));
  return `\u001b[H\u001b[2J${shown.join('\n')}`;
}

/** `env [NAME=VALUE …] [COMMAND]`. */
export const env = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'iu:0',
    long: { 'ignore-environment': 'i', unset: 'u' },
    stops: true,
    exitCode: 125,
  });
  const environment = options.has('i') ? new Map<string, string>() : new Map(process.environment);
  for (const name of options.all('u')) environment.delete(name);
  let first = 0;
  for (; /^[^=]+=/.test(options.operands[first] ?? ''); first++) {
    const at = options.operands[first]!.indexOf('=');
    environment.set(options.operands[first]!.slice(0, at), options.operands[first]!.slice(at + 1));
  }
  const command = options.operands.slice(first);
  if (command.length > 0) return runCommandLine(process, command, { environment });
  await process.stdout.write([...environment].map(([name, value]) => `${name}=${value}\n`).join(''));
  return 0;
});

export const printenv = tool(async (process) => {
  const names = process.args.slice(1);
  if (names.length === 0) {
    await process.stdout.write(
      [...process.environment].map(([name, value]) => `${name}=${value}\n`).join(''),
    );
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const value = process.environment.get(name);
    if (value === undefined) status = 1;
    else await process.stdout.write(`${value}\n`);
  }
  return status;
});

const unitsMs: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
/** What `sleep infinity` sleeps: 100 years. */
const foreverMs = 3_155_760_000_000;

function durationOf(text: string): number | null {
  if (/^inf(inity)?$/i.test(text)) return foreverMs;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match === null ? null : Math.min(foreverMs, Number(match[1]) * unitsMs[match[2]!]!);
}

export const sleep = tool(async (process) => {
  const operands = process.args.slice(1);
  const help = `\nTry '${nameOf(process)} --help' for more information.`;
  if (operands.length === 0) throw new ToolError(`missing operand${help}`);
  let totalMs = 0;
  for (const operand of operands) {
    const ms = durationOf(operand);
    if (ms === null) throw new ToolError(`invalid time interval ‘${operand}’${help}`);
    totalMs += ms;
  }
  await process.sleep(totalMs);
  return 0;
});

/** `timeout DURATION COMMAND`. */
export const timeout = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 's:k:v',
    long: { signal: 's', 'kill-after': 'k', 'preserve-status': 'p' },
    stops: true,
    exitCode: 125,
  });
  const [duration, ...command] = options.operands;
  if (duration === undefined || command.length === 0) {
    throw new ToolError(`missing operand\nTry '${nameOf(process)} --help' for more information.`, 125);
  }
  const ms = durationOf(duration);
  if (ms === null) {
    throw new ToolError(
      `invalid time interval ‘${duration}’\nTry '${nameOf(process)} --help' for more information.`,
      125,
    );
  }
  const child = await startCommandLine(process, command);
  if (child === null) return 127;
  const kills = /^(9|(SIG)?KILL)$/i.test(options.get('s') ?? '');
  let late = false;
  const code = await process.wait<number>((resolve) => {
    const timer = process.simulation.after(ms, () => {
      late = true;
      child.signal(kills ? 'KILL' : 'TERM');
    });
    const forget = child.onExit(resolve);
    return () => {
      process.simulation.cancel(timer);
      forget();
    };
  });
  if (!late || options.has('p')) return code;
  return kills ? 137 : 124;
});

/** `nohup`, `time`, `nice` and the like: they run what follows. */
export const runRest = tool(async (process) => {
  const command = parseOptions(process.args, { letters: 'n:p', stops: true }).operands;
  if (command.length === 0) throw new ToolError('missing operand');
  return runCommandLine(process, command);
});

export const yes = tool(async (process) => {
  const line = `${process.args.slice(1).join(' ') || 'y'}\n`;
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
  for (;;) await process.stdout.write(block);
});

export const seq = tool(async (process) => {
  const options = parseOptions(
    // Negative numbers are operands.
    process.args.map((arg) => (/^-[\d.]/.test(arg) ? ` ${arg}` : arg)),
    { letters: 's:wf:', long: { separator: 's', 'equal-width': 'w', format: 'f' } },
  );
  const texts = options.operands.map((operand) => operand.trim());
  const help = `\nTry '${nameOf(process)} --help' for more information.`;
  if (texts.length === 0) throw new ToolError(`missing operand${help}`);
  if (texts.length > 3) throw new ToolError(`extra operand ‘${texts[3]}’${help}`);
  for (const text of texts) {
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) {
      throw new ToolError(`invalid floating point argument: ‘${text}’${help}`);
    }
  }
  const [first, step, last] =
    texts.length === 1
      ? ['1', '1', texts[0]!]
      : texts.length === 2
        ? [texts[0]!, '1', texts[1]!]
        : [texts[0]!, texts[1]!, texts[2]!];
  if (Number(step) === 0) throw new ToolError(`invalid Zero increment value: ‘${step}’${help}`);
  const decimals = Math.max(...[first, step].map((text) => (text.split('.')[1] ?? '').length));
  const count = Math.floor((Number(last) - Number(first)) / Number(step) + 1e-9) + 1;
  const separator = (options.get('s') ?? '\n').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  const width = options.has('w')
    ? Math.max(...[first, last].map((text) => Number(text).toFixed(decimals).length))
    : 0;
  let out = '';
  for (let index = 0; index < count; index++) {
    const value = (Number(first) + index * Number(step)).toFixed(decimals);
    out += (index > 0 ? separator : '') + value.padStart(width, '0');
    if (out.length < 4096) continue;
    await process.stdout.write(out);
    out = '';
  }
  await process.stdout.write(count > 0 ? `${out}\n` : '');
  return 0;
});

/** `which NAME …`. */
export const which = tool(async (process) => {
  let status = 0;
  for (const name of process.args.slice(1).filter((arg) => !arg.startsWith('-'))) {
    if (process.lookUp(name) === undefined) status = 1;
    else await process.stdout.write(`${name.includes('/') ? name : `/usr/bin/${name}`}\n`);
  }
  return status;
});

/** `kill` for machines whose shell is not at hand, such as `xargs kill`. */
export const killTool = tool(async (process) => {
  const words = process.args.slice(1);
  const name =
    words[0]?.startsWith('-') === true ? words.shift()!.slice(1).replace(/^SIG/i, '').toUpperCase() : 'TERM';
  let status = 0;
  for (const word of words) {
    const child = process.processes().find((each) => String(each.id) === word);
    if (child === undefined) {
      await complain(process, `(${word}): No such process`);
      status = 1;
    } else
      child.signal(
        name === '9' || name === 'KILL' ? 'KILL' : name === '2' || name === 'INT' ? 'INT' : 'TERM',
      );
  }
  return status;
});
