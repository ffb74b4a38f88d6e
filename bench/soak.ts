import { runFaults } from '../src/kubernetes/cluster/faults/faultRun.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const args = process.argv.slice(2);
const option = (name: string, fallback: string) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? fallback : (args[at + 1] ?? fallback);
};
const from = Number(option('from', '1'));
const count = Number(option('seeds', '1'));
if (!Number.isInteger(from) || !Number.isInteger(count) || count < 1) {
  console.error('usage: npm run soak -- [--seeds N] [--from S]');
  process.exit(2);
}

/** Random fault runs: a failing seed is told with its faults, and with the command that plays it again. */
let failed = 0;
for (let seed = from; seed < from + count; seed++) {
  const { log, violations } = await runFaults(String(seed), hop);
  if (violations.length === 0) {
    if (count === 1) console.log(log.join('\n'));
    continue;
  }
  failed++;
  console.log(
    [`seed ${seed}`, ...log.map((line) => `  ${line}`), ...violations.map((line) => `  ! ${line}`)].join(
      '\n',
    ),
  );
  console.log(`again: npm run soak -- --from ${seed}\n`);
}
console.log(`${count - failed} of ${count} runs are well`);
process.exit(failed > 0 ? 1 : 0);
