import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { accessLogTime } from './accessLog.ts';
import { defineImage, definePort, defineServer, isCommand, mb, mib } from './image.ts';
import { debianTools } from './tools.ts';

const root = '/usr/local/apache2/htdocs';

function handle(request: HttpRequest, container: ContainerScope): HttpResponse {
  const plain = request.path.split(/[?#]/, 1)[0]!;
  const file = resolvePath(root, `.${plain.endsWith('/') ? `${plain}index.html` : plain}`);
  let status = 200;
  let body: string;
  try {
    body = container.files.read(file);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    status = 404;
    body = notFoundPage;
  }
  const time = accessLogTime(container.simulation.nowMs);
  container.log(
    `${request.clientAddress} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} ${body.length}\n`,
  );
  const headers = {
    server: 'Apache/2.4.65 (Unix)',
    'content-type': 'text/html',
    'content-length': String(body.length),
  };
  return { status, headers, body };
}

const notFoundPage = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head>
<title>404 Not Found</title>
</head><body>
<h1>Not Found</h1>
<p>The requested URL was not found on this server.</p>
</body></html>
`;

const server = defineServer({ memoryIdleBytes: 12 * mib, ports: [definePort({ port: 80, handle })] });

/** The Apache web server. */
export const httpd = defineImage({
  name: 'httpd',
  tags: ['latest', '2.4', '2', 'alpine'],
  sizeBytes: 46 * mb,
  command: ['httpd-foreground'],
  workingDirectory: '/usr/local/apache2',
  files: { [`${root}/index.html`]: '<html><body><h1>It works!</h1></body></html>\n' },
  programs: debianTools,
  serverFor: (args) => (isCommand(args, 'httpd-foreground', 'httpd') ? server : undefined),
});
