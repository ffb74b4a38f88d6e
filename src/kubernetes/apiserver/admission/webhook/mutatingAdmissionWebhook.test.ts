import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { TestServer } from '../../testing/testServer.ts';

const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const pods = '/api/v1/namespaces/default/pods';
const pod = { metadata: { name: 'x' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
let server: TestServer;

/** A webhook for pods that answers with this response. */
function webhook(response: object, more: object = {}): void {
  server.server.extensions.webhooks = ({ body }) => {
    const { apiVersion, request } = JSON.parse(body) as { apiVersion: string; request: { uid: string } };
    const review = { kind: 'AdmissionReview', apiVersion, response: { uid: request.uid, ...response } };
    return { status: 200, body: JSON.stringify(review), latencyMs: 2 };
  };
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }];
  server.send('POST', configurations, {
    metadata: { name: 'm' },
    webhooks: [
      {
        name: 'a.b.io',
        rules,
        clientConfig: { url: 'https://hook.io' },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  });
}

beforeEach(() => {
  server = new TestServer();
});

const patched = (...patch: object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: encodeBase64(JSON.stringify(patch)),
});

test('a patch is applied, and what it adds gets its defaults', () => {
  webhook(
    patched(
      { op: 'add', path: '/metadata/annotations', value: { team: 'ä' } },
      { op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'envoy:v1' } },
    ),
  );
  const { body } = server.send('POST', pods, pod);
  const { metadata, spec } = body as Pod;
  expect(metadata.annotations).toEqual({ team: 'ä' });
  expect(spec.containers[1]).toMatchObject({
    name: 'side',
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
  });
});

test('what a patch makes is validated', () => {
  webhook(patched({ op: 'replace', path: '/spec/containers/0/name', value: 'Bad_Name' }));
  expect(server.failure('POST', pods, pod)).toContain('spec.containers[0].name: Invalid value: "Bad_Name"');
});

const failed = (why: string) =>
  `Internal error occurred: failed calling webhook "a.b.io": received invalid webhook response: ${why}`;

test.each<[string, object, string]>([
  ['no', { allowed: false }, 'admission webhook "a.b.io" denied the request without explanation'],
  [
    'a patch of no type',
    { allowed: true, patch: encodeBase64('[]') },
    failed('webhook returned response.patch but not response.patchType'),
  ],
  [
    'a type of no patch',
    { allowed: true, patchType: 'JSONPatch' },
    failed('webhook returned response.patchType but not response.patch'),
  ],
  [
    'a patch of another type',
    { allowed: true, patchType: 'Merge', patch: encodeBase64('[]') },
    failed('webhook returned invalid response.patchType of "Merge"'),
  ],
])('%s', (_name, response, expected) => {
  webhook(response);
  expect(server.failure('POST', pods, pod)).toBe(expected);
});

test('a patch that does not fit is an error of the server', () => {
  webhook(patched({ op: 'remove', path: '/metadata/none' }));
  const { status, body } = server.send('POST', pods, pod);
  expect(status).toBe(500);
  expect((body as Status).reason).toBe('InternalError');
});

test('a deletion may be refused, but has nothing to change', () => {
  const rules = [{ operations: ['DELETE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }];
  server.send('POST', pods, pod);
  webhook({ allowed: false, status: { message: 'stays' } }, { rules });
  expect(server.failure('DELETE', `${pods}/x`)).toBe('admission webhook "a.b.io" denied the request: stays');
  server.send('DELETE', `${configurations}/m`);
  webhook(patched({ op: 'remove', path: '/metadata/labels' }), { rules });
  expect(server.failure('DELETE', `${pods}/x`)).toBe(
    'Internal error occurred: admission webhook "a.b.io" attempted to modify the object, which is not supported for this operation',
  );
});
