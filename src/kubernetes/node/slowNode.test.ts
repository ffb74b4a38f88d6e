import { expect, test } from 'vitest';
import type { Container } from '#generated/types/core.v1.ts';
import { TestNodes } from './testing/testNode.ts';

const factor = 50;
const server: Container = { name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] };
const program: Container = { name: 'c', image: 'busybox', command: ['sleep', '3600'] };

/** Virtual seconds until a pod is Ready; its image is there already. */
async function secondsToReady(slowness: number): Promise<number> {
  const nodes = new TestNodes();
  nodes.kubelets[0]!.images.preload('nginx');
  nodes.kubelets[0]!.slow(slowness);
  nodes.run({ containers: [{ ...server, imagePullPolicy: 'IfNotPresent' }] });
  for (let tenths = 0; tenths < 1_000; tenths++) {
    if (nodes.pod().status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'))
      return tenths / 10;
    await nodes.pass(0.1);
  }
  return Infinity;
}

test('pods take longer to start', async () => {
  const [usual, slow] = [await secondsToReady(1), await secondsToReady(factor)];
  expect(usual).toBeLessThan(2);
  expect(slow).toBeGreaterThan(usual * 10);
});

test('probes that run a command time out, and succeed again at full speed', async () => {
  const nodes = new TestNodes();
  const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 5, failureThreshold: 2 };
  nodes.run({ containers: [{ ...program, readinessProbe }] });
  await nodes.pass(20);
  const isReady = () => nodes.pod().status.containerStatuses![0]!.ready;
  expect(isReady()).toBe(true);
  nodes.kubelets[0]!.slow(factor);
  await nodes.pass(20);
  expect(isReady()).toBe(false);
  expect(nodes.events().join('\n')).toContain(
    'Unhealthy: Readiness probe failed: command timed out: "true" timed out after 1s',
  );
  nodes.kubelets[0]!.slow(1);
  await nodes.pass(20);
  expect(isReady()).toBe(true);
});

test('probes over HTTP time out where an answer took long already', async () => {
  const nodes = new TestNodes();
  const livenessProbe = { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 2 };
  nodes.run({ containers: [{ ...server, image: 'registry.k8s.io/hpa-example', livenessProbe }] });
  await nodes.pass(20);
  const restarts = () => nodes.pod().status.containerStatuses![0]!.restartCount;
  expect(restarts()).toBe(0);
  nodes.kubelets[0]!.slow(factor);
  await nodes.pass(120);
  expect(nodes.events().join('\n')).toContain(
    'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  );
  expect(restarts()).toBeGreaterThan(0);
});

test('traffic waits longer, costs more CPU, and fails where that is not there', async () => {
  const nodes = new TestNodes({ nodes: 2 });
  nodes.run({ containers: [server] });
  await nodes.pass(20);
  const { traffic, network } = nodes.fleet;
  const from = nodes.kubelets[1]!.networkStack(nodes.pod(), '10.244.2.99');
  const flow = { from, host: nodes.pod().status.podIP!, port: 80, milliRequests: 1_000_000 };
  traffic.start(flow);
  network.noteChange();
  await nodes.pass(1);
  const usual = traffic.resultOf(flow);
  nodes.kubelets[0]!.slow(factor);
  await nodes.pass(1);
  const slow = traffic.resultOf(flow);
  expect(usual.milliErrors).toBe(0);
  expect(slow.latencyMs).toBeGreaterThan(usual.latencyMs * 10);
  expect(slow.milliErrors).toBeGreaterThan(0);
  nodes.kubelets[0]!.slow(1);
  await nodes.pass(1);
  expect(traffic.resultOf(flow)).toEqual(usual);
});

test('a container that quits slowly is killed when its grace is over', async () => {
  const nodes = new TestNodes();
  nodes.run({ containers: [server], terminationGracePeriodSeconds: 3 });
  await nodes.pass(20);
  nodes.kubelets[0]!.slow(factor);
  const container = nodes.kubelets[0]!.workerOf('default', 'web')!.slots[0]!.container!;
  nodes.delete();
  await nodes.pass(10);
  expect(container.exitCode).toBe(137);
});
