import { beforeAll, describe, expect, test } from 'vitest';
import type { ContainerStatus, Pod, PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

type Container = Partial<Pod['spec']['containers'][number]>;

const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
const health = { image: 'busybox:1.36', ...shell('echo ok >/tmp/health; sleep 600') };
const cat = {
  exec: { command: ['cat', '/tmp/health'] },
  initialDelaySeconds: 15,
  failureThreshold: 1,
  timeoutSeconds: 5,
};
const get = (path: string, port: number) => ({
  httpGet: { path, port },
  initialDelaySeconds: 15,
  failureThreshold: 1,
});

function shell(script: string): Container {
  return { command: ['sh', '-c', script] };
}

async function probed(container: Container): Promise<() => ContainerStatus> {
  const path = `${await f.namespace()}/pods/p`;
  const containers = [{ name: 'c', image: agnhost, ...container }];
  f.create(path.slice(0, -2), { metadata: { name: 'p' }, spec: { containers } });
  const status = () => (f.get(path).status as PodStatus).containerStatuses![0]!;
  await f.until(() => (f.get(path).status as PodStatus).phase === 'Running');
  return status;
}

// Upstream: test/e2e/common/node/container_probe.go
describe('sig-node/Probing container', () => {
  /** Upstream watches for four minutes. */
  async function stays(container: Container): Promise<void> {
    const status = await probed(container);
    await f.pass(240);
    expect(status().restartCount).toBe(0);
  }

  async function restarts(container: Container, times = 1): Promise<void> {
    const status = await probed(container);
    let last = 0;
    await f.until(() => {
      expect(status().restartCount).toBeGreaterThanOrEqual(last);
      last = status().restartCount;
      return last >= times;
    }, 300 * times);
  }

  test('with readiness probe should not be ready before initial delay and never restart', async () => {
    const status = await probed({
      args: ['test-webserver'],
      readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 30 },
    });
    const startedMs = Date.parse(status().state!.running!.startedAt!);
    expect(status().ready).toBe(false);
    await f.until(() => status().ready);
    expect(f.simulation.nowMs - startedMs).toBeGreaterThanOrEqual(29_000);
    expect(status().restartCount).toBe(0);
  });

  test('with readiness probe that fails should never be ready and never restart', async () => {
    const status = await probed({
      args: ['test-webserver'],
      readinessProbe: { httpGet: { path: '/', port: 81 } },
    });
    for (let i = 0; i < 60; i++) {
      expect(status()).toMatchObject({ ready: false, restartCount: 0 });
      await f.pass(1);
    }
  });

  test('should be restarted with a exec "cat /tmp/health" liveness probe', () =>
    restarts({
      image: 'busybox:1.36',
      ...shell('echo ok >/tmp/health; sleep 10; rm -rf /tmp/health; sleep 600'),
      livenessProbe: cat,
    }));
  test('should *not* be restarted with a exec "cat /tmp/health" liveness probe', () =>
    stays({ ...health, livenessProbe: cat }));
  test('should be restarted with a /healthz http liveness probe', () =>
    restarts({ args: ['liveness'], livenessProbe: get('/healthz', 8080) }));
  test('should *not* be restarted with a /healthz http liveness probe', () =>
    stays({
      args: ['test-webserver'],
      livenessProbe: { ...get('/', 80), timeoutSeconds: 5, failureThreshold: 5 },
    }));
  test('should *not* be restarted with a tcp:8080 liveness probe', () =>
    stays({
      args: ['netexec'],
      livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 15, failureThreshold: 1 },
    }));
  test('should have monotonically increasing restart count', () =>
    restarts({ args: ['liveness'], livenessProbe: { ...get('/healthz', 8080), initialDelaySeconds: 5 } }, 5));
  test('should *not* be restarted with a GRPC liveness probe', () =>
    stays({
      args: ['grpc-health-checking'],
      livenessProbe: { grpc: { port: 5000 }, initialDelaySeconds: 15, failureThreshold: 1 },
    }));
  test('should be restarted with a GRPC liveness probe', () =>
    restarts({
      args: ['grpc-health-checking'],
      livenessProbe: { grpc: { port: 2333 }, initialDelaySeconds: 15, failureThreshold: 1 },
    }));
});
