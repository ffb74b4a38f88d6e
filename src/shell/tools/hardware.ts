// Upstream: busybox's procps/free.c, coreutils' nproc(1)
import type { Hardware } from '#world/machine/hardware.ts';
import type { Process } from '#world/machine/program.ts';
import { parseOptions } from './options.ts';
import { tool, ToolError } from './tool.ts';

function hardwareOf({ hardware }: Process): Hardware {
  if (hardware === undefined) throw new ToolError('cannot open /proc/meminfo: No such file or directory');
  return hardware;
}

/** How many cores there are: limits take none away. */
export const nproc = tool(async (process) => {
  await process.stdout.write(`${hardwareOf(process).cores}\n`);
  return 0;
});

const units = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const;

/** `free [-b|-k|-m|-g]`: the whole machine's memory, also in a container. Nothing is cached, and nothing swapped. */
export const free = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'bkmgh' });
  const { memoryBytes, memoryUsedBytes } = hardwareOf(process);
  const unit = (['b', 'k', 'm', 'g'] as const).find((letter) => options.has(letter)) ?? 'k';
  const shown = (bytes: number) =>
    (options.has('h') ? human(bytes) : String(Math.floor(bytes / units[unit]))).padStart(12);
  const used = memoryUsedBytes();
  const left = Math.max(0, memoryBytes - used);
  const heads = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'];
  await process.stdout.write(
    [
      `${' '.repeat(7)}${heads.map((head) => head.padStart(12)).join('')}`,
      `${'Mem:'.padEnd(7)}${[memoryBytes, used, left, 0, 0, left].map(shown).join('')}`,
      `${'Swap:'.padEnd(7)}${[0, 0, 0].map(shown).join('')}`,
      '',
    ].join('\n'),
  );
  return 0;
});

/** `7.8G` */
function human(bytes: number): string {
  const letters = ['', 'K', 'M', 'G', 'T'];
  let amount = bytes;
  let at = 0;
  for (; amount >= 1024 && at < letters.length - 1; at++) amount /= 1024;
  return at === 0 ? String(amount) : `${(Math.floor(amount * 10) / 10).toFixed(1)}${letters[at]}`;
}
