// Upstream: test/images/agnhost/test-webserver; Go's net/http/fs.go
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { definePort, defineServer } from '../image.ts';
import { memoryIdleBytes, notFound, portOf, respond } from './respond.ts';

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
};

const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => escaped[sign]!);

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function serve({ path }: HttpRequest, { files }: ContainerScope): HttpResponse {
  const [asked = '/'] = path.split('?');
  const target = resolvePath('/', decoded(asked));
  try {
    const status = files.status(target);
    if (status === null) return notFound;
    if (status.type === 'file') return respond(files.read(target), 200, typeOf(target));
    if (!asked.endsWith('/'))
      return { status: 301, headers: { location: `${asked.split('/').at(-1)}/` }, body: '' };
    const index = target === '/' ? '/index.html' : `${target}/index.html`;
    if (files.status(index)?.type === 'file') return respond(files.read(index), 200, contentTypes['html']);
    return respond(listing(files, target), 200, contentTypes['html']);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return respond('500 Internal Server Error\n', 500);
  }
}

function typeOf(path: string): string {
  return contentTypes[path.split('.').at(-1)!] ?? 'text/plain; charset=utf-8';
}

function listing(files: ContainerScope['files'], directory: string): string {
  const lines = files.list(directory).map((name) => {
    const isDirectory = files.status(resolvePath(directory, name))?.type === 'directory';
    const shown = isDirectory ? `${name}/` : name;
    return `<a href="${encodeURI(shown)}">${escapeHtml(shown)}</a>\n`;
  });
  const head = '<!doctype html>\n<meta name="viewport" content="width=device-width">\n';
  return `${head}<pre>\n${lines.join('')}</pre>\n`;
}

/** `agnhost test-webserver`: serves all files of its container. */
export const fileServer = defineServer({
  memoryIdleBytes,
  ports: ({ args }) => [definePort({ port: portOf(args, 80), handle: serve })],
});
