import { expect, test } from 'vitest';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { TestNodes } from './testing/testNode.ts';

const nginx = { containers: [{ name: 'nginx', image: 'nginx' }] };

test('a node registers, becomes ready, and keeps its lease', async () => {
  const cluster = new TestNodes();
  await cluster.pass(25);
  const node = cluster.client.get(nodes, '', 'node-1');
  expect(node.status.conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID'],
    ['Ready', 'True', 'KubeletReady'],
  ]);
  expect(node.status.capacity).toMatchObject({ cpu: '4', memory: '8Gi', pods: '110' });
  expect(node.status.allocatable).toMatchObject({ cpu: '4', memory: '8092Mi' });
  expect(node.spec.podCIDR).toBe('10.244.1.0/24');
  const lease = () => cluster.client.get(leases, 'kube-node-lease', 'node-1').spec.renewTime;
  expect(lease()).toBe('2026-11-21T08:00:20.000000Z');
  cluster.kubelets[0]!.stop();
  await cluster.pass(60);
  expect(lease()).toBe('2026-11-21T08:00:20.000000Z');
});

test('a pod is pulled, started and ready, in two writes of its status', async () => {
  const cluster = new TestNodes();
  await cluster.pass(5);
  const created = cluster.run(nginx);
  const phases: unknown[] = [];
  const watch = cluster.client.watch(pods, {}, created.metadata.resourceVersion);
  watch.open(
    (batch) => {
      for (const { object } of batch as { object: typeof created }[])
        phases.push([object.status.phase, object.status.containerStatuses?.[0]?.state]);
    },
    () => {},
  );
  await cluster.pass(30);
  const { status } = cluster.pod();
  expect(phases).toEqual([
    ['Pending', { waiting: { reason: 'ContainerCreating' } }],
    ['Running', { running: { startedAt: expect.any(String) } }],
  ]);
  expect(status).toMatchObject({ phase: 'Running', podIP: '10.244.1.2', hostIP: '192.168.0.11' });
  expect(status.conditions?.map(({ type, status: value }) => `${type}=${value}`)).toEqual([
    'PodReadyToStartContainers=True',
    'Initialized=True',
    'Ready=True',
    'ContainersReady=True',
    'PodScheduled=True',
  ]);
  expect(status.containerStatuses?.[0]).toMatchObject({
    ready: true,
    started: true,
    restartCount: 0,
    image: 'docker.io/library/nginx:latest',
    imageID: expect.stringMatching(/^docker.io\/library\/nginx@sha256:[0-9a-f]{64}$/),
    containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
  });
  expect(cluster.events()).toEqual([
    'Pulling: Pulling image "nginx"',
    expect.stringMatching(
      /^Pulled: Successfully pulled image "nginx" in [\d.]+m?s \([\d.]+m?s including waiting\). Image size: 72000000 bytes.$/,
    ),
    'Created: Container created',
    'Started: Container started',
  ]);
});

test('a deleted pod is stopped and then removed', async () => {
  const cluster = new TestNodes();
  cluster.run(nginx);
  await cluster.pass(30);
  cluster.client.delete(pods, 'default', 'web');
  expect(cluster.pod().metadata.deletionGracePeriodSeconds).toBe(30);
  await cluster.pass(2);
  expect(cluster.exists()).toBe(false);
  expect(cluster.events()).toContain('Killing: Stopping container nginx');
  expect(cluster.network.hostAt('10.244.1.2')).toBeUndefined();
});

test('a typo in the image is felt', async () => {
  const cluster = new TestNodes();
  cluster.run({ containers: [{ name: 'nginx', image: 'ngimx' }] });
  await cluster.pass(2);
  const waiting = () => cluster.pod().status.containerStatuses?.[0]?.state?.waiting;
  const error =
    'failed to pull and unpack image "docker.io/library/ngimx:latest": failed to resolve reference "docker.io/library/ngimx:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';
  expect(waiting()).toEqual({
    reason: 'ImagePullBackOff',
    message: `Back-off pulling image "ngimx": ErrImagePull: ${error}`,
  });
  expect(cluster.events()).toEqual([
    'Pulling: Pulling image "ngimx"',
    `Failed: Failed to pull image "ngimx": ${error}`,
    'Failed: Error: ErrImagePull',
    'BackOff: Back-off pulling image "ngimx"',
    'Failed: Error: ImagePullBackOff',
  ]);
  await cluster.pass(3600);
  expect(cluster.pod().status.phase).toBe('Pending');
});

test.each([
  [
    'nginx:9.9',
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:9.9": failed to resolve reference "docker.io/library/nginx:9.9": docker.io/library/nginx:9.9: not found',
    'ImagePullBackOff',
    undefined,
  ],
  [
    'Nginx',
    'Failed to apply default image tag "Nginx": couldn\'t parse image name "Nginx": invalid reference format',
    'InvalidImageName',
    undefined,
  ],
  [
    'nginx',
    'Container image "nginx" is not present with pull policy of Never',
    'ErrImageNeverPull',
    'Never' as const,
  ],
])('image %s waits with the right words', async (image, message, reason, imagePullPolicy) => {
  const cluster = new TestNodes();
  cluster.run({ containers: [{ name: 'c', image, ...(imagePullPolicy && { imagePullPolicy }) }] });
  await cluster.pass(3);
  const waiting = cluster.pod().status.containerStatuses?.[0]?.state?.waiting;
  expect(waiting?.reason).toBe(reason);
  expect(waiting?.message).toContain(message);
});

test('a node without power says nothing, and starts its pods again when it is back', async () => {
  const cluster = new TestNodes();
  cluster.run(nginx);
  await cluster.pass(30);
  const before = cluster.pod();
  cluster.kubelets[0]!.powerOff();
  await cluster.pass(120);
  expect(cluster.pod()).toBe(before);
  expect(cluster.network.hostAt(before.status.podIP!)).toBeUndefined();
  cluster.kubelets[0]!.start();
  await cluster.pass(30);
  expect(cluster.pod().status).toMatchObject({
    phase: 'Running',
    containerStatuses: [
      { restartCount: 1, ready: true, lastState: { terminated: { exitCode: 255, reason: 'Unknown' } } },
    ],
  });
});

test('a stopped kubelet leaves its containers running', async () => {
  const cluster = new TestNodes();
  cluster.run(nginx);
  await cluster.pass(30);
  cluster.kubelets[0]!.stop();
  cluster.client.delete(pods, 'default', 'web');
  await cluster.pass(100);
  expect(cluster.exists()).toBe(true);
  expect(cluster.network.hostAt(cluster.pod().status.podIP!)?.listenerAt(80, 'TCP')).toBeDefined();
  cluster.kubelets[0]!.start();
  await cluster.pass(5);
  expect(cluster.exists()).toBe(false);
});
