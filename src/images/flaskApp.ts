import type { ContainerScope, Server } from '#world/machine/image.ts';
import type { RequestCost } from '#world/traffic/requestCost.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { accessLogTime } from './accessLog.ts';
import { definePort, defineServer } from './image.ts';

/** Answers a path of a small Python web service: a body and its type, or null for 404. */
export type Route = (
  request: HttpRequest,
  container: ContainerScope,
) => { body: string; type?: string } | null;

const notFound = `<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
`;

/** A web service as Flask's own server runs it, with its log. */
export function flaskServer(options: {
  readonly port: number;
  readonly startMs: number;
  readonly memoryIdleBytes: number;
  readonly cost: RequestCost;
  readonly route: Route;
}): Server {
  const { port, cost, route } = options;
  const handle = (request: HttpRequest, container: ContainerScope): HttpResponse => {
    const found = route(request, container);
    const status = found === null ? 404 : 200;
    const body = found?.body ?? notFound;
    const time = accessLogTime(container.simulation.nowMs).split(' ')[0]!.replace(':', ' ');
    container.log(
      `${request.clientAddress} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} -\n`,
    );
    const type = found === null ? 'text/html; charset=utf-8' : (found.type ?? 'application/json');
    const headers = {
      server: 'Werkzeug/3.1.3 Python/3.12.11',
      'content-type': type,
      'content-length': String(body.length),
    };
    return { status, headers, body };
  };
  return defineServer({
    startMs: options.startMs,
    memoryIdleBytes: options.memoryIdleBytes,
    cpuIdleMillicores: 1,
    onTerminate: { afterMs: 300, exitCode: 143 },
    startLog: () =>
      ` * Serving Flask app 'app'\n * Debug mode: off\nWARNING: This is a development server. Do not use it in a production deployment. Use a production WSGI server instead.\n * Running on all addresses (0.0.0.0)\n * Running on http://127.0.0.1:${port}\nPress CTRL+C to quit\n`,
    ports: [definePort({ port, handle, cost })],
  });
}

/** A value from the query of a path. */
export function queryValue({ path }: HttpRequest, name: string): string | undefined {
  const pair = path
    .split('?')[1]
    ?.split('&')
    .find((part) => part.startsWith(`${name}=`));
  return pair && decode(pair.slice(name.length + 1));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
