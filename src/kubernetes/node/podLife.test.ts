import { expect, test } from 'vitest';
import type { Pod, Volume } from '#generated/types/core.v1.ts';
import type { ExecMessage, ExecStream } from '#kubernetes/api/request.ts';
import { ContainerLog, logCharactersMax } from './containerLog.ts';
import { selectLog } from './logSelection.ts';
import { TestNodes } from './testing/testNode.ts';

const sleeping = { name: 'c', image: 'busybox', command: ['sleep', '3600'] };

async function started(spec: Partial<Pod['spec']>, more: { labels?: Record<string, string> } = {}) {
  const nodes = new TestNodes();
  nodes.configMap('settings', { 'app.conf': 'mode=fast\n', other: 'x' });
  nodes.secret('keys', { token: 's3cret' });
  nodes.run({ containers: [sleeping], ...spec }, more);
  await nodes.pass(10);
  return nodes;
}

test.each<[string, Volume, string, string]>([
  [
    'configMap',
    { name: 'v', configMap: { name: 'settings' } },
    'cat /v/app.conf; ls /v',
    'mode=fast\napp.conf\nother\n',
  ],
  [
    'chosen keys',
    { name: 'v', configMap: { name: 'settings', items: [{ key: 'other', path: 'a/b' }] } },
    'cat /v/a/b',
    'x',
  ],
  ['secret', { name: 'v', secret: { secretName: 'keys' } }, 'cat /v/token', 's3cret'],
  ['emptyDir', { name: 'v', emptyDir: {} }, 'echo hi > /v/f; cat /v/f', 'hi\n'],
  ['hostPath', { name: 'v', hostPath: { path: '/data' } }, 'echo hi > /v/f; cat /v/f', 'hi\n'],
  [
    'downwardAPI',
    { name: 'v', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    'cat /v/labels',
    'app="web"',
  ],
  [
    'projected',
    {
      name: 'v',
      projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'keys' } }] },
    },
    'ls /v',
    'app.conf\nother\ntoken\n',
  ],
  [
    'a volume that is not simulated',
    { name: 'v', nfs: { server: 's', path: '/' } },
    'ls /v; echo x > /v/f && cat /v/f',
    'x\n',
  ],
])('volume: %s', async (_name, volume, script, output) => {
  const container = { ...sleeping, volumeMounts: [{ name: 'v', mountPath: '/v' }] };
  const nodes = await started({ volumes: [volume], containers: [container] }, { labels: { app: 'web' } });
  expect((await nodes.exec('web', ['sh', '-c', script])).output).toBe(output);
});

test('files of a configMap follow it within a minute or so, and cannot be written', async () => {
  const container = { ...sleeping, volumeMounts: [{ name: 'v', mountPath: '/v' }] };
  const nodes = await started({
    volumes: [{ name: 'v', configMap: { name: 'settings' } }],
    containers: [container],
  });
  const read = async () => (await nodes.exec('web', ['cat', '/v/other'])).output;
  expect(await read()).toBe('x');
  nodes.changeConfigMap('settings', { other: 'y' });
  expect(await read()).toBe('x');
  await nodes.pass(70);
  expect(await read()).toBe('y');
  expect((await nodes.exec('web', ['sh', '-c', 'echo z > /v/other'])).output).toContain(
    'Read-only file system',
  );
});

test('containers of a pod share its emptyDirs', async () => {
  const volumeMounts = [{ name: 'v', mountPath: '/v' }];
  const writer = { name: 'w', image: 'busybox', command: ['sh', '-c', 'echo hi > /v/f'], volumeMounts };
  const nodes = await started({
    volumes: [{ name: 'v', emptyDir: {} }],
    initContainers: [writer],
    containers: [{ ...sleeping, volumeMounts }],
  });
  expect((await nodes.exec('web', ['cat', '/v/f'])).output).toBe('hi\n');
});

test('a missing volume source keeps the pod in ContainerCreating', async () => {
  const nodes = await started({ volumes: [{ name: 'v', secret: { secretName: 'none' } }] });
  expect(nodes.pod().status.containerStatuses?.[0]?.state).toEqual({
    waiting: { reason: 'ContainerCreating' },
  });
  expect(nodes.events().join('\n')).toContain(
    'FailedMount: MountVolume.SetUp failed for volume "v" : secret "none" not found',
  );
  nodes.secret('none', { a: 'b' });
  await nodes.pass(30);
  expect(nodes.pod().status.phase).toBe('Running');
});

test('a host port answers on the node', async () => {
  const nodes = await started({
    containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 8080 }] }],
  });
  const host = nodes.network.hostAt('192.168.0.11')!;
  expect(host.listenerAt(8080, 'TCP')).toBeDefined();
  expect(host.listenerAt(80, 'TCP')).toBeUndefined();
});

test('a pod past its deadline fails', async () => {
  const nodes = await started({ activeDeadlineSeconds: 30, terminationGracePeriodSeconds: 1 });
  expect(nodes.pod().status.phase).toBe('Running');
  await nodes.pass(30);
  expect(nodes.pod().status).toMatchObject({
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  });
});

test('a pod that does not fit is refused', async () => {
  const resources = { requests: { cpu: '3' } };
  const nodes = await started({ containers: [{ ...sleeping, resources }] });
  nodes.run({ containers: [{ ...sleeping, resources }] }, { name: 'second' });
  await nodes.pass(5);
  expect(nodes.pod().status.phase).toBe('Running');
  expect(nodes.pod('second').status).toMatchObject({
    phase: 'Failed',
    reason: 'OutOfcpu',
    message:
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 3000, used: 3000, capacity: 4000",
  });
});

test('a termination message is what the container left, or the end of its log', async () => {
  const end = async (command: string, more: object = {}) => {
    const nodes = await started({
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', command], ...more }],
    });
    return nodes.pod().status.containerStatuses?.[0]?.state?.terminated?.message;
  };
  expect(await end('echo why > /dev/termination-log; exit 3')).toBe('why\n');
  expect(await end('echo log; exit 3')).toBeUndefined();
  expect(await end('echo log; exit 3', { terminationMessagePolicy: 'FallbackToLogsOnError' })).toBe('log\n');
});

test('hooks: postStart runs beside the start, preStop before the end', async () => {
  const hook = (text: string) => ({ exec: { command: ['sh', '-c', `echo ${text} >> /v/log`] } });
  const volumeMounts = [{ name: 'v', mountPath: '/v' }];
  const nodes = await started({
    volumes: [{ name: 'v', hostPath: { path: '/data' } }],
    terminationGracePeriodSeconds: 5,
    containers: [
      { ...sleeping, volumeMounts, lifecycle: { postStart: hook('started'), preStop: hook('ending') } },
    ],
  });
  const { hostFiles } = nodes.kubelets[0]!.volumes;
  expect(hostFiles.read('/data/log')).toBe('started\n');
  nodes.delete();
  await nodes.pass(10);
  expect(hostFiles.read('/data/log')).toBe('started\nending\n');
});

const inShell = (command: string) => ({ exec: { command: ['sh', '-c', command] } });

/** A pod whose preStop leaves a word in the node's `/data/log`, and fails. */
function startedWithHooks(postStart: string) {
  const lifecycle = {
    postStart: inShell(postStart),
    preStop: inShell('echo ending >> /v/log; sleep 5; exit 1'),
  };
  return started({
    restartPolicy: 'Never',
    volumes: [{ name: 'v', hostPath: { path: '/data' } }],
    containers: [{ ...sleeping, volumeMounts: [{ name: 'v', mountPath: '/v' }], lifecycle }],
  });
}

test('a container whose postStart fails gets its preStop, and a failure of that is said too', async () => {
  const nodes = await startedWithHooks('exit 1');
  await nodes.pass(50);
  expect(nodes.kubelets[0]!.volumes.hostFiles.read('/data/log')).toBe('ending\n');
  expect(nodes.events().slice(-3)).toEqual([
    'FailedPostStartHook: PostStartHook failed',
    'Killing: FailedPostStartHook',
    'FailedPreStopHook: PreStopHook failed',
  ]);
  expect(nodes.pod().status.phase).toBe('Failed');
});

test('a postStart that fails while the pod is ended does not run preStop again', async () => {
  const nodes = await startedWithHooks('sleep 12; exit 1');
  nodes.delete();
  await nodes.pass(50);
  expect(nodes.kubelets[0]!.volumes.hostFiles.read('/data/log')).toBe('ending\n');
});

async function session(nodes: TestNodes, subresource: 'exec' | 'attach', body: object) {
  const path = `/api/v1/namespaces/default/pods/web/${subresource}`;
  const stream = nodes.client.send({ method: 'POST', path, body }).stream as ExecStream;
  const messages: ExecMessage[] = [];
  stream.open(
    (batch) => messages.push(...(batch as readonly ExecMessage[])),
    () => {},
  );
  await nodes.pass(1);
  const printed = () => messages.map((message) => (message.channel === 'error' ? '' : message.text)).join('');
  return { stream, messages, printed };
}

test('an interactive shell answers line by line, survives Ctrl-C and ends with its code', async () => {
  const nodes = await started({});
  const { stream, messages, printed } = await session(nodes, 'exec', {
    command: ['sh'],
    stdin: true,
    tty: true,
  });
  stream.write('echo one\n');
  await nodes.pass(1);
  expect(printed()).toContain('one\n');
  stream.write('sleep 100\n');
  await nodes.pass(1);
  stream.write('\u0003');
  await nodes.pass(1);
  stream.write('exit 7\n');
  await nodes.pass(1);
  expect(messages.at(-1)).toMatchObject({
    channel: 'error',
    status: {
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    },
  });
});

test('what is piped into a command reaches it', async () => {
  const nodes = await started({});
  const { stream, printed } = await session(nodes, 'exec', { command: ['cat'], stdin: true });
  stream.write('a\nb\n');
  stream.write(null);
  await nodes.pass(1);
  expect(printed()).toBe('a\nb\n');
});

test('attach types into the container itself', async () => {
  const nodes = await started({
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'busybox', stdin: true, command: ['sh', '-c', 'read x; echo got $x'] }],
  });
  const { stream, printed } = await session(nodes, 'attach', { stdin: true });
  stream.write('it\n');
  await nodes.pass(5);
  expect(printed()).toBe('got it\n');
  expect(nodes.pod().status.phase).toBe('Succeeded');
});

test.each([
  ['log?container=none', 400, 'container none is not valid for pod web'],
  ['exec', 500, 'unable to upgrade connection: container not found ("c")'],
  ['log?previous=true', 400, 'previous terminated container "c" in pod "web" not found'],
  ['log?previous=1', 400, 'previous terminated container "c" in pod "web" not found'],
  [
    'log?tailLines=-1',
    422,
    'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
  ],
])('%s of a pod that waits: %s', async (path, status, message) => {
  const nodes = await started({ containers: [{ name: 'c', image: 'nonesuch' }] });
  const [subresource, query = ''] = path.split('?');
  const [name = '', value = ''] = query.split('=');
  const response = nodes.client.send({
    method: subresource === 'exec' ? 'POST' : 'GET',
    path: `/api/v1/namespaces/default/pods/web/${subresource}`,
    query: query === '' ? {} : { [name]: value },
    body: subresource === 'exec' ? { command: ['true'] } : undefined,
  });
  expect(response.status).toBe(status);
  expect(response.body).toMatchObject({ message });
});

test('a log is followed to its end', async () => {
  const script = 'for i in 1 2 3; do echo $i; sleep 5; done';
  const nodes = new TestNodes();
  nodes.run({
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script] }],
  });
  await nodes.pass(4);
  const path = '/api/v1/namespaces/default/pods/web/log';
  let text = '';
  let ended = false;
  nodes.client.send({ method: 'GET', path, query: { follow: 'true' } }).stream!.open(
    (batch) => (text += batch.join('')),
    () => (ended = true),
  );
  await nodes.pass(5);
  expect([text, ended]).toEqual(['1\n2\n', false]);
  await nodes.pass(20);
  expect([text, ended]).toEqual(['1\n2\n3\n', true]);
});

const log = new ContainerLog();
log.append(1_000, 'one\ntw');
log.append(2_000, 'o\nthree\n');

test.each([
  [{}, 'one\ntwo\nthree\n'],
  [{ tailLines: 2 }, 'two\nthree\n'],
  [{ tailLines: 0 }, ''],
  [{ tailLines: 9 }, 'one\ntwo\nthree\n'],
  [{ limitBytes: 5 }, 'one\nt'],
  [{ sinceSeconds: 1 }, 'o\nthree\n'],
  [{ sinceTime: 2_000 }, 'o\nthree\n'],
  [{ timestamps: true, tailLines: 1 }, '1970-01-01T00:00:02.000000000Z three\n'],
])('log %j', (query, expected) => {
  expect(selectLog(log.entries(), query, 3_000)).toBe(expected);
});

test('a log without end keeps its newest lines', () => {
  const endless = new ContainerLog();
  for (let i = 0; i < 100_000; i++) endless.append(i, `line ${i}\n`);
  const text = selectLog(endless.entries(), {}, 0);
  expect(text.length).toBeLessThanOrEqual(logCharactersMax);
  expect(text.endsWith('line 99999\n')).toBe(true);
});
