// Upstream: test/images/agnhost/netexec
import { parseDuration } from '#kubernetes/apimachinery/duration.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { queryValue } from '../flaskApp.ts';
import { definePort, defineServer } from '../image.ts';
import { dial } from './dial.ts';
import { flagOf, logLine, memoryIdleBytes, notFound, portOf, respond } from './respond.ts';

type Handler = (request: HttpRequest, container: ContainerScope) => HttpResponse;

/** Linux chooses the client's port; here all have one. */
export const clientPort = 40_000;

function echo(request: HttpRequest): HttpResponse {
  const code = queryValue(request, 'code') ?? '';
  if (code !== '' && !/^\d+$/.test(code))
    return respond(`argument 'code' must be an integer or empty, got ${JSON.stringify(code)}\n`);
  return respond(queryValue(request, 'msg') ?? '', code === '' ? 200 : Number(code));
}

function redirect(request: HttpRequest): HttpResponse {
  const location = queryValue(request, 'location') ?? '';
  const status = Number(queryValue(request, 'code') || 302);
  return { status, headers: { location, 'content-length': '0' }, body: '' };
}

function exit(request: HttpRequest, container: ContainerScope): HttpResponse {
  const wait = queryValue(request, 'wait') || '0s';
  const code = Number(queryValue(request, 'code') ?? 0);
  try {
    container.simulation.after(parseDuration(wait), () => container.kill(code));
    return respond('');
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return respond(`argument 'wait' must be a valid golang duration or empty, got ${JSON.stringify(wait)}\n`);
  }
}

const handlers: Readonly<Record<string, Handler>> = {
  '/': (_request, { simulation }) => respond(`NOW: ${new Date(simulation.nowMs).toISOString()}`),
  '/hostname': (_request, { hostname }) => respond(hostname),
  '/hostName': (_request, { hostname }) => respond(hostname),
  '/clientip': ({ clientAddress }) => respond(`${clientAddress}:${clientPort}`),
  '/header': (request) => respond(request.headers[(queryValue(request, 'key') ?? '').toLowerCase()] ?? ''),
  '/echo': echo,
  '/dial': dial,
  '/redirect': redirect,
  '/exit': exit,
  '/shutdown': (_request, container) => {
    container.simulation.after(0, () => container.kill(0));
    return { status: 0, headers: {}, body: '' };
  },
  '/healthz': () => respond(''),
};

function serve(request: HttpRequest, container: ContainerScope): HttpResponse {
  const override = flagOf(container.args, '--http-override');
  const asked = override === undefined ? request : { ...request, path: override };
  const [path = ''] = asked.path.split('?');
  const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
  if (handler === undefined) return notFound;
  container.log(logLine(container.simulation.nowMs, `GET ${asked.path}`));
  return handler(asked, container);
}

/** One datagram and its answer, without a newline. */
function answerDatagram(text: string, { hostname }: ContainerScope, clientAddress: string): string | null {
  const [command = '', ...words] = text.trim().split(' ');
  switch (command.toLowerCase()) {
    case 'hostname':
      return hostname;
    case 'echo':
      return words.join(' ');
    case 'clientip':
      return `${clientAddress}:${clientPort}`;
    default:
      return null;
  }
}

/** `agnhost netexec`: says who it is and who asks, echoes, and calls others. */
export const netexecServer = defineServer({
  memoryIdleBytes,
  ports: ({ args }) => {
    const udpPort = portOf(args, 8081, '--udp-port');
    const http = definePort({ port: portOf(args, 8080, '--http-port'), handle: serve });
    const udp = definePort({ port: udpPort, protocol: 'UDP', converse: answerDatagram });
    return udpPort === -1 ? [http] : [http, udp];
  },
  startLog: (startedMs, args) =>
    logLine(startedMs, `Started HTTP server on port ${portOf(args, 8080, '--http-port')}`) +
    logLine(startedMs, `Started UDP server on port  ${portOf(args, 8081, '--udp-port')}`),
});
