import { beforeEach, expect, test } from 'vitest';
import type { ResourceQuota } from '#generated/types/core.v1.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { TestServer } from '../testing/testServer.ts';

let server: TestServer;
const base = '/api/v1/namespaces/default';

beforeEach(() => {
  server = new TestServer();
});

type Amounts = Readonly<Record<string, string>>;

/** A quota as its controller has counted it. */
function addQuota(name: string, hard: Amounts, used: Amounts, more: object = {}): void {
  const { body } = server.send('POST', `${base}/resourcequotas`, {
    metadata: { name },
    spec: { hard, ...more },
  });
  const quota = body as ResourceQuota;
  const counted: ResourceQuota = { ...quota, status: { hard, used } };
  server.server.storage.put(resourceQuotas, counted, quota);
}

function used(name: string): unknown {
  return (server.send('GET', `${base}/resourcequotas/${name}`).body as ResourceQuota).status.used;
}

const pod = (name: string, resources: object = {}, spec: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx', resources }], ...spec },
});
const create = (body: object) => server.failure('POST', `${base}/pods`, body);

test('what is admitted is charged, and what would exceed is refused', () => {
  addQuota(
    'q',
    { pods: '2', 'requests.cpu': '1', memory: '1Gi' },
    { pods: '0', 'requests.cpu': '0', memory: '0' },
  );
  const small = { requests: { cpu: '300m', memory: '256Mi' } };
  expect(create(pod('a', small))).toBeNull();
  expect(used('q')).toEqual({ pods: '1', 'requests.cpu': '300m', memory: '256Mi' });
  expect(create(pod('b', { requests: { cpu: '800m', memory: '2Gi' } }))).toBe(
    'pods "b" is forbidden: exceeded quota: q, requested: memory=2Gi,requests.cpu=800m, used: memory=256Mi,requests.cpu=300m, limited: memory=1Gi,requests.cpu=1',
  );
  expect(create(pod('b', small))).toBeNull();
  expect(create(pod('c', small))).toBe(
    'pods "c" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
  );
  expect(used('q')).toEqual({ pods: '2', 'requests.cpu': '600m', memory: '512Mi' });
});

test('nothing is charged for what is not stored', () => {
  addQuota('q', { pods: '5' }, { pods: '0' });
  expect(server.send('POST', `${base}/pods`, pod('a'), { query: { dryRun: 'All' } }).status).toBe(201);
  expect(used('q')).toEqual({ pods: '0' });
  expect(create(pod('a'))).toBeNull();
  expect(create(pod('a'))).toBe('pods "a" already exists');
  expect(used('q')).toEqual({ pods: '1' });
});

test.each([
  [
    { 'requests.cpu': '1', 'limits.memory': '1Gi' },
    pod('a'),
    'failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
  ],
  [{ cpu: '1' }, pod('a', { limits: { memory: '1Gi' } }), 'failed quota: q: must specify cpu for: c'],
  [{ 'requests.ephemeral-storage': '1Gi' }, pod('a'), null],
])('a quota of %j asks that containers say so', (hard, body, why) => {
  addQuota('q', hard, Object.fromEntries(Object.keys(hard).map((name) => [name, '0'])));
  expect(create(body)).toBe(why === null ? null : `pods "a" is forbidden: ${why}`);
});

test('what nobody has counted yet is unknown', () => {
  addQuota('q', { pods: '1', 'requests.cpu': '1' }, {});
  expect(create(pod('a', { requests: { cpu: '1' } }))).toBe(
    'pods "a" is forbidden: status unknown for quota: q, resources: pods,requests.cpu',
  );
});

const affinity = {
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'zone', labelSelector: {}, namespaces: ['other'] },
    ],
  },
};
const inClass = (operator: string, ...values: string[]) => ({
  scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator, values }] },
});

test.each([
  [{ scopes: ['BestEffort'] }, pod('a'), true],
  [{ scopes: ['BestEffort'] }, pod('a', { requests: { cpu: '1' } }), false],
  [{ scopes: ['NotBestEffort'] }, pod('a', { requests: { cpu: '1' } }), true],
  [{ scopes: ['Terminating'] }, pod('a', {}, { activeDeadlineSeconds: 5 }), true],
  [{ scopes: ['Terminating'] }, pod('a'), false],
  [{ scopes: ['NotTerminating'] }, pod('a'), true],
  [{ scopes: ['NotTerminating', 'BestEffort'] }, pod('a', {}, { activeDeadlineSeconds: 5 }), false],
  [{ scopes: ['CrossNamespacePodAffinity'] }, pod('a', {}, { affinity }), true],
  [{ scopes: ['CrossNamespacePodAffinity'] }, pod('a'), false],
  [inClass('In', 'high'), pod('a', {}, { priorityClassName: 'high' }), true],
  [inClass('In', 'low'), pod('a', {}, { priorityClassName: 'high' }), false],
  [inClass('NotIn', 'high'), pod('a'), true],
  [inClass('Exists'), pod('a', {}, { priorityClassName: 'high' }), true],
  [inClass('DoesNotExist'), pod('a', {}, { priorityClassName: 'high' }), false],
])('scopes %j of a pod', (scopes, body, isCounted) => {
  server.send('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'high' }, value: 5 });
  addQuota('q', { pods: '5' }, { pods: '0' }, scopes);
  expect(create(body)).toBeNull();
  expect(used('q')).toEqual({ pods: isCounted ? '1' : '0' });
});

test('objects are counted under their names', () => {
  const hard = { 'count/deployments.apps': '1', configmaps: '1', 'count/secrets': '1', secrets: '5' };
  addQuota('q', hard, { 'count/deployments.apps': '0', configmaps: '0', 'count/secrets': '0', secrets: '0' });
  const labels = { app: 'x' };
  const deployment = (name: string) => ({
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  });
  const path = '/apis/apps/v1/namespaces/default/deployments';
  expect(server.failure('POST', path, deployment('a'))).toBeNull();
  expect(server.failure('POST', path, deployment('b'))).toBe(
    'deployments.apps "b" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1',
  );
  server.send('POST', `${base}/configmaps`, { metadata: { name: 'a' } });
  server.send('POST', `${base}/secrets`, { metadata: { name: 'a' } });
  expect(used('q')).toEqual({
    'count/deployments.apps': '1',
    configmaps: '1',
    'count/secrets': '1',
    secrets: '1',
  });
});

test('services cost node ports and load balancers, by what they become too', () => {
  addQuota(
    'q',
    { services: '5', 'services.nodeports': '2', 'services.loadbalancers': '0' },
    {
      services: '0',
      'services.nodeports': '0',
      'services.loadbalancers': '0',
    },
  );
  const service = (name: string, type: string, ports: number) => ({
    metadata: { name },
    spec: {
      type,
      selector: { a: 'b' },
      ports: Array.from({ length: ports }, (_, i) => ({ name: `p${i}`, port: 80 + i })),
    },
  });
  const path = `${base}/services`;
  expect(server.failure('POST', path, service('a', 'ClusterIP', 2))).toBeNull();
  expect(server.failure('POST', path, service('b', 'NodePort', 3))).toBe(
    'services "b" is forbidden: exceeded quota: q, requested: services.nodeports=3, used: services.nodeports=0, limited: services.nodeports=2',
  );
  expect(server.failure('POST', path, service('c', 'LoadBalancer', 1))).toContain(
    'requested: services.loadbalancers=1, used: services.loadbalancers=0, limited: services.loadbalancers=0',
  );
  expect(server.failure('PATCH', `${path}/a`, { spec: { type: 'NodePort' } })).toBeNull();
  expect(used('q')).toEqual({ services: '1', 'services.nodeports': '2', 'services.loadbalancers': '0' });
});

test('claims cost storage, in all and by class', () => {
  const ofClass = 'fast.storageclass.storage.k8s.io/';
  const hard = {
    'requests.storage': '10Gi',
    [`${ofClass}requests.storage`]: '3Gi',
    persistentvolumeclaims: '9',
  };
  addQuota('q', hard, Object.fromEntries(Object.keys(hard).map((name) => [name, '0'])));
  const claim = (name: string, storage: string, storageClassName: string) => ({
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
  });
  const path = `${base}/persistentvolumeclaims`;
  expect(server.failure('POST', path, claim('a', '2Gi', 'fast'))).toBeNull();
  expect(server.failure('POST', path, claim('b', '2Gi', 'fast'))).toBe(
    `persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: ${ofClass}requests.storage=2Gi, used: ${ofClass}requests.storage=2Gi, limited: ${ofClass}requests.storage=3Gi`,
  );
  expect(server.failure('POST', path, claim('c', '8Gi', 'slow'))).toBeNull();
  expect(used('q')).toEqual({
    'requests.storage': '10Gi',
    [`${ofClass}requests.storage`]: '2Gi',
    persistentvolumeclaims: '2',
  });
});

test('a pod that is resized is charged for what it grows by', () => {
  addQuota('q', { 'requests.cpu': '1' }, { 'requests.cpu': '0' });
  expect(create(pod('a', { requests: { cpu: '400m' }, limits: { cpu: '2' } }))).toBeNull();
  const resize = (cpu: string) =>
    server.send(
      'PATCH',
      `${base}/pods/a/resize`,
      { spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] } },
      { contentType: 'application/strategic-merge-patch+json' },
    );
  expect((resize('1200m').body as Status).message).toBe(
    'pods "a" is forbidden: exceeded quota: q, requested: requests.cpu=800m, used: requests.cpu=400m, limited: requests.cpu=1',
  );
  expect(resize('900m').status).toBe(200);
  expect(used('q')).toEqual({ 'requests.cpu': '900m' });
});
