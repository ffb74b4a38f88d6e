import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import { type HttpRequest, type HttpResponse, statusPhrase } from '#world/network/http.ts';
import { accessLogTime } from './accessLog.ts';
import { and, debianTools, network } from './tools.ts';
import { defineImage, definePort, defineServer, isCommand, mb, mib } from './image.ts';

const version = '1.29.3';
const root = '/usr/share/nginx/html';

const welcomePage = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

function errorPage(status: number): string {
  const title = `${status} ${statusPhrase(status)}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`;
}

function handle(request: HttpRequest, container: ContainerScope): HttpResponse {
  const { status, body, type } = serve(request, container);
  const agent = request.headers['user-agent'] ?? '-';
  const time = accessLogTime(container.simulation.nowMs);
  const line = `${request.clientAddress} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} ${body.length} "${request.headers['referer'] ?? '-'}" "${agent}" "-"`;
  container.log(`${line}\n`);
  return {
    status,
    headers: { server: `nginx/${version}`, 'content-type': type, 'content-length': String(body.length) },
    body: request.method === 'HEAD' ? '' : body,
  };
}

function serve(
  { method, path }: HttpRequest,
  { files }: ContainerScope,
): { status: number; body: string; type: string } {
  const fail = (status: number) => ({ status, body: errorPage(status), type: 'text/html' });
  if (method !== 'GET' && method !== 'HEAD') return fail(405);
  const plain = path.split(/[?#]/, 1)[0]!;
  const file = resolvePath(root, `.${plain.endsWith('/') ? `${plain}index.html` : plain}`);
  try {
    if (files.status(file)?.type === 'directory') return fail(403);
    return { status: 200, body: files.read(file), type: typeOf(file) };
  } catch (error) {
    if (error instanceof FileError) return fail(plain === '/' ? 403 : 404);
    throw error;
  }
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
};

function typeOf(path: string): string {
  return types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

function startLog(startedMs: number): string {
  const at = new Date(startedMs).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
  const notices = [
    'using the "epoll" event method',
    `nginx/${version}`,
    'OS: Linux 6.12.0-podarium',
    'start worker processes',
  ];
  return `/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration
/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/
/docker-entrypoint.sh: Configuration complete; ready for start up
${notices.map((notice) => `${at} [notice] 1#1: ${notice}\n`).join('')}`;
}

const server = defineServer({
  startLog,
  startMs: 300,
  memoryIdleBytes: 9 * mib,
  onTerminate: { afterMs: 150, exitCode: 0 },
  ports: [definePort({ port: 80, handle, cost: { cpuMicros: 120, latencyMs: 1, memoryBytes: 8192 } })],
});

/** The web server: serves the files below its root, and logs each request as nginx does. */
export const nginx = defineImage({
  name: 'nginx',
  tags: [
    'latest',
    '1.29',
    '1.28',
    '1.27',
    '1.26',
    '1.25',
    '1.24',
    '1.21',
    '1.19',
    '1.16',
    '1.14',
    'alpine',
    'stable',
  ],
  sizeBytes: 72 * mb,
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  environment: { NGINX_VERSION: version },
  files: {
    [`${root}/index.html`]: welcomePage,
    [`${root}/50x.html`]: errorPage(500),
    '/etc/nginx/nginx.conf': 'user  nginx;\nworker_processes  auto;\n',
    '/docker-entrypoint.sh': '#!/bin/sh\n',
  },
  programs: and(debianTools, network('curl')),
  serverFor: (args) => (isCommand(args, 'nginx') ? server : undefined),
});
