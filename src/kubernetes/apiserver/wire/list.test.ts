import { beforeEach, expect, test } from 'vitest';
import { TestServer } from '../testServer.ts';

let server: TestServer;

const configMaps = '/api/v1/namespaces/default/configmaps';

beforeEach(() => {
  server = new TestServer();
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    server.send('POST', configMaps, {
      body: { metadata: { name, labels: { half: name < 'c' ? '1' : '2' } } },
    });
  }
});

interface Listed {
  readonly names: string;
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

function list(query: string): Listed {
  const { body } = server.send('GET', `${configMaps}?${query}`);
  const { items, metadata } = body as { items: { metadata: { name: string } }[]; metadata: Listed };
  return { ...metadata, names: items.map((item) => item.metadata.name).join('') };
}

const token = (revision: number, start: string) =>
  btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start })).replaceAll('=', '');

test('pages hold on to the revision of the first', () => {
  const first = list('limit=2');
  const { revision } = server.etcd;
  // As recorded: `list/limit`.
  expect(first).toEqual({
    names: 'ab',
    resourceVersion: String(revision),
    continue: token(revision, 'b\u0000'),
    remainingItemCount: 3,
  });
  server.send('DELETE', `${configMaps}/c`);
  const second = list(`limit=2&continue=${first.continue}`);
  expect(second).toMatchObject({ names: 'cd', resourceVersion: String(revision), remainingItemCount: 1 });
  const third = list(`limit=2&continue=${second.continue}`);
  expect(third).toEqual({ names: 'e', resourceVersion: String(revision) });
});

test('a selection fills its pages, and nobody has counted what remains', () => {
  const first = list('limit=1&labelSelector=half=1');
  expect(first).toMatchObject({ names: 'a' });
  expect(first).not.toHaveProperty('remainingItemCount');
  const second = list(`limit=1&labelSelector=half=1&continue=${first.continue}`);
  // There are more keys, so there may be more of the selection: the next page says that there is not.
  expect(second).toMatchObject({ names: 'b', continue: expect.any(String) as string });
  expect(list(`limit=1&labelSelector=half=1&continue=${second.continue}`)).toMatchObject({ names: '' });
});

test('all namespaces are paged across', () => {
  server.send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'z' } } });
  server.send('POST', '/api/v1/namespaces/z/configmaps', { body: { metadata: { name: 'y' } } });
  const page = server.send('GET', '/api/v1/configmaps?limit=5').object.metadata;
  expect(page).toMatchObject({
    continue: token(server.etcd.revision, 'default/e\u0000'),
    remainingItemCount: 1,
  });
  const rest = server.send('GET', `/api/v1/configmaps?limit=5&continue=${String(page['continue'])}`).object;
  expect(rest['items']).toMatchObject([{ metadata: { name: 'y', namespace: 'z' } }]);
});

test('a page after compaction offers a token that goes on with what there is now', () => {
  const first = list('limit=2');
  server.send('DELETE', `${configMaps}/c`);
  server.etcd.compact(server.etcd.revision);
  const { body } = server.send('GET', `${configMaps}?limit=2&continue=${first.continue}`);
  const fresh = token(-1, 'b\u0000');
  expect(body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: { continue: fresh },
    status: 'Failure',
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    reason: 'Expired',
    code: 410,
  });
  expect(list(`limit=2&continue=${fresh}`)).toEqual({
    names: 'de',
    resourceVersion: String(server.etcd.revision),
  });
});

test('what the resource version means', () => {
  const past = server.etcd.revision;
  server.send('DELETE', `${configMaps}/e`);
  const now = String(server.etcd.revision);
  expect(list(`resourceVersion=${past}`)).toEqual({ names: 'abcd', resourceVersion: now });
  expect(list(`resourceVersion=${past}&resourceVersionMatch=NotOlderThan`).names).toBe('abcd');
  expect(list(`resourceVersion=${past}&resourceVersionMatch=Exact`)).toEqual({
    names: 'abcde',
    resourceVersion: String(past),
  });
  expect(list(`resourceVersion=${past}&limit=9`).names).toBe('abcde');
  // The watch cache answers at "0", and knows no limit.
  expect(list('resourceVersion=0&limit=2')).toEqual({ names: 'abcd', resourceVersion: now });
  server.etcd.compact(server.etcd.revision);
  expect(
    server.send('GET', `${configMaps}?resourceVersion=${past}&resourceVersionMatch=Exact`).body,
  ).toMatchObject({
    code: 410,
    reason: 'Expired',
    message: 'The resourceVersion for the provided list is too old.',
  });
});

/**
 * Upstream: apimachinery/pkg/apis/meta/internalversion/validation/validation.go, apiserver/pkg/storage/{continue,util}.go;
 * recordings `list/…`.
 */
test.each<[query: string, code: number, message: string, path?: string]>([
  ['limit=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
  ['limit=99999999999999999999', 400, 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
  ['timeoutSeconds=1.5', 400, 'strconv.ParseInt: parsing "1.5": invalid syntax'],
  ['labelSelector=x%3D%3D%3D1', 400, "unable to parse requirement: found '=', expected: identifier"],
  [
    'fieldSelector=data.a%3D1',
    400,
    '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
  ],
  [
    'fieldSelector=metadata.namespace%3Da',
    400,
    'field label not supported: metadata.namespace',
    '/api/v1/nodes',
  ],
  [
    'fieldSelector=status.replicas%3D0',
    400,
    '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    '/apis/apps/v1/replicasets',
  ],
  [
    'limit=1&continue=zzz',
    400,
    "invalid continue token: continue key is not valid: invalid character 'Ï' looking for beginning of value",
  ],
  [
    'continue=%24',
    400,
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
  ],
  [
    `continue=${token(0, 'a')}`,
    400,
    'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
  ],
  [
    `continue=${token(1, '')}`,
    400,
    'invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)',
  ],
  [
    `continue=${token(1, '../secrets/a')}`,
    400,
    'invalid continue token: continue key is not valid: ../secrets/a',
  ],
  [
    `continue=${btoa('{"v":"v0"}').replaceAll('=', '')}`,
    400,
    'invalid continue token: continue key is not valid: server does not recognize this encoded version v0',
  ],
  [
    `continue=${token(1, 'a')}&resourceVersion=1`,
    400,
    'specifying resource version is not allowed when using continue',
  ],
  [
    'resourceVersion=x',
    400,
    'invalid resource version: resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
  ],
  [
    'resourceVersionMatch=Exact',
    422,
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  ],
  [
    'resourceVersion=0&resourceVersionMatch=Exact',
    422,
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
  ],
  [
    'resourceVersion=1&resourceVersionMatch=Near',
    422,
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Near": supported values: "Exact", "NotOlderThan", ""',
  ],
  [
    'sendInitialEvents=true',
    422,
    'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
  ],
  [
    'watch=1&sendInitialEvents=true',
    422,
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
  ],
  [
    'watch=1&resourceVersionMatch=NotOlderThan',
    422,
    'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
  ],
])('%s is refused', (query, code, message, path = configMaps) => {
  expect(server.send('GET', `${path}?${query}`).body).toMatchObject({ code, message });
});

test('a revision that is still to come is a timeout, to be tried again', () => {
  // As recorded: `list/future rv`.
  expect(server.send('GET', `${configMaps}?resourceVersion=99999999`).body).toMatchObject({
    message: `Timeout: Too large resource version: 99999999, current: ${server.etcd.revision}`,
    reason: 'Timeout',
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    code: 504,
  });
});

test.each([
  '/api/v1/namespaces',
  '/api/v1/nodes',
  configMaps,
  '/apis/apps/v1/deployments',
  '/apis/batch/v1/jobs',
])('%s can be selected by name', (path) => {
  const { status, object } = server.send('GET', `${path}?fieldSelector=metadata.name=default`);
  expect(status).toBe(200);
  expect((object['items'] as unknown[]).length).toBe(path === '/api/v1/namespaces' ? 1 : 0);
});
