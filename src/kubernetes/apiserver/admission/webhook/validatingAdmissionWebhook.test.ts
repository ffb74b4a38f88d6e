import { beforeEach, expect, test } from 'vitest';
import { TestServer } from '../../testing/testServer.ts';
import type { WebhookAnswer, WebhookCall } from './transport.ts';

const configurations = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const configMaps = '/api/v1/namespaces/default/configmaps';
const map = { metadata: { name: 'x', labels: { a: 'b' } } };
let server: TestServer;
let calls: WebhookCall[];

interface Review {
  readonly apiVersion: string;
  readonly request: Readonly<Record<string, unknown>> & { readonly uid: string };
}

function reviewOf({ body }: WebhookCall): Review {
  return JSON.parse(body) as Review;
}

/** A webhook that answers every review with this response, or whose call ends like this. */
function webhook(answer: object | WebhookAnswer, more: object = {}, name = 'a.b.io'): void {
  server.server.extensions.webhooks = (call) => {
    calls.push(call);
    if (answer === 'timeout' || 'latencyMs' in answer) return answer;
    const { apiVersion, request } = reviewOf(call);
    const response = { uid: request.uid, ...answer };
    return {
      status: 200,
      body: JSON.stringify({ kind: 'AdmissionReview', apiVersion, response }),
      latencyMs: 2,
    };
  };
  const rules = [
    { operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps', 'pods/exec'] },
  ];
  const { status, body } = server.send('POST', configurations, {
    metadata: { name },
    webhooks: [
      {
        name,
        rules,
        clientConfig: { url: 'https://hook.io/check' },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  });
  expect(status, JSON.stringify(body)).toBe(201);
}

beforeEach(() => {
  server = new TestServer();
  calls = [];
});

const failed = (why: string) => `Internal error occurred: failed calling webhook "a.b.io": ${why}`;
const denied = 'admission webhook "a.b.io" denied the request';
const answered = (body: unknown, status = 200) => ({ status, body: JSON.stringify(body), latencyMs: 1 });

test.each<[string, object | WebhookAnswer, string | null, number]>([
  ['yes', { allowed: true }, null, 201],
  ['no', { allowed: false }, `${denied} without explanation`, 400],
  ['no, and why', { allowed: false, status: { message: 'too big' } }, `${denied}: too big`, 400],
  [
    'no, with a code and a reason',
    { allowed: false, status: { reason: 'Forbidden', code: 403 } },
    `${denied}: Forbidden`,
    403,
  ],
  [
    'the answer to another question',
    { allowed: true, uid: 'other' },
    failed('received invalid webhook response: expected response.uid="UID", got "other"'),
    500,
  ],
  [
    'no answer at all',
    answered({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1' }),
    failed('received invalid webhook response: webhook response was absent'),
    500,
  ],
  [
    'another kind of object',
    answered({ kind: 'Pod', apiVersion: 'v1' }),
    failed(
      'received invalid webhook response: expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got v1, Kind=Pod',
    ),
    500,
  ],
  [
    'a failure',
    answered('boom', 500),
    failed(
      'failed to call webhook: an error on the server ("\\"boom\\"") has prevented the request from succeeding',
    ),
    500,
  ],
  [
    'nobody there',
    { error: 'dial tcp 1.2.3.4:443: connect: connection refused', latencyMs: 1 },
    failed(
      'failed to call webhook: Post "https://hook.io/check?timeout=10s": dial tcp 1.2.3.4:443: connect: connection refused',
    ),
    500,
  ],
  [
    'silence',
    'timeout',
    failed('failed to call webhook: Post "https://hook.io/check?timeout=10s": context deadline exceeded'),
    500,
  ],
])('%s', (_name, answer, expected, code) => {
  webhook(answer);
  const { status, body } = server.send('POST', configMaps, map);
  const message = status < 400 ? null : (body as { message: string }).message;
  expect(message?.replace(/uid="[0-9a-f-]{36}"/, 'uid="UID"') ?? null).toBe(expected);
  expect(status).toBe(code);
});

test('a review says what is asked for', () => {
  webhook({ allowed: true, warnings: ['careful'] });
  const { warnings } = server.send('POST', configMaps, map);
  expect(warnings).toContain('careful');
  expect(calls[0]).toMatchObject({ host: 'hook.io', port: 443, path: '/check?timeout=10s' });
  const { apiVersion, request } = reviewOf(calls[0]!);
  expect(apiVersion).toBe('admission.k8s.io/v1');
  expect(request).toMatchObject({
    kind: { group: '', version: 'v1', kind: 'ConfigMap' },
    resource: { group: '', version: 'v1', resource: 'configmaps' },
    requestKind: { group: '', version: 'v1', kind: 'ConfigMap' },
    name: 'x',
    namespace: 'default',
    operation: 'CREATE',
    userInfo: { username: 'kubernetes-admin', groups: ['system:masters'] },
    object: { kind: 'ConfigMap', metadata: { name: 'x', labels: { a: 'b' } } },
    oldObject: null,
    dryRun: false,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
  });
});

test('a delete shows what is there, and a dry run says so', () => {
  webhook({ allowed: true }, { admissionReviewVersions: ['v1beta1'] });
  server.send('POST', configMaps, map);
  server.send('DELETE', `${configMaps}/x`, undefined, { query: { dryRun: 'All' } });
  expect(reviewOf(calls[1]!)).toMatchObject({
    apiVersion: 'admission.k8s.io/v1beta1',
    request: { operation: 'DELETE', object: null, oldObject: { metadata: { name: 'x' } }, dryRun: true },
  });
});

test.each<[string, object, boolean]>([
  ['another label', { objectSelector: { matchLabels: { a: 'c' } } }, false],
  ['its label', { objectSelector: { matchLabels: { a: 'b' } } }, true],
  ['another namespace', { namespaceSelector: { matchLabels: { env: 'prod' } } }, false],
  [
    'its namespace',
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } },
    true,
  ],
  [
    'another scope',
    {
      rules: [
        { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], scope: 'Cluster' },
      ],
    },
    false,
  ],
  ['a condition', { matchConditions: [{ name: 'c', expression: "object.metadata.name == 'y'" }] }, false],
])('%s', (_name, more, isAsked) => {
  webhook({ allowed: false }, more);
  expect(server.send('POST', configMaps, map).status).toBe(isAsked ? 400 : 201);
});

test('a failure may be ignored, and all are waited for at once', () => {
  webhook('timeout', { failurePolicy: 'Ignore', timeoutSeconds: 3 });
  expect(server.failure('POST', configMaps, map)).toBe(null);
  const { latencyMs } = server.server.handle({
    method: 'POST',
    path: configMaps,
    contentType: 'application/json',
    user: { name: 'kubernetes-admin', groups: ['system:masters'] },
    body: { metadata: { name: 'y' } },
  });
  expect(latencyMs).toBeGreaterThanOrEqual(3000);
});
