import { images } from '#images/registry.ts';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConfigMap, Pod } from '#generated/types/core.v1.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { Client } from '#kubernetes/client/client.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Cluster } from './cluster.ts';
import { laterParts } from './laterParts.ts';

// What upstream's conformance tests of AdmissionWebhook assert, against the same image. Upstream: test/e2e/apimachinery/webhook.go

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const user = { name: 'kubernetes-admin', groups: ['system:masters'] };
const simulation = new Simulation({ seed: 'webhooks', startMs: Date.UTC(2026, 0, 1) });
const node = { name: 'node-1', cpu: '4', memory: '8Gi', podsMax: 110, zone: '' };
const cluster = new Cluster({ simulation, nodes: [node] });
const configurations = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';

beforeAll(async () => {
  cluster.installImages(images);
  cluster.start();
  cluster.install(laterParts);
  const client = new Client(cluster.apiServer.handle, user);
  const pass = (seconds: number) =>
    runWithHops(simulation, hop, { untilMs: simulation.nowMs + seconds * 1000 });
  await pass(60);
  const metadata = { name: 'e2e-test-webhook', namespace: 'default' };
  const labels = { webhook: 'true' };
  const args = ['webhook', '--port=8444', '--sidecar-image=registry.k8s.io/pause:3.10'];
  client.create(deployments, {
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'sample', image: 'registry.k8s.io/e2e-test-images/agnhost:2.53', args }],
        },
      },
    },
  });
  client.create(services, {
    metadata,
    spec: { selector: labels, ports: [{ protocol: 'TCP', port: 8443, targetPort: 8444 }] },
  });
  await pass(60);
});

function send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET', path: string, body?: unknown) {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return cluster.apiServer.handle({ method, path, user, contentType, ...(body !== undefined && { body }) });
}

/** What these tests look at of what they make. */
interface Made {
  readonly metadata: ConfigMap['metadata'];
  readonly data: ConfigMap['data'];
  readonly spec: Pod['spec'];
}

/** Makes an object and returns it; fails when it is refused. */
function made(path: string, body: object): Made {
  const answer = send('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as Made;
}

function failure(answer: { status: number; body: unknown }): string {
  return answer.status < 400 ? '' : ((answer.body as Status).message ?? '');
}

/** A configuration with one webhook at a path of the image's server. */
function register(
  kind: 'validating' | 'mutating',
  name: string,
  path: string,
  [group, resource, ...operations]: [string, string, ...string[]],
  more: object = {},
): void {
  made(`${configurations}/${kind}webhookconfigurations`, {
    metadata: { name },
    webhooks: [
      {
        name: `${name}.k8s.io`,
        rules: [{ operations, apiGroups: [group], apiVersions: ['v1'], resources: [resource] }],
        clientConfig: { service: { namespace: 'default', name: 'e2e-test-webhook', path, port: 8443 } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1', 'v1beta1'],
        ...more,
      },
    ],
  });
}

beforeEach(() => {
  for (const kind of ['validating', 'mutating'])
    send('DELETE', `${configurations}/${kind}webhookconfigurations`);
  for (const path of [configMaps, pods]) send('DELETE', path);
});

const map = (data: object, name = 'x') => ({ metadata: { name }, data });
const pod = (name: string, container: string) => ({
  metadata: { name },
  spec: { containers: [{ name: container, image: 'registry.k8s.io/pause:3.10' }] },
});

test('should be able to deny pod and configmap creation', () => {
  register('validating', 'deny-pod', '/pods', ['', 'pods', 'CREATE']);
  register('validating', 'deny-map', '/configmaps', ['', 'configmaps', 'CREATE', 'UPDATE', 'DELETE']);
  expect(failure(send('POST', pods, pod('a', 'webhook-disallow')))).toBe(
    'admission webhook "deny-pod.k8s.io" denied the request: the pod contains unwanted container name;',
  );
  const unwanted = map({ 'webhook-e2e-test': 'webhook-disallow' });
  const why =
    'admission webhook "deny-map.k8s.io" denied the request: the configmap contains unwanted key and value';
  const { status, body } = send('POST', configMaps, unwanted);
  expect(status).toBe(400);
  expect((body as Status).message).toBe(why);
  made(configMaps, map({}));
  expect(failure(send('PUT', `${configMaps}/x`, unwanted))).toBe(why);
  expect(failure(send('DELETE', `${configMaps}/x`))).toBe('');
});

test('should be able to deny attaching pod', () => {
  register('validating', 'deny-attach', '/pods/attach', ['', 'pods/attach', 'CONNECT']);
  made(pods, pod('to-be-attached-pod', 'container1'));
  const attach = { container: 'container1', stdin: true };
  expect(failure(send('POST', `${pods}/to-be-attached-pod/attach`, attach))).toBe(
    'admission webhook "deny-attach.k8s.io" denied the request: attaching to pod \'to-be-attached-pod\' is not allowed',
  );
});

test('should mutate configmap', () => {
  register('mutating', 'stage-1', '/mutating-configmaps', ['', 'configmaps', 'CREATE']);
  register('mutating', 'stage-2', '/mutating-configmaps', ['', 'configmaps', 'CREATE']);
  const { data } = made(configMaps, map({ 'mutation-start': 'yes' }));
  expect(data).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' });
});

test('a webhook that wants to sees what came after it', () => {
  register('mutating', 'a-stages', '/mutating-configmaps', ['', 'configmaps', 'CREATE'], {
    reinvocationPolicy: 'IfNeeded',
  });
  register('mutating', 'b-label', '/add-label', ['', 'configmaps', 'CREATE']);
  const { data, metadata } = made(configMaps, map({ 'mutation-start': 'yes' }));
  expect(data).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes', 'mutation-stage-2': 'yes' });
  expect(metadata.labels).toEqual({ 'added-label': 'yes' });
});

test('should mutate pod and apply defaults after mutation', () => {
  register('mutating', 'add-init', '/mutating-pods', ['', 'pods', 'CREATE']);
  const { spec } = made(pods, pod('webhook-to-be-mutated', 'example'));
  expect(spec.initContainers).toMatchObject([
    {
      name: 'webhook-added-init-container',
      image: 'webhook-added-image',
      terminationMessagePolicy: 'File',
    },
  ]);
});

test("should mutate everything except 'skip-me' configmaps", () => {
  const matchConditions = [{ name: 'skip-me', expression: "object.metadata.name != 'skip-me'" }];
  register('mutating', 'label', '/add-label', ['', 'configmaps', 'CREATE'], { matchConditions });
  expect(made(configMaps, map({}, 'skip-me')).metadata.labels).toBeUndefined();
  expect(made(configMaps, map({})).metadata.labels).toEqual({ 'added-label': 'yes' });
});

test('should honor timeout', () => {
  const slow = (name: string, more: object) =>
    register('validating', name, '/always-allow-delay-5s', ['', 'configmaps', 'CREATE'], more);
  slow('slow', { timeoutSeconds: 1 });
  const late = send('POST', configMaps, map({}));
  expect(failure(late)).toBe(
    'Internal error occurred: failed calling webhook "slow.k8s.io": failed to call webhook: Post "https://e2e-test-webhook.default.svc:8443/always-allow-delay-5s?timeout=1s": context deadline exceeded',
  );
  expect(late.status).toBe(500);
  expect(late.latencyMs).toBeGreaterThan(1000);
  send('DELETE', `${configurations}/validatingwebhookconfigurations/slow`);
  slow('patient', { timeoutSeconds: 10 });
  const allowed = send('POST', configMaps, map({}));
  expect(allowed.status).toBe(201);
  expect(allowed.latencyMs).toBeGreaterThan(5000);
  send('DELETE', `${configurations}/validatingwebhookconfigurations/patient`);
  slow('careless', { timeoutSeconds: 1, failurePolicy: 'Ignore' });
  expect(failure(send('POST', configMaps, map({}, 'y')))).toBe('');
});

/** Defines a kind of custom resource with two versions, of which `stored` is kept, and waits for it. */
async function define(plural: string, stored: 'v1' | 'v2', labels: object = {}): Promise<string> {
  const kind = plural.slice(0, 1).toUpperCase() + plural.slice(1, -1);
  const fields = { 'mutation-start': { type: 'string' }, 'mutation-stage-1': { type: 'string' } };
  const properties = {
    data: { type: 'object', properties: { ...fields, 'webhook-e2e-test': { type: 'string' } } },
  };
  const answer = send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: `${plural}.webhook.example.com`, labels },
    spec: {
      group: 'webhook.example.com',
      scope: 'Namespaced',
      names: { plural, kind },
      versions: ['v1', 'v2'].map((name) => ({
        name,
        served: true,
        storage: name === stored,
        schema: { openAPIV3Schema: { type: 'object', properties } },
      })),
    },
  });
  await runWithHops(simulation, hop, { untilMs: simulation.nowMs + 5000 });
  return failure(answer);
}

const custom = (plural: string, version = 'v1') =>
  `/apis/webhook.example.com/${version}/namespaces/default/${plural}`;

test('should deny crd creation', async () => {
  register('validating', 'deny-crd', '/crd', ['apiextensions.k8s.io', 'customresourcedefinitions', 'CREATE']);
  expect(await define('tests', 'v1', { 'webhook-e2e-test': 'webhook-disallow' })).toBe(
    'admission webhook "deny-crd.k8s.io" denied the request: the crd contains unwanted label',
  );
});

test('should be able to deny custom resource creation, update and deletion', async () => {
  expect(await define('denieds', 'v1')).toBe('');
  const group: [string, string, ...string[]] = [
    'webhook.example.com',
    'denieds',
    'CREATE',
    'UPDATE',
    'DELETE',
  ];
  register('validating', 'deny-cr', '/custom-resource', group);
  const unwanted = map({ 'webhook-e2e-test': 'webhook-disallow' });
  const why =
    'admission webhook "deny-cr.k8s.io" denied the request: the custom resource contains unwanted data';
  expect(failure(send('POST', custom('denieds'), unwanted))).toBe(why);
  made(custom('denieds'), map({}));
  const { resourceVersion } = (send('GET', `${custom('denieds')}/x`).body as Made).metadata;
  const changed = { ...unwanted, metadata: { name: 'x', resourceVersion } };
  expect(failure(send('PUT', `${custom('denieds')}/x`, changed))).toBe(why);
  expect(failure(send('DELETE', `${custom('denieds')}/x`))).toBe('');
});

test('should mutate custom resource with pruning', async () => {
  expect(await define('mutateds', 'v1')).toBe('');
  for (const name of ['cr-1', 'cr-2'])
    register('mutating', name, '/mutating-custom-resource', ['webhook.example.com', 'mutateds', 'CREATE']);
  // The schema does not know the second stage, so that it does not last.
  const { data } = made(custom('mutateds'), map({ 'mutation-start': 'yes' }));
  expect(data).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes' });
});

test('should mutate custom resource with different stored version', async () => {
  expect(await define('versioneds', 'v2')).toBe('');
  register('mutating', 'cr-v', '/mutating-custom-resource', ['webhook.example.com', 'versioneds', 'CREATE']);
  for (const version of ['v1', 'v2']) {
    const object = map({ 'mutation-start': 'yes' }, version);
    const { data } = made(custom('versioneds', version), object);
    expect(data).toEqual({ 'mutation-start': 'yes', 'mutation-stage-1': 'yes' });
  }
});

test.each<[string, object, string]>([
  [
    'no such service',
    { service: { namespace: 'default', name: 'none', port: 443 } },
    'Post "https://none.default.svc:443/?timeout=10s": service "none" not found',
  ],
  [
    'a port that the service does not have',
    { service: { namespace: 'default', name: 'e2e-test-webhook', port: 444 } },
    'Post "https://e2e-test-webhook.default.svc:444/?timeout=10s": no service port 444 found for service "e2e-test-webhook"',
  ],
  [
    'nobody behind the service',
    { service: { namespace: 'default', name: 'empty', port: 443, path: '/x' } },
    'Post "https://empty.default.svc:443/x?timeout=10s": dial tcp 10.96.200.1:443: connect: connection refused',
  ],
  [
    'a name that nobody knows',
    { url: 'https://hook.example.com/x' },
    'Post "https://hook.example.com/x?timeout=10s": dial tcp: lookup hook.example.com: no such host',
  ],
  [
    'a path that it does not have',
    { service: { namespace: 'default', name: 'e2e-test-webhook', port: 8443, path: '/none' } },
    'the server could not find the requested resource',
  ],
])(
  'should unconditionally reject operations on fail closed webhook: %s',
  async (_name, clientConfig, why) => {
    if (failure(send('GET', '/api/v1/namespaces/default/services/empty')) !== '') {
      made('/api/v1/namespaces/default/services', {
        metadata: { name: 'empty' },
        spec: { clusterIP: '10.96.200.1', selector: { none: 'here' }, ports: [{ port: 443 }] },
      });
      await runWithHops(simulation, hop, { untilMs: simulation.nowMs + 5000 });
    }
    register('validating', 'closed', '/x', ['', 'configmaps', 'CREATE'], { clientConfig });
    expect(failure(send('POST', configMaps, map({})))).toBe(
      `Internal error occurred: failed calling webhook "closed.k8s.io": failed to call webhook: ${why}`,
    );
  },
);

const operationsOf = (name: string, operations: readonly string[]) => ({
  webhooks: [
    {
      ...(send('GET', name).body as { webhooks: readonly object[] }).webhooks[0],
      rules: [{ operations, apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    },
  ],
});

/** Puts a webhook's rules to updates, and back to creations by a patch; `works` says whether it is asked. */
function followsItsRules(path: string, works: () => boolean): void {
  expect(works()).toBe(true);
  const read = send('GET', path).body as object;
  expect(failure(send('PUT', path, { ...read, ...operationsOf(path, ['UPDATE']) }))).toBe('');
  expect(works()).toBe(false);
  expect(failure(send('PATCH', path, operationsOf(path, ['CREATE'])))).toBe('');
  expect(works()).toBe(true);
}

/** Lists webhooks and takes them all away; `works` says whether they are asked. */
function canBeListed(path: string, works: () => boolean): void {
  const { items } = send('GET', path).body as { items: readonly unknown[] };
  expect(items).toHaveLength(3);
  expect(works()).toBe(true);
  expect(failure(send('DELETE', path))).toBe('');
  expect(works()).toBe(false);
}

const isDenied = () => {
  const refused = failure(send('POST', configMaps, map({ 'webhook-e2e-test': 'webhook-disallow' }))) !== '';
  send('DELETE', configMaps);
  return refused;
};
const isMutated = () => {
  const { data } = made(configMaps, map({ 'mutation-start': 'yes' }));
  send('DELETE', configMaps);
  return data?.['mutation-stage-1'] === 'yes';
};

test('patching/updating a validating webhook should work', () => {
  register('validating', 'patched', '/configmaps', ['', 'configmaps', 'CREATE']);
  followsItsRules(`${configurations}/validatingwebhookconfigurations/patched`, isDenied);
});

test('patching/updating a mutating webhook should work', () => {
  register('mutating', 'patched', '/mutating-configmaps', ['', 'configmaps', 'CREATE']);
  followsItsRules(`${configurations}/mutatingwebhookconfigurations/patched`, isMutated);
});

test('listing validating webhooks should work', () => {
  for (const name of ['a', 'b', 'c'])
    register('validating', name, '/configmaps', ['', 'configmaps', 'CREATE']);
  canBeListed(`${configurations}/validatingwebhookconfigurations`, isDenied);
});

test('listing mutating webhooks should work', () => {
  for (const name of ['a', 'b', 'c'])
    register('mutating', name, '/mutating-configmaps', ['', 'configmaps', 'CREATE']);
  canBeListed(`${configurations}/mutatingwebhookconfigurations`, isMutated);
});

test('should not be able to mutate or prevent deletion of webhook configuration objects', () => {
  const everything: [string, string, ...string[]] = ['*', '*', '*'];
  register('validating', 'deny-all', '/always-deny', everything);
  register('mutating', 'label-all', '/add-label', everything);
  const path = `${configurations}/validatingwebhookconfigurations`;
  expect(made(path, { metadata: { name: 'dummy' } }).metadata.labels).toBeUndefined();
  expect(failure(send('POST', configMaps, map({})))).toBe(
    'admission webhook "deny-all.k8s.io" denied the request: this webhook denies all requests',
  );
  for (const name of ['dummy', 'deny-all']) expect(failure(send('DELETE', `${path}/${name}`))).toBe('');
});
