import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { type AnyKind, apiVersionOf, pathOf } from '#kubernetes/api/kind.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { HostileValues } from './hostileValues.ts';

const methods: readonly ApiRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const applyPatch = 'application/apply-patch+yaml';
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  applyPatch,
];
const mediaTypes = ['application/json', 'application/yaml', 'text/plain', '', 'a/b/c', ';;', ...patchTypes];
const meta = 'v=v1;g=meta.k8s.io';
const accepts = [
  'application/json',
  '*/*',
  `application/json;as=Table;${meta}`,
  `application/json;as=PartialObjectMetadata;${meta},application/json`,
  `application/json;as=PartialObjectMetadataList;${meta}`,
  'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io',
  'image/png',
  `application/json;as=Table;${meta};q=0.1,application/json;as=PartialObjectMetadata;${meta};q=0.9`,
  'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
  'application/json;as=Table;v=v9;g=meta.k8s.io',
  `application/json;as=Pod;${meta}`,
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf,application/json',
  'application/json;q=NaN',
  ';;q=,,/',
];
const paths = [
  '/',
  '',
  '/api',
  '/apis',
  '/api/v1',
  '/version',
  '/livez/ping',
  '/readyz',
  '/metrics',
  '/openapi/v3',
  '/openapi/v3/apis/apps/v1',
  '/api/v1/namespaces/default/pods/../secrets',
  '//api//v1//pods',
  '/api/v1/watch/pods',
  '/api/v1/watch/namespaces/default/pods/a',
  '/api/v1/namespaces/%2e%2e/pods',
  '/api/v1/__proto__',
  '/apis/__proto__/constructor/prototype',
  '/api/v1/namespaces/default/pods/a/status/b/c',
  '/api/v1/pods/',
  '/api/v1/namespaces/default',
  '/apis/metrics.k8s.io/v1beta1/nodes',
];
const subresources = [
  'status',
  'scale',
  'log',
  'exec',
  'binding',
  'eviction',
  'finalize',
  'token',
  'approval',
  'ephemeralcontainers',
  'resize',
  'proxy/x',
  '__proto__',
];
const queries = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'watch',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'timeoutSeconds',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'includeObject',
  'pretty',
  '__proto__',
];
const queryValues = [
  '1',
  '0',
  '2',
  'true',
  'false',
  'All',
  'Exact',
  'NotOlderThan',
  'Strict',
  'Warn',
  'Background',
  'Orphan',
  'app=web',
  'app in (web,a),!b',
  'metadata.name=a',
  'status.phase!=Running',
  'a===b',
  '((((',
  'x in (,)',
  `${'a,'.repeat(500)}a`,
  'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MywiIHN0YXJ0IjoiYSJ9',
  'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6Mywic3RhcnQiOiJhXHUwMDAwIn0',
  '18446744073709551616',
];
/** Tokens that are none: not base64, not JSON, of another version, of the future, of a place that is no key. */
const continues = [
  'x',
  '====',
  token({}),
  token({ v: 'meta.k8s.io/v0', rv: 3, start: 'a' }),
  token({ v: 'meta.k8s.io/v1', rv: 0, start: 'a' }),
  token({ v: 'meta.k8s.io/v1', rv: -1, start: 'a' }),
  token({ v: 'meta.k8s.io/v1', rv: 1e18, start: 'a' }),
  token({ v: 'meta.k8s.io/v1', rv: 3, start: '../../secrets/' }),
  token({ v: 'meta.k8s.io/v1', rv: 3, start: 7 }),
  token(null),
  token([[]]),
];
const revisions = [
  '',
  '0',
  '1',
  '5',
  '-1',
  '0x5',
  '1e3',
  ' 7',
  '99999999',
  '9'.repeat(40),
  'x',
  'NaN',
  '\u0000',
];
const truths = ['true', 'false', '1', '', 'TRUE', 'yes'];

function token(value: unknown): string {
  return encodeBase64(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** One request of a client that tries everything; most are nearly right, so that they get far. */
export function hostileRequest(values: HostileValues, kinds: readonly AnyKind[]): Omit<ApiRequest, 'user'> {
  if (values.chance(6)) return { method: values.pick(methods), path: values.pick(paths), ...headers(values) };
  // Requests that meet each other's objects get further.
  const kind = values.pick(values.chance(60) ? kinds.slice(0, 12) : kinds);
  const method = values.pick(methods);
  const isCollection = method === 'POST' ? values.chance(96) : method === 'GET' && values.chance(60);
  const name = isCollection || values.chance(1) ? undefined : values.name();
  const subresource = name !== undefined && values.chance(15) ? values.pick(subresources) : undefined;
  const namespace = values.chance(97) ? 'default' : values.text();
  const path = pathOf(kind, kind.namespaced && values.chance(97) ? namespace : undefined, name, subresource);
  const sent = bodyOf(method, kind, name, values);
  const query = {
    ...queryOf(values),
    ...(method === 'GET' && values.chance(25) && readQuery(values)),
    ...(sent.contentType === applyPatch && values.chance(92) && applyQuery(values)),
  };
  return { method, path, query, ...headers(values), ...sent };
}

/** What chooses the state that a list or a watch is of, in combinations that may not be. */
function readQuery(values: HostileValues): Record<string, string> {
  return {
    ...(values.chance(50) && { watch: values.pick(truths) }),
    ...(values.chance(60) && { resourceVersion: values.pick(revisions) }),
    ...(values.chance(30) && { resourceVersionMatch: values.pick(['Exact', 'NotOlderThan', '', 'Odd']) }),
    ...(values.chance(20) && { sendInitialEvents: values.pick(truths) }),
    ...(values.chance(20) && { allowWatchBookmarks: values.pick(truths) }),
    ...(values.chance(30) && { limit: values.pick(['1', '2', '0', '-1', '1e9', '9'.repeat(30), 'x']) }),
    ...(values.chance(30) && { continue: values.pick(continues) }),
    ...(values.chance(20) && { timeoutSeconds: values.pick(['0', '1', '-1', '1e99', '9'.repeat(30), 'x']) }),
  };
}

/** Without a manager no configuration is applied; few of them, so that they meet. */
function applyQuery(values: HostileValues): Record<string, string> {
  return {
    fieldManager: values.chance(95) ? values.pick(['one', 'two']) : values.text(),
    ...(values.chance(50) && { force: values.pick(truths) }),
  };
}

function headers(values: HostileValues): { accept?: string; userAgent?: string } {
  return {
    ...(values.chance(12) && { accept: values.pick(accepts) }),
    ...(values.chance(10) && { userAgent: values.text() }),
  };
}

function queryOf(values: HostileValues): Record<string, string> {
  const query: [string, string][] = [];
  while (values.chance(35)) {
    query.push([values.pick(queries), values.chance(80) ? values.pick(queryValues) : values.text()]);
  }
  return Object.fromEntries(query);
}

function bodyOf(
  method: ApiRequest['method'],
  kind: AnyKind,
  name: string | undefined,
  values: HostileValues,
): { body?: unknown; contentType?: string } {
  if (method === 'GET') return {};
  if (method === 'DELETE' && values.chance(70)) return {};
  const contentType = values.chance(4)
    ? values.pick(mediaTypes)
    : method === 'PATCH'
      ? values.pick(patchTypes)
      : 'application/json';
  const body =
    method === 'PATCH'
      ? patchBody(contentType, kind, values)
      : method === 'DELETE' && values.chance(80)
        ? deleteOptions(values)
        : objectBody(kind, name, values);
  if (values.chance(90)) return { contentType, body };
  return { contentType, body: asText(body, values) };
}

function objectBody(kind: AnyKind, name: string | undefined, values: HostileValues): unknown {
  if (values.chance(2)) return values.anything();
  const object = values.object(kind.schema, values.pick([0, 0, 1, 4])) as Record<string, unknown>;
  if (values.chance(4)) return object;
  const metadata = {
    ...(values.chance(92) ? { name: name ?? values.name() } : { generateName: values.name() }),
    ...(values.chance(20) && { labels: { app: 'web' } }),
    ...(values.chance(3) && { finalizers: ['example.com/hold'] }),
    ...(values.chance(5) && { resourceVersion: values.pick(['1', '5', 'x', '']) }),
  };
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata };
}

function deleteOptions(values: HostileValues): unknown {
  return {
    ...(values.chance(50) && { kind: 'DeleteOptions', apiVersion: 'v1' }),
    ...(values.chance(40) && { gracePeriodSeconds: values.pick<unknown>([0, 1, -1, 30, 1e300, '1']) }),
    ...(values.chance(40) && { propagationPolicy: values.pick(['Foreground', 'Background', 'Orphan', 'x']) }),
    ...(values.chance(10) && { preconditions: values.anything() }),
    ...(values.chance(10) && { dryRun: values.anything() }),
  };
}

function patchBody(contentType: string, kind: AnyKind, values: HostileValues): unknown {
  if (contentType === applyPatch && values.chance(90)) return appliedBody(kind, values);
  if (contentType !== 'application/json-patch+json' || values.chance(5)) {
    if (values.chance(50)) return smallPatch(values);
    const body = objectBody(kind, undefined, values);
    return values.chance(70) ? body : values.anything();
  }
  if (values.chance(5)) return copyBomb(values);
  return Array.from({ length: 1 + values.random.below(3) }, () => ({
    op: values.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'grow']),
    path: pointer(values),
    from: pointer(values),
    value: values.chance(5) ? 'x'.repeat(100_000) : values.anything(),
  }));
}

/** A configuration that says what it is, of a few fields that another manager may have. */
function appliedBody(kind: AnyKind, values: HostileValues): unknown {
  const patch = values.chance(60) ? smallPatch(values) : objectBody(kind, undefined, values);
  const fields = patch as { metadata?: Record<string, unknown> };
  const { name: _, generateName: __, managedFields: ___, ...metadata } = { ...fields?.metadata };
  return {
    ...fields,
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { ...metadata, ...(values.chance(3) && { managedFields: values.anything() }) },
  };
}

/** Copies of copies: each doubles the object, and one too many would fill the memory. */
function copyBomb(values: HostileValues): unknown {
  const from = values.pick(['/metadata', '/metadata/labels', '/data', '']);
  const copies = Array.from({ length: values.pick([2, 40, 10_001]) }, (_, i) => ({
    op: 'copy',
    from,
    path: `${from}/${i}`,
  }));
  return [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }, ...copies];
}

/** One that nearly every object takes. */
function smallPatch(values: HostileValues): unknown {
  return values.pick<unknown>([
    { metadata: { labels: { app: values.name() } } },
    { metadata: { annotations: { app: values.text() } } },
    { metadata: { finalizers: null } },
    { metadata: { generation: 7, uid: null, creationTimestamp: null, labels: null } },
    { spec: { replicas: values.random.below(5) } },
    { spec: null },
    { status: { replicas: 1, phase: values.text() } },
    { data: { a: values.anything() } },
  ]);
}

function pointer(values: HostileValues): string {
  const steps = [
    'metadata',
    'labels',
    'app',
    'spec',
    'data',
    '-',
    '0',
    '999999999',
    '__proto__',
    'a~1b',
    '~2',
    '',
  ];
  let path = '';
  while (values.chance(65)) path += `/${values.pick(steps)}`;
  return path;
}

/** The body as text, at times cut off or with something in it that is no JSON. */
function asText(body: unknown, values: HostileValues): string {
  let text: string;
  try {
    text = JSON.stringify(body) ?? '';
  } catch {
    // Too deep for the engine's own writer; the handler has its chance with the value.
    return '[';
  }
  const at = values.random.below(text.length + 1);
  if (values.chance(40)) return text;
  return values.chance(50) ? text.slice(0, at) : text.slice(0, at) + values.text() + text.slice(at);
}
