import type { Process, Program } from '#world/machine/program.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import { type BodyStream, type HttpResponse, statusPhrase } from '#world/network/http.ts';
import type { Connection } from '#world/network/network.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import { type Options, type OptionTable, readOptions } from './options.ts';
import { receive } from './receive.ts';
import { parseUrl, type Url } from './url.ts';

const version = '8.14.1';
/** Linux gives up connecting after so long. */
const connectTimeoutMs = 134_500;
const redirectsMax = 50;

const noSocket: Connection = { outcome: 'refused', latencyMs: 0 };

const table: OptionTable = {
  names: {
    s: 'silent',
    silent: 'silent',
    S: 'show-error',
    'show-error': 'show-error',
    v: 'verbose',
    verbose: 'verbose',
    i: 'include',
    include: 'include',
    'show-headers': 'include',
    I: 'head',
    head: 'head',
    o: 'output',
    output: 'output',
    O: 'remote-name',
    'remote-name': 'remote-name',
    w: 'write-out',
    'write-out': 'write-out',
    X: 'request',
    request: 'request',
    d: 'data',
    data: 'data',
    'data-raw': 'data',
    json: 'json',
    H: 'header',
    header: 'header',
    A: 'user-agent',
    'user-agent': 'user-agent',
    L: 'location',
    location: 'location',
    k: 'insecure',
    insecure: 'insecure',
    f: 'fail',
    fail: 'fail',
    m: 'max-time',
    'max-time': 'max-time',
    'connect-timeout': 'connect-timeout',
    g: 'globoff',
    globoff: 'globoff',
    q: 'disable',
    disable: 'disable',
    interface: 'interface',
    4: 'ipv4',
    ipv4: 'ipv4',
    N: 'no-buffer',
    'no-buffer': 'no-buffer',
    'no-progress-meter': 'no-meter',
    'unix-socket': 'unix-socket',
    E: 'cert',
    cert: 'cert',
    key: 'key',
    cacert: 'cacert',
    V: 'version',
    version: 'version',
  },
  values: new Set([
    'output',
    'write-out',
    'request',
    'data',
    'json',
    'header',
    'user-agent',
    'max-time',
    'connect-timeout',
    'unix-socket',
    'interface',
    'cert',
    'key',
    'cacert',
  ]),
};

/** A failure that curl reports by number. */
class CurlError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** curl: fetches URLs over the simulated network. TLS is taken as done: https only changes the port. */
export const curl: Program = async (process) => {
  const options = readOptions(process.args.slice(1), table);
  const { flags, operands, unknown, lacking } = options;
  const problem = unknown
    ? `option ${unknown}: is unknown`
    : lacking
      ? `option ${lacking}: requires parameter`
      : '';
  if (problem !== '') {
    await process.stderr.write(
      `curl: ${problem}\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    return 2;
  }
  if (flags.has('version')) {
    await process.stdout.write(`curl ${version} (simulated)\nProtocols: http https\n`);
    return 0;
  }
  if (operands.length === 0) {
    await process.stderr.write(
      `curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n`,
    );
    return 2;
  }
  let code = 0;
  for (const operand of operands) code = await fetchOne(process, options, operand);
  return code;
};

async function fetchOne(process: Process, options: Options, text: string): Promise<number> {
  const transfer = new Transfer(process, options);
  try {
    await transfer.run(text);
    return 0;
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    await transfer.writeOut();
    const { flags } = options;
    if (!flags.has('silent') || flags.has('show-error')) {
      await process.stderr.write(`curl: (${error.code}) ${error.message}\n`);
    }
    return error.code;
  }
}

class Transfer {
  readonly #process: Process;
  readonly #options: Options;
  readonly #beganMs: number;
  #response: HttpResponse | null = null;
  #url: Url | null = null;
  #address = '';

  constructor(process: Process, options: Options) {
    this.#process = process;
    this.#options = options;
    this.#beganMs = process.simulation.nowMs;
  }

  async run(text: string): Promise<void> {
    let url = parseUrl(text);
    for (let redirects = 0; ; redirects++) {
      if (url === null) throw new CurlError(3, 'URL rejected: Malformed input to a URL function');
      if (url.scheme !== 'http' && url.scheme !== 'https') {
        throw new CurlError(1, `Protocol "${url.scheme}" not supported`);
      }
      this.#url = url;
      this.#response = await this.#exchange(url);
      const location = this.#response.headers['location'];
      const isRedirect =
        this.#response.status >= 300 && this.#response.status < 400 && location !== undefined;
      if (!isRedirect || !this.#options.flags.has('location')) break;
      if (redirects >= redirectsMax) throw new CurlError(47, `Maximum (${redirectsMax}) redirects followed`);
      url = parseUrl(
        location.startsWith('/') ? `${url.scheme}://${url.host}:${url.port}${location}` : location,
      );
    }
    const { status } = this.#response;
    if (this.#options.flags.has('fail') && status >= 400) {
      throw new CurlError(22, `The requested URL returned error: ${status}`);
    }
    await this.#print(this.#response);
    await this.writeOut();
  }

  /** What `-w` asks for. */
  async writeOut(): Promise<void> {
    const format = this.#options.flags.get('write-out')?.at(-1);
    if (format === undefined) return;
    const seconds = ((this.#process.simulation.nowMs - this.#beganMs) / 1000).toFixed(6);
    const values: Readonly<Record<string, string>> = {
      http_code: String(this.#response?.status ?? 0).padStart(3, '0'),
      response_code: String(this.#response?.status ?? 0).padStart(3, '0'),
      time_total: seconds,
      time_connect: seconds,
      time_starttransfer: seconds,
      size_download: String(this.#response?.body.length ?? 0),
      remote_ip: this.#address,
      remote_port: String(this.#url?.port ?? 0),
    };
    const text = format
      .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .replaceAll('\\n', '\n')
      .replaceAll('\\t', '\t');
    await this.#process.stdout.write(text);
  }

  async #exchange(url: Url): Promise<HttpResponse> {
    const { network } = this.#process;
    if (network === undefined) throw new CurlError(6, `Could not resolve host: ${url.host}`);
    const clientCertificate = this.#certificate();
    const socket = this.#options.flags.get('unix-socket')?.at(-1);
    const address = socket ?? (await this.#lookUp(network, url));
    this.#address = socket === undefined ? address : '';
    await this.#verbose(`*   Trying ${socket ?? `${address}:${url.port}`}...`);
    const beganMs = this.#process.simulation.nowMs;
    const connection =
      socket === undefined
        ? network.connect(address, url.port)
        : (network.ports?.connectAt(resolvePath(this.#process.workingDirectory, socket)) ?? noSocket);
    const listener = await this.#connect(connection, url);
    await this.#verbose(`* Connected to ${url.host} (${address}) port ${url.port}`);
    const headers = this.#headers(url);
    const method = this.#method();
    const body = this.#body();
    await this.#verbose(
      `> ${method} ${url.path} HTTP/1.1\n${Object.entries(headers)
        .map(([name, value]) => `> ${headerName(name)}: ${value}`)
        .join('\n')}\n>`,
    );
    if (listener.http === undefined) throw new CurlError(1, 'Received HTTP/0.9 when not allowed');
    const { response, latencyMs } = listener.http({
      method,
      path: url.path,
      headers,
      body,
      streams: true,
      ...(url.scheme === 'https' && clientCertificate !== undefined && { clientCertificate }),
    });
    await this.#wait(latencyMs, beganMs);
    if (response.status === 0) throw new CurlError(52, 'Empty reply from server');
    await this.#verbose(
      `${headLines(response)
        .map((line) => `< ${line}`)
        .join('\n')}\n<`,
    );
    return response;
  }

  async #lookUp(network: NetworkStack, { host }: Url): Promise<string> {
    const found = network.lookUp(host);
    await this.#wait(found.latencyMs);
    if (found.addresses === null) throw new CurlError(6, `Could not resolve host: ${host}`);
    return found.addresses[0]!;
  }

  /** What `--cert` names. */
  #certificate(): string | undefined {
    const file = this.#options.flags.get('cert')?.at(-1);
    if (file === undefined) return undefined;
    try {
      return this.#process.files.read(resolvePath(this.#process.workingDirectory, file));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new CurlError(
        58,
        `could not load PEM client certificate from ${file}, OpenSSL error error:80000002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)`,
      );
    }
  }

  /** Takes the time that connecting or failing to takes. */
  async #connect(connection: Connection, { host, port }: Url) {
    const began = this.#process.simulation.nowMs;
    const failed = (ms: number, why: string) =>
      `Failed to connect to ${host} port ${port} after ${Math.floor(ms)} ms: ${why}`;
    if (connection.outcome === 'timeout') {
      const ownMs = this.#seconds('connect-timeout');
      await this.#wait(Math.min(ownMs, connectTimeoutMs));
      throw new CurlError(
        28,
        failed(
          this.#process.simulation.nowMs - began,
          ownMs === Infinity ? "Couldn't connect to server" : 'Timeout was reached',
        ),
      );
    }
    await this.#wait(connection.latencyMs);
    if (connection.outcome !== 'open') {
      throw new CurlError(7, failed(connection.latencyMs, "Couldn't connect to server"));
    }
    const { http } = connection.listener;
    const { clientAddress } = connection;
    return {
      http:
        http &&
        ((request: Omit<Parameters<typeof http>[0], 'clientAddress'>) => http({ ...request, clientAddress })),
    };
  }

  /** Lets time pass, but not beyond `--max-time`. */
  async #wait(ms: number, connectedMs?: number): Promise<void> {
    const leftMs = this.#beganMs + this.#seconds('max-time') - this.#process.simulation.nowMs;
    if (ms <= leftMs) {
      if (ms > 0) await this.#process.sleep(ms);
      return;
    }
    await this.#process.sleep(Math.max(0, leftMs));
    const total = Math.floor(this.#process.simulation.nowMs - this.#beganMs);
    throw new CurlError(
      28,
      connectedMs === undefined
        ? `Connection timed out after ${total} milliseconds`
        : `Operation timed out after ${total} milliseconds with 0 bytes received`,
    );
  }

  #seconds(flag: string): number {
    const value = this.#options.flags.get(flag)?.at(-1);
    return value === undefined ? Infinity : Number(value) * 1000;
  }

  #method(): string {
    const { flags } = this.#options;
    return (
      flags.get('request')?.at(-1) ??
      (flags.has('head') ? 'HEAD' : flags.has('data') || flags.has('json') ? 'POST' : 'GET')
    );
  }

  #body(): string {
    const { flags } = this.#options;
    return [...(flags.get('data') ?? []), ...(flags.get('json') ?? [])].join('&');
  }

  #headers({ host, port }: Url): Record<string, string> {
    const { flags } = this.#options;
    const headers: Record<string, string> = {
      host: port === 80 || port === 443 ? host : `${host}:${port}`,
      'user-agent': flags.get('user-agent')?.at(-1) ?? `curl/${version}`,
      accept: '*/*',
    };
    if (flags.has('data')) headers['content-type'] = 'application/x-www-form-urlencoded';
    if (flags.has('json')) headers['content-type'] = 'application/json';
    for (const header of flags.get('header') ?? []) {
      const colon = header.indexOf(':');
      if (colon > 0) headers[header.slice(0, colon).toLowerCase()] = header.slice(colon + 1).trim();
    }
    return headers;
  }

  async #print(response: HttpResponse): Promise<void> {
    const { flags } = this.#options;
    const isHead = flags.has('head');
    const head = isHead || flags.has('include') ? `${headLines(response).join('\r\n')}\r\n\r\n` : '';
    const text = head + (isHead ? '' : response.body);
    const file = flags.get('output')?.at(-1) ?? (flags.has('remote-name') ? remoteName(this.#url!) : '-');
    const isFile = file !== '-';
    const streams = response.stream !== undefined && !isHead;
    if (!streams && (isFile || this.#process.stdout.terminal === null)) await this.#meter(text.length);
    if (!isFile) await this.#process.stdout.write(text);
    else this.#save(file, text);
    const { stream } = response;
    if (stream === undefined || isHead) return stream?.close();
    await this.#follow(stream, async (piece) => {
      if (!isFile) await this.#process.stdout.write(piece);
      else this.#save(file, piece, true);
    });
  }

  /** Hands on what comes, until the server ends it or `--max-time` is over. */
  async #follow(stream: BodyStream, write: (piece: string) => Promise<void>): Promise<void> {
    const untilMs = this.#beganMs + this.#seconds('max-time');
    let length = 0;
    for await (const piece of receive(this.#process, stream, untilMs)) {
      length += piece.length;
      await write(piece);
    }
    const { nowMs } = this.#process.simulation;
    if (nowMs < untilMs) return;
    const total = Math.floor(nowMs - this.#beganMs);
    throw new CurlError(28, `Operation timed out after ${total} milliseconds with ${length} bytes received`);
  }

  #save(file: string, text: string, isMore = false): void {
    const { files, workingDirectory } = this.#process;
    try {
      if (isMore) files.append(resolvePath(workingDirectory, file), text);
      else files.write(resolvePath(workingDirectory, file), text);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new CurlError(23, `client returned ERROR on write, ${text.length} bytes`);
    }
  }

  /** The progress meter that curl shows when its output is not on the terminal. */
  async #meter(size: number): Promise<void> {
    const { flags } = this.#options;
    if (flags.has('silent') || flags.has('no-meter')) return;
    const seconds = Math.max(0.001, (this.#process.simulation.nowMs - this.#beganMs) / 1000);
    const speed = shortSize(Math.round(size / seconds));
    const length = String(size).padStart(5);
    await this.#process.stderr.write(
      `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n` +
        `                                 Dload  Upload   Total   Spent    Left  Speed\n` +
        `100 ${length}  100 ${length}    0     0  ${speed.padStart(5)}      0 --:--:-- --:--:-- --:--:-- ${speed.padStart(5)}\n`,
    );
  }

  async #verbose(text: string): Promise<void> {
    if (this.#options.flags.has('verbose')) await this.#process.stderr.write(`${text}\n`);
  }
}

function headLines({ status, headers }: HttpResponse): string[] {
  return [
    `HTTP/1.1 ${status} ${statusPhrase(status)}`,
    ...Object.entries(headers).map(([name, value]) => `${headerName(name)}: ${value}`),
  ];
}

/** `content-type` as servers write it: `Content-Type`. */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function remoteName({ path }: Url): string {
  return path.split('?')[0]!.split('/').pop() || 'curl_response';
}

function shortSize(bytes: number): string {
  if (bytes < 100_000) return String(bytes);
  return bytes < 10_240_000 ? `${Math.floor(bytes / 1024)}k` : `${Math.floor(bytes / 1_048_576)}M`;
}
