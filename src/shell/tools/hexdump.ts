import { toBytes } from '#world/machine/utf8.ts';
import { Inputs } from './inputs.ts';
import { parseOptions } from './options.ts';
import { tool } from './tool.ts';

const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');

/** `hexdump [-C] FILE…`: the bytes by sixteens, as words or (`-C`) one by one with what can be read of them. */
export const hexdump = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'Cv' });
  const inputs = new Inputs(process, options.operands);
  let bytes = '';
  for await (const { text } of inputs.texts()) bytes += toBytes(text);
  const isCanonical = options.has('C');
  let out = '';
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    out += isCanonical ? `${hex(at, 8)}  ${canonical(row)}\n` : `${hex(at, 7)} ${words(row)}\n`;
  }
  if (bytes !== '') out += `${hex(bytes.length, isCanonical ? 8 : 7)}\n`;
  await process.stdout.write(out);
  return inputs.failed ? 1 : 0;
});

function canonical(row: string): string {
  const codes = Array.from(row, (byte) => hex(byte.charCodeAt(0), 2));
  const halves = [codes.slice(0, 8), codes.slice(8)].map((half) => half.join(' ').padEnd(23));
  return `${halves.join('  ')}  |${row.replace(/[^ -~]/g, '.')}|`;
}

/** In the order that the machine has them in: the second byte of each pair first. */
function words(row: string): string {
  const pairs = row.match(/[^]{1,2}/g) ?? [];
  return pairs.map((pair) => hex(pair.charCodeAt(0) | ((pair.charCodeAt(1) || 0) << 8), 4)).join(' ');
}
