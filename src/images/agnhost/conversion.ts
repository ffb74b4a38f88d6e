// Upstream: test/images/agnhost/crd-conversion-webhook/converter
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { definePort, defineServer, mib } from '../image.ts';

type Fields = Readonly<Record<string, unknown>>;

interface ConversionReview {
  readonly apiVersion?: string;
  readonly request?: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly Fields[];
  };
}

const group = 'stable.example.com';

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** Between `hostPort: a:1` of v1 and `host` and `port` of v2. Throws an Error with what the webhook says no with. */
function convert(object: Fields, to: string): Fields {
  const from = textOf(object['apiVersion']);
  if (from === to) throw new Error(`conversion from a version to itself should not call the webhook: ${to}`);
  if (from === `${group}/v1` && to === `${group}/v2`) {
    const { hostPort, ...rest } = object;
    if (hostPort === undefined) return { ...rest, apiVersion: to };
    const [host, port, ...more] = textOf(hostPort).split(':');
    if (port === undefined || more.length > 0)
      throw new Error(`invalid hostPort value \`${textOf(hostPort)}\``);
    return { ...rest, apiVersion: to, host, port };
  }
  if (from === `${group}/v2` && to === `${group}/v1`) {
    const { host, port, ...rest } = object;
    if (host === undefined && port === undefined) return { ...rest, apiVersion: to };
    return { ...rest, apiVersion: to, hostPort: `${textOf(host)}:${textOf(port)}` };
  }
  throw new Error(`unexpected conversion version ${JSON.stringify(from)}`);
}

function respond(body: string, status: number, type: string): HttpResponse {
  return { status, headers: { 'content-type': type, 'content-length': String(body.length) }, body };
}

function serve({ path, body }: HttpRequest): HttpResponse {
  const [name = ''] = path.split('?');
  if (name === '/readyz') return respond('ok', 200, 'text/plain; charset=utf-8');
  if (name !== '/crdconvert') return respond('404 page not found\n', 404, 'text/plain; charset=utf-8');
  const { apiVersion, request } = JSON.parse(body) as ConversionReview;
  if (request === undefined)
    return respond('Unsupported group version kind\n', 400, 'text/plain; charset=utf-8');
  const response = { uid: request.uid, ...converted(request) };
  return respond(JSON.stringify({ kind: 'ConversionReview', apiVersion, response }), 200, 'application/json');
}

function converted({ objects, desiredAPIVersion }: NonNullable<ConversionReview['request']>): object {
  try {
    const convertedObjects = objects.map((object) => convert(object, desiredAPIVersion));
    return { convertedObjects, result: { metadata: {}, status: 'Success' } };
  } catch (error) {
    return { result: { metadata: {}, status: 'Failure', message: (error as Error).message } };
  }
}

function portOf(args: readonly string[]): number {
  return Number(args.find((arg) => arg.startsWith('--port='))?.slice('--port='.length) ?? 443);
}

/** `agnhost crd-conversion-webhook`: converts the custom resources of upstream's test. */
export const conversionServer = defineServer({
  memoryIdleBytes: 12 * mib,
  ports: ({ args }) => [definePort({ port: portOf(args), handle: serve, isSteady: true })],
});
