import { decodeBase64, encodeBase64 } from '#world/machine/utf8.ts';
import { nameOfId } from './accounts.ts';
import { readAll } from './inputs.ts';
import { parseOptions } from './options.ts';
import { complain, nameOf, pathOf, tool, ToolError } from './tool.ts';
import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';

export const basename = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'as:z', long: { multiple: 'a', suffix: 's' } });
  const many = options.has('a') || options.has('s');
  if (options.operands.length === 0) {
    throw new ToolError(`missing operand\nTry '${nameOf(process)} --help' for more information.`);
  }
  const suffix = options.get('s') ?? (many ? '' : (options.operands[1] ?? ''));
  const names = (many ? options.operands : options.operands.slice(0, 1)).map((operand) => {
    const path = operand.replace(/\/+$/, '');
    const name = path.slice(path.lastIndexOf('/') + 1) || '/';
    return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
  });
  await process.stdout.write(`${names.join('\n')}\n`);
  return 0;
});

export const dirname = tool(async (process) => {
  const operands = process.args.slice(1);
  if (operands.length === 0) {
    throw new ToolError(`missing operand\nTry '${nameOf(process)} --help' for more information.`);
  }
  const names = operands.map((operand) => {
    const path = operand.replace(/\/+$/, '');
    const at = path.lastIndexOf('/');
    if (at < 0) return path === '' && operand !== '' ? '/' : '.';
    return path.slice(0, at).replace(/\/+$/, '') || '/';
  });
  await process.stdout.write(`${names.join('\n')}\n`);
  return 0;
});

/** `realpath` and `readlink -f`. */
export const realpath = tool(async (process) => {
  for (const operand of process.args.slice(1).filter((arg) => !arg.startsWith('-'))) {
    await process.stdout.write(`${pathOf(process, operand)}\n`);
  }
  return 0;
});

const system = {
  s: 'Linux',
  n: '',
  r: '6.12.0-podarium',
  v: '#1 SMP',
  m: 'x86_64',
  o: 'GNU/Linux',
};

export const uname = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'asnrvmopi',
    long: { all: 'a', 'kernel-name': 's', nodename: 'n', 'kernel-release': 'r', machine: 'm' },
  });
  const values = { ...system, n: process.hostname };
  const letters = (Object.keys(values) as (keyof typeof values)[]).filter(
    (letter) => options.has('a') || options.has(letter),
  );
  await process.stdout.write(
    `${(letters.length > 0 ? letters : (['s'] as const)).map((letter) => values[letter]).join(' ')}\n`,
  );
  return 0;
});

export const whoami = tool(async (process) => {
  const { uid } = process.user;
  const name = nameOfId(process, uid);
  if (name === undefined)
    throw new ToolError(`cannot find name for user ID ${uid}: No such file or directory`);
  await process.stdout.write(`${name}\n`);
  return 0;
});

export const id = tool(async (process) => {
  const { uid, gid } = process.user;
  const { groups } = process.user;
  const named = (number: number) => {
    const name = nameOfId(process, number);
    return name === undefined ? String(number) : `${number}(${name})`;
  };
  const arg = process.args[1] ?? '';
  const chosen = arg.includes('g') ? gid : uid;
  const short = arg.includes('n') ? (nameOfId(process, chosen) ?? String(chosen)) : String(chosen);
  const all = `uid=${named(uid)} gid=${named(gid)} groups=${groups.map(named).join(',')}\n`;
  await process.stdout.write(arg.startsWith('-') ? `${short}\n` : all);
  return 0;
});

export const hostname = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'iIfs' });
  const isAddress = options.has('i') || options.has('I');
  await process.stdout.write(`${(isAddress && process.network?.address) || process.hostname}\n`);
  return 0;
});

export const clear = tool(async (process) => {
  await process.stdout.write('\u001b[H\u001b[2J\u001b[3J');
  return 0;
});

export const base64 = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'dDw:i',
    long: { decode: 'd', wrap: 'w', 'ignore-garbage': 'i' },
  });
  const operand = options.operands[0];
  const text = await textOfOperand(process, operand);
  if (options.has('d') || options.has('D')) {
    const decoded = decodeBase64(options.has('i') ? text.replace(/[^A-Za-z0-9+/=]/g, '') : text);
    await process.stdout.write(decoded.text);
    if (decoded.valid) return 0;
    await complain(process, 'invalid input');
    return 1;
  }
  const encoded = encodeBase64(text);
  const width = options.number('w', 76, 'invalid wrap size');
  if (width === 0) await process.stdout.write(encoded);
  else
    await process.stdout.write(
      (encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).map((line) => `${line}\n`).join(''),
    );
  return 0;
});

async function textOfOperand(process: Process, operand: string | undefined): Promise<string> {
  if (operand === undefined || operand === '-') return readAll(process);
  try {
    return process.files.read(pathOf(process, operand));
  } catch (error) {
    if (error instanceof FileError) throw new ToolError(`${operand}: ${error.message}`);
    throw error;
  }
}
