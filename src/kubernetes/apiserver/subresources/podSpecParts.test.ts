import { expect, test } from 'vitest';
import { warningsFor } from '#kubernetes/api/notSimulated.ts';
import { TestServer } from '../testServer.ts';

const path = '/api/v1/namespaces/default/pods/web';
const strategic = { contentType: 'application/strategic-merge-patch+json' };

function serverWithPod(): TestServer {
  const server = new TestServer();
  server.server.unsimulated = warningsFor;
  const resources = { requests: { cpu: '100m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } };
  server.send('POST', '/api/v1/namespaces/default/pods', {
    body: {
      metadata: { name: 'web', labels: { a: 'b' } },
      spec: { containers: [{ name: 'c', image: 'x:1', resources }] },
    },
  });
  return server;
}

function patchVisitors(server: TestServer, ...ephemeralContainers: object[]) {
  return server.send('PATCH', `${path}/ephemeralcontainers`, {
    ...strategic,
    body: { metadata: { labels: { a: 'other' } }, spec: { ephemeralContainers } },
  });
}

test('an ephemeral container comes to a pod, defaulted, and nothing else changes', () => {
  const server = serverWithPod();
  const { status, object, warnings } = patchVisitors(server, { name: 'debug', image: 'busybox', tty: true });
  expect(status).toBe(200);
  expect(object).toMatchObject({
    metadata: { generation: 2, labels: { a: 'b' } },
    spec: {
      ephemeralContainers: [{ name: 'debug', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }],
    },
  });
  expect(warnings).toEqual([]);
  expect(server.send('GET', `${path}/ephemeralcontainers`).body).toEqual(server.send('GET', path).body);
});

test.each<[string, object, string]>([
  [
    'one that is there already is changed',
    { name: 'debug', image: 'alpine' },
    'existing ephemeral containers "debug" may not be changed',
  ],
  ['one has the name of another', { name: 'c', image: 'alpine' }, 'Duplicate value: "c"'],
  [
    'one has ports',
    { name: 'more', image: 'alpine', ports: [{ containerPort: 80 }] },
    'ports: Forbidden: cannot be set for an Ephemeral Container',
  ],
])('it is refused where %s', (_name, container, message) => {
  const server = serverWithPod();
  patchVisitors(server, { name: 'debug', image: 'busybox' });
  const { status, object } = patchVisitors(server, container);
  expect(status).toBe(422);
  expect(object['message']).toContain(message);
});

test('a pod with an ephemeral container is still labelled', () => {
  const server = serverWithPod();
  patchVisitors(server, { name: 'debug', image: 'busybox' });
  expect(server.send('PATCH', path, { body: { metadata: { labels: { x: 'y' } } } }).status).toBe(200);
});

function resize(server: TestServer, container: object) {
  return server.send('PATCH', `${path}/resize`, {
    ...strategic,
    body: { spec: { containers: [{ name: 'c', ...container }] } },
  });
}

test('a resize changes cpu and memory', () => {
  const server = serverWithPod();
  const { status, object, warnings } = resize(server, {
    image: 'other',
    resources: { requests: { cpu: '200m' } },
  });
  expect(status).toBe(200);
  expect(object).toMatchObject({
    spec: { containers: [{ image: 'x:1', resources: { requests: { cpu: '200m', memory: '1Gi' } } }] },
  });
  expect(warnings).toEqual([]);
});

test.each<[string, object, string]>([
  [
    'a limit goes',
    { resources: { limits: { cpu: null } } },
    'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
  ],
  [
    'the class of service changes',
    { resources: { requests: { cpu: '1' } } },
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ],
  [
    'something else than cpu and memory is asked for',
    { resources: { requests: { 'ephemeral-storage': '1Gi' } } },
    'spec: Forbidden: only cpu and memory resources are mutable',
  ],
])('it is refused where %s', (_name, container, message) => {
  const { status, object } = resize(serverWithPod(), container);
  expect(status).toBe(422);
  expect(object['message']).toContain(message);
});

test('it is not created or deleted', () => {
  expect(serverWithPod().send('POST', `${path}/resize`, { body: {} }).status).toBe(405);
});
