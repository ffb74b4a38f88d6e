// Upstream: getent(1)
import type { Program } from '#world/machine/program.ts';

const databases = ['ahosts', 'ahostsv4', 'hosts'];

/** `getent hosts|ahosts NAME…`: what the resolver finds, in `/etc/hosts` first. */
export const getent: Program = async (process) => {
  const [, database = '', ...keys] = process.args;
  const { network } = process;
  if (!databases.includes(database)) {
    await process.stderr.write(
      database === ''
        ? 'getent: wrong number of arguments\n'
        : `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
    );
    return 1;
  }
  let code = 0;
  for (const key of keys) {
    const known = network?.hostsEntry(key);
    if (known !== undefined) {
      const [address = '', ...names] = known;
      await process.stdout.write(lines(database, address, names));
      continue;
    }
    const found = network?.lookUp(key);
    if (found) await process.sleep(found.latencyMs);
    // An address that no name is known for has no line.
    if (!found?.addresses || found.addresses[0] === key) code = 2;
    else
      for (const address of found.addresses)
        await process.stdout.write(lines(database, address, [found.name]));
  }
  return code;
};

function lines(database: string, address: string, names: readonly string[]): string {
  const start = address.padEnd(15);
  if (database === 'hosts') return `${start} ${names.join(' ')}\n`;
  return `${start} STREAM ${names[0]}\n${start} DGRAM  \n${start} RAW    \n`;
}
