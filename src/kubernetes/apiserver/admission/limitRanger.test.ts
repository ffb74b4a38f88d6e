import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

let server: TestServer;
const base = '/api/v1/namespaces/default';

beforeEach(() => {
  server = new TestServer();
});

function addRange(name: string, ...limits: object[]): void {
  expect(server.failure('POST', `${base}/limitranges`, { metadata: { name }, spec: { limits } })).toBeNull();
}

const container = (name: string, resources: object = {}) => ({ name, image: 'nginx', resources });
const pod = (...containers: object[]) => ({ metadata: { name: 'web' }, spec: { containers } });

test('what a container leaves open is filled in, and told in an annotation', () => {
  addRange('defaults', {
    type: 'Container',
    default: { cpu: '500m', memory: '1Gi' },
    defaultRequest: { cpu: '100m' },
  });
  const { body } = server.send('POST', `${base}/pods`, {
    metadata: { name: 'web' },
    spec: {
      containers: [
        container('a'),
        container('b', { requests: { memory: '2Gi' }, limits: { memory: '2Gi' } }),
      ],
      initContainers: [container('i', { limits: { cpu: '1' } })],
    },
  });
  const { metadata, spec, status } = body as Pod;
  expect(spec.containers.map(({ resources }) => resources)).toEqual([
    { requests: { cpu: '100m', memory: '1Gi' }, limits: { cpu: '500m', memory: '1Gi' } },
    { requests: { cpu: '100m', memory: '2Gi' }, limits: { cpu: '500m', memory: '2Gi' } },
  ]);
  expect(spec.initContainers![0]!.resources).toEqual({
    requests: { cpu: '1', memory: '1Gi' },
    limits: { cpu: '1', memory: '1Gi' },
  });
  expect(metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: cpu, memory request for container a; cpu, memory limit for container a; cpu request for container b; cpu limit for container b; memory request for init container i; memory limit for init container i',
  });
  expect(status.qosClass).toBe('Burstable');
});

test('replicas of one template share what was filled in', () => {
  addRange('defaults', { type: 'Container', default: { cpu: '1' } });
  const { spec } = pod(container('a'));
  const [a, b] = ['a', 'b'].map(
    (name) => server.send('POST', `${base}/pods`, { metadata: { name }, spec }).body as Pod,
  );
  expect(a!.spec.containers).toBe(b!.spec.containers);
  server.send('DELETE', `${base}/limitranges/defaults`);
  const { body } = server.send('POST', `${base}/pods`, { metadata: { name: 'c' }, spec });
  expect((body as Pod).spec.containers[0]!.resources).toEqual({});
});

// Facts from upstream's admission_test.go TestPodLimitFunc.
test.each([
  [{ min: { memory: '50Mi' } }, {}, 'minimum memory usage per Container is 50Mi.  No request is specified'],
  [
    { min: { memory: '50Mi' } },
    { requests: { memory: '20Mi' } },
    'minimum memory usage per Container is 50Mi, but request is 20Mi',
  ],
  [{ max: { cpu: '1' } }, {}, 'maximum cpu usage per Container is 1.  No limit is specified'],
  [
    { max: { cpu: '1' } },
    { limits: { cpu: '1500m' } },
    'maximum cpu usage per Container is 1, but limit is 1500m',
  ],
  [
    { maxLimitRequestRatio: { cpu: '2' } },
    { requests: { cpu: '100m' }, limits: { cpu: '250m' } },
    'cpu max limit to request ratio per Container is 2, but provided ratio is 2.500000',
  ],
  [
    { maxLimitRequestRatio: { cpu: '2' } },
    { requests: { cpu: '100m' } },
    'cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0',
  ],
  [
    { min: { cpu: '1' }, max: { cpu: '2' } },
    { requests: { cpu: '500m' }, limits: { cpu: '3' } },
    '[minimum cpu usage per Container is 1, but request is 500m, maximum cpu usage per Container is 2, but limit is 3]',
  ],
  [{ max: { cpu: '1' } }, { limits: { cpu: '1' } }, null],
])('a range of %j for a container of %j', (limits, resources, why) => {
  // A range that was stored without the server's defaults gives none.
  const range = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'r', namespace: 'default', uid: 'r', creationTimestamp: '' },
    spec: { limits: [{ type: 'Container', ...limits }] },
  };
  const kind = server.server.kinds.findResource('', 'v1', 'limitranges')!;
  server.server.storage.put(kind, range as never, undefined);
  expect(server.failure('POST', `${base}/pods`, pod(container('a', resources)))).toBe(
    why === null ? null : `pods "web" is forbidden: ${why}`,
  );
});

test('limits of a pod are limits of the sum', () => {
  addRange('pod', { type: 'Pod', max: { cpu: '1' } });
  const half = { limits: { cpu: '600m' } };
  expect(server.failure('POST', `${base}/pods`, pod(container('a', half), container('b', half)))).toBe(
    'pods "web" is forbidden: maximum cpu usage per Pod is 1, but limit is 1200m',
  );
  expect(server.failure('POST', `${base}/pods`, pod(container('a', half)))).toBeNull();
});

test('claims have a smallest and a largest size', () => {
  addRange('claims', { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } });
  const claim = (storage: string) => ({
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });
  const failure = (storage: string) =>
    server.failure('POST', `${base}/persistentvolumeclaims`, claim(storage));
  const forbidden = 'persistentvolumeclaims "data" is forbidden: ';
  expect(failure('500Mi')).toBe(
    `${forbidden}minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi`,
  );
  expect(failure('11Gi')).toBe(
    `${forbidden}maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi`,
  );
  expect(failure('2Gi')).toBeNull();
});
