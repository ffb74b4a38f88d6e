import { expect, test } from 'vitest';
import type { EnvVar } from '#generated/types/core.v1.ts';
import type { Program } from '#world/machine/program.ts';
import type { Image, ImageRegistry } from '#world/machine/image.ts';
import { defineImage } from '#images/image.ts';
import { TestNodes } from './testing/testNode.ts';

const fail: Program = async (process) => {
  await process.stderr.write('no such luck\n');
  return 3;
};
const sleep: Program = async (process) => {
  await process.sleep(Number(process.args[1]) * 1000);
  return 0;
};
const print: Program = async (process) => {
  await process.stdout.write(`${process.environment.get(process.args[1]!) ?? ''}\n`);
  return 0;
};

function registryOf(image: Image): ImageRegistry {
  return { find: () => image, local: () => undefined };
}

const tools = defineImage({
  name: 'tools',
  tags: ['latest'],
  sizeBytes: 1_000_000,
  programs: new Map([
    ['fail', fail],
    ['sleep', sleep],
    ['print', print],
  ]),
});

const cluster = () => new TestNodes({ registry: registryOf(tools) });
const run = (...command: string[]) => ({ containers: [{ name: 'c', image: 'tools:1', command }] });

test('a crashing container waits 10 s, doubling to 5 minutes', async () => {
  const nodes = cluster();
  nodes.run(run('fail'));
  const starts: number[] = [];
  let last = '';
  for (let second = 0; second < 1500; second++) {
    await nodes.pass(1);
    const status = nodes.pod().status.containerStatuses?.[0];
    if (status?.containerID && status.containerID !== last) {
      last = status.containerID;
      starts.push(second);
    }
  }
  const gaps = starts.slice(1).map((at, i) => at - starts[i]!);
  expect(gaps.map((gap) => Math.round(gap / 10) * 10).filter((gap) => gap > 0)).toEqual([
    10, 20, 40, 80, 160, 300, 300, 300,
  ]);
  const { status } = nodes.pod();
  expect(status.phase).toBe('Running');
  expect(status.containerStatuses?.[0]).toMatchObject({
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: expect.stringMatching(
          /^back-off 5m0s restarting failed container=c pod=web_default\([-0-9a-f]+\)$/,
        ),
      },
    },
    lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    ready: false,
  });
  expect(
    nodes
      .events()
      .some((line) => line.startsWith('BackOff: Back-off restarting failed container c in pod web_default(')),
  ).toBe(true);
});

test('a container that ran for long enough starts its back-off anew', async () => {
  const nodes = cluster();
  nodes.run(run('sleep', '700'));
  await nodes.pass(2200);
  expect(nodes.pod().status.containerStatuses?.[0]).toMatchObject({ restartCount: 3 });
  expect(nodes.events().join()).not.toContain('BackOff');
});

test.each([
  ['Never', ['fail'], 'Failed', 0],
  ['Never', ['sleep', '1'], 'Succeeded', 0],
  ['OnFailure', ['sleep', '1'], 'Succeeded', 0],
  ['OnFailure', ['fail'], 'Running', 2],
] as const)('%s: %s ends as %s', async (restartPolicy, command, phase, restarts) => {
  const nodes = cluster();
  nodes.run({ ...run(...command), restartPolicy });
  await nodes.pass(20);
  const { status } = nodes.pod();
  expect(status.phase).toBe(phase);
  expect(status.containerStatuses?.[0]?.restartCount).toBe(restarts);
});

test('a pod that is done says so once, and keeps its log', async () => {
  const nodes = cluster();
  nodes.run({ ...run('fail'), restartPolicy: 'Never' });
  await nodes.pass(20);
  expect(nodes.pod().status.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 3,
    reason: 'Error',
  });
  expect(nodes.log('web')).toBe('no such luck\n');
});

test('a command that is not in the image', async () => {
  const nodes = cluster();
  nodes.run(run('/no/such'));
  await nodes.pass(5);
  const message =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/no/such": stat /no/such: no such file or directory';
  expect(nodes.events().join('\n')).toContain(`Failed: Error: ${message}`);
  expect(nodes.pod().status.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    startedAt: '1970-01-01T00:00:00Z',
  });
});

test('a process that ignores SIGTERM is killed when its grace is over', async () => {
  const nodes = cluster();
  nodes.run(run('sleep', '3600'));
  await nodes.pass(20);
  nodes.delete();
  await nodes.pass(29);
  expect(nodes.exists()).toBe(true);
  await nodes.pass(3);
  expect(nodes.exists()).toBe(false);
});

test('init containers run one after the other, and sidecars beside the rest', async () => {
  const nodes = cluster();
  nodes.run({
    restartPolicy: 'Never',
    initContainers: [
      { name: 'side', image: 'tools:1', command: ['sleep', '3600'], restartPolicy: 'Always' },
      { name: 'first', image: 'tools:1', command: ['sleep', '5'] },
      { name: 'second', image: 'tools:1', command: ['sleep', '5'] },
    ],
    containers: [{ name: 'main', image: 'tools:1', command: ['sleep', '5'] }],
    terminationGracePeriodSeconds: 2,
  });
  await nodes.pass(10);
  expect(nodes.pod().status).toMatchObject({
    phase: 'Pending',
    initContainerStatuses: [
      { name: 'side', started: true, ready: true },
      { name: 'first', ready: true, state: { terminated: { reason: 'Completed' } } },
      { name: 'second', ready: false, state: { running: {} } },
    ],
    containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
  });
  await nodes.pass(30);
  expect(nodes.pod().status.phase).toBe('Succeeded');
});

const variables: [EnvVar, string][] = [
  [{ name: 'X', value: '$(A)-$(B)-$$(A)' }, 'a-$(B)-$(A)'],
  [{ name: 'X', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, 'web'],
  [{ name: 'X', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }, 'node-1'],
  [{ name: 'X', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }, '10.244.1.2'],
  [{ name: 'X', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }, 'shop'],
  [{ name: 'X', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } }, '250'],
  [{ name: 'X', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } }, String(8092 * 1024 * 1024)],
  [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'MODE' } } }, 'fast'],
  [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'none', key: 'MODE', optional: true } } }, ''],
  [{ name: 'X', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } }, 'grün'],
  [{ name: 'HOSTNAME', value: 'web' }, 'web'],
];

test.each(variables)('environment: %j', async (variable, expected) => {
  const nodes = cluster();
  nodes.configMap('settings', { MODE: 'fast' });
  nodes.secret('keys', { token: 'grün' });
  const env = [{ name: 'A', value: 'a' }, variable];
  const resources = { limits: { cpu: '250m' } };
  const command = ['print', variable.name];
  nodes.run(
    { restartPolicy: 'Never', containers: [{ name: 'c', image: 'tools:1', command, env, resources }] },
    { labels: { app: 'shop' } },
  );
  await nodes.pass(20);
  expect(nodes.log('web')).toBe(`${expected}\n`);
});

test('a missing ConfigMap holds a container back until it is there', async () => {
  const nodes = cluster();
  nodes.run({
    restartPolicy: 'Never',
    containers: [
      {
        name: 'c',
        image: 'tools:1',
        command: ['print', 'MODE'],
        envFrom: [{ configMapRef: { name: 'settings' } }],
      },
    ],
  });
  await nodes.pass(5);
  expect(nodes.pod().status.containerStatuses?.[0]?.state?.waiting).toEqual({
    reason: 'CreateContainerConfigError',
    message: 'configmap "settings" not found',
  });
  expect(nodes.events()).toContain('Failed: Error: configmap "settings" not found');
  nodes.configMap('settings', { MODE: 'fast' });
  await nodes.pass(20);
  expect(nodes.log('web')).toBe('fast\n');
});
