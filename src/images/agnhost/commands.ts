// Upstream: test/images/agnhost/{connect,dns,entrypoint-tester}
import { parseDuration } from '#kubernetes/apimachinery/duration.ts';
import { FileError } from '#world/machine/fileSystem.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { issuerDiscovery } from './issuerDiscovery.ts';
import { logsGenerator } from './logsGenerator.ts';
import { flagOf } from './respond.ts';

function textOf({ files }: Process, path: string): string {
  try {
    return files.read(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return '';
  }
}

/** The words that follow a keyword of `/etc/resolv.conf`, with commas. */
function ofResolver(keyword: string): Program {
  return async (process) => {
    const words = textOf(process, '/etc/resolv.conf')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([first]) => first === keyword)
      .flatMap(([, ...rest]) => rest);
    await process.stdout.write(`${words.join(',')}\n`);
    return 0;
  };
}

/** Upstream: Linux's time for a connection that nothing answers. */
const connectMs = 127_000;

/** `agnhost connect HOST:PORT`: says nothing where there is a connection, and else in one word what is wrong. */
const connect: Program = async (process) => {
  const { network, args } = process;
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(args.at(-1) ?? '') ?? [];
  const timeoutMs = parseDuration(flagOf(args, '--timeout') ?? '0s') || connectMs;
  const fail = async (why: string) => {
    await process.stderr.write(`${why}\n`);
    return 1;
  };
  const found = network?.lookUp(host);
  if (!network || !found?.addresses) return fail('DNS: Could not resolve hostname');
  const connection = network.connect(found.addresses[0]!, Number(port));
  const tookMs = connection.outcome === 'timeout' ? Infinity : found.latencyMs + connection.latencyMs;
  await process.sleep(Math.min(tookMs, timeoutMs));
  if (tookMs > timeoutMs) return fail('TIMEOUT');
  if (connection.outcome === 'open') return 0;
  return fail(connection.outcome === 'refused' ? 'REFUSED' : 'OTHER: no route to host');
};

/** The commands of agnhost that run and end. */
export const commands: Readonly<Record<string, Program>> = {
  connect,
  'logs-generator': logsGenerator,
  'test-service-account-issuer-discovery': issuerDiscovery,
  'dns-server-list': ofResolver('nameserver'),
  'dns-suffix': ofResolver('search'),
  async 'entrypoint-tester'(process) {
    await process.stdout.write(`[${process.args.join(' ')}]\n`);
    return 0;
  },
  async 'etc-hosts'(process) {
    await process.stdout.write(textOf(process, '/etc/hosts'));
    return 0;
  },
};
