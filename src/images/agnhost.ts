// Upstream: test/images/agnhost
import type { Program } from '#world/machine/program.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { ContainerScope, Server } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { conversionServer } from './agnhostConversion.ts';
import { webhookServer } from './agnhostWebhook.ts';
import { queryValue } from './flaskApp.ts';
import { defineImage, definePort, defineServer, mb, mib } from './image.ts';
import { and, busyboxTools, network } from './tools.ts';

function text(body: string, status = 200): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(body.length) },
    body,
  };
}

/** A line as Go's `log` writes it. */
function logLine(atMs: number, message: string): string {
  return `${formatTime(atMs).replace('T', ' ').replace('Z', '').replaceAll('-', '/')} ${message}\n`;
}

/** `agnhost netexec`: says who it is, echoes, and answers what it is told to. */
function netexec(request: HttpRequest, container: ContainerScope): HttpResponse {
  const note = (what: string) => container.log(logLine(container.simulation.nowMs, what));
  switch (request.path.split('?')[0]) {
    case '/':
      note('GET /');
      return text(`NOW: ${new Date(container.simulation.nowMs).toISOString()}`);
    case '/hostname':
    case '/hostName':
      note('GET /hostName');
      return text(container.hostname);
    case '/clientip':
      note('GET /clientip');
      return text(`${request.clientAddress}:40000`);
    case '/echo': {
      const message = queryValue(request, 'msg') ?? '';
      note(`GET /echo?msg=${message}`);
      return text(message, Number(queryValue(request, 'code') ?? 200));
    }
    case '/healthz':
      return text(
        container.memory.get('unhealthy') === true ? 'unhealthy' : 'ok',
        container.memory.get('unhealthy') === true ? 412 : 200,
      );
    default:
      return text('404 page not found\n', 404);
  }
}

/** `agnhost nettest`: counts who has written to it. */
function nettest({ path, method, body }: HttpRequest, { memory, hostname }: ContainerScope): HttpResponse {
  const received = (memory.get('received') ?? {}) as Readonly<Record<string, number>>;
  if (path === '/read')
    return text(JSON.stringify({ Hostname: hostname, Sent: {}, Received: received, Errors: null }));
  if (path !== '/write' || method !== 'POST') return text('404 page not found\n', 404);
  const source = (JSON.parse(body) as { readonly Source?: string }).Source ?? '';
  memory.set('received', { ...received, [source]: (received[source] ?? 0) + 1 });
  return text('{}');
}

/** How long `agnhost liveness` is well. */
const aliveMs = 10_000;

/** The value of a flag such as `--http-port=8080` or `--port 80`. */
function portOf(args: readonly string[], byDefault: number): number {
  for (const [i, arg] of args.entries()) {
    const [flag, value = args[i + 1]] = arg.split('=');
    if (flag === '--http-port' || flag === '--port') return Number(value);
  }
  return byDefault;
}

const memoryIdleBytes = 12 * mib;

/** By command: what it listens on unless a flag says otherwise, and what it answers. */
const servers: Readonly<Record<string, Server>> = {
  netexec: defineServer({
    memoryIdleBytes,
    ports: ({ args }) => [definePort({ port: portOf(args, 8080), handle: netexec })],
    startLog: (startedMs) => logLine(startedMs, 'Started HTTP server on port 8080'),
  }),
  'serve-hostname': defineServer({
    memoryIdleBytes,
    ports: ({ args }) => [
      definePort({ port: portOf(args, 9376), handle: (_request, { hostname }) => text(hostname) }),
    ],
  }),
  nettest: defineServer({ memoryIdleBytes, ports: [definePort({ port: 8080, handle: nettest })] }),
  'test-webserver': defineServer({
    memoryIdleBytes,
    ports: [definePort({ port: 80, handle: () => text('<pre>\n</pre>\n') })],
  }),
  liveness: defineServer({
    memoryIdleBytes,
    onStart: ({ memory, simulation }) => void memory.set('startedMs', simulation.nowMs),
    ports: [
      definePort({
        port: 8080,
        isSteady: false,
        handle: (_request, { memory, simulation }) => {
          const age = simulation.nowMs - (memory.get('startedMs') as number);
          return age > aliveMs ? text(`error: ${age / 1000}s`, 500) : text('ok');
        },
      }),
    ],
  }),
  'grpc-health-checking': defineServer({
    memoryIdleBytes,
    ports: ({ args }) => [definePort({ port: portOf(args, 5000) })],
  }),
  pause: defineServer({
    memoryIdleBytes: 4 * mib,
    cpuIdleMillicores: 0,
    ports: [],
    startLog: () => 'Paused\n',
  }),
  'crd-conversion-webhook': conversionServer,
  webhook: webhookServer,
};

/** `agnhost entrypoint-tester` prints how it was called; the other commands are servers. */
const program: Program = async (process) => {
  if (process.args[1] === 'entrypoint-tester') {
    await process.stdout.write(`[${process.args.join(' ')}]\n`);
    return 0;
  }
  await process.stderr.write(`Error: unknown command "${process.args[1] ?? ''}" for "app"\n`);
  return 1;
};

/** Upstream's image for tests, with some of its many commands. */
export const agnhost = defineImage({
  name: 'registry.k8s.io/e2e-test-images/agnhost',
  tags: ['2.59', '2.56', '2.53', '2.47', '2.45', '2.43', '2.40', '2.39'],
  sizeBytes: 51 * mb,
  entrypoint: ['/agnhost'],
  command: ['pause'],
  programs: and(busyboxTools, network('curl'), [
    ['/agnhost', program],
    ['/agnhost-2', program],
  ]),
  serverFor: (args) => (args[0]?.endsWith('agnhost') === true ? servers[args[1] ?? ''] : undefined),
});
