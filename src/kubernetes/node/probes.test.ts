import { expect, test } from 'vitest';
import type { Container, Probe } from '#generated/types/core.v1.ts';
import { defineImage, definePort, defineServer } from '#images/image.ts';
import { busybox } from '#images/busybox.ts';
import type { Image, ImageRegistry } from '#world/machine/image.ts';
import { TestNodes } from './testing/testNode.ts';

const startMs = 2_000;

/** A server whose health can be turned off by what it is asked. */
const server = defineServer({
  startMs,
  ports: [
    definePort({
      port: 8080,
      isSteady: false,
      handle: ({ path }, { memory }) => {
        if (path === '/break') memory.set('broken', true);
        if (path === '/mend') memory.delete('broken');
        const status = path === '/missing' ? 404 : memory.has('broken') ? 500 : 200;
        return { status, headers: {}, body: '' };
      },
    }),
    definePort({ port: 9090, handle: () => ({ status: 200, headers: {}, body: '' }) }),
  ],
});
const app = defineImage({
  name: 'app',
  tags: ['latest'],
  sizeBytes: 1,
  programs: busybox.programs,
  command: ['app'],
  serverFor: (args) => (args[0] === 'app' ? server : undefined),
});
const registry: ImageRegistry = { find: () => app, local: () => undefined };

async function run(probes: Partial<Container>, image: Image = app) {
  const nodes = new TestNodes({ registry: { ...registry, find: () => image } });
  nodes.run({
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'c', image: 'app:1', ports: [{ name: 'http', containerPort: 8080 }], ...probes }],
  });
  await nodes.pass(5);
  return nodes;
}

const status = (nodes: TestNodes) => nodes.pod().status.containerStatuses![0]!;
const ask = (nodes: TestNodes, path: string) =>
  nodes.network.hostAt(nodes.pod().status.podIP!)!.listenerAt(8080, 'TCP')!.http!({
    method: 'GET',
    path,
    headers: {},
    body: '',
    clientAddress: '',
  });

const quick = { periodSeconds: 1, failureThreshold: 3 };

test.each<[string, Probe, boolean, string | null]>([
  ['http', { httpGet: { port: 8080, path: '/' } }, true, null],
  ['http by name of the port', { httpGet: { port: 'http' } }, true, null],
  [
    'http, not found',
    { httpGet: { port: 8080, path: '/missing' } },
    false,
    'Readiness probe failed: HTTP probe failed with statuscode: 404',
  ],
  [
    'http, nobody there',
    { httpGet: { port: 81, path: 'x' } },
    false,
    'Readiness probe failed: Get "http://10.244.1.2:81/x": dial tcp 10.244.1.2:81: connect: connection refused',
  ],
  ['tcp', { tcpSocket: { port: 8080 } }, true, null],
  [
    'tcp, nobody there',
    { tcpSocket: { port: 82 } },
    false,
    'Readiness probe failed: dial tcp 10.244.1.2:82: connect: connection refused',
  ],
  ['exec', { exec: { command: ['true'] } }, true, null],
  [
    'exec that fails',
    { exec: { command: ['cat', '/tmp/healthy'] } },
    false,
    'Readiness probe failed: cat: /tmp/healthy: No such file or directory\n',
  ],
  [
    'exec that takes too long',
    { exec: { command: ['sleep', '5'] } },
    false,
    'Readiness probe failed: command timed out: "sleep 5" timed out after 1s',
  ],
  [
    'exec of nothing',
    { exec: { command: ['nope'] } },
    false,
    'Readiness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown',
  ],
  ['grpc', { grpc: { port: 8080 } }, true, null],
  [
    'grpc, nobody there',
    { grpc: { port: 83 } },
    false,
    'Readiness probe failed: timeout: failed to connect service "10.244.1.2:83" within 1s: context deadline exceeded',
  ],
])('readiness by %s', async (_name, probe, ready, event) => {
  const nodes = await run({ readinessProbe: { ...probe, ...quick } });
  await nodes.pass(10);
  expect(status(nodes).ready).toBe(ready);
  const unhealthy = nodes.events().filter((line) => line.startsWith('Unhealthy: '));
  if (event !== null) expect(unhealthy.join('\n')).toContain(event);
});

test('a pod is not ready before its server is up, and Running all the same', async () => {
  const nodes = new TestNodes({ registry });
  nodes.run({
    containers: [{ name: 'c', image: 'app:1', readinessProbe: { httpGet: { port: 8080 }, ...quick } }],
  });
  await nodes.pass(2);
  expect(nodes.pod().status).toMatchObject({
    phase: 'Running',
    containerStatuses: [{ ready: false, started: true }],
  });
  expect(nodes.pod().status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [c]',
  });
  await nodes.pass(4);
  expect(status(nodes).ready).toBe(true);
});

test('readiness goes after three failures and comes back', async () => {
  const nodes = await run({ readinessProbe: { httpGet: { port: 8080 }, ...quick, successThreshold: 2 } });
  expect(status(nodes).ready).toBe(true);
  ask(nodes, '/break');
  await nodes.pass(2);
  expect(status(nodes).ready).toBe(true);
  await nodes.pass(2);
  expect(status(nodes).ready).toBe(false);
  ask(nodes, '/mend');
  await nodes.pass(1);
  expect(status(nodes).ready).toBe(false);
  await nodes.pass(2);
  expect(status(nodes).ready).toBe(true);
  expect(status(nodes).restartCount).toBe(0);
});

test('a failed liveness probe restarts the container', async () => {
  const nodes = await run({ livenessProbe: { httpGet: { port: 8080 }, ...quick, initialDelaySeconds: 3 } });
  ask(nodes, '/break');
  await nodes.pass(10);
  expect(status(nodes)).toMatchObject({ restartCount: 1, ready: true });
  expect(nodes.events()).toContain('Killing: Container c failed liveness probe, will be restarted');
  expect(nodes.events()).toContain(
    'Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500 (x3)',
  );
});

test('a startup probe holds the others back', async () => {
  const startupProbe = { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 10 };
  const livenessProbe = { httpGet: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
  const nodes = new TestNodes({ registry });
  nodes.run({ containers: [{ name: 'c', image: 'app:1', startupProbe, livenessProbe }] });
  await nodes.pass(2);
  expect(status(nodes)).toMatchObject({ started: false, ready: false });
  await nodes.pass(5);
  expect(status(nodes)).toMatchObject({ started: true, ready: true, restartCount: 0 });
});

test('a startup probe that never succeeds restarts the container', async () => {
  const nodes = await run({ startupProbe: { httpGet: { port: 81 }, ...quick } });
  await nodes.pass(10);
  expect(status(nodes).restartCount).toBeGreaterThan(0);
  expect(nodes.events().join('\n')).toContain('Killing: Container c failed startup probe, will be restarted');
});

test('what cannot change by itself is not asked again, until somebody interferes', async () => {
  const nodes = await run({
    livenessProbe: { httpGet: { port: 9090 } },
    readinessProbe: { tcpSocket: { port: 9090 } },
  });
  await nodes.pass(60);
  nodes.kubelets[0]!.stop();
  expect(nodes.simulation.pending).toBeLessThan(4);
  nodes.kubelets[0]!.start();
  await nodes.exec('web', ['true']);
  const before = nodes.simulation.eventCount;
  await nodes.pass(60);
  expect(nodes.simulation.eventCount - before).toBeGreaterThan(10);
});
