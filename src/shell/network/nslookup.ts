import type { Process, Program } from '#world/machine/program.ts';
import { type DnsQuestion, searchNames } from '#world/network/dns.ts';
import { parseIpv4 } from '#world/network/ipv4.ts';

/** What a resolver waits for an answer, over all its attempts. */
const timeoutMs = 10_000;

/** `nslookup [-type=TYPE] NAME [SERVER]`, in BusyBox's layout. */
export const nslookup: Program = (process) => lookUp(process, ':53');

/** The same in BIND's layout. */
export const bindNslookup: Program = (process) => lookUp(process, '#53');

async function lookUp(process: Process, port: string): Promise<number> {
  const args = process.args.slice(1);
  const wanted =
    args
      .find((arg) => /^-(type|query|q)=/.test(arg))
      ?.split('=')[1]
      ?.toUpperCase() ?? 'A';
  const [name, server] = args.filter((arg) => !arg.startsWith('-'));
  const { network } = process;
  if (name === undefined || network === undefined) {
    await process.stderr.write('Usage: nslookup [-type=QUERY_TYPE] HOST [DNS_SERVER]\n');
    return 1;
  }
  const address =
    server === undefined ? network.resolver.nameservers[0] : network.lookUp(server).addresses?.[0];
  const asked = questions(name, wanted as DnsQuestion['type'], network.resolver);
  for (const question of asked) {
    const answer = network.ask(question, address);
    await process.sleep(answer?.latencyMs ?? timeoutMs);
    if (answer === null) {
      await process.stdout.write(';; connection timed out; no servers could be reached\n\n');
      return 1;
    }
    if (answer.code !== 'NOERROR' || answer.records.length === 0) continue;
    await process.stdout.write(`Server:\t\t${address}\nAddress:\t${address}${port}\n\n`);
    for (const { name: owner, type, value } of answer.records) {
      const line =
        type === 'A'
          ? `Name:\t${owner}\nAddress: ${value}`
          : type === 'CNAME'
            ? `${owner}\tcanonical name = ${value}`
            : type === 'PTR'
              ? `${owner}\tname = ${value}`
              : `${owner}\tservice = ${value}`;
      await process.stdout.write(`${line}\n`);
    }
    await process.stdout.write('\n');
    return 0;
  }
  await process.stdout.write(
    `Server:\t\t${address}\nAddress:\t${address}${port}\n\n** server can't find ${asked.at(-1)!.name}: NXDOMAIN\n\n`,
  );
  return 1;
}

function questions(
  name: string,
  type: DnsQuestion['type'],
  resolver: Parameters<typeof searchNames>[1],
): DnsQuestion[] {
  if (parseIpv4(name) === undefined) return searchNames(name, resolver).map((full) => ({ name: full, type }));
  return [{ name: `${name.split('.').reverse().join('.')}.in-addr.arpa`, type: 'PTR' }];
}
