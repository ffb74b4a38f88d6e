import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { statusPhrase } from '#world/network/http.ts';
import { type OptionTable, readOptions } from './options.ts';
import { receive } from './receive.ts';
import { parseUrl, type Url } from './url.ts';

/** Linux gives up connecting after so long. */
const connectTimeoutMs = 134_500;
const redirectsMax = 20;

const table: OptionTable = {
  names: {
    q: 'quiet',
    quiet: 'quiet',
    O: 'output',
    'output-document': 'output',
    T: 'timeout',
    timeout: 'timeout',
    t: 'tries',
    tries: 'tries',
    S: 'headers',
    'server-response': 'headers',
    spider: 'spider',
    c: 'continue',
    'no-check-certificate': 'insecure',
    header: 'header',
    'post-data': 'post-data',
    U: 'user-agent',
    'user-agent': 'user-agent',
  },
  values: new Set(['output', 'timeout', 'tries', 'header', 'post-data', 'user-agent']),
};

/** BusyBox's wget. */
export const wget: Program = async (process) => {
  const { flags, operands, unknown } = readOptions(process.args.slice(1), table);
  const text = operands[0];
  if (unknown !== null || text === undefined) {
    const why = unknown === null ? '' : `wget: unrecognized option: ${unknown.replace(/^-+/, '')}\n`;
    await process.stderr.write(`${why}Usage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...\n`);
    return 1;
  }
  const isQuiet = flags.has('quiet');
  const say = async (line: string) => {
    if (!isQuiet) await process.stderr.write(`${line}\n`);
  };
  const headers: Record<string, string> = { 'user-agent': flags.get('user-agent')?.at(-1) ?? 'Wget' };
  for (const header of flags.get('header') ?? []) {
    const [name = '', ...value] = header.split(':');
    headers[name.toLowerCase()] = value.join(':').trim();
  }
  const posted = flags.get('post-data')?.at(-1);
  const timeoutMs = Number(flags.get('timeout')?.at(-1) ?? Infinity) * 1000;
  let url = parseUrl(text);
  for (let redirects = 0; ; redirects++) {
    if (url === null) return fail(process, `bad address '${text}'`);
    const answer = await fetchUrl(process, url, { headers, posted, timeoutMs, say });
    if (typeof answer === 'number') return answer;
    const location = answer.headers['location'];
    if (answer.status >= 300 && answer.status < 400 && location !== undefined && redirects < redirectsMax) {
      url = parseUrl(location.startsWith('/') ? `${url.host}:${url.port}${location}` : location);
      continue;
    }
    if (answer.status >= 400) {
      return fail(process, `server returned error: HTTP/1.1 ${answer.status} ${statusPhrase(answer.status)}`);
    }
    if (flags.has('spider')) {
      await say('remote file exists');
      return 0;
    }
    let { body } = answer;
    const file = flags.get('output')?.at(-1) ?? fileName(url);
    if (answer.stream !== undefined) {
      for await (const piece of receive(process, answer.stream)) {
        if (file === '-') await process.stdout.write(piece);
        else body += piece;
      }
    }
    return save(process, body, file, say);
  }
};

async function fetchUrl(
  process: Process,
  url: Url,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly posted: string | undefined;
    readonly timeoutMs: number;
    say(line: string): Promise<void>;
  },
) {
  const { network } = process;
  const found = network?.lookUp(url.host);
  if (found) await process.sleep(found.latencyMs);
  if (!network || !found?.addresses) return fail(process, `bad address '${url.host}'`);
  const address = found.addresses[0]!;
  await options.say(`Connecting to ${url.host} (${address}:${url.port})`);
  const exchange = network.request(address, url.port, {
    method: options.posted === undefined ? 'GET' : 'POST',
    path: url.path,
    headers: { host: url.host, ...options.headers },
    body: options.posted ?? '',
    streams: true,
  });
  const latencyMs = exchange.outcome === 'timeout' ? connectTimeoutMs : exchange.latencyMs;
  await process.sleep(Math.min(latencyMs, options.timeoutMs));
  if (latencyMs > options.timeoutMs) return fail(process, 'download timed out');
  switch (exchange.outcome) {
    case 'answered':
      return exchange.response;
    case 'not http':
      return fail(process, `error getting response`);
    case 'refused':
      return fail(process, `can't connect to remote host (${address}): Connection refused`);
    case 'unreachable':
      return fail(process, `can't connect to remote host (${address}): Host is unreachable`);
    default:
      return fail(process, `can't connect to remote host (${address}): Operation timed out`);
  }
}

async function save(
  process: Process,
  body: string,
  file: string,
  say: (line: string) => Promise<void>,
): Promise<number> {
  const bar = `${file.slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(body.length).padStart(5)}  0:00:00 ETA`;
  if (file === '-') {
    await say('writing to stdout');
    await process.stdout.write(body);
    await say(`${bar}\nwritten to stdout`);
    return 0;
  }
  const path = resolvePath(process.workingDirectory, file);
  try {
    if (process.files.status(path) !== null && path !== '/dev/null')
      return await fail(process, `can't open '${file}': File exists`);
    await say(`saving to '${file}'`);
    process.files.write(path, body);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return fail(process, `can't open '${file}': ${error.message}`);
  }
  await say(`${bar}\n'${file}' saved`);
  return 0;
}

async function fail(process: Process, why: string): Promise<number> {
  await process.stderr.write(`wget: ${why}\n`);
  return 1;
}

function fileName({ path }: Url): string {
  return path.split('?')[0]!.split('/').pop() || 'index.html';
}
