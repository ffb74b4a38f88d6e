import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resource = (name: string, from: string) => ({
  name,
  valueFrom: { resourceFieldRef: { resource: from } },
});

/** Runs a container to its end and returns what it printed, line by line. */
async function printed(core: string, container: object): Promise<readonly string[]> {
  const path = `${core}/pods/p`;
  f.create(`${core}/pods`, {
    metadata: { name: 'p' },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'env'], ...container }],
    },
  });
  await f.until(() => (f.get(path).status as { phase?: string }).phase === 'Succeeded');
  const { body } = f.send('GET', `${path}/log`);
  return (body as string).split('\n');
}

/** The environment of a container. */
async function environment(container: object): Promise<readonly string[]> {
  return printed(await f.namespace(), container);
}

// Upstream: test/e2e/common/node/downwardapi.go
describe('sig-node/Downward API', () => {
  test('should provide pod name, namespace and IP address as env vars', async () => {
    const core = await f.namespace();
    const lines = await printed(core, {
      env: [
        field('POD_NAME', 'metadata.name'),
        field('POD_NAMESPACE', 'metadata.namespace'),
        field('POD_IP', 'status.podIP'),
      ],
    });
    expect(lines).toContain('POD_NAME=p');
    expect(lines).toContain(`POD_NAMESPACE=${core.split('/').at(-1)}`);
    expect(lines.find((line) => line.startsWith('POD_IP='))).toMatch(/^POD_IP=\d+\.\d+\.\d+\.\d+$/);
  });

  test('should provide host IP as an env var', async () => {
    const lines = await environment({ env: [field('HOST_IP', 'status.hostIP')] });
    expect(lines.find((line) => line.startsWith('HOST_IP='))).toMatch(/^HOST_IP=\d+\.\d+\.\d+\.\d+$/);
  });

  test('should provide pod UID as env vars', async () => {
    const core = await f.namespace();
    const lines = await printed(core, { env: [field('POD_UID', 'metadata.uid')] });
    expect(lines).toContain(`POD_UID=${f.get(`${core}/pods/p`).metadata.uid}`);
  });

  const env = [
    resource('CPU_LIMIT', 'limits.cpu'),
    resource('MEMORY_LIMIT', 'limits.memory'),
    resource('CPU_REQUEST', 'requests.cpu'),
    resource('MEMORY_REQUEST', 'requests.memory'),
  ];

  test("should provide container's limits.cpu/memory and requests.cpu/memory as env vars", async () => {
    const resources = { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } };
    const lines = await environment({ env, resources });
    for (const line of ['CPU_LIMIT=2', 'MEMORY_LIMIT=67108864', 'CPU_REQUEST=1', 'MEMORY_REQUEST=33554432'])
      expect(lines).toContain(line);
  });

  test('should provide default limits.cpu/memory from node allocatable', async () => {
    const lines = await environment({ env: env.slice(0, 2) });
    for (const name of ['CPU_LIMIT', 'MEMORY_LIMIT'])
      expect(lines.find((line) => line.startsWith(`${name}=`))).toMatch(/=[1-9]\d*$/);
  });
});

// Upstream: test/e2e/common/node/{configmap,secrets}.go
const byKey = (source: string) => [
  { name: 'DATA_1', valueFrom: { [`${source}KeyRef`]: { name: 'source', key: 'data-1' } } },
];
const wholly = (source: string) => [{ prefix: 'p-', [`${source}Ref`]: { name: 'source' } }];

async function withSource(resources: string, data: object, container: object): Promise<readonly string[]> {
  const core = await f.namespace();
  f.create(`${core}/${resources}`, { metadata: { name: 'source' }, data });
  return printed(core, container);
}

describe('sig-node/ConfigMap', () => {
  test('should be consumable via environment variable', async () => {
    const lines = await withSource('configmaps', { 'data-1': 'value-1' }, { env: byKey('configMap') });
    expect(lines).toContain('DATA_1=value-1');
  });

  test('should be consumable via the environment', async () => {
    const lines = await withSource('configmaps', { data_1: 'value-1' }, { envFrom: wholly('configMap') });
    expect(lines).toContain('p-data_1=value-1');
  });
});

describe('sig-node/Secrets', () => {
  test('should be consumable from pods in env vars', async () => {
    const lines = await withSource('secrets', { 'data-1': 'dmFsdWUtMQ==' }, { env: byKey('secret') });
    expect(lines).toContain('DATA_1=value-1');
  });

  test('should be consumable via the environment', async () => {
    const lines = await withSource('secrets', { data_1: 'dmFsdWUtMQ==' }, { envFrom: wholly('secret') });
    expect(lines).toContain('p-data_1=value-1');
  });
});

// Upstream: test/e2e/common/node/expansion.go
describe('sig-node/Variable Expansion', () => {
  const env = [
    { name: 'FOO', value: 'foo-value' },
    { name: 'BAR', value: 'bar-value' },
    { name: 'FOOBAR', value: '$(FOO);;$(BAR)' },
  ];

  test('should allow composing env vars into new env vars', async () => {
    expect(await environment({ env })).toContain('FOOBAR=foo-value;;bar-value');
  });

  test("should allow substituting values in a container's command", async () => {
    const command = ['sh', '-c', 'TEST_VAR=wrong echo "$(FOO)"'];
    expect(await environment({ env, command })).toContain('foo-value');
  });

  test("should allow substituting values in a container's args", async () => {
    const lines = await environment({ env, command: ['sh', '-c'], args: ['echo "$(BAR)"'] });
    expect(lines).toContain('bar-value');
  });
});

// Upstream: test/e2e/common/node/kubelet.go
describe('sig-node/Kubelet', () => {
  test('busybox command in a pod should print the output to logs', async () => {
    expect(await environment({ command: ['sh', '-c', "echo 'Hello World'; sleep 1"] })).toContain(
      'Hello World',
    );
  });
});
