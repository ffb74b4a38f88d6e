import { beforeEach, expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { ownersText } from '../managedFields/testFields.ts';
import { TestServer } from '../testServer.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const scale = `${deployments}/web/scale`;
const json = 'application/json-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const applied = 'application/apply-patch+yaml';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  const spec = {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    },
  };
  server.send('POST', `${deployments}?fieldManager=maker`, { body: { metadata: { name: 'web' }, spec } });
});

const send = (method: ApiRequest['method'], body: unknown, contentType: string, query = '') =>
  server.send(method, `${scale}?fieldManager=scaler${query}`, { body, contentType });
const ofScale = (spec: object, metadata: object = { name: 'web' }) => ({
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata,
  spec,
});
const owners = (path: string) => ownersText(server.send('GET', path).body);

test.each<[string, unknown, string]>([
  ['merge', { spec: { replicas: 4 } }, 'application/merge-patch+json'],
  ['strategic merge', { spec: { replicas: 4 } }, strategic],
  ['JSON', [{ op: 'replace', path: '/spec/replicas', value: 4 }], json],
  ['applied', ofScale({ replicas: 4 }), applied],
])('a %s patch scales, and owns the number', (_how, body, contentType) => {
  const isApplied = contentType === applied;
  const answer = send('PATCH', body, contentType, isApplied ? '&force=true' : '');
  expect(answer).toMatchObject({ status: 200, body: { kind: 'Scale', spec: { replicas: 4 } } });
  expect(server.send('GET', `${deployments}/web`).body).toMatchObject({ spec: { replicas: 4 } });
  const operation = isApplied ? 'Apply' : 'Update';
  const entry = { manager: 'scaler', operation, subresource: 'scale', fieldsType: 'FieldsV1' };
  const fieldsV1 = { 'f:spec': { 'f:replicas': {} } };
  expect(answer.body).toMatchObject({
    metadata: { managedFields: [{ ...entry, apiVersion: 'autoscaling/v1', fieldsV1 }] },
  });
  expect(server.send('GET', `${deployments}/web`).body).toMatchObject({
    metadata: {
      managedFields: expect.arrayContaining([
        expect.objectContaining({ ...entry, apiVersion: 'apps/v1', fieldsV1 }),
      ]) as unknown,
    },
  });
  const maker = owners(`${deployments}/web`).find((line) => line.startsWith('maker'));
  expect(maker).not.toContain('.spec.replicas');
});

test('who applies another number than somebody owns is told, and who applies none lets go', () => {
  expect(send('PATCH', ofScale({ replicas: 4 }), applied).body).toMatchObject({
    code: 409,
    message: 'Apply failed with 1 conflict: conflict with "maker" using apps/v1: .spec.replicas',
  });
  expect(owners(scale)).toEqual(['maker Update autoscaling/v1: .spec.replicas']);
  expect(send('PATCH', ofScale({ replicas: 1 }), applied).status).toBe(200);
  expect(owners(scale)).toHaveLength(2);
  expect(send('PATCH', ofScale({}), applied).status).toBe(200);
  expect(owners(scale)).toEqual(['maker Update autoscaling/v1: .spec.replicas']);
});

/** Sentences: apiserver/pkg/endpoints/handlers/{update,patch,rest}.go, structured-merge-diff/typed/validate.go */
test.each<[ApiRequest['method'], unknown, string, number, string]>([
  [
    'PATCH',
    { spec: { replicas: -1 } },
    strategic,
    422,
    'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'PUT',
    ofScale({ replicas: 2 }, { name: 'other' }),
    'application/json',
    400,
    'the name of the object (other) does not match the name on the URL (web)',
  ],
  [
    'PUT',
    { ...ofScale({ replicas: 2 }), kind: 'Deployment' },
    'application/json',
    400,
    'Deployment in version "v1" cannot be handled as a Scale: converting (v1.Deployment) to (autoscaling.Scale): unknown conversion',
  ],
  [
    'PUT',
    ofScale({ replicas: 'x' }),
    'application/json',
    400,
    'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32',
  ],
  [
    'PUT',
    ofScale({ replicas: 2 }, { name: 'web', resourceVersion: '1' }),
    'application/json',
    409,
    'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
  ],
  [
    'PATCH',
    ofScale({ replicas: 2, size: 3 }),
    applied,
    500,
    'failed to create typed patch object (default/web; autoscaling/v1, Kind=Scale): .spec.size: field not declared in schema',
  ],
])('%s of %j is refused', (method, body, contentType, code, message) => {
  const { revision } = server.etcd;
  expect(send(method, body, contentType).body).toMatchObject({ code, message });
  expect(server.etcd.revision).toBe(revision);
});

// Upstream: pkg/printers/internalversion/printers_test.go TestPrintScale
test('a table shows what is wanted and what there is', () => {
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  expect(server.send('GET', scale, { accept }).body).toMatchObject({
    kind: 'Table',
    columnDefinitions: [{ name: 'Name' }, { name: 'Desired' }, { name: 'Available' }, { name: 'Age' }],
    rows: [{ cells: ['web', 1, 0, '0s'] }],
  });
});

test('an unknown field is warned of, or refused', () => {
  const body = { spec: { replicas: 2, size: 3 } };
  const strict = send('PATCH', body, strategic, '&fieldValidation=Strict');
  expect(strict.body).toMatchObject({ code: 422 });
  expect((strict.body as { message: string }).message).toContain('unknown field "spec.size"');
  expect(send('PATCH', body, strategic).warnings).toEqual(['unknown field "spec.size"']);
});
