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
