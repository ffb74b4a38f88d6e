import { beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { ownersText } from '../managedFields/testFields.ts';
import { TestServer } from '../testing/testServer.ts';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

const configMaps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

type Answer = Omit<ReturnType<TestServer['send']>, 'body'> & {
  readonly body: KubeObject & Readonly<Record<string, never>>;
};

function apply(path: string, body: unknown, query: Readonly<Record<string, string>>): Answer {
  const contentType = 'application/apply-patch+yaml';
  return server.send('PATCH', path, body, { contentType, query }) as Answer;
}

function write(
  method: ApiRequest['method'],
  path: string,
  body: unknown,
  manager: string,
  more: Partial<ApiRequest> = {},
): Answer {
  return server.send(method, path, body, {
    ...more,
    query: { fieldManager: manager, ...more.query },
  }) as Answer;
}

function applyMap(manager: string, data: unknown, query: Readonly<Record<string, string>> = {}): Answer {
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ap' }, data };
  return apply(`${configMaps}/ap`, body, { fieldManager: manager, ...query });
}

const deployment = (spec: object = {}, container: object = {}, metadata: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ad', ...metadata },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'z' } },
    template: {
      metadata: { labels: { app: 'z' } },
      spec: { containers: [{ name: 'c', image: 'nginx:1.19', ...container }] },
    },
    ...spec,
  },
});

// ../shared/oracle/recordings/api-1.20.jsonl, "managed/apply …"; sentences that changed since are cited beside.
test('who applies owns, conflicts are refused, force takes, and what is applied no more goes', () => {
  const created = applyMap('one', { a: '1', b: '1' });
  expect([created.status, created.body['data']]).toEqual([201, { a: '1', b: '1' }]);
  expect(applyMap('two', { c: '2' })).toMatchObject({
    status: 200,
    body: { data: { a: '1', b: '1', c: '2' } },
  });
  expect(applyMap('two', { a: '9' })).toMatchObject({
    status: 409,
    body: {
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }],
      },
    },
  });
  expect(applyMap('two', { a: '9' }, { force: 'true' }).body['data']).toEqual({ a: '9', b: '1' });
  const dropped = applyMap('one', {});
  expect(dropped.body['data']).toEqual({ a: '9' });
  expect(ownersText(dropped.body)).toEqual(['one Apply v1: .data', 'two Apply v1: .data.a']);
});

test.each<readonly [what: string, body: unknown, manager: string, status: number, message: string]>([
  [
    'no manager',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ap' } },
    '',
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ],
  // Upstream: managedfields/internal/versioncheck.go, in place of 1.20's sentence.
  [
    'another version',
    { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'ap' } },
    'x',
    400,
    'invalid object type: /v2, Kind=ConfigMap',
  ],
  // Upstream: managedfields/internal/structuredmerge.go objectGVKNN
  [
    'an unknown field',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ap' }, datas: {} },
    'x',
    500,
    'failed to create typed patch object (default/ap; /v1, Kind=ConfigMap): .datas: field not declared in schema',
  ],
  [
    'managed fields',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ap', managedFields: [{}] } },
    'x',
    400,
    'metadata.managedFields must be nil',
  ],
])('%s is refused', (_, body, manager, status, message) => {
  const answer = apply(`${configMaps}/ap`, body, { fieldManager: manager });
  expect([answer.status, answer.body['message']]).toEqual([status, message]);
  expect(server.send('GET', `${configMaps}/ap`).status).toBe(404);
});

// Upstream: what a real 1.3x cluster shows for `kubectl create deployment`.
test('an update owns what it brings and what the server defaults, but not what admission adds', () => {
  const { body } = write(
    'POST',
    deployments,
    deployment({}, { ports: [{ containerPort: 80 }] }, { labels: { app: 'z' } }),
    'kubectl-create',
  );
  const container = '.spec.template.spec.containers[name="c"]';
  expect(ownersText(body)).toEqual([
    `kubectl-create Update apps/v1: ${[
      '.metadata.labels',
      '.metadata.labels.app',
      '.spec.progressDeadlineSeconds',
      '.spec.replicas',
      '.spec.revisionHistoryLimit',
      '.spec.selector',
      '.spec.strategy.rollingUpdate',
      '.spec.strategy.rollingUpdate.maxSurge',
      '.spec.strategy.rollingUpdate.maxUnavailable',
      '.spec.strategy.type',
      '.spec.template.metadata.labels',
      '.spec.template.metadata.labels.app',
      container,
      `${container}.image`,
      `${container}.imagePullPolicy`,
      `${container}.name`,
      `${container}.ports`,
      `${container}.ports[containerPort=80,protocol="TCP"]`,
      `${container}.ports[containerPort=80,protocol="TCP"].containerPort`,
      `${container}.ports[containerPort=80,protocol="TCP"].protocol`,
      `${container}.resources`,
      `${container}.terminationMessagePath`,
      `${container}.terminationMessagePolicy`,
      '.spec.template.spec.dnsPolicy',
      '.spec.template.spec.restartPolicy',
      '.spec.template.spec.schedulerName',
      '.spec.template.spec.securityContext',
      '.spec.template.spec.terminationGracePeriodSeconds',
    ].join(' ')}`,
  ]);
  const pods = '/api/v1/namespaces/default/pods';
  const pod = write(
    'POST',
    pods,
    { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x' }] } },
    'm',
  ).body;
  expect(ownersText(pod)[0]).not.toMatch(/volumes|tolerations|serviceAccount/);
});

test('an applier owns only what it applies', () => {
  const { body } = apply(`${deployments}/ad`, deployment(), { fieldManager: 'one' });
  const container = '.spec.template.spec.containers[name="c"]';
  expect(ownersText(body)).toEqual([
    `one Apply apps/v1: .spec.replicas .spec.selector .spec.template.metadata.labels.app ${container} ${container}.image ${container}.name`,
  ]);
});

// Upstream: managedfields/internal/conflict.go printManager
test('conflicts with updates name their version, and several are listed by manager', () => {
  write('POST', deployments, deployment(), 'kubectl-create');
  write('PATCH', `${deployments}/ad`, { spec: { minReadySeconds: 5 } }, 'kubectl-edit');
  const scale = { spec: { replicas: 2 } };
  write('PATCH', `${deployments}/ad/scale`, scale, 'scaler');
  const answer = apply(`${deployments}/ad`, deployment({ replicas: 4, minReadySeconds: 9 }, { image: 'x' }), {
    fieldManager: 'two',
  });
  expect(answer.body['message']).toBe(
    [
      'Apply failed with 3 conflicts: conflicts with "kubectl-create" using apps/v1:',
      '- .spec.template.spec.containers[name="c"].image',
      'conflicts with "kubectl-edit" using apps/v1:',
      '- .spec.minReadySeconds',
      'conflicts with "scaler" with subresource "scale" using apps/v1:',
      '- .spec.replicas',
    ].join('\n'),
  );
});

test('an update takes what it changes from who applied it', () => {
  apply(`${deployments}/ad`, deployment(), { fieldManager: 'one' });
  const { body } = write('PATCH', `${deployments}/ad`, { spec: { replicas: 7 } }, 'edit');
  expect(ownersText(body)[1]).toBe('edit Update apps/v1: .spec.replicas');
  expect(ownersText(body)[0]).not.toContain('.spec.replicas');
  const taken = apply(`${deployments}/ad`, deployment({ replicas: 7 }), { fieldManager: 'one' }).body;
  expect(ownersText(taken)[0]).toContain('.spec.replicas');
  expect(ownersText(taken)[1]).toBe('edit Update apps/v1: .spec.replicas');
});

test('a write that changes nothing leaves the version and the times as they are', () => {
  const first = apply(`${deployments}/ad`, deployment(), { fieldManager: 'one' }).body;
  server.simulation.run({ untilMs: 5_000 });
  const again = apply(`${deployments}/ad`, deployment(), { fieldManager: 'one' }).body;
  expect(again.metadata).toEqual(first.metadata);
  const updated = write('PATCH', `${deployments}/ad`, { spec: { replicas: 1 } }, 'edit').body;
  expect(updated.metadata).toEqual(first.metadata);
  // A second applier of the same values changes whose they are.
  const shared = apply(`${deployments}/ad`, deployment(), { fieldManager: 'two' }).body;
  expect(shared.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
  expect(shared.metadata.managedFields?.map(({ manager, time }) => `${manager} ${time}`)).toEqual([
    'one 1970-01-01T00:00:00Z',
    'two 1970-01-01T00:00:05Z',
  ]);
});

test('list items have owners of their own and keep their order', () => {
  const withEnv = (...env: object[]) => deployment({}, { env });
  apply(`${deployments}/ad`, withEnv({ name: 'A', value: '1' }, { name: 'B', value: '2' }), {
    fieldManager: 'one',
  });
  const two = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'ad' },
    spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'C', value: '3' }] }] } } },
  };
  const envOf = ({ body }: Answer) => {
    const { spec } = body as unknown as {
      spec: { template: { spec: { containers: { env?: { name: string }[] }[] } } };
    };
    return spec.template.spec.containers[0]!.env?.map(({ name }) => name);
  };
  expect(envOf(apply(`${deployments}/ad`, two, { fieldManager: 'two' }))).toEqual(['A', 'B', 'C']);
  const fewer = withEnv({ name: 'B', value: '2' });
  expect(envOf(apply(`${deployments}/ad`, fewer, { fieldManager: 'one' }))).toEqual(['B', 'C']);
});

test('the status is applied through its own door, and only there', () => {
  apply(`${deployments}/ad`, deployment(), { fieldManager: 'one' });
  const status = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'ad' },
    spec: { replicas: 9 },
    status: { observedGeneration: 1 },
  };
  const { body } = apply(`${deployments}/ad/status`, status, { fieldManager: 'controller' });
  expect(body).toMatchObject({ spec: { replicas: 1 }, status: { observedGeneration: 1 } });
  expect(ownersText(body)[0]).toBe('controller Apply apps/v1 status: .status.observedGeneration');
  const main = apply(
    `${deployments}/ad`,
    { ...status, spec: { replicas: 1 } },
    { fieldManager: 'other' },
  ).body;
  expect(ownersText(main).find((line) => line.startsWith('other'))).toBe(
    'other Apply apps/v1: .spec.replicas',
  );
  expect(
    apply(`${deployments}/no/status`, { ...status, metadata: { name: 'no' } }, { fieldManager: 'x' }).status,
  ).toBe(404);
});

test('a dry run shows owners and stores nothing', () => {
  const answer = applyMap('one', { a: '1' }, { dryRun: 'All' });
  expect(answer.status).toBe(201);
  expect(ownersText(answer.body)).toEqual(['one Apply v1: .data.a']);
  expect(server.send('GET', `${configMaps}/ap`).status).toBe(404);
  applyMap('one', { a: '1' });
  const changed = applyMap('two', { b: '1' }, { dryRun: 'All' });
  expect(ownersText(changed.body)).toEqual(['one Apply v1: .data.a', 'two Apply v1: .data.b']);
  expect(ownersText(server.send('GET', `${configMaps}/ap`).body)).toEqual(['one Apply v1: .data.a']);
});

// Upstream: managedfields/internal/fieldmanager.go isResetManagedFields, decodeLiveOrNew
test.each<readonly [what: string, managedFields: unknown, owners: readonly string[]]>([
  ['one empty entry resets them', [{}], []],
  ['an empty list resets them', [], []],
  ['entries that are not valid leave them', [{ manager: 'x', operation: 'Own' }], ['one Apply v1: .data.a']],
  [
    'valid entries replace them',
    [
      {
        manager: 'x',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} } },
      },
    ],
    ['x Update v1: .data.a'],
  ],
])('%s', (_, managedFields, owners) => {
  applyMap('one', { a: '1' });
  const { body } = write('PATCH', `${configMaps}/ap`, { metadata: { managedFields } }, 'm');
  expect(ownersText(body)).toEqual(owners);
  expect(ownersText(server.send('GET', `${configMaps}/ap`).body)).toEqual(owners);
});

test('who sends back what it read changes nothing', () => {
  const { body } = applyMap('one', { a: '1' });
  const again = write('PUT', `${configMaps}/ap`, JSON.parse(JSON.stringify(body)), 'm').body;
  expect(again.metadata).toEqual(body.metadata);
  const { managedFields: _, ...metadata } = body.metadata;
  const changed = write('PUT', `${configMaps}/ap`, { ...body, metadata, data: { a: '1', b: '2' } }, 'm').body;
  expect(ownersText(changed)).toEqual(['one Apply v1: .data.a', 'm Update v1: .data.b']);
});

// Upstream: managedfields/internal/capmanagers.go
test('no more than ten updaters are kept: the oldest become one', () => {
  write('POST', configMaps, { metadata: { name: 'ap' }, data: { a: '0' } }, 'm0');
  for (let i = 1; i <= 11; i++) {
    server.simulation.run({ untilMs: i * 1000 });
    write('PATCH', `${configMaps}/ap`, { data: { [`k${i}`]: '1' } }, `m${i}`);
  }
  const lines = ownersText(server.send('GET', `${configMaps}/ap`).body);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('ancient-changes Update v1: .data .data.a .data.k1 .data.k2');
});

// Upstream: managedfields/internal/lastappliedmanager.go, lastappliedupdater.go
test('kubectl takes over what it applied from the client, and keeps the annotation in step', () => {
  const name = 'kubectl.kubernetes.io/last-applied-configuration';
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ap' }, data: { a: '1', b: '1' } };
  const annotations = { [name]: `${JSON.stringify(config)}\n` };
  write(
    'POST',
    configMaps,
    { ...config, metadata: { name: 'ap', annotations } },
    'kubectl-client-side-apply',
  );
  expect(applyMap('other', { a: '2' }).status).toBe(409);
  const taken = applyMap('kubectl', { a: '2', b: '1' });
  expect(taken.body['data']).toEqual({ a: '2', b: '1' });
  expect(taken.body.metadata.annotations![name]).toBe(
    '{"apiVersion":"v1","data":{"a":"2","b":"1"},"kind":"ConfigMap","metadata":{"name":"ap"}}\n',
  );
  write('PATCH', `${configMaps}/ap`, { data: { b: '5' } }, 'edit');
  expect(applyMap('kubectl', { a: '2', b: '6' }).body['message']).toBe(
    'Apply failed with 1 conflict: conflict with "edit" using v1: .data.b',
  );
});

test('components read no managed fields, and history shows those of its time', () => {
  applyMap('one', { a: '1' });
  const read = (more: Partial<ApiRequest> = {}) =>
    server.send('GET', `${configMaps}/ap`, undefined, more).body as KubeObject;
  expect(read({ inProcess: true }).metadata.managedFields).toBeUndefined();
  const { items } = server.send('GET', configMaps).body as { items: KubeObject[] };
  expect(ownersText(items[0])).toEqual(['one Apply v1: .data.a']);
});

test('owners outlive the versions that they were made of', () => {
  const pods = '/api/v1/namespaces/default/pods';
  const made = write(
    'POST',
    pods,
    { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x' }] } },
    'maker',
  ).body;
  const status = (podIP: string) => ({ status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] } });
  write('PATCH', `${pods}/p/status`, status('10.0.0.1'), 'kubelet');
  const expected =
    'kubelet Update v1 status: .status.phase .status.podIP .status.podIPs .status.podIPs[ip="10.0.0.1"] .status.podIPs[ip="10.0.0.1"].ip';
  server.etcd.compact(server.etcd.revision);
  expect(ownersText(server.send('GET', `${pods}/p`).body)).toEqual([expected, ownersText(made)[0]]);
  write('PATCH', `${pods}/p/status`, status('10.0.0.2'), 'kubelet');
  expect(ownersText(server.send('GET', `${pods}/p`).body)).toEqual([
    expected.replaceAll('10.0.0.1', '10.0.0.2'),
    ownersText(made)[0],
  ]);
});

test.each<readonly [what: string, data: object, owners: readonly string[]]>([
  ['adds', { a: '1', b: '2', c: '3' }, ['.data', '.data.a', '.data.b', '.data.c']],
  ['changes', { a: '9', b: '2' }, ['.data', '.data.a', '.data.b']],
  ['takes away', { a: '1', b: null }, ['.data', '.data.a']],
])('an object whose only writer %s is settled as what it is', (_, data, owned) => {
  write('POST', configMaps, { metadata: { name: 'm' }, data: { a: '1', b: '2' } }, 'one');
  write('PATCH', `${configMaps}/m`, { data }, 'one');
  const expected = `one Update v1: ${owned.join(' ')}`;
  server.etcd.compact(server.etcd.revision);
  expect(ownersText(server.send('GET', `${configMaps}/m`).body)).toEqual([expected]);
  write('PATCH', `${configMaps}/m`, { data: { d: '4' } }, 'two');
  server.etcd.compact(server.etcd.revision);
  expect(ownersText(server.send('GET', `${configMaps}/m`).body)).toEqual([
    expected,
    'two Update v1: .data.d',
  ]);
});

// Upstream: test/integration/apiserver/apply TestApplyManagedFields..., autoscaling is stored as v2
test('an owner in another version of the resource loses what is changed in this one', () => {
  const path = (version: string) =>
    `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
  const spec = { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ad' } };
  const config = (version: string, more: object) => ({
    apiVersion: `autoscaling/${version}`,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h' },
    spec: { ...spec, ...more },
  });
  apply(`${path('v1')}/h`, config('v1', { minReplicas: 2 }), { fieldManager: 'one' });
  const answer = apply(`${path('v2')}/h`, config('v2', { minReplicas: 1 }), { fieldManager: 'two' });
  expect(answer.body['message']).toBe('Apply failed with 1 conflict: conflict with "one": .spec.minReplicas');
  const forced = apply(`${path('v2')}/h`, config('v2', { minReplicas: 1 }), {
    fieldManager: 'two',
    force: 'true',
  });
  const target = ['apiVersion', 'kind', 'name'].map((field) => `.spec.scaleTargetRef.${field}`).join(' ');
  expect(ownersText(forced.body)).toEqual([
    'one Apply autoscaling/v1: .spec.maxReplicas .spec.scaleTargetRef',
    // The target is owned whole in v1 and by its fields in v2.
    `two Apply autoscaling/v2: .spec.maxReplicas .spec.minReplicas ${target}`,
  ]);
});

test('who applied an empty list takes nothing else away with it', () => {
  write('POST', configMaps, { metadata: { name: 'm' } }, 'other');
  const config = (metadata: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
  expect(apply(`${configMaps}/m`, config({ finalizers: null }), { fieldManager: 'one' }).status).toBe(200);
  const { status, body } = apply(`${configMaps}/m`, config({}), { fieldManager: 'one' });
  expect([status, body['metadata']]).toEqual([200, expect.objectContaining({ name: 'm' })]);
});

test('a node’s ranges are shown by their values', () => {
  write('POST', '/api/v1/nodes', { metadata: { name: 'n' } }, 'kubelet');
  const spec = { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] };
  const { body } = write('PATCH', '/api/v1/nodes/n', { spec }, 'kube-controller-manager');
  expect(ownersText(body)).toEqual([
    'kube-controller-manager Update v1: .spec.podCIDR .spec.podCIDRs .spec.podCIDRs[="10.244.1.0/24"]',
  ]);
});
