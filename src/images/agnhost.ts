import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
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

/** `agnhost netexec`: says who it is, echoes, and answers what it is told to. */
function netexec(request: HttpRequest, container: ContainerScope): HttpResponse {
  switch (request.path.split('?')[0]) {
    case '/':
      return text(`NOW: ${new Date(container.simulation.nowMs).toISOString()}`);
    case '/hostname':
    case '/hostName':
      return text(container.hostname);
    case '/clientip':
      return text(`${request.clientAddress}:40000`);
    case '/echo':
      return text(queryValue(request, 'msg') ?? '', Number(queryValue(request, 'code') ?? 200));
    case '/healthz':
      return text(
        container.memory.get('unhealthy') === true ? 'unhealthy' : 'ok',
        container.memory.get('unhealthy') === true ? 412 : 200,
      );
    default:
      return text('404 page not found\n', 404);
  }
}

/** The value of a flag such as `--http-port=8080` or `--port 80`. */
function portOf(args: readonly string[], byDefault: number): number {
  for (const [i, arg] of args.entries()) {
    const [flag, value = args[i + 1]] = arg.split('=');
    if (flag === '--http-port' || flag === '--port') return Number(value);
  }
  return byDefault;
}

const netexecServer = defineServer({
  memoryIdleBytes: 12 * mib,
  ports: ({ args }) => [definePort({ port: portOf(args, 8080), handle: netexec })],
});

const hostnameServer = defineServer({
  memoryIdleBytes: 12 * mib,
  ports: ({ args }) => [
    definePort({ port: portOf(args, 9376), handle: (_request, { hostname }) => text(hostname) }),
  ],
});

const pauseServer = defineServer({ memoryIdleBytes: 4 * mib, cpuIdleMillicores: 0, ports: [] });

/** Upstream's image for tests: `netexec`, `serve-hostname`, `webhook` and `pause` of its many commands. */
export const agnhost = defineImage({
  name: 'registry.k8s.io/e2e-test-images/agnhost',
  tags: ['2.59', '2.56', '2.53', '2.47', '2.45', '2.43', '2.40', '2.39'],
  sizeBytes: 51 * mb,
  entrypoint: ['/agnhost'],
  command: ['pause'],
  programs: and(busyboxTools, network('curl')),
  serverFor(args) {
    if (args[0]?.endsWith('agnhost') !== true) return undefined;
    if (args[1] === 'netexec') return netexecServer;
    if (args[1] === 'serve-hostname') return hostnameServer;
    if (args[1] === 'webhook') return webhookServer;
    return args[1] === 'pause' ? pauseServer : undefined;
  },
});
