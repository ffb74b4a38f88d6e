import { beforeEach, expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { TestServer } from '../testServer.ts';

let server: TestServer;

const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const pod = (name: string) => ({
  metadata: { name, finalizers: ['example.com/hold'] },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }] },
});
const deployment = {
  metadata: { name: 'web', labels: { a: '1' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: pod('x').spec },
  },
};

beforeEach(() => {
  server = new TestServer();
  server.send('POST', configMaps, { body: { metadata: { name: 'a' } } });
  server.send('POST', pods, { body: pod('p') });
  server.send('POST', deployments, { body: deployment });
  server.send('POST', leases, { body: { metadata: { name: 'l' }, spec: { holderIdentity: 'me' } } });
});

/** Upstream: apiserver/pkg/endpoints/handlers/{create,update,delete,rest}.go; recordings `invalid/…`, `delete/…`. */
test.each<[ApiRequest['method'], string, unknown, number, string]>([
  [
    'POST',
    configMaps,
    { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'c' } },
    400,
    'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
  ],
  [
    'POST',
    configMaps,
    { kind: 'ConfigMap', apiVersion: 'v9', metadata: { name: 'c' } },
    400,
    'ConfigMap in version "v9" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v9" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  ],
  [
    'POST',
    '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
    { kind: 'HorizontalPodAutoscaler', apiVersion: 'autoscaling/v1', metadata: { name: 'c' } },
    400,
    'the API version in the data (autoscaling/v1) does not match the expected API version (autoscaling/v2)',
  ],
  [
    'POST',
    configMaps,
    { kind: ['x'], metadata: { name: 'c' } },
    400,
    "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go struct field .kind of type string",
  ],
  [
    'PUT',
    `${configMaps}/putnew`,
    { metadata: { name: 'other' } },
    400,
    'the name of the object (other) does not match the name on the URL (putnew)',
  ],
  [
    'POST',
    configMaps,
    { metadata: { name: 'c', namespace: 'other' } },
    400,
    'the namespace of the provided object does not match the namespace sent on the request',
  ],
  [
    'PUT',
    `${configMaps}/a`,
    { metadata: {} },
    400,
    'the name of the object (a based on URL) was undeterminable: name must be provided',
  ],
  [
    'PUT',
    `${configMaps}/a`,
    { metadata: { name: 'b' } },
    400,
    'the name of the object (b) does not match the name on the URL (a)',
  ],
  [
    'PUT',
    `${configMaps}/a`,
    { metadata: { name: 'a', namespace: 'b' } },
    400,
    'the namespace of the object (b) does not match the namespace on the request (default)',
  ],
  ['PUT', `${configMaps}/z`, { metadata: { name: 'z' } }, 404, 'configmaps "z" not found'],
  [
    'PUT',
    `${leases}/l`,
    { metadata: { name: 'l' }, spec: {} },
    422,
    'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
  ],
  [
    'DELETE',
    `${configMaps}/a`,
    { propagationPolicy: 'Nope', dryRun: ['Some'] },
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: [propagationPolicy: Unsupported value: "Nope": supported values: "Foreground", "Background", "Orphan", "nil", dryRun: Unsupported value: ["Some"]: supported values: "All"]',
  ],
  [
    'DELETE',
    `${configMaps}/a`,
    { propagationPolicy: 'Orphan', orphanDependents: true },
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
  ],
  [
    'DELETE',
    `${configMaps}/a`,
    { gracePeriodSeconds: 'soon' },
    400,
    'DeleteOptions in version "v1" cannot be handled as a DeleteOptions: json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
  ],
  [
    'DELETE',
    `${configMaps}/a?gracePeriodSeconds=x`,
    undefined,
    400,
    'strconv.ParseInt: parsing "x": invalid syntax',
  ],
  ['DELETE', `${configMaps}?limit=x`, undefined, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
])('%s %s of %j is answered %i', (method, target, body, code, message) => {
  const { revision } = server.etcd;
  expect(server.send(method, target, body === undefined ? {} : { body }).body).toMatchObject({
    code,
    message,
  });
  expect(server.etcd.revision).toBe(revision);
});

test.each<[ApiRequest['method'], string, unknown]>([
  ['POST', configMaps, { metadata: { name: 'b' } }],
  ['PUT', `${configMaps}/a`, { metadata: { name: 'a' }, data: { x: 'y' } }],
  ['PUT', `${leases}/new`, { metadata: { name: 'new' }, spec: {} }],
  ['PATCH', `${configMaps}/a`, { data: { x: 'y' } }],
  ['PATCH', `${deployments}/web/status`, { status: { replicas: 1 } }],
  ['PATCH', `${deployments}/web/scale`, { spec: { replicas: 3 } }],
  ['PUT', `${deployments}/web/scale`, { metadata: { name: 'web' }, spec: { replicas: 3 } }],
  ['POST', `${pods}/p/binding`, { target: { name: 'node-1' } }],
  ['POST', `${pods}/p/eviction`, { metadata: { name: 'p' } }],
  ['DELETE', `${configMaps}/a`, undefined],
  ['DELETE', configMaps, undefined],
  ['PUT', '/api/v1/namespaces/default/finalize', { metadata: { name: 'default' }, spec: { finalizers: [] } }],
])('a dry run of %s %s changes nothing', (method, path, body) => {
  const { revision } = server.etcd;
  const dry = server.send(method, `${path}?dryRun=All`, body === undefined ? {} : { body });
  expect(dry.status).toBeLessThan(300);
  expect(server.etcd.revision).toBe(revision);
  expect(server.send(method, path, body === undefined ? {} : { body }).status).toBe(dry.status);
  expect(server.etcd.revision).toBeGreaterThan(revision);
});

test('a PUT makes objects of the kinds that may be made so', () => {
  const put = server.send('PUT', `${leases}/new`, { body: { metadata: { name: 'new' }, spec: {} } });
  expect(put).toMatchObject({ status: 201, body: { kind: 'Lease', metadata: { name: 'new' } } });
  expect(server.send('GET', `${leases}/new`).status).toBe(200);
});

const node = '/apis/node.k8s.io/v1/runtimeclasses';
const flows = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
const policies = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings';

test('a PUT without a version changes what its kind lets it', () => {
  const runtime = { metadata: { name: 'quick' }, handler: 'quick' };
  expect(server.send('PUT', `${node}/quick`, { body: runtime }).status).toBe(201);
  expect(server.send('PUT', `${node}/quick`, { body: runtime }).body).toMatchObject({
    message:
      'runtimeclasses.node.k8s.io "quick" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    details: { group: 'node.k8s.io', kind: 'runtimeclasses', name: 'quick' },
  });
  const flow = {
    metadata: { name: 'mine' },
    spec: { priorityLevelConfiguration: { name: 'exempt' }, matchingPrecedence: 10 },
  };
  expect(server.send('POST', flows, { body: flow }).status).toBe(201);
  expect(server.send('PUT', `${flows}/mine`, { body: flow }).status).toBe(200);
  const binding = { metadata: { name: 'b' }, spec: { policyName: 'p' } };
  expect(server.send('POST', policies, { body: binding }).status).toBe(201);
  expect(server.send('PUT', `${policies}/b`, { body: binding }).status).toBe(422);
});

test('a name that is taken every time is a conflict to be tried again', () => {
  const make = () => server.send('POST', configMaps, { body: { metadata: { generateName: 'g-' } } });
  const { name } = make().object.metadata as { name: string };
  expect(name).toMatch(/^g-[a-z0-9]{5}$/);
  const draws = server.simulation.random('names/configmaps');
  draws.below = () => 0;
  expect(make().object.metadata).toMatchObject({ name: 'g-bbbbb' });
  expect(make().body).toMatchObject({
    reason: 'AlreadyExists',
    code: 409,
    message:
      'configmaps "g-bbbbb" already exists, the server was not able to generate a unique name for the object',
    details: { name: 'g-bbbbb', kind: 'configmaps', retryAfterSeconds: 1 },
  });
});

/** Upstream: PrepareForUpdate of pkg/registry/{core/pod,apps/deployment,apps/replicaset}/strategy.go's status strategies */
test.each([
  [deployments, 'web', { annotations: { x: '1' }, labels: { a: '1' } }],
  [pods, 'p', { annotations: { x: '1' }, labels: { b: '2' } }],
])('a write of the status of %s keeps what its strategy keeps', (path, name, kept) => {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'u' }];
  const body = {
    metadata: { annotations: { x: '1' }, labels: { b: '2' }, ownerReferences },
    spec: { replicas: 9 },
    status: { message: 'm' },
  };
  const status = server.send('PATCH', `${path}/${name}/status`, { body }).object;
  const { labels = {} } = status.metadata as { labels?: Record<string, string> };
  expect(status.metadata).toMatchObject({ annotations: kept.annotations });
  expect(labels).toEqual(kept.labels);
  expect('ownerReferences' in status.metadata).toBe(path === deployments);
  expect(status['spec']).not.toMatchObject({ replicas: 9 });
});

// Upstream: pkg/registry/certificates/certificates/strategy.go; test/e2e/auth/certificates.go
test("a write of a certificate request's status may label it", () => {
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const spec = {
    request: requests.jane,
    signerName: 'example.com/signer',
    usages: ['digital signature'],
  };
  server.send('POST', path, { body: { metadata: { name: 'csr' }, spec } });
  const body = { metadata: { annotations: { patchedstatus: 'true' } } };
  expect(server.send('PATCH', `${path}/csr/status`, { body }).object.metadata).toMatchObject(body.metadata);
});

test("a Deployment's annotations raise its generation, and nobody else's do", () => {
  const annotate = (path: string) =>
    server.send('PATCH', path, { body: { metadata: { annotations: { x: '1' } } } }).object.metadata;
  expect(annotate(`${deployments}/web`)).toMatchObject({ generation: 2 });
  expect(annotate(`${pods}/p`)).toMatchObject({ generation: 1 });
});

test('a collection is deleted as it is selected, and answered as it was', () => {
  for (const name of ['b', 'c'])
    server.send('POST', configMaps, { body: { metadata: { name, labels: { app: 'x' } } } });
  const { status, body } = server.send('DELETE', `${configMaps}?labelSelector=app=x`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    kind: 'ConfigMapList',
    apiVersion: 'v1',
    items: [{ metadata: { name: 'b' } }, { metadata: { name: 'c' } }],
  });
  const left = server.send('GET', configMaps).object['items'] as { metadata: { name: string } }[];
  expect(left.map(({ metadata }) => metadata.name)).toEqual(['a']);
});

test('less than no grace is one second', () => {
  server.send('POST', `${pods}/p/binding`, { body: { target: { name: 'node-1' } } });
  const { metadata } = server.send('DELETE', `${pods}/p`, { body: { gracePeriodSeconds: -5 } }).object;
  expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 1 });
});
