import { beforeEach, expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import { TestServer } from '../../testing/testServer.ts';

const plain = { containers: [{ name: 'c', image: 'nginx' }] };
const tmp = { ...plain, volumes: [{ name: 'tmp', hostPath: { path: '/tmp' } }] };
const host = { ...plain, hostNetwork: true };
const hostDetail = 'host namespaces (hostNetwork=true)';
const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

function createPod(namespace: string, name: string, spec: object) {
  const answer = server.send('POST', `/api/v1/namespaces/${namespace}/pods`, { metadata: { name }, spec });
  const own = answer.warnings.filter((warning) => warning.includes('PodSecurity'));
  return { code: answer.status, message: (answer.body as Status).message, warnings: own };
}

function relabel(name: string, labels: object) {
  const answer = server.send('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels } });
  return { code: answer.status, message: (answer.body as Status).message, warnings: answer.warnings };
}

test('what the namespace enforces is refused, for whoever asks', () => {
  server.addNamespace('strict', { [label('enforce')]: 'baseline' });
  expect(createPod('strict', 'fine', plain)).toMatchObject({ code: 201, warnings: [] });
  expect(createPod('strict', 'bad', host)).toMatchObject({
    code: 403,
    message: `pods "bad" is forbidden: violates PodSecurity "baseline:latest": ${hostDetail}`,
  });
  expect(createPod('default', 'bad', host)).toMatchObject({ code: 201, warnings: [] });
});

test('what it warns of is said, and let in', () => {
  server.addNamespace('warned', { [label('warn')]: 'baseline', [label('warn-version')]: 'v1.30' });
  expect(createPod('warned', 'bad', host)).toMatchObject({
    code: 201,
    warnings: [`would violate PodSecurity "baseline:v1.30": ${hostDetail}`],
  });
  const silent = server.send(
    'POST',
    '/api/v1/namespaces/warned/pods',
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'made' }, spec: host },
    { contentType: undefined as never, inProcess: true },
  );
  expect(silent).toMatchObject({ status: 201, warnings: [] });
});

test('templates are warned of by what is enforced, and admitted', () => {
  server.addNamespace('strict', { [label('enforce')]: 'baseline' });
  const labels = { app: 'x' };
  const answer = server.send('POST', '/apis/apps/v1/namespaces/strict/deployments', {
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: host } },
  });
  expect(answer.status).toBe(201);
  expect(answer.warnings).toContain(`would violate PodSecurity "baseline:latest": ${hostDetail}`);
});

test('labels that say nothing sensible are refused when they are new', () => {
  const labels = { [label('enforce')]: 'strict', [label('warn-version')]: '1.2' };
  expect(server.failure('POST', '/api/v1/namespaces', { metadata: { name: 'x', labels } })).toBe(
    'Namespace "x" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.2": must be "latest" or "v1.x"]',
  );
});

test('a stricter level says which of the present pods it would not admit', () => {
  for (const name of ['b', 'a', 'c']) createPod('default', name, host);
  createPod('default', 'files', tmp);
  createPod('default', 'fine', plain);
  expect(relabel('default', { [label('enforce')]: 'baseline' }).warnings).toEqual([
    'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
    'a (and 2 other pods): host namespaces',
    'files: hostPath volumes',
  ]);
  expect(relabel('default', { [label('enforce')]: 'privileged' }).warnings).toEqual([]);
});

test('an update is judged only when it changes an image', () => {
  createPod('default', 'old', host);
  relabel('default', { [label('enforce')]: 'baseline' });
  const path = '/api/v1/namespaces/default/pods/old';
  expect(server.failure('PATCH', path, { metadata: { labels: { a: 'b' } } })).toBeNull();
  const image = { spec: { containers: [{ name: 'c', image: 'redis' }] } };
  const strategic = { contentType: 'application/strategic-merge-patch+json' };
  expect((server.send('PATCH', path, image, strategic).body as Status).message).toBe(
    `pods "old" is forbidden: violates PodSecurity "baseline:latest": ${hostDetail}`,
  );
});

test('a container that comes to a running pod is judged with it', () => {
  createPod('default', 'web', plain);
  relabel('default', { [label('enforce')]: 'baseline' });
  const visit = (securityContext: object) =>
    server.send(
      'PATCH',
      '/api/v1/namespaces/default/pods/web/ephemeralcontainers',
      { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox', securityContext }] } },
      { contentType: 'application/strategic-merge-patch+json' },
    );
  expect((visit({ privileged: true }).body as Status).message).toBe(
    'pods "web" is forbidden: violates PodSecurity "baseline:latest": privileged (container "debug" must not set securityContext.privileged=true)',
  );
  expect(visit({}).status).toBe(200);
});
