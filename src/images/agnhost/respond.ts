import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { HttpResponse } from '#world/network/http.ts';

/** What the servers of this image hold in memory when nobody asks anything of them. */
export const memoryIdleBytes = 12 * 1024 * 1024;

const htmlTags =
  /^\s*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|!--)[\s>]/i;

/** An answer as Go's `net/http` gives it, which looks at how the body begins where nobody says what it is. */
export function respond(body: string, status = 200, type = sniffed(body)): HttpResponse {
  return { status, headers: { 'content-type': type, 'content-length': String(body.length) }, body };
}

export const notFound = respond('404 page not found\n', 404);

/** Upstream: Go's net/http/sniff.go, as far as text goes. */
function sniffed(body: string): string {
  return htmlTags.test(body) ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
}

export function json(body: unknown): HttpResponse {
  return respond(JSON.stringify(body), 200, 'application/json');
}

/** A line as Go's `log` writes it. */
export function logLine(atMs: number, message: string): string {
  return `${formatTime(atMs).replace('T', ' ').replace('Z', '').replaceAll('-', '/')} ${message}\n`;
}

/** The value of a flag such as `--http-port=8080` or `--port 80`; of several names for one the first that is there. */
export function flagOf(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    if (names.includes(name)) return equals < 0 ? args[i + 1] : arg.slice(equals + 1);
  }
  return undefined;
}

export function portOf(args: readonly string[], byDefault: number, ...names: readonly string[]): number {
  return Number(flagOf(args, ...(names.length > 0 ? names : ['--port'])) ?? byDefault);
}

/** A flag that is there, and not said to be false. */
export function isSet(args: readonly string[], name: string): boolean {
  return args.some((arg) => arg === name || (arg.startsWith(`${name}=`) && !arg.endsWith('=false')));
}
