import { beforeEach, expect, test } from 'vitest';
import type { WebhookAnswer, WebhookCall } from '../admission/webhook/transport.ts';
import { TestServer } from '../testServer.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const path = (version: string) => `/apis/example.com/${version}/namespaces/default/widgets`;
const string = { type: 'string' };
const version = (name: string, properties: object, storage: boolean) => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: 'object', properties } },
});

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly Record<string, unknown>[];
  };
}

let server: TestServer;
let calls: (WebhookCall & { readonly review: Review })[];
/** What the webhook makes of a review; null where it cannot be reached. */
let answer: (review: Review) => unknown;

/** v1 has `size`, v2 `length`. */
const converted = ({ request: { objects, desiredAPIVersion } }: Review) =>
  objects.map(({ size, length, ...object }) => ({
    ...object,
    apiVersion: desiredAPIVersion,
    ...(desiredAPIVersion.endsWith('v2') ? { length: size } : { size: length }),
  }));
const success = (review: Review, more: object = {}) => ({
  apiVersion: review.apiVersion,
  kind: review.kind,
  response: {
    uid: review.request.uid,
    result: { status: 'Success' },
    convertedObjects: converted(review),
    ...more,
  },
});
const first = (review: Review, more: object) =>
  success(review, { convertedObjects: [{ ...converted(review)[0], ...more }] });
const metadata = (review: Review) => review.request.objects[0]!['metadata'] as object;

beforeEach(() => {
  server = new TestServer();
  calls = [];
  answer = success;
  server.server.extensions.webhooks = (call): WebhookAnswer => {
    const review = JSON.parse(call.body) as Review;
    calls.push({ ...call, review });
    const body = answer(review);
    if (body === null) return 'timeout';
    return { status: 200, body: typeof body === 'string' ? body : JSON.stringify(body), latencyMs: 3 };
  };
  server.send('POST', definitions, {
    body: {
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', kind: 'Widget' },
        versions: [
          version('v1', { size: string }, true),
          version('v2', { length: { type: 'string', maxLength: 3 } }, false),
        ],
        conversion: {
          strategy: 'Webhook',
          webhook: {
            conversionReviewVersions: ['v1'],
            clientConfig: { service: { namespace: 'default', name: 'hook', path: '/convert' } },
          },
        },
      },
    },
  });
  const spec = { clusterIP: '10.96.0.9', ports: [{ port: 443 }] };
  server.send('POST', '/api/v1/namespaces/default/services', { body: { metadata: { name: 'hook' }, spec } });
  server.runTo(1_000);
});

const make = (of: string, fields: object) =>
  server.send('POST', path(of), { body: { metadata: { name: 'w', labels: { a: 'b' } }, ...fields } });

test('an object is stored in one version and shown in each', () => {
  const made = make('v2', { length: '3' });
  expect(made).toMatchObject({ status: 201, body: { apiVersion: 'example.com/v2', length: '3' } });
  expect(server.send('GET', `${path('v1')}/w`).body).toMatchObject({
    apiVersion: 'example.com/v1',
    size: '3',
  });
  expect(server.etcd.range({ from: '', end: '\uffff' }).kvs.map(({ value }) => value)).toContainEqual(
    expect.objectContaining({ apiVersion: 'example.com/v1', size: '3' }),
  );
  expect(calls[0]).toMatchObject({ host: '10.96.0.9', port: 443, path: '/convert?timeout=30s' });
  expect(calls[0]!.review).toMatchObject({
    kind: 'ConversionReview',
    apiVersion: 'apiextensions.k8s.io/v1',
    request: {
      desiredAPIVersion: 'example.com/v1',
      objects: [{ apiVersion: 'example.com/v2', length: '3' }],
    },
  });
  const put = server.send('PATCH', `${path('v2')}/w`, { body: { length: '4' } });
  expect(put).toMatchObject({ status: 200, body: { length: '4' } });
  expect(server.send('GET', `${path('v1')}/w`).body).toMatchObject({ size: '4' });
});

test('what is sent is held to the schema of its version', () => {
  expect(make('v2', { length: 'long' }).body).toMatchObject({
    code: 422,
    message: 'Widget.example.com "w" is invalid: length: Too long: may not be more than 3 bytes',
  });
  expect(make('v1', { size: 'long' }).status).toBe(201);
});

test('lists and watches know what was converted before, a single object is asked for anew', () => {
  make('v1', { size: '3' });
  const events = server.watch(`${path('v2')}?watch=true`);
  server.runTo(2_000);
  expect(server.send('GET', path('v2')).body).toMatchObject({ items: [{ length: '3' }] });
  expect(calls).toHaveLength(1);
  answer = () => null;
  expect(server.send('GET', path('v2')).status).toBe(200);
  expect(server.send('GET', `${path('v2')}/w`).status).toBe(500);
  server.send('PATCH', `${path('v1')}/w`, { body: { size: '4' } });
  server.runTo(3_000);
  expect(events.map((event) => event?.type)).toEqual(['ADDED', 'ERROR']);
});

const who = 'conversion webhook for example.com/v1, Kind=Widget';

/** Upstream: webhook_converter.go, webhook_converter_test.go */
test.each<[string, (review: Review) => unknown, string]>([
  [
    'does not answer',
    () => null,
    `${who} failed: Post "https://hook.default.svc:443/convert?timeout=30s": context deadline exceeded`,
  ],
  [
    'says no',
    (review) => success(review, { result: { status: 'Failure', message: 'no size' } }),
    `${who} failed: no size`,
  ],
  [
    'says nothing',
    (review) => success(review, { result: {} }),
    `${who} failed: response.result.status was '', not 'Success'`,
  ],
  [
    'has no response',
    (review) => ({ ...success(review), response: null }),
    `${who} failed: no response provided`,
  ],
  [
    'answers another review',
    (review) => success(review, { uid: 'x' }),
    `${who} failed: expected response.uid="UID", got "x"`,
  ],
  [
    'answers with something else',
    (review) => ({ ...success(review), kind: 'AdmissionReview' }),
    `${who} failed: expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got apiextensions.k8s.io/v1, Kind=AdmissionReview`,
  ],
  [
    'returns none',
    (review) => success(review, { convertedObjects: [] }),
    `${who} returned 0 objects, expected 1`,
  ],
  [
    'returns the old version',
    (review) => first(review, { apiVersion: 'example.com/v1' }),
    `${who} returned invalid object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v1)`,
  ],
  [
    'returns another kind',
    (review) => first(review, { kind: 'Gadget' }),
    `${who} returned invalid object at index 0: invalid kind (expected Widget, received Gadget)`,
  ],
  [
    'renames',
    (review) => first(review, { metadata: { ...metadata(review), name: 'x' } }),
    `${who} returned invalid object: must have the same name: w != x`,
  ],
  [
    'labels with a number',
    (review) => first(review, { metadata: { ...metadata(review), labels: { a: 1 } } }),
    `${who} returned invalid metadata: metadata.labels[a] must be a string, but is int64 in converted object`,
  ],
])('a webhook that %s', (_what, how, message) => {
  make('v1', { size: '3' });
  answer = how;
  const { body } = server.send('GET', `${path('v2')}/w`);
  const { uid } = calls.at(-1)!.review.request;
  expect(body).toMatchObject({ code: 500, message: message.replace('UID', uid) });
});

test('labels and annotations may be changed, and nothing else of the metadata', () => {
  make('v1', { size: '3' });
  answer = (review) =>
    first(review, { metadata: { ...metadata(review), labels: { c: 'd' }, finalizers: ['x/y'] } });
  const { metadata: shown } = server.send('GET', `${path('v2')}/w`).object;
  expect(shown).toMatchObject({ labels: { c: 'd' } });
  expect(shown).not.toHaveProperty('finalizers');
});

test('a service that is not there is named', () => {
  make('v1', { size: '3' });
  server.send('DELETE', '/api/v1/namespaces/default/services/hook');
  expect(server.send('GET', `${path('v2')}/w`).body).toMatchObject({
    code: 500,
    message: `${who} failed: Post "https://hook.default.svc:443/convert?timeout=30s": service "hook" not found`,
  });
});
