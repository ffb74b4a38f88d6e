// Upstream: kubectl/pkg/proxy/proxy_server.go, Go's net/http fs.go
import { compileRe2 } from '#text/re2.ts';
import { type Regex, RegexError } from '#text/regex.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import type { Listener } from '#world/network/network.ts';
import { CommandError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { klogLine } from './klog.ts';
import { serverOf } from './server.ts';

interface Answered {
  readonly response: HttpResponse;
  readonly latencyMs: number;
}

/** Requests that may come through. Upstream: FilterServer */
interface Filter {
  readonly acceptPaths: readonly Regex[];
  readonly rejectPaths: readonly Regex[];
  readonly acceptHosts: readonly Regex[];
  readonly rejectMethods: readonly Regex[];
}

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
};

/** What listens for `kubectl proxy`: it hands requests on to the API server as the kubeconfig's user, over the network. */
export class ProxyServer {
  readonly listener: Listener = { isSteady: false, http: (request) => this.#answer(request) };
  readonly #invocation: Invocation;
  readonly #filter: Filter | null;
  readonly #apiPrefix: string;
  readonly #filePrefix: string;
  readonly #directory: string;
  readonly #host: string;
  readonly #port: number;
  /** Of the server's URL, where it has one and requests should get it. */
  readonly #path: string;

  constructor(invocation: Invocation) {
    const { flags, process } = invocation;
    const list = (flag: string) => patterns(flags.text(flag), process);
    this.#invocation = invocation;
    this.#filter = flags.bool('disable-filter')
      ? null
      : {
          acceptPaths: list('accept-paths'),
          rejectPaths: list('reject-paths'),
          acceptHosts: list('accept-hosts'),
          rejectMethods: list('reject-methods'),
        };
    this.#apiPrefix = withSlash(flags.text('api-prefix'));
    this.#filePrefix = withSlash(flags.text('www-prefix'));
    this.#directory = flags.text('www');
    const [, host = '', port = '443', path = ''] =
      /^https?:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(serverOf(flags, invocation.config)) ?? [];
    this.#host = host;
    this.#port = Number(port);
    this.#path = flags.bool('append-server-path') ? path.replace(/\/$/, '') : '';
  }

  #answer(request: HttpRequest): Answered {
    const [path = '/'] = request.path.split('?');
    const isFile =
      this.#directory !== '' &&
      path.startsWith(this.#filePrefix) &&
      this.#filePrefix.length >= this.#apiPrefix.length;
    if (isFile) return here(this.#file(path.slice(this.#filePrefix.length)));
    if (!path.startsWith(this.#apiPrefix)) return here(notFound);
    const isStripped = !this.#apiPrefix.startsWith('/api');
    const rest = isStripped ? `/${request.path.slice(this.#apiPrefix.length)}` : request.path;
    if (!this.#accepts(request, rest.split('?')[0]!)) return here(plain(403, 'Forbidden\n'));
    return this.#forward({ ...request, path: this.#path + rest });
  }

  #accepts({ method, headers }: HttpRequest, path: string): boolean {
    if (this.#filter === null) return true;
    const { acceptPaths, rejectPaths, acceptHosts, rejectMethods } = this.#filter;
    const host = (headers['host'] ?? '').replace(/:\d+$/, '');
    const matches = (text: string, among: readonly Regex[]) => among.some((one) => one.test(text));
    if (matches(path, rejectPaths) || matches(method, rejectMethods)) return false;
    return matches(path, acceptPaths) && matches(host, acceptHosts);
  }

  #forward(request: HttpRequest): Answered {
    const { process, client } = this.#invocation;
    const { clientAddress: _, ...sent } = request;
    const { token, certificate } = client.credentials() ?? {};
    const { impersonate } = client;
    const exchange = process.network!.request(this.#host, this.#port, {
      ...sent,
      headers: {
        ...request.headers,
        host: `${this.#host}:${this.#port}`,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(impersonate && { 'impersonate-user': impersonate.user }),
        ...(impersonate?.groups[0] !== undefined && { 'impersonate-group': impersonate.groups[0] }),
      },
      ...(certificate !== undefined && { clientCertificate: certificate }),
    });
    if (exchange.outcome === 'answered') return exchange;
    const why =
      exchange.outcome === 'not found'
        ? `lookup ${this.#host}: no such host`
        : `dial tcp ${exchange.address}:${this.#port}: ${failures[exchange.outcome]}`;
    const latencyMs = exchange.outcome === 'timeout' ? dialTimeoutMs : exchange.latencyMs;
    return { response: plain(500, `${why}\n`), latencyMs };
  }

  /** A file of the directory that `--www` names. */
  #file(name: string): HttpResponse {
    const { files, workingDirectory } = this.#invocation.process;
    const root = resolvePath(workingDirectory, this.#directory);
    const path = resolvePath(root, `./${name}`);
    if (path !== root && !path.startsWith(`${root}/`)) return notFound;
    try {
      if (files.status(path)?.type !== 'directory') return this.#contentOf(path);
      if (files.status(`${path}/index.html`) !== null) return this.#contentOf(`${path}/index.html`);
      const lines = [...files.list(path)].sort().map((entry) => `<a href="${entry}">${entry}</a>\n`);
      const head = '<!doctype html>\n<meta name="viewport" content="width=device-width">\n';
      const headers = { 'content-type': contentTypes['html']! };
      return { status: 200, headers, body: `${head}<pre>\n${lines.join('')}</pre>\n` };
    } catch (error) {
      if (error instanceof FileError) return notFound;
      throw error;
    }
  }

  #contentOf(path: string): HttpResponse {
    const body = this.#invocation.process.files.read(path);
    const type = contentTypes[path.split('.').at(-1)!] ?? 'text/plain; charset=utf-8';
    return { status: 200, headers: { 'content-type': type }, body };
  }
}

/** Upstream: the dialer's timeout in makeUpgradeTransport. */
const dialTimeoutMs = 30_000;
const failures = {
  refused: 'connect: connection refused',
  unreachable: 'connect: no route to host',
  timeout: 'i/o timeout',
  'not http': 'read: connection reset by peer',
} as const;

const notFound = plain(404, '404 page not found\n');

function plain(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function here(response: HttpResponse): Answered {
  return { response, latencyMs: 0 };
}

function withSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function patterns(list: string, process: Process): readonly Regex[] {
  return list === '' ? [] : list.split(',').map((source) => compiled(source, process));
}

function compiled(source: string, process: Process): Regex {
  try {
    return compileRe2(source);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    const line = klogLine(process, 'F', 'proxy_server.go:83', `Error compiling re: ${error.message}`);
    throw new CommandError(line.trimEnd(), 255, '');
  }
}
