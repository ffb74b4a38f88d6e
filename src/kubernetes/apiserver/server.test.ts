import { beforeEach, expect, test } from 'vitest';
import type { Pod, Service } from '#generated/types/core.v1.ts';
import { warningsFor } from '#kubernetes/api/notSimulated.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import type { ApiRequest, WatchEvent } from '#kubernetes/api/request.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import { laterParts } from './laterParts.ts';
import { ApiServer } from './server.ts';

let simulation: Simulation;
let etcd: Etcd<KubeObject>;
let server: ApiServer;

const user = { name: 'kubernetes-admin', groups: ['system:masters'] };
const json = 'application/json';

function send(method: ApiRequest['method'], path: string, body?: unknown, more: Partial<ApiRequest> = {}) {
  const response = server.handle({
    method,
    path,
    user,
    contentType: json,
    ...(body !== undefined && { body }),
    ...more,
  });
  return { ...response, object: response.body as KubeObject & Record<string, never> };
}

const pods = '/api/v1/namespaces/default/pods';
const pod = (name: string, more: object = {}) => ({
  metadata: { name, labels: { app: name[0] } },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...more },
});

beforeEach(() => {
  simulation = new Simulation({ seed: 's', startMs: 0 });
  etcd = new Etcd<KubeObject>(simulation);
  server = new ApiServer({ simulation, etcd });
  server.install(laterParts);
  server.unsimulated = warningsFor;
  send('POST', '/api/v1/namespaces', { metadata: { name: 'default' } });
  send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
});

test('a created pod has what the server sets, and is read back', () => {
  const created = send('POST', pods, pod('web'));
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', generation: 1, creationTimestamp: '1970-01-01T00:00:00Z' },
    spec: {
      serviceAccountName: 'default',
      restartPolicy: 'Always',
      tolerations: [{ tolerationSeconds: 300 }, {}],
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  });
  expect(send('GET', `${pods}/web`, undefined, { inProcess: true }).body).toBe(
    etcd.get('/registry/pods/default/web')?.value,
  );
});

test('replicas of one template share their containers', () => {
  const { spec } = pod('x');
  const [a, b] = ['a', 'b'].map((name) => send('POST', pods, { metadata: { name }, spec }).body as Pod);
  expect(a!.spec.containers).toBe(b!.spec.containers);
});

test.each([
  ['POST', pods, pod('web'), 409, 'pods "web" already exists'],
  ['GET', `${pods}/nope`, undefined, 404, 'pods "nope" not found'],
  ['POST', '/api/v1/namespaces/nope/pods', pod('a'), 404, 'namespaces "nope" not found'],
  [
    'DELETE',
    '/api/v1/namespaces/default',
    undefined,
    403,
    'namespaces "default" is forbidden: this namespace may not be deleted',
  ],
  ['GET', '/apis/apps/v1/things', undefined, 404, 'the server could not find the requested resource'],
  ['GET', `${pods}?`, undefined, 404, 'the server could not find the requested resource'],
  [
    'POST',
    pods,
    { ...pod('a'), kind: 'Pod', apiVersion: 'v2' },
    400,
    'Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  ],
  [
    'POST',
    pods,
    pod('a', { serviceAccountName: 'bot' }),
    403,
    'pods "a" is forbidden: error looking up service account default/bot: serviceaccount "bot" not found',
  ],
] as const)('%s %s is refused in upstream’s words', (method, path, body, status, message) => {
  send('POST', pods, pod('web'));
  const revision = etcd.revision;
  const response = send(method, path, body);
  expect(response.status).toBe(status);
  expect(response.body).toMatchObject({ kind: 'Status', status: 'Failure', message, code: status });
  expect(etcd.revision).toBe(revision);
});

test('an update of an old version conflicts, one that changes nothing keeps the revision', () => {
  const created = send('POST', pods, pod('web')).object;
  const labelled = { ...created, metadata: { ...created.metadata, labels: { a: 'b' } } };
  const updated = send('PUT', `${pods}/web`, labelled).object;
  expect(updated.metadata).toMatchObject({ labels: { a: 'b' }, generation: 1 });
  const again = send('PUT', `${pods}/web`, {
    ...labelled,
    metadata: { ...labelled.metadata, resourceVersion: undefined, managedFields: undefined },
  }).object;
  expect(again.metadata.resourceVersion).toBe(updated.metadata.resourceVersion);
  expect(send('PUT', `${pods}/web`, created).body).toMatchObject({
    reason: 'Conflict',
    message:
      'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again',
  });
});

test('a spec change raises the generation, a status change does not', () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: pod('x').spec };
  send('POST', path, { metadata: { name: 'web' }, spec: { selector: { matchLabels: labels }, template } });
  const merge = { contentType: 'application/merge-patch+json' };
  const scaled = send('PATCH', `${path}/web`, { spec: { replicas: 3 } }, merge).object;
  expect(scaled.metadata.generation).toBe(2);
  const status = send(
    'PATCH',
    `${path}/web/status`,
    { spec: { replicas: 9 }, status: { replicas: 3 } },
    merge,
  );
  expect(status.body).toMatchObject({
    metadata: { generation: 2 },
    spec: { replicas: 3 },
    status: { replicas: 3 },
  });
  expect(send('GET', `${path}/web/scale`).body).toMatchObject({
    kind: 'Scale',
    spec: { replicas: 3 },
    status: { replicas: 3, selector: 'app=web' },
  });
  send('PATCH', `${path}/web/scale`, { spec: { replicas: 5 } }, merge);
  expect(send('GET', `${path}/web`).body).toMatchObject({
    spec: { replicas: 5 },
    metadata: { generation: 3 },
  });
});

test('a bound pod waits for its kubelet, an unbound one goes at once, a finalizer holds both', () => {
  send('POST', pods, pod('a'));
  expect(send('DELETE', `${pods}/a`).body).toMatchObject({ kind: 'Status', status: 'Success' });
  send('POST', pods, pod('b'));
  send('POST', `${pods}/b/binding`, { target: { name: 'node-1' } });
  expect(send('DELETE', `${pods}/b`).object.metadata).toMatchObject({
    deletionGracePeriodSeconds: 30,
    deletionTimestamp: '1970-01-01T00:00:30Z',
  });
  send('DELETE', `${pods}/b`, { gracePeriodSeconds: 0 });
  expect(send('GET', `${pods}/b`).status).toBe(404);
  const held = send('POST', pods, {
    ...pod('c'),
    metadata: { name: 'c', finalizers: ['example.com/hold'] },
  }).object;
  send('DELETE', `${pods}/c`);
  const marked = send('GET', `${pods}/c`).object;
  expect(marked.metadata.deletionGracePeriodSeconds).toBe(0);
  expect(held.metadata.uid).toBe(marked.metadata.uid);
  send(
    'PATCH',
    `${pods}/c`,
    { metadata: { finalizers: null } },
    { contentType: 'application/merge-patch+json' },
  );
  expect(send('GET', `${pods}/c`).status).toBe(404);
});

test('selectors, pages and tables', () => {
  for (const name of ['a1', 'a2', 'b1', 'b2', 'b3']) send('POST', pods, pod(name));
  const names = (query: Record<string, string>) => {
    const list = send('GET', pods, undefined, { query }).object as unknown as {
      items: Pod[];
      metadata: { continue?: string; remainingItemCount?: number };
    };
    return { names: list.items.map((item) => item.metadata.name).join(), ...list.metadata };
  };
  expect(names({ labelSelector: 'app in (b)' }).names).toBe('b1,b2,b3');
  expect(names({ fieldSelector: 'metadata.name=a2' }).names).toBe('a2');
  expect(names({ fieldSelector: 'spec.nodeName=' }).names).toBe('a1,a2,b1,b2,b3');
  const first = names({ limit: '2' });
  expect(first).toMatchObject({ names: 'a1,a2', remainingItemCount: 3 });
  expect(names({ limit: '9', continue: first.continue! }).names).toBe('b1,b2,b3');
  const filtered = names({ limit: '1', labelSelector: 'app=b' });
  expect(names({ limit: '9', labelSelector: 'app=b', continue: filtered.continue! }).names).toBe('b2,b3');
  const table = send('GET', pods, undefined, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  });
  expect(table.body).toMatchObject({
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name' },
      { name: 'Ready' },
      { name: 'Status' },
      { name: 'Restarts' },
      { name: 'Age' },
      {},
      {},
      {},
      {},
    ],
    rows: [
      { cells: ['a1', '0/1', 'Pending', '0', '0s', '<none>', '<none>', '<none>', '<none>'] },
      {},
      {},
      {},
      {},
    ],
  });
  const unknown = send('GET', pods, undefined, { query: { fieldSelector: 'spec.color=red' } });
  expect(unknown.status).toBe(400);
});

test('a watch sees what enters, changes in and leaves its selection, after the write is committed', () => {
  const seen: string[] = [];
  const watch = (query: Record<string, string>) => {
    const { stream } = send('GET', pods, undefined, { query: { watch: 'true', ...query } });
    stream!.open(
      (batch) => {
        for (const { type, object } of batch as WatchEvent[])
          seen.push(`${simulation.nowMs} ${type} ${object.metadata.name}`);
      },
      () => seen.push('end'),
    );
    return stream!;
  };
  send('POST', pods, pod('b0'));
  simulation.run({ untilMs: 100 });
  const stream = watch({ labelSelector: 'app=b' });
  send('POST', pods, pod('a1'));
  send('POST', pods, pod('b1'));
  const merge = { contentType: 'application/merge-patch+json' };
  send('PATCH', `${pods}/a1`, { metadata: { labels: { app: 'b' } } }, merge);
  send('PATCH', `${pods}/b1`, { metadata: { labels: { app: 'c' } } }, merge);
  simulation.run({ untilMs: 200 });
  expect(seen).toEqual(['100 ADDED b0', '103 ADDED b1', '103 ADDED a1', '103 DELETED b1']);
  stream.close();
  seen.length = 0;
  const resumed = watch({ resourceVersion: String(etcd.revision - 2), timeoutSeconds: '5' });
  simulation.run({ untilMs: 10_000 });
  expect(seen).toEqual(['200 MODIFIED a1', '200 MODIFIED b1', 'end']);
  resumed.close();
});

test('a watch from a compacted revision is told to list again', () => {
  etcd.compact(etcd.revision);
  const { stream } = send('GET', pods, undefined, { query: { watch: 'true', resourceVersion: '1' } });
  const seen: WatchEvent[] = [];
  stream!.open(
    (batch) => seen.push(...(batch as WatchEvent[])),
    () => {},
  );
  simulation.run({ untilMs: 1 });
  expect(seen).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
});

test('an observer is fed without a simulation event', () => {
  const before = simulation.eventCount;
  const { stream } = send('GET', pods, undefined, { query: { watch: 'true' }, observer: true });
  const seen: WatchEvent[] = [];
  stream!.open(
    (batch) => seen.push(...(batch as WatchEvent[])),
    () => {},
  );
  send('POST', pods, pod('web'));
  expect(simulation.pending).toBe(1); // compaction's tick
  server.flushObservers();
  expect(seen).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'web' } } }]);
  expect(simulation.eventCount).toBe(before);
});

test('services get addresses and node ports, and give them back', () => {
  const services = '/api/v1/namespaces/default/services';
  const body = (name: string, more: object) => ({
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...more },
  });
  const plain = send('POST', services, body('a', {})).body as Service;
  expect(plain.spec.clusterIP).toMatch(/^10\.(9[6-9]|1[01]\d)\.\d+\.\d+$/);
  const fixed = send(
    'POST',
    services,
    body('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 30001 }] }),
  );
  expect(fixed.body).toMatchObject({ spec: { ports: [{ nodePort: 30001 }] } });
  expect(
    send('POST', services, body('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 30001 }] })).body,
  ).toMatchObject({
    message:
      'Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
  });
  send('DELETE', `${services}/b`);
  expect(
    send('POST', services, body('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 30001 }] })).status,
  ).toBe(201);
});

test('a namespace goes when its controller takes the last finalizer off', () => {
  send('POST', '/api/v1/namespaces', { metadata: { name: 'team' } });
  const marked = send('DELETE', '/api/v1/namespaces/team').object;
  expect(marked).toMatchObject({ status: { phase: 'Terminating' }, spec: { finalizers: ['kubernetes'] } });
  expect(send('POST', '/api/v1/namespaces/team/configmaps', { metadata: { name: 'x' } }).body).toMatchObject({
    reason: 'Forbidden',
    message:
      'configmaps "x" is forbidden: unable to create new content in namespace team because it is being terminated',
  });
  send('PUT', '/api/v1/namespaces/team/finalize', { ...marked, spec: { finalizers: [] } });
  expect(send('GET', '/api/v1/namespaces/team').status).toBe(404);
});

test('every write knows who made it and why', () => {
  send('POST', pods, pod('web'));
  const kind = builtInKinds.findResource('', 'v1', 'pods')!;
  expect(server.audit(kind, 'default', 'web')?.created).toMatchObject({
    actor: 'kubernetes-admin',
    action: 'create',
    subject: '/registry/pods/default/web',
    revision: etcd.revision,
  });
});

test('a field that nothing simulates is stored, with a warning', () => {
  const created = send('POST', pods, pod('web', { hostPID: true }));
  expect(created.status).toBe(201);
  expect(created.warnings).toEqual([
    'spec.hostPID: stored, but not simulated by Podarium yet: the pod has processes of its own',
  ]);
});

test('a bad object is refused with every cause', () => {
  const refused = send('POST', pods, { metadata: { name: 'Web' }, spec: { containers: [{ name: 'c' }] } });
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({
    reason: 'Invalid',
    details: { kind: 'Pod', causes: [{ field: 'metadata.name' }, { field: 'spec.containers[0].image' }] },
  });
});

test('a job selects its pods by its own uid', () => {
  const template = { spec: { containers: [{ name: 'c', image: 'x:1' }], restartPolicy: 'Never' } };
  const job = send('POST', '/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'j' },
    spec: { template },
  });
  expect(job.status).toBe(201);
  expect(job.body).toMatchObject({
    spec: { selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': job.object.metadata.uid } } },
  });
});

const asJson = { contentType: 'application/json-patch+json' };
const asMerge = { contentType: 'application/merge-patch+json' };
const asStrategic = { contentType: 'application/strategic-merge-patch+json' };
const strict = { query: { fieldValidation: 'Strict' } };

test.each([
  [
    'a wrong type',
    { spec: { terminationGracePeriodSeconds: 'long' } },
    asStrategic,
    ' "" is invalid: patch: Invalid value: "map[spec:map[terminationGracePeriodSeconds:long]]": unrecognized type: int64',
  ],
  [
    'an unknown field',
    { spec: { replcas: null, nodeNam: 'x' } },
    { ...asStrategic, ...strict },
    ' "" is invalid: patch: Invalid value: "map[spec:map[nodeNam:x replcas:<nil>]]": strict decoding error: unknown field "spec.nodeNam"',
  ],
  [
    'an element without its key',
    { spec: { containers: [{ image: 'x' }] } },
    asStrategic,
    'map: map[image:x] does not contain declared merge key: name',
  ],
  [
    'no object',
    '"a string"',
    asStrategic,
    'json: cannot unmarshal string into Go value of type map[string]interface {}',
  ],
  [
    'no object, to merge',
    [],
    asMerge,
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [
    'an operation that does not apply',
    [{ op: 'remove', path: '/spec/nothing' }],
    asJson,
    'the server rejected our request due to an error in our request',
  ],
])('a patch with %s is refused', (_what, body, options, message) => {
  send('POST', pods, pod('a'));
  const refused = send('PATCH', `${pods}/a`, body, options);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.body).toMatchObject({ message });
});

test('a merge patch of a wrong type is refused with the whole object', () => {
  send('POST', pods, pod('a'));
  const refused = send('PATCH', `${pods}/a`, { spec: { terminationGracePeriodSeconds: 'long' } }, asMerge);
  const { message } = refused.body as { message: string };
  expect(message).toMatch(/^ "" is invalid: patch: Invalid value: "\{\\"apiVersion\\":\\"v1\\"/);
  expect(message).toMatch(/: json: cannot unmarshal string into Go struct field .* of type int64$/);
});

test.each(['GET', 'POST'] as const)('a %s of a deprecated kind is warned of', (method) => {
  const path = '/api/v1/namespaces/default/endpoints';
  const answer = send(method, path, method === 'POST' ? { metadata: { name: 'a' } } : undefined);
  expect(answer.warnings).toEqual([
    'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  ]);
});
