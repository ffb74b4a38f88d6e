import { beforeEach, expect, test } from 'vitest';
import { TestServer } from '../testServer.ts';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

const aggregated = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly storageVersionHash?: string }[];
}

/** As recorded: `discovery//api/v1`, `discovery//apis/apps/v1`, `discovery//apis/batch/v1`. */
test.each([
  ['/api/v1', 'configmaps', 'qFsyl6wFWjQ='],
  ['/api/v1', 'endpoints', 'fWeeMqaN/OA='],
  ['/api/v1', 'events', 'r2yiGXH7wu8='],
  ['/api/v1', 'namespaces', 'Q3oi5N2YM8M='],
  ['/api/v1', 'nodes', 'XwShjMxG9Fs='],
  ['/apis/apps/v1', 'deployments', '8aSe+NMegvE='],
  ['/apis/apps/v1', 'daemonsets', 'dd7pWHUlMKQ='],
  ['/apis/apps/v1', 'replicasets', 'P1RzHs8/mWQ='],
  ['/apis/batch/v1', 'jobs', 'mudhfqk/qZY='],
])('%s says of %s how it is stored', (path, name, storageVersionHash) => {
  const { resources } = server.send('GET', path).body as ResourceList;
  expect(resources.find((one) => one.name === name)).toMatchObject({ storageVersionHash });
});

test('resources come sorted, with their subresources', () => {
  const { resources } = server.send('GET', '/apis/apps/v1').body as ResourceList;
  const names = resources.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect(names).toEqual(expect.arrayContaining(['deployments', 'deployments/scale', 'deployments/status']));
});

test('a group prefers its newest stable version', () => {
  expect(server.send('GET', '/apis/autoscaling').body).toEqual({
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: 'autoscaling',
    versions: [
      { groupVersion: 'autoscaling/v2', version: 'v2' },
      { groupVersion: 'autoscaling/v1', version: 'v1' },
    ],
    preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
  });
});

test.each(['v2', 'v2beta1'])('all groups come in one list of %s, once', (version) => {
  const accept = `${aggregated(version)},application/json`;
  const first = server.send('GET', '/apis', { accept });
  expect(first.body).toMatchObject({
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
  });
  expect(first.headers).toMatchObject({ 'Content-Type': aggregated(version), Vary: 'Accept' });
  const tag = first.headers?.['ETag'] ?? '';
  expect(tag).toMatch(/^"[0-9A-F]{64}"$/);
  expect(server.send('GET', '/apis', { accept, ifNoneMatch: tag })).toMatchObject({ status: 304, body: '' });
  expect(server.send('GET', '/apis', { accept, ifNoneMatch: '"0"' }).status).toBe(200);
});

test.each([
  ['application/json', 'APIGroupList'],
  ['*/*', 'APIGroupList'],
  [`${aggregated('v3')},application/json`, 'APIGroupList'],
  [`${aggregated('v3')},${aggregated('v2')}`, 'APIGroupDiscoveryList'],
])('Accept %s gets an %s', (accept, kind) => {
  expect(server.send('GET', '/apis', { accept }).body).toMatchObject({ kind });
});

test('OpenAPI documents are found through their index, and stay as long as their hash', () => {
  const { paths } = server.send('GET', '/openapi/v3').body as {
    paths: Record<string, { serverRelativeURL: string }>;
  };
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['api/v1', 'apis/apps/v1']));
  const url = paths['apis/apps/v1']!.serverRelativeURL;
  const document = server.send('GET', url);
  expect(document.headers).toMatchObject({ 'Cache-Control': 'public, immutable' });
  expect(document.body).toMatchObject({
    openapi: '3.0.0',
    components: {
      schemas: {
        'io.k8s.api.apps.v1.Deployment': {
          description: 'Deployment enables declarative updates for Pods and ReplicaSets.',
          'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }],
        },
      },
    },
  });
  const tag = document.headers?.['ETag'] ?? '';
  expect(server.send('GET', url, { ifNoneMatch: tag }).status).toBe(304);
  expect(server.send('GET', '/openapi/v3/apis/apps/v1?hash=OLD')).toMatchObject({
    status: 301,
    headers: { Location: url },
  });
  expect(server.send('GET', '/openapi/v3/apis/nope/v1').status).toBe(404);
});

test('the probes say what they asked', () => {
  expect(server.send('GET', '/livez')).toMatchObject({ status: 200, body: 'ok' });
  expect(server.send('GET', '/livez/ping')).toMatchObject({ status: 200, body: 'ok' });
  expect(server.send('GET', '/livez/nope').status).toBe(404);
  expect(server.send('GET', '/readyz?verbose').body).toBe(
    `[+]ping ok
[+]log ok
[+]etcd ok
[+]etcd-readiness ok
[+]informer-sync ok
[+]poststarthook/start-apiserver-admission-initializer ok
[+]poststarthook/generic-apiserver-start-informers ok
[+]poststarthook/scheduling/bootstrap-system-priority-classes ok
[+]shutdown ok
readyz check passed
`,
  );
  server.server.hasStorage = false;
  const down = server.send('GET', '/healthz');
  expect(down.status).toBe(500);
  expect(down.body).toContain('[+]log ok\n[-]etcd failed: reason withheld\n');
  expect(down.body).toMatch(/\nhealthz check failed\n$/);
  expect(server.send('GET', '/healthz?exclude=etcd')).toMatchObject({ status: 200, body: 'ok' });
  expect(server.send('GET', '/healthz?exclude=x&verbose').status).toBe(500);
  expect(server.send('GET', '/healthz/ping').status).toBe(200);
  expect(server.send('GET', '/healthz/etcd').status).toBe(500);
});

test('the index lists what is served', () => {
  const { paths } = server.send('GET', '/').body as { paths: string[] };
  expect(paths).toEqual(
    expect.arrayContaining([
      '/api',
      '/api/v1',
      '/apis',
      '/apis/apps',
      '/apis/apps/v1',
      '/livez/etcd',
      '/version',
    ]),
  );
  const missing = paths.filter((path) => server.send('GET', path).status !== 200);
  expect(missing).toEqual([]);
});

test('metrics count what is stored', () => {
  expect(server.send('GET', '/metrics').body).toContain(
    '\napiserver_storage_objects{resource="namespaces"} 1\n',
  );
});

const status = { kind: 'Status', code: 404, reason: 'NotFound', details: {} };
const line = '404 page not found\n';

/** Upstream: apiserver/pkg/server/handler.go director, apiserver/pkg/util/notfoundhandler, customresource_handler.go */
test.each<[string, unknown]>([
  ['/nope', line],
  ['/healthz/nope', line],
  ['/api/v1/nope', status],
  ['/api/v9/pods', status],
  ['/version/x', status],
  ['/apis/apps/v9', status],
  ['/apis/apps/v1/nope', status],
  ['/apis/apps/v9/deployments', status],
  ['/apis/nope', line],
  ['/apis/nope.example.com/v1', line],
  ['/apis/nope.example.com/v1/namespaces/default/widgets', line],
])('%s is not there', (path, body) => {
  const answer = server.send('GET', path);
  expect(answer.status).toBe(404);
  if (body === line) expect(answer.body).toBe(line);
  else expect(answer.body).toMatchObject(status);
});

test('what can only be read cannot be written', () => {
  expect(server.send('POST', '/version', { body: {} }).body).toMatchObject({ code: 405 });
});
