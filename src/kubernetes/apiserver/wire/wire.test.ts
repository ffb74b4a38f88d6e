import { beforeEach, expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { TestServer } from '../testServer.ts';

let server: TestServer;

const configMaps = '/api/v1/namespaces/default/configmaps';

beforeEach(() => {
  server = new TestServer();
  server.send('POST', configMaps, {
    body: { metadata: { name: 'a', labels: { app: 'x' } }, data: { k: 'v' } },
  });
});

type Refusal = readonly [
  method: ApiRequest['method'],
  target: string,
  more: Partial<ApiRequest>,
  code: number,
  reason: string | undefined,
  message: string,
];

const noMethod = 'the server does not allow this method on the requested resource';
const noPath = 'the server could not find the requested resource';
const object = { body: { metadata: { name: 'b' } } };
const tableOf = (kind: string) => `application/json;as=${kind};v=v1;g=meta.k8s.io`;

/** Upstream: apiserver/pkg/endpoints/{installer.go,handlers}, go-restful; recordings `list/…`, `crd/strategic refused`. */
const refusals: Refusal[] = [
  ['POST', `${configMaps}/a`, object, 405, 'MethodNotAllowed', noMethod],
  ['PUT', configMaps, object, 405, 'MethodNotAllowed', noMethod],
  ['PATCH', configMaps, { body: {} }, 405, 'MethodNotAllowed', noMethod],
  ['POST', '/api/v1/configmaps', object, 405, 'MethodNotAllowed', noMethod],
  ['DELETE', '/api/v1/configmaps', {}, 405, 'MethodNotAllowed', noMethod],
  ['DELETE', '/api/v1/namespaces', {}, 405, 'MethodNotAllowed', noMethod],
  ['DELETE', '/api/v1/namespaces/default/pods/p/log', {}, 405, 'MethodNotAllowed', noMethod],
  ['GET', '/api/v1/namespaces/default/pods/p/binding', {}, 405, 'MethodNotAllowed', noMethod],
  ['GET', '/api/v1/configmaps/a', {}, 404, 'NotFound', noPath],
  ['GET', '/api/v1/namespaces/default/nodes', {}, 404, 'NotFound', noPath],
  ['GET', '/api/v1/namespaces//configmaps', {}, 404, 'NotFound', noPath],
  ['GET', `${configMaps}/a/status`, {}, 404, 'NotFound', noPath],
  ['GET', `${configMaps}/a/b/c`, {}, 404, 'NotFound', noPath],
  ['GET', '/api/v1/namespaces/default/__proto__/constructor', {}, 404, 'NotFound', noPath],
  ['GET', '/api/v9/pods', {}, 404, 'NotFound', noPath],
  ['GET', '/apis/apps/constructor/pods', {}, 404, 'NotFound', noPath],
  [
    'GET',
    configMaps,
    { accept: 'text/html,application/xml;q=0.9' },
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  ],
  [
    'GET',
    configMaps,
    { accept: tableOf('Chart') },
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  ],
  [
    'GET',
    configMaps,
    { accept: tableOf('PartialObjectMetadata') },
    406,
    'NotAcceptable',
    'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
  ],
  [
    'GET',
    `${configMaps}/a`,
    { accept: tableOf('PartialObjectMetadataList') },
    406,
    'NotAcceptable',
    'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
  ],
  [
    'GET',
    `${configMaps}?includeObject=All`,
    { accept: tableOf('Table') },
    400,
    'BadRequest',
    'unrecognized includeObject value: "All"',
  ],
  [
    'POST',
    configMaps,
    { ...object, contentType: 'text/plain' },
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  ],
  [
    'PATCH',
    `${configMaps}/a`,
    { body: {}, contentType: 'application/json' },
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
  ],
  [
    'POST',
    configMaps,
    { body: `{"data":"${'x'.repeat(3 * 1024 * 1024)}"}` },
    413,
    'RequestEntityTooLarge',
    'Request entity too large: limit is 3145728',
  ],
  [
    'POST',
    configMaps,
    { body: { data: { a: 'x'.repeat(3 * 1024 * 1024) } } },
    413,
    'RequestEntityTooLarge',
    'Request entity too large: limit is 3145728',
  ],
  [
    'POST',
    configMaps,
    { body: '' },
    400,
    'BadRequest',
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
  ],
  [
    'POST',
    configMaps,
    { body: '{"metadata": {"name": "a-long-name"' },
    400,
    'BadRequest',
    'the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"metadata": {"name": "a-long- ...)',
  ],
  [
    'POST',
    configMaps,
    { body: 'kind: x' },
    400,
    'BadRequest',
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value (6b696e643a2078)",
  ],
  ['POST', configMaps, { body: nested(2000) }, 400, 'BadRequest', 'exceeded max depth'],
  [
    'PATCH',
    `${configMaps}/a`,
    { body: '{' },
    400,
    'BadRequest',
    'error decoding patch: unexpected end of JSON input',
  ],
  [
    'POST',
    `${configMaps}?dryRun=Some`,
    object,
    422,
    'Invalid',
    'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
  ],
  [
    'POST',
    `${configMaps}?fieldValidation=Loose&fieldManager=a%0Ab`,
    object,
    422,
    'Invalid',
    'CreateOptions.meta.k8s.io "" is invalid: [fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1), fieldValidation: Unsupported value: "Loose": supported values: "Ignore", "Strict", "Warn"]',
  ],
  [
    'PUT',
    `${configMaps}/a?fieldManager=${'m'.repeat(129)}`,
    object,
    422,
    'Invalid',
    'UpdateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
  ],
  [
    'PATCH',
    `${configMaps}/a?force=true`,
    { body: {} },
    422,
    'Invalid',
    'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  ],
  [
    'PATCH',
    `${configMaps}/a`,
    { body: {}, contentType: 'application/apply-patch+yaml' },
    422,
    'Invalid',
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ],
];

test.each(refusals)('%s %s %o is answered %i', (method, target, more, code, reason, message) => {
  const { revision } = server.etcd;
  const { status, body } = server.send(method, target, more);
  expect({ status, body }).toMatchObject({
    status: code,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message },
  });
  expect((body as { reason?: string }).reason).toBe(reason);
  expect(server.etcd.revision).toBe(revision);
});

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}

test.each([
  [undefined, 'ConfigMapList'],
  ['*/*', 'ConfigMapList'],
  ['application/*', 'ConfigMapList'],
  ['application/vnd.kubernetes.protobuf,application/json', 'ConfigMapList'],
  [`${tableOf('Table')},application/json`, 'Table'],
  [`application/json;q=0.5,${tableOf('Table')};q=0.4`, 'ConfigMapList'],
  [`${tableOf('Chart')},${tableOf('PartialObjectMetadataList')}`, 'PartialObjectMetadataList'],
  ['application/json;as=Table;v=v1beta1;g=meta.k8s.io', 'Table'],
])('Accept %s gets a %s', (accept, kind) => {
  const { body } = server.send('GET', configMaps, accept === undefined ? {} : { accept });
  expect(body).toMatchObject({ kind });
});

test('a table brings of its objects what is asked for', () => {
  const rows = (includeObject: string) =>
    (
      server.send('GET', `${configMaps}?includeObject=${includeObject}`, { accept: tableOf('Table') })
        .body as { rows: { object: unknown }[] }
    ).rows[0]?.object;
  expect(rows('None')).toBeNull();
  expect(rows('Object')).toMatchObject({ kind: 'ConfigMap', data: { k: 'v' } });
  expect(rows('')).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
  expect(rows('')).not.toHaveProperty('data');
});

test('a write answers as its client would rather have it', () => {
  const { status, body } = server.send('POST', configMaps, {
    ...object,
    accept: tableOf('PartialObjectMetadata'),
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'b' } });
});

test('a field that is there twice is a strict error, or a warning', () => {
  const body = '{"metadata":{"name":"b","name":"c"},"data":{"x":"1","x":"2"},"dta":{}}';
  const strict = server.send('POST', `${configMaps}?fieldValidation=Strict`, { body });
  expect(strict.body).toMatchObject({
    code: 400,
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "metadata.name", duplicate field "data.x", unknown field "dta"',
  });
  const ignored = server.send('POST', `${configMaps}?fieldValidation=Ignore&dryRun=All`, { body });
  expect(ignored).toMatchObject({ status: 201, warnings: [], body: { data: { x: '2' } } });
  expect(server.send('POST', configMaps, { body })).toMatchObject({
    status: 201,
    warnings: ['duplicate field "metadata.name"', 'duplicate field "data.x"', 'unknown field "dta"'],
  });
});

/** Upstream: sigs.k8s.io/json's decoder names what it meets, and does not look into a field that it does not know. */
test.each([
  ['{"dta":{"a":1,"a":2},"data":{"x":"1","x":"2"}}', 'unknown field "dta", duplicate field "data.x"'],
  ['{"data":{"x":"1","x":"2","x":"3"},"x":1,"x":2}', 'duplicate field "data.x", unknown field "x"'],
])('%s has its strict errors in its order', (body, errors) => {
  const { body: refused } = server.send('POST', `${configMaps}?fieldValidation=Strict`, { body });
  expect((refused as { message: string }).message).toContain(`strict decoding error: ${errors}`);
  expect((refused as { message: string }).message.endsWith(errors)).toBe(true);
});

test('a body may be YAML; what it has twice is told by line', () => {
  const contentType = 'application/yaml';
  const body =
    'kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: by-line\ndata:\n  a: "1"\n  a: "2"\ndta: 1\n';
  const query = 'fieldValidation=Strict';
  expect(server.send('POST', `${configMaps}?${query}`, { body, contentType }).body).toMatchObject({
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 7: key "a" already set in map, unknown field "dta"',
  });
  expect(server.send('POST', configMaps, { body, contentType })).toMatchObject({
    status: 201,
    warnings: ['line 7: key "a" already set in map', 'unknown field "dta"'],
    body: { data: { a: '2' } },
  });
  expect(server.send('POST', configMaps, { body: 'a: b: c', contentType }).body).toMatchObject({
    code: 400,
    message:
      'the object provided is unrecognized (must be of type ConfigMap): yaml: mapping values are not allowed in this context (613a20623a2063)',
  });
});

test('half a surrogate pair is stored as a replacement character', () => {
  const made = server.send('POST', configMaps, {
    body: { metadata: { name: 'b' }, data: { x: 'a\ud800b' } },
  });
  expect(made.body).toMatchObject({ data: { x: 'a\ufffdb' } });
});

test('a revision that is still to come cannot be read yet', () => {
  const future = server.send('GET', `${configMaps}/a?resourceVersion=99`);
  expect(future.body).toMatchObject({
    reason: 'Timeout',
    code: 504,
    message: `Timeout: Too large resource version: 99, current: ${server.etcd.revision}`,
  });
  expect(server.send('GET', `${configMaps}/a?resourceVersion=0`).status).toBe(200);
});

test('a negative zero is stored as what JSON makes of it', () => {
  const path = '/apis/apps/v1/namespaces/default/controllerrevisions';
  const body = { metadata: { name: 'r' }, revision: 1, data: { x: -0, y: [-0] } };
  expect(server.send('POST', path, { body }).status).toBe(201);
  expect(server.send('GET', `${path}/r`).object['data']).toStrictEqual({ x: 0, y: [0] });
});
