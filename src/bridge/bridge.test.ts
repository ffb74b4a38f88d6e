import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Bridge } from './bridge.ts';
import { warningHeader } from './responseWriter.ts';
import { type Ask, open, openBridge, send } from './testBridge.ts';

let bridge: Bridge;
const seen: ApiRequest[] = [];

beforeAll(async () => {
  bridge = await openBridge();
  const { cluster } = bridge.session;
  const { dial } = cluster;
  cluster.dial = (request) => {
    if (request.userAgent === 'test') seen.push(request);
    return dial(request);
  };
}, 60_000);
afterAll(() => bridge.close());

const configMaps = '/api/v1/namespaces/default/configmaps';

const json = async (ask: Ask) => {
  const { status, body, headers } = await send(bridge, ask);
  return { status, headers, body: JSON.parse(body.toString()) as Record<string, unknown> };
};

const caller = async (ask: Partial<Ask>) => {
  seen.length = 0;
  await send(bridge, { path: '/version', ...ask, headers: { 'user-agent': 'test', ...ask.headers } });
  return seen[0];
};

test('who asks is who the client certificate says', async () => {
  expect((await caller({}))?.user).toEqual({
    name: 'kubernetes-admin',
    groups: ['kubeadm:cluster-admins', 'system:authenticated'],
    extra: {
      'authentication.kubernetes.io/credential-id': [
        expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/) as unknown,
      ],
    },
  });
  expect((await caller({ anonymous: true }))?.user).toEqual({
    name: 'system:anonymous',
    groups: ['system:unauthenticated'],
  });
});

test('a token that is nobody’s is Unauthorized, before anything is read', async () => {
  const { status, body } = await json({
    path: '/version',
    anonymous: true,
    headers: { authorization: 'Bearer nobody' },
  });
  expect([status, body['reason'], body['message']]).toEqual([401, 'Unauthorized', 'Unauthorized']);
});

test('--as is handed on', async () => {
  const headers = {
    'Impersonate-User': 'bob',
    'Impersonate-Group': ['a', 'b'],
    'Impersonate-Extra-Scopes%2fx': 'view',
  };
  expect((await caller({ headers }))?.impersonate).toEqual({
    user: 'bob',
    groups: ['a', 'b'],
    extra: { 'scopes/x': ['view'] },
  });
  const { status } = await json({ path: '/version', headers: { 'Impersonate-Group': 'a' } });
  expect(status).toBe(500);
});

const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  a: "1"\n';
test.each([
  ['JSON', 'application/json', '{"metadata":{"name":"from-json"}}'],
  ['no content type', undefined, '{"metadata":{"name":"from-none"}}'],
  ['YAML', 'application/yaml', yaml],
])('%s is read', async (_what, type, body) => {
  const headers: Record<string, string> =
    type === undefined ? {} : { 'content-type': `${type}; charset=utf-8` };
  const made = await json({ method: 'POST', path: configMaps, headers, body });
  expect([made.status, made.body['kind']]).toEqual([201, 'ConfigMap']);
});

test('a body may come packed', async () => {
  const body = gzipSync('{"metadata":{"name":"packed"}}');
  const headers = { 'content-encoding': 'gzip' };
  expect((await json({ method: 'POST', path: configMaps, headers, body })).status).toBe(201);
});

// Sentences: apiserver/pkg/endpoints/handlers, encoding/json/scanner.go.
test.each([
  ['{nope', "json parse error: invalid character 'n' looking for beginning of object key string"],
  ['hello', "json parse error: invalid character 'h' looking for beginning of value"],
  ['{"a":1', 'json parse error: unexpected end of JSON input'],
  ['{} {}', "json parse error: invalid character '{' after top-level value"],
])('what is no JSON is refused: %s', async (body, sentence) => {
  const { status, body: refused } = await json({ method: 'POST', path: configMaps, body });
  expect(status).toBe(400);
  expect(refused).toMatchObject({ kind: 'Status', apiVersion: 'v1', reason: 'BadRequest' });
  expect(refused['message']).toContain('must be of type ConfigMap');
  expect(refused['message']).toContain(sentence);
});

test('bodies have a limit', async () => {
  const body = JSON.stringify({ metadata: { name: 'big' }, data: { a: 'x'.repeat(4_000_000) } });
  const { status, body: refused } = await json({ method: 'POST', path: configMaps, body });
  expect([status, refused['message']]).toEqual([413, 'Request entity too large: limit is 3145728']);
});

test('other content types are refused', async () => {
  const headers = { 'content-type': 'application/cbor' };
  const { status } = await json({ method: 'POST', path: configMaps, headers, body: 'x' });
  expect(status).toBe(415);
});

test('a large answer is packed for who asks for it', async () => {
  const headers = { 'accept-encoding': 'gzip' };
  const { headers: got, body } = await send(bridge, { path: '/openapi/v3/api/v1', headers });
  expect(got['content-encoding']).toBe('gzip');
  expect(JSON.parse(gunzipSync(body).toString())).toHaveProperty('openapi', '3.0.0');
  const plain = await send(bridge, { path: '/openapi/v3/api/v1' });
  expect(plain.headers['content-encoding']).toBeUndefined();
});

test('discovery says in which form it comes', async () => {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const { headers } = await json({ path: '/apis', headers: { accept } });
  expect(headers['content-type']).toBe(
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  );
});

test.each([
  ['plain', '299 - "plain"'],
  ['field "a" \\ b', '299 - "field \\"a\\" \\\\ b"'],
  ['two\nlines', '299 - "two lines"'],
])('warnings are quoted: %j', (text, header) => expect(warningHeader(text)).toBe(header));

test('a watch brings lines as they happen, and outlives the client before it', async () => {
  const path = `${configMaps}?watch=True&fieldSelector=metadata.name%3Dseen`;
  const vanishing = await open(bridge, { path });
  vanishing.destroy();
  const watching = await open(bridge, { path });
  await json({ method: 'POST', path: configMaps, body: '{"metadata":{"name":"seen"}}' });
  const [line] = await new Promise<Buffer[]>((resolve) => watching.once('data', (...all) => resolve(all)));
  const event = JSON.parse(line!.toString()) as Record<string, unknown>;
  expect(Object.keys(event)).toEqual(['type', 'object']);
  expect(event).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'seen' } } });
  watching.destroy();
});

test('the proxy of a pod hands on every method, and sends the browser to its directory', async () => {
  const container = {
    name: 'c',
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.59',
    args: ['porter', '--json-response'],
    env: [{ name: 'SERVE_PORT_80', value: 'hello' }],
  };
  const body = JSON.stringify({ metadata: { name: 'porter' }, spec: { containers: [container] } });
  const pods = '/api/v1/namespaces/default/pods';
  await json({ method: 'POST', path: pods, body });
  await bridge.driver.skip(20_000);
  const path = `${pods}/porter/proxy`;
  for (const method of ['GET', 'OPTIONS', 'DELETE', 'PUT']) {
    const answer = await send(bridge, { method, path: `${path}/a?b=c` });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(answer.body.toString())).toEqual({ Method: method, Body: 'hello' });
  }
  const moved = await send(bridge, { path: `${path}?b=c` });
  expect([moved.status, moved.headers.location]).toEqual([301, `${path}/?b=c`]);
  const headers = { 'user-agent': 'test', authorization: 'Bearer secret', 'x-own': '1' };
  const asked = await caller({ path: `${path}/`, headers });
  expect(asked?.http).toMatchObject({ method: 'GET', search: '', headers: { 'x-own': '1' } });
  expect(asked?.http?.headers['authorization']).toBeUndefined();
  expect((await send(bridge, { method: 'OPTIONS', path: '/version' })).status).toBe(405);
});

test.each(['exec?command=ls&stdout=1', 'attach?stdout=1', 'portforward'])(
  'without an upgrade %s is refused',
  async (subresource) => {
    const pods = '/api/v1/namespaces/default/pods';
    const body = JSON.stringify({ spec: { containers: [{ name: 'c', image: 'nginx' }] } });
    const [name = ''] = subresource.split('?');
    const missing = await json({ path: `${pods}/none/${subresource}` });
    expect(missing.status).toBe(404);
    await json({ method: 'POST', path: pods, body: body.replace('{', `{"metadata":{"name":"r-${name}"},`) });
    await bridge.driver.skip(20_000);
    for (const method of ['GET', 'POST']) {
      const refused = await json({ method, path: `${pods}/r-${name}/${subresource}` });
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({
        kind: 'Status',
        reason: 'BadRequest',
        message: 'Upgrade request required',
      });
    }
  },
  5_000,
);

test('over plain http everyone is the learner', async () => {
  const plain = await openBridge({ http: true });
  const { status } = await send(plain, { path: '/api/v1/nodes' });
  expect(status).toBe(200);
  await plain.close();
});

test('while no API server runs, the bridge hangs up', async () => {
  const { cluster } = bridge.session;
  cluster.stopComponent('kube-apiserver', 'control-plane');
  await expect(send(bridge, { path: '/version' })).rejects.toThrow('socket hang up');
  cluster.startComponent('kube-apiserver', 'control-plane');
});
