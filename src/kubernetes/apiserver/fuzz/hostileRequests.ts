import { type AnyKind, apiVersionOf, pathOf } from '#kubernetes/api/kind.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { HostileValues } from './hostileValues.ts';

const methods: readonly ApiRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
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
  const query = queryOf(values);
  return { method, path, query, ...headers(values), ...bodyOf(method, kind, name, values) };
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
  if (contentType !== 'application/json-patch+json' || values.chance(5)) {
    if (values.chance(50)) return smallPatch(values);
    const body = objectBody(kind, undefined, values);
    return values.chance(70) ? body : values.anything();
  }
  return Array.from({ length: 1 + values.random.below(3) }, () => ({
    op: values.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'grow']),
    path: pointer(values),
    from: pointer(values),
    value: values.anything(),
  }));
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
