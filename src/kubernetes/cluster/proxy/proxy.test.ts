import { beforeAll, expect, test } from 'vitest';
import { images } from '#images/registry.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { Client } from '#kubernetes/client/client.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from '../cluster.ts';
import { laterParts } from '../laterParts.ts';
import { rewritten } from './rewritten.ts';

const simulation = new Simulation({ seed: 'proxy', startMs: 0 });
const nodes = [{ name: 'node-1', cpu: '4', memory: '8Gi', podsMax: 110, zone: '' }];
const cluster = new Cluster({ simulation, nodes });
const user = { name: 'kubernetes-admin', groups: ['system:masters'] };
const send = (path: string) => cluster.apiServer.handle({ method: 'GET', path, user });
const base = '/api/v1/namespaces/default';

beforeAll(() => {
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  simulation.run({ untilMs: 30_000 });
  const client = new Client((request) => cluster.apiServer.handle(request), user);
  const pod = (name: string, image: string) =>
    client.create(pods, {
      metadata: { name, namespace: 'default', labels: { app: name } },
      spec: { containers: [{ name: 'c', image }] },
    });
  pod('web', 'nginx');
  pod('cache', 'redis');
  client.create(pods, {
    metadata: { name: 'late', namespace: 'default' },
    spec: { nodeSelector: { no: 'where' }, containers: [{ name: 'c', image: 'nginx' }] },
  });
  for (const [name, app] of [
    ['web', 'web'],
    ['empty', 'nobody'],
  ] as const)
    client.create(services, {
      metadata: { name, namespace: 'default' },
      spec: { selector: { app }, ports: [{ name: 'http', port: 8080, targetPort: 80 }] },
    });
  simulation.run({ untilMs: 60_000 });
});

test('what a server in the cluster says comes with its own headers and status', () => {
  const page = send(`${base}/services/web:http/proxy/`);
  expect(page).toMatchObject({
    status: 200,
    headers: { server: 'nginx/1.29.3', 'content-type': 'text/html' },
  });
  expect(page.body).toContain('Welcome to nginx!');
  expect(send(`${base}/pods/web/proxy/nothing`)).toMatchObject({ status: 404 });
  expect(send('/api/v1/nodes/node-1/proxy/healthz')).toMatchObject({ status: 200, body: 'ok' });
});

test.each([
  ['services/a:b:c:d/proxy/', 400, 'invalid service request "a:b:c:d"'],
  ['services/ftp:web:http/proxy/', 400, 'invalid service request "ftp:web:http"'],
  ['services/web:9/proxy/', 503, 'no service port 9 found for service "web"'],
  ['services/web:other/proxy/', 503, 'no endpoints available for service "web:other"'],
  ['services/empty:http/proxy/', 503, 'no endpoints available for service "empty"'],
  ['services/none:http/proxy/', 404, 'endpoints "none" not found'],
  ['pods/none/proxy/', 404, 'pods "none" not found'],
  ['pods/late/proxy/', 400, 'address not allowed'],
  [
    'pods/web:81/proxy/',
    503,
    /^error trying to reach service: dial tcp 10\.244\.\d+\.\d+:81: connect: connection refused$/,
  ],
  [
    'pods/cache:6379/proxy/',
    503,
    'error trying to reach service: net/http: HTTP/1.x transport connection broken: malformed HTTP response',
  ],
])('%s is answered %i', (path, code, message) => {
  const { status, body } = send(`${base}/${path}`);
  expect([status, (body as Status).message]).toEqual([
    code,
    typeof message === 'string' ? message : expect.stringMatching(message),
  ]);
});

const origin = { prefix: '/api/v1/x/proxy', hosts: ['10.244.1.2:80', 'localhost:8001'] };
const html = { 'content-type': 'text/html; charset=utf-8' };

test.each([
  ['<a href="/a/b?c=d#e">', '<a href="/api/v1/x/proxy/a/b?c=d#e">'],
  ['<IMG alt="/x" src=\'/logo.png\' />', '<IMG alt="/x" src=\'/api/v1/x/proxy/logo.png\' />'],
  ['<a href="next">', '<a href="next">'],
  ['<a href="https://kubernetes.io/docs">', '<a href="https://kubernetes.io/docs">'],
  ['<a href="http://10.244.1.2:80/docs/">', '<a href="/api/v1/x/proxy/docs/">'],
  ['<a href="/api/v1/x/proxy/a">', '<a href="/api/v1/x/proxy/a">'],
  ['<p title="/a">a &lt; b</p>', '<p title="/a">a &lt; b</p>'],
])('%s is led through the proxy', (body, expected) => {
  expect(rewritten({ status: 200, headers: html, body }, origin).body).toBe(expected);
  const plain = { status: 200, headers: { 'content-type': 'text/plain' }, body };
  expect(rewritten(plain, origin)).toBe(plain);
});

test('a redirect leads through the proxy too', () => {
  const moved = { status: 302, headers: { location: '/login' }, body: '' };
  expect(rewritten(moved, origin).headers['location']).toBe('/api/v1/x/proxy/login');
});
