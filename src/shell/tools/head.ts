import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { Inputs, linesOf, textOf } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';
import { complain, pathOf, tool, ToolError } from './tool.ts';

/** How often `tail -f` looks at its files. */
const followPeriodMs = 1_000;

interface Amount {
  readonly unit: 'n' | 'c';
  readonly count: number;
  /** `+` counts from the start (tail), `-` from the end (head). */
  readonly sign: '' | '+' | '-';
}

function amountOf(options: Options): Amount {
  const unit = options.has('c') ? 'c' : 'n';
  const text = options.get(unit) ?? '10';
  const match = /^([-+]?)(\d+)([kKmM]?)$/.exec(text);
  if (match === null) throw new ToolError(`invalid number of ${unit === 'c' ? 'bytes' : 'lines'}: ‘${text}’`);
  const factor = match[3] === '' ? 1 : match[3]!.toLowerCase() === 'k' ? 1024 : 1_048_576;
  return { unit, count: Number(match[2]) * factor, sign: match[1] as '' | '+' | '-' };
}

/** `-5` is an old way to write `-n 5`. */
function modernize(args: readonly string[]): readonly string[] {
  return args.map((arg, index) => {
    const isValue = /^-[nc]$/.test(args[index - 1] ?? '');
    return index > 0 && !isValue && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg;
  });
}

const long = { lines: 'n', bytes: 'c', quiet: 'q', verbose: 'v', silent: 'q', follow: 'f', retry: 'F' };

function headers(options: Options): (name: string, first: boolean) => string {
  const shown = (options.operands.length > 1 && !options.has('q')) || options.has('v');
  return (name, first) => {
    if (!shown) return '';
    return `${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`;
  };
}

export const head = tool(async (process) => {
  const options = parseOptions(modernize(process.args), { letters: 'n:c:qv', long });
  const amount = amountOf(options);
  const header = headers(options);
  const wording = (operand: string, message: string) => `cannot open '${operand}' for reading: ${message}`;
  const operands = options.operands.length > 0 ? options.operands : ['-'];
  let failed = false;
  for (const [index, operand] of operands.entries()) {
    const inputs = new Inputs(process, [operand], wording);
    if (amount.sign === '-') {
      for await (const { text } of inputs.texts()) {
        const kept =
          amount.unit === 'c'
            ? text.slice(0, -amount.count || undefined)
            : textOf(linesOf(text).slice(0, -amount.count || undefined));
        await process.stdout.write(header(operand, index === 0) + kept);
      }
    } else await firstPart(process, inputs, amount, header(operand, index === 0));
    failed ||= inputs.failed;
  }
  return failed ? 1 : 0;
});

/** Stops reading as soon as it has enough, which ends the writer before it. */
async function firstPart(process: Process, inputs: Inputs, amount: Amount, heading: string): Promise<void> {
  let left = amount.count;
  let shown = heading;
  for await (const { text } of inputs.pieces()) {
    let end = amount.unit === 'c' ? Math.min(left, text.length) : 0;
    if (amount.unit === 'c') left -= end;
    else {
      while (left > 0 && end < text.length) {
        const newline = text.indexOf('\n', end);
        end = newline < 0 ? text.length : newline + 1;
        if (newline >= 0) left--;
      }
    }
    await process.stdout.write(shown + text.slice(0, end));
    shown = '';
    if (left === 0) return;
  }
}

export const tail = tool(async (process) => {
  const options = parseOptions(modernize(process.args), { letters: 'n:c:qvfFs:', long });
  const amount = amountOf(options);
  const header = headers(options);
  const wording = (operand: string, message: string) => `cannot open '${operand}' for reading: ${message}`;
  const inputs = new Inputs(process, options.operands, wording);
  const follows = options.has('f') || options.has('F');
  let first = true;
  for await (const { name, text } of inputs.texts()) {
    await process.stdout.write(header(name, first) + lastPart(text, amount));
    first = false;
  }
  const files = options.operands.filter((operand) => operand !== '-');
  if (follows && files.length > 0) await follow(process, files, header);
  return inputs.failed ? 1 : 0;
});

function lastPart(text: string, amount: Amount): string {
  if (amount.unit === 'c') {
    return amount.sign === '+'
      ? text.slice(Math.max(0, amount.count - 1))
      : text.slice(-amount.count || text.length);
  }
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const kept =
    amount.sign === '+'
      ? lines.slice(Math.max(0, amount.count - 1))
      : lines.slice(-amount.count || lines.length);
  return kept.join('');
}

async function follow(
  process: Process,
  operands: readonly string[],
  header: (name: string, first: boolean) => string,
): Promise<never> {
  const read = (operand: string) => {
    try {
      return process.files.read(pathOf(process, operand));
    } catch (error) {
      if (error instanceof FileError) return null;
      throw error;
    }
  };
  const lengths = new Map(operands.map((operand) => [operand, read(operand)?.length ?? 0]));
  let last = operands.at(-1)!;
  for (;;) {
    await process.sleep(followPeriodMs);
    for (const operand of operands) {
      const text = read(operand);
      const length = lengths.get(operand)!;
      if (text === null || text.length === length) continue;
      if (text.length < length) await complain(process, `${operand}: file truncated`);
      const added = text.slice(text.length < length ? 0 : length);
      await process.stdout.write((operand === last ? '' : header(operand, false)) + added);
      lengths.set(operand, text.length);
      last = operand;
    }
  }
}
