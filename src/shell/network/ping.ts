import type { Process, Program } from '#world/machine/program.ts';
import { type OptionTable, readOptions } from './options.ts';

const table: OptionTable = {
  names: { c: 'count', W: 'wait', w: 'deadline', i: 'interval', q: 'quiet', 4: 'ipv4' },
  values: new Set(['count', 'wait', 'deadline', 'interval']),
};

/** BusyBox's ping. Service addresses do not answer it: they exist in the kernel's rules only. */
export const ping: Program = async (process) => {
  const { flags, operands, unknown } = readOptions(process.args.slice(1), table);
  const [name] = operands;
  if (name === undefined || unknown !== null) {
    await process.stderr.write('Usage: ping [-c COUNT] [-W SEC] [-i SEC] HOST\n');
    return 1;
  }
  const { network } = process;
  const found = network?.lookUp(name);
  if (found) await process.sleep(found.latencyMs);
  const address = found?.addresses?.[0];
  if (!network || address === undefined) {
    await process.stderr.write(`ping: bad address '${name}'\n`);
    return 1;
  }
  const number = (flag: string, byDefault: number) => Number(flags.get(flag)?.at(-1) ?? byDefault);
  const count = number('count', Infinity);
  const intervalMs = number('interval', 1) * 1000;
  const waitMs = number('wait', 10) * 1000;
  const times: number[] = [];
  let sent = 0;
  const report = () => summary(process, name, sent, times);
  process.onSignal('INT', () => process.interrupt(new Interrupted()));
  try {
    await process.stdout.write(`PING ${name} (${address}): 56 data bytes\n`);
    while (sent < count) {
      const ms = network.ping(address);
      sent++;
      if (ms !== null) {
        times.push(ms);
        await process.stdout.write(
          `64 bytes from ${address}: seq=${sent - 1} ttl=64 time=${ms.toFixed(3)} ms\n`,
        );
      }
      if (sent < count) await process.sleep(intervalMs);
      else if (ms === null) await process.sleep(waitMs);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  await report();
  return times.length > 0 ? 0 : 1;
};

class Interrupted extends Error {}

async function summary(
  process: Process,
  name: string,
  sent: number,
  times: readonly number[],
): Promise<void> {
  const lost = sent === 0 ? 0 : Math.floor(((sent - times.length) * 100) / sent);
  await process.stdout.write(
    `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`,
  );
  if (times.length === 0) return;
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const [min, max] = [Math.min(...times), Math.max(...times)];
  await process.stdout.write(
    `round-trip min/avg/max = ${min.toFixed(3)}/${mean.toFixed(3)}/${max.toFixed(3)} ms\n`,
  );
}
