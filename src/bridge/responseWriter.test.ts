import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bridge } from './bridge.ts';
import { open, openBridge, send } from './testBridge.ts';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await openBridge();
}, 60_000);
afterAll(() => bridge.close());

const namespace = '/api/v1/namespaces/default';
const configMaps = `${namespace}/configmaps`;

// Upstream: isPrettyPrint in apiserver/pkg/endpoints/handlers/negotiation, WriteRawJSON in responsewriters.
test.each<[path: string, agent: string, accept: string, pretty: boolean]>([
  [namespace, 'kubectl/v1.36.0', '*/*', false],
  [`${namespace}?pretty=true`, 'kubectl/v1.36.0', '*/*', true],
  [`${namespace}?pretty=1`, 'kubectl/v1.36.0', '*/*', true],
  [`${namespace}?pretty=nonsense`, 'curl/8', '*/*', false],
  [`${namespace}?pretty=false`, 'curl/8', '*/*', false],
  [`${namespace}?pretty=`, 'curl/8', '*/*', true],
  [namespace, 'curl/8', '*/*', true],
  [namespace, 'Wget/1.21', '*/*', true],
  [namespace, 'Mozilla/5.0 (X11)', '*/*', true],
  [namespace, 'Mozilla/4.0', '*/*', false],
  [namespace, 'x', 'application/json;pretty=1', true],
  [`${namespace}/none`, 'curl/8', '*/*', true],
  ['/api', 'curl/8', '*/*', true],
  ['/apis/apps/v1', 'curl/8', '*/*', true],
  ['/version', 'kubectl/v1.36.0', '*/*', true],
  ['/', 'kubectl/v1.36.0', '*/*', true],
  ['/openapi/v3', 'curl/8', '*/*', false],
  ['/.well-known/openid-configuration', 'curl/8', '*/*', false],
])('%s for %s, %s: indented %s', async (path, agent, accept, pretty) => {
  const { body } = await send(bridge, { path, headers: { 'user-agent': agent, accept } });
  const text = body.toString();
  expect(text.startsWith(pretty ? '{\n  "' : '{"')).toBe(true);
  expect(text).toBe(
    pretty ? JSON.stringify(JSON.parse(text), null, 2) : `${JSON.stringify(JSON.parse(text))}\n`,
  );
});

test('an event of a watch is one line whoever reads it', async () => {
  const path = `${configMaps}?watch=true&resourceVersion=0&pretty=true`;
  const watching = await open(bridge, { path, headers: { 'user-agent': 'curl/8' } });
  const [line] = await new Promise<Buffer[]>((resolve) => watching.once('data', (...all) => resolve(all)));
  expect(line!.toString()).toMatch(/^\{"type":"ADDED","object":\{"/);
  watching.destroy();
});

const yaml = { accept: 'application/yaml', 'user-agent': 'curl/8' };

test.each<[path: string, status: number, is: object]>([
  [namespace, 200, { kind: 'Namespace', metadata: { name: 'default' } }],
  [configMaps, 200, { kind: 'ConfigMapList' }],
  ['/api', 200, { kind: 'APIVersions' }],
  ['/apis', 200, { kind: 'APIGroupList' }],
  ['/apis/apps/v1', 200, { kind: 'APIResourceList' }],
  [`${configMaps}/none`, 404, { kind: 'Status', reason: 'NotFound' }],
])('%s comes as YAML where that is accepted', async (path, status, is) => {
  const answer = await send(bridge, { path, headers: yaml });
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/yaml']);
  const text = answer.body.toString();
  expect(text).not.toMatch(/^\{/);
  expect(load(text)).toMatchObject(is);
});

test('a table comes as YAML too', async () => {
  const accept = 'application/yaml;as=Table;g=meta.k8s.io;v=v1';
  const { body } = await send(bridge, { path: configMaps, headers: { accept } });
  expect(load(body.toString())).toMatchObject({ kind: 'Table' });
});

test.each(['/version', '/', '/openapi/v3'])('%s is JSON alone', async (path) => {
  const { headers, body } = await send(bridge, { path, headers: yaml });
  expect(headers['content-type']).toBe('application/json');
  expect(() => JSON.parse(body.toString()) as unknown).not.toThrow();
});

test('a list of all groups is JSON even beside YAML', async () => {
  const json = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { headers, body } = await send(bridge, {
    path: '/apis',
    headers: { accept: `${json},application/yaml` },
  });
  expect(headers['content-type']).toBe(json);
  expect(JSON.parse(body.toString())).toMatchObject({ kind: 'APIGroupDiscoveryList' });
});

test('a watch has no frames in YAML', async () => {
  const { status, body } = await send(bridge, { path: `${configMaps}?watch=true`, headers: yaml });
  expect(status).toBe(406);
  expect(load(body.toString())).toMatchObject({
    message: 'only the following media types are accepted: application/json;stream=watch',
  });
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test('every answer has an audit id, the client’s own where it brings one', async () => {
  const paths = [namespace, `${configMaps}/none`, '/readyz', '/openapi/v2', '/nothing', '/%zz'];
  const ids = await Promise.all(
    paths.map(async (path) => (await send(bridge, { path })).headers['audit-id']),
  );
  for (const id of ids) expect(id).toMatch(uuid);
  expect(new Set(ids).size).toBe(paths.length);
  const upgrade = { connection: 'Upgrade', upgrade: 'SPDY/3.1' };
  const refused = await send(bridge, { path: `${namespace}/pods/none/portforward`, headers: upgrade });
  expect([refused.status, refused.headers['audit-id']]).toEqual([404, expect.stringMatching(uuid)]);
  const { headers } = await send(bridge, { path: namespace, headers: { 'audit-id': 'own'.repeat(30) } });
  expect(headers['audit-id']).toBe('own'.repeat(30).slice(0, 64));
});

test('browsers do not guess at health and at refusals', async () => {
  for (const path of ['/healthz', '/livez?verbose', '/readyz/ping']) {
    const { headers } = await send(bridge, { path });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  const refused = await send(bridge, { path: configMaps, anonymous: true });
  expect([refused.status, refused.headers['x-content-type-options']]).toEqual([403, 'nosniff']);
  expect((await send(bridge, { path: configMaps })).headers['x-content-type-options']).toBeUndefined();
});

const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

test.each([undefined, 'application/json', '*/*', 'foo/bar', `${protobuf};q=0`])(
  'there is no OpenAPI v2 as %s',
  async (accept) => {
    const { status, body } = await send(bridge, { path: '/openapi/v2', headers: accept ? { accept } : {} });
    expect(status).toBe(406);
    expect(JSON.parse(body.toString())).toMatchObject({ reason: 'NotAcceptable' });
  },
);

test.each([protobuf, protobuf.replace('@', '.')])('OpenAPI v2 as %s has a tag', async (accept) => {
  const path = '/openapi/v2';
  const first = await send(bridge, { path, headers: { accept } });
  expect([first.status, first.headers['content-type']]).toEqual([200, protobuf.replace('@', '.')]);
  const { etag = '' } = first.headers;
  expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
  const again = await send(bridge, { path, headers: { accept, 'if-none-match': etag } });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});
