import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { TestNodes } from '../testing/testNode.ts';

// Upstream: pkg/kubelet/cm/devicemanager/manager_test.go, test/e2e_node/device_plugin_test.go

const resource = 'nvidia.com/gpu';
let world: TestNodes;

beforeEach(async () => {
  world = new TestNodes({ gpus: { count: 2, model: 'Tesla T4' } });
  await world.pass(15);
});

const plugin: Pod['spec'] = {
  containers: [
    {
      name: 'plugin',
      image: 'nvcr.io/nvidia/k8s-device-plugin:v0.17.1',
      volumeMounts: [{ name: 'device-plugin', mountPath: '/var/lib/kubelet/device-plugins' }],
    },
  ],
  volumes: [{ name: 'device-plugin', hostPath: { path: '/var/lib/kubelet/device-plugins' } }],
};

function wanting(count: number, more: Partial<Pod['spec']['containers'][number]> = {}): Pod['spec'] {
  const resources = { limits: { [resource]: String(count) } };
  return {
    containers: [
      {
        name: 'c',
        image: 'nvidia/cuda:12.5.0-base-ubuntu22.04',
        command: ['sleep', '9999'],
        resources,
        ...more,
      },
    ],
  };
}

/** `capacity/allocatable` of a resource. */
function offer(name = resource): string {
  const { capacity, allocatable } = world.node().status;
  return `${capacity?.[name]}/${allocatable?.[name]}`;
}

async function startPlugin(): Promise<void> {
  world.run(plugin, { name: 'plugin' });
  await world.pass(30);
}

test('a plugin offers devices, with the next status of the node', async () => {
  expect(offer()).toBe('undefined/undefined');
  await startPlugin();
  expect(offer()).toBe('2/2');
  expect(world.log('plugin')).toContain("Registered device plugin for 'nvidia.com/gpu' with Kubelet\n");
});

test('a node without GPUs gets none', async () => {
  world = new TestNodes();
  await startPlugin();
  expect(offer()).toBe('undefined/undefined');
  expect(world.log('plugin')).toContain('No devices found. Waiting indefinitely.\n');
});

test('without its plugin nothing of a resource may be had, and after five minutes there is none', async () => {
  await startPlugin();
  world.delete('plugin');
  await world.pass(45);
  expect(offer()).toBe('2/0');
  await world.pass(300);
  expect(offer()).toBe('0/0');
  await startPlugin();
  expect(offer()).toBe('2/2');
});

test('a kubelet that starts again knows no device until the plugin has registered', async () => {
  await startPlugin();
  const [kubelet] = world.kubelets;
  kubelet!.stop();
  await world.pass(5);
  kubelet!.start();
  expect(offer()).toBe('0/0');
  await world.pass(20);
  expect(offer()).toBe('2/2');
});

test('containers see their own devices and no others', async () => {
  await startPlugin();
  world.run(wanting(1), { name: 'first' });
  world.run(wanting(1), { name: 'second' });
  world.run(
    { containers: [{ name: 'c', image: 'nvidia/cuda:12.5.0-base-ubuntu22.04', command: ['sleep', '9999'] }] },
    { name: 'none' },
  );
  await world.pass(20);
  const seen = async (name: string) => (await world.exec(name, ['nvidia-smi', '-L'])).output;
  const [first, second] = [await seen('first'), await seen('second')];
  expect(first).toMatch(/^GPU 0: Tesla T4 \(UUID: GPU-[0-9a-f-]{36}\)\n$/);
  expect(second).toMatch(/^GPU 0: Tesla T4 \(UUID: GPU-[0-9a-f-]{36}\)\n$/);
  expect(second).not.toBe(first);
  const variable = await world.exec('first', ['printenv', 'NVIDIA_VISIBLE_DEVICES']);
  expect(first).toContain(variable.output.trim());
  expect((await world.exec('first', ['ls', '/dev'])).output).toMatch(/nvidia\d\n/);
  expect((await world.exec('none', ['nvidia-smi'])).code).toBe(-1);
});

test.each<[string, Pod['spec'], string]>([
  [
    'more than there are',
    wanting(3),
    'Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 3, Available: 2, which is unexpected',
  ],
  ['as many as there are', wanting(2), ''],
  [
    'in several containers',
    { containers: [...wanting(1).containers, { ...wanting(2).containers[0]!, name: 'd' }] },
    'Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 2, Available: 1, which is unexpected',
  ],
  [
    'in an init container, which leaves them to the others',
    {
      initContainers: [{ ...wanting(2).containers[0]!, name: 'i', command: ['true'] }],
      containers: [...wanting(1).containers, { ...wanting(1).containers[0]!, name: 'd' }],
    },
    '',
  ],
])('a pod that was bound by hand asks for %s', async (_, spec, message) => {
  await startPlugin();
  world.run(spec);
  await world.pass(20);
  const { phase, reason } = world.pod().status;
  if (message === '') expect(phase).toBe('Running');
  else {
    expect({ phase, reason }).toEqual({ phase: 'Failed', reason: 'UnexpectedAdmissionError' });
    expect(world.pod().status.message).toBe(`Pod was rejected: ${message}`);
  }
});

test('what a pod had is free once it is gone', async () => {
  await startPlugin();
  world.run(wanting(2), { name: 'first' });
  await world.pass(10);
  world.delete('first');
  await world.pass(40);
  world.run(wanting(2), { name: 'second' });
  await world.pass(10);
  expect(world.pod('second').status.phase).toBe('Running');
});

test('while no device is healthy none is given', async () => {
  await startPlugin();
  world.delete('plugin');
  await world.pass(45);
  world.run(wanting(1));
  await world.pass(5);
  expect(world.pod().status.message).toBe(
    'Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected',
  );
});

const dongle = 'example.com/dongle';
const patch = (capacity: Record<string, string | null>) =>
  world.client.patch(nodes, '', 'node-1', {
    type: 'merge',
    body: { status: { capacity } },
    subresource: 'status',
  });

test('what an administrator puts into the capacity of a node the kubelet lets stand, and makes allocatable', async () => {
  patch({ [dongle]: '4' });
  expect(offer(dongle)).toBe('4/undefined');
  await world.pass(11);
  expect(offer(dongle)).toBe('4/4');
  await world.pass(600);
  expect(offer(dongle)).toBe('4/4');
  patch({ [dongle]: '3' });
  await world.pass(11);
  expect(offer(dongle)).toBe('3/3');
  patch({ [dongle]: null });
  await world.pass(11);
  expect(offer(dongle)).toBe('undefined/undefined');
});

test('of a resource that a plugin offers, the plugin says how much there is', async () => {
  await startPlugin();
  patch({ [resource]: '8' });
  await world.pass(11);
  expect(offer()).toBe('2/2');
});

test('a kubelet without plugins takes what others named to be gone when it starts', async () => {
  patch({ [dongle]: '4' });
  await world.pass(11);
  world.kubelets[0]!.stop();
  world.kubelets[0]!.start();
  expect(offer(dongle)).toBe('0/0');
});

test('no more of what an administrator named is taken than there is', async () => {
  patch({ [dongle]: '1' });
  await world.pass(11);
  const spec = (amount: string): Pod['spec'] => ({
    containers: [{ name: 'c', image: 'nginx', resources: { limits: { [dongle]: amount } } }],
  });
  world.run(spec('1'), { name: 'first' });
  world.run(spec('1'), { name: 'second' });
  await world.pass(5);
  expect(world.pod('first').status.phase).toBe('Running');
  expect(world.pod('second').status).toMatchObject({
    reason: 'OutOfexample.com/dongle',
    message:
      "Pod was rejected: Node didn't have enough resource: example.com/dongle, requested: 1, used: 1, capacity: 1",
  });
});
