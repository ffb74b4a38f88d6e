import { PassThrough } from 'node:stream';
import {
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
  type V1Status,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Bridge } from './bridge.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { openBridge } from './testBridge.ts';

let bridge: Bridge;
let config: KubeConfig;
let core: CoreV1Api;
const namespace = 'default';

beforeAll(async () => {
  bridge = await openBridge({ speed: 60 });
  config = new KubeConfig();
  config.loadFromString(kubeconfigText(bridge.url, bridge.user, bridge.certificates));
  core = config.makeApiClient(CoreV1Api);
});
afterAll(() => bridge.close());

const configMap = (name: string, data: Record<string, string> = {}) => ({
  namespace,
  body: { metadata: { name, labels: { suite: 'client-node' } }, data },
});

/** A promise that something else settles. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** Looks until it is so; the bridge's time runs meanwhile. */
async function until<T>(look: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (isSo(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('lists, whole and in pages', async () => {
  const { items } = await core.listNode();
  expect(items.map(({ metadata }) => metadata?.name)).toEqual([
    'control-plane',
    'node-1',
    'node-2',
    'node-3',
  ]);
  const first = await core.listNode({ limit: 3 });
  expect([first.items.length, first.metadata?.remainingItemCount]).toEqual([3, 1]);
  const rest = await core.listNode({ limit: 3, _continue: first.metadata?._continue ?? '' });
  expect(rest.items.map(({ metadata }) => metadata?.name)).toEqual(['node-3']);
  expect(items[0]?.metadata?.creationTimestamp).toBeInstanceOf(Date);
});

test('creates, reads, replaces and deletes, and fails with a Status', async () => {
  const made = await core.createNamespacedConfigMap(configMap('a', { x: '1' }));
  const replaced = await core.replaceNamespacedConfigMap({
    name: 'a',
    namespace,
    body: { metadata: made.metadata, data: { x: '2' } },
  });
  expect(replaced.data).toEqual({ x: '2' });
  await expect(
    core.replaceNamespacedConfigMap({ name: 'a', namespace, body: { metadata: made.metadata, data: {} } }),
  ).rejects.toMatchObject({ code: 409 });
  await core.deleteNamespacedConfigMap({ name: 'a', namespace });
  const missing = core.readNamespacedConfigMap({ name: 'a', namespace });
  await expect(missing).rejects.toMatchObject({
    code: 404,
    body: expect.stringContaining('NotFound') as string,
  });
});

test('patches in every dialect', async () => {
  await core.createNamespacedConfigMap(configMap('patched', { a: '1', b: '2' }));
  const patch = (body: object, type: PatchStrategy) =>
    core.patchNamespacedConfigMap(
      { name: 'patched', namespace, body },
      setHeaderOptions('Content-Type', type),
    );
  await patch([{ op: 'replace', path: '/data/a', value: '3' }], PatchStrategy.JsonPatch);
  await patch({ data: { b: null } }, PatchStrategy.MergePatch);
  const { data } = await patch({ data: { c: '4' } }, PatchStrategy.StrategicMergePatch);
  expect(data).toEqual({ a: '3', c: '4' });
});

test('watches', async () => {
  const seen: string[] = [];
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const enough = withResolvers<void>();
  const watching = await new Watch(config).watch(
    path,
    { fieldSelector: 'metadata.name=watched' },
    (type: string) => {
      if (seen.push(type) === 3) enough.resolve();
    },
    () => {},
  );
  await core.createNamespacedConfigMap(configMap('watched'));
  const body = [{ op: 'add', path: '/data', value: { a: '1' } }];
  await core.patchNamespacedConfigMap({ name: 'watched', namespace, body });
  await core.deleteNamespacedConfigMap({ name: 'watched', namespace });
  await enough.promise;
  watching.abort();
  expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
});

test('an informer holds what there is', async () => {
  const list = () => core.listNamespacedConfigMap({ namespace, labelSelector: 'suite=client-node' });
  const informer = makeInformer(
    config,
    `/api/v1/namespaces/${namespace}/configmaps`,
    list,
    'suite=client-node',
  );
  const added: string[] = [];
  informer.on('add', ({ metadata }) => added.push(metadata?.name ?? ''));
  await informer.start();
  await core.createNamespacedConfigMap(configMap('informed'));
  await until(
    () => Promise.resolve(added.includes('informed')),
    (isThere) => isThere,
  );
  await core.deleteNamespacedConfigMap({ name: 'informed', namespace });
  await until(
    () => Promise.resolve(informer.get('informed', namespace)),
    (object) => object === undefined,
  );
  await informer.stop();
});

async function runningPod(name: string, command: string): Promise<V1Pod> {
  const containers = [{ name: 'main', image: 'busybox', command: ['sh', '-c', command] }];
  await core.createNamespacedPod({ namespace, body: { metadata: { name }, spec: { containers } } });
  return until(
    () => core.readNamespacedPod({ name, namespace }),
    ({ status }) => status?.phase === 'Running',
  );
}

test('runs commands in a pod', async () => {
  await runningPod('worker', 'sleep 100000');
  const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let output = '';
  out.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const ended = withResolvers<V1Status>();
  const command = ['sh', '-c', 'read line; echo "got $line"; exit 5'];
  await new Exec(config).exec(namespace, 'worker', 'main', command, out, err, input, false, ended.resolve);
  input.write('hello\n');
  const status = await ended.promise;
  expect(output).toBe('got hello\n');
  expect(status.details?.causes).toEqual([{ reason: 'ExitCode', message: '5' }]);
});

test('reads a log, and follows one', async () => {
  await runningPod('talker', 'echo one; sleep 20; echo two');
  const first = await core.readNamespacedPodLog({ name: 'talker', namespace });
  expect(first).toMatch(/^one\n/);
  let text = '';
  const stream = new PassThrough();
  const ended = withResolvers<void>();
  stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
  stream.on('end', ended.resolve);
  await new Log(config).log(namespace, 'talker', 'main', stream, { follow: true });
  await ended.promise;
  expect(text).toBe('one\ntwo\n');
});

test('workloads come to life', async () => {
  const apps = config.makeApiClient(AppsV1Api);
  const labels = { app: 'web' };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'web' }, spec } });
  const ready = await until(
    () => apps.readNamespacedDeployment({ name: 'web', namespace }),
    ({ status }) => status?.readyReplicas === 2,
  );
  expect(ready.spec?.strategy?.type).toBe('RollingUpdate');
  const scaled = await apps.replaceNamespacedDeploymentScale({
    name: 'web',
    namespace,
    body: { metadata: { name: 'web', namespace }, spec: { replicas: 1 } },
  });
  expect(scaled.spec?.replicas).toBe(1);
});

test('a job ends', async () => {
  const batch = config.makeApiClient(BatchV1Api);
  const containers = [{ name: 'c', image: 'busybox', command: ['true'] }];
  const template = { spec: { restartPolicy: 'Never', containers } };
  await batch.createNamespacedJob({ namespace, body: { metadata: { name: 'once' }, spec: { template } } });
  const done = await until(
    () => batch.readNamespacedJob({ name: 'once', namespace }),
    ({ status }) => status?.succeeded === 1,
  );
  expect(done.status?.completionTime).toBeInstanceOf(Date);
});

test('objects of any kind, by what discovery says', async () => {
  const objects = KubernetesObjectApi.makeApiClient(config);
  const made = await objects.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'generic', namespace },
  });
  expect(made).toHaveProperty('metadata.uid');
  const listed = await objects.list('v1', 'ConfigMap', namespace);
  expect(listed.items.map(({ metadata }) => metadata?.name)).toContain('generic');
});
