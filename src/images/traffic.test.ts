import { expect, test } from 'vitest';
import type { Container, Service } from '#generated/types/core.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { ResourceMetrics } from '#kubernetes/node/resourceMetrics.ts';
import type { Program } from '#world/machine/program.ts';
import { defineImage } from './image.ts';
import { TestNodes } from '#kubernetes/node/testing/testNode.ts';

/** `pods` pods of the demo behind one address, and a generator of `rate` requests a second. */
async function crowd(
  pods: number,
  rate: string,
  more: Partial<Container> = {},
  spec: Partial<Service['spec']> = {},
) {
  const nodes = new TestNodes({ nodes: 2 });
  nodes.startProxies();
  const metrics = new ResourceMetrics(nodes.fleet);
  const endpoints = [];
  for (let i = 0; i < pods; i++) {
    nodes.run(
      { containers: [{ name: 'c', image: 'k8s_demo:v1', ...more }] },
      { name: `web-${i}`, node: (i % 2) + 1 },
    );
  }
  await nodes.pass(10);
  for (let i = 0; i < pods; i++) {
    const { podIP } = nodes.pod(`web-${i}`).status;
    endpoints.push({ addresses: [podIP!], conditions: { ready: true }, nodeName: `node-${(i % 2) + 1}` });
  }
  nodes.client.create(services, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { clusterIP: '10.96.0.50', ports: [{ port: 80, targetPort: 4000, protocol: 'TCP' }], ...spec },
  });
  nodes.client.create(endpointSlices, {
    metadata: { name: 'web', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 4000, protocol: 'TCP' }],
    endpoints,
  });
  const env = [
    { name: 'TARGET', value: 'http://10.96.0.50/' },
    { name: 'RATE', value: rate },
  ];
  nodes.run({ containers: [{ name: 'c', image: 'podarium/load-generator', env }] }, { name: 'crowd' });
  await nodes.pass(60);
  const cpu = (name: string) => metrics.podUsage('default', name)?.millicores;
  return { nodes, metrics, cpu };
}

test('a rate becomes CPU use, in equal parts', async () => {
  const { nodes, cpu } = await crowd(2, '10');
  expect([cpu('web-0'), cpu('web-1')]).toEqual([31, 31]);
  expect(nodes.fleet.traffic.total()).toEqual({ milliRequests: 10_000, milliErrors: 0 });
  expect(nodes.log('crowd')).toMatch(
    /load-generator: 10 requests\/s to http:\/\/10.96.0.50:80\/\n(.*\n)*10 requests\/s: no errors, [\d.]+ ms on average\n$/,
  );
});

test('a limit is a ceiling: what is beyond is not answered', async () => {
  const { nodes, cpu } = await crowd(1, '100', { resources: { limits: { cpu: '100m' } } });
  expect(cpu('web-0')).toBe(100);
  const { milliErrors } = nodes.fleet.traffic.total();
  expect(milliErrors).toBeGreaterThan(80_000);
  expect(nodes.log('crowd')).toMatch(/100 requests\/s: [\d.]+ errors\/s, 10000 ms on average\n$/);
});

test('ten million requests a second cost what ten do', async () => {
  const { nodes } = await crowd(4, '10000000');
  expect(nodes.fleet.traffic.total().milliRequests).toBe(10_000_000_000);
  const before = nodes.simulation.eventCount;
  await nodes.pass(10);
  expect(nodes.simulation.eventCount - before).toBeLessThan(60);
});

test('traffic follows the pods that are there', async () => {
  const { nodes, cpu } = await crowd(2, '10');
  nodes.delete('web-1');
  await nodes.pass(60);
  expect(cpu('web-0')).toBe(31);
  expect(nodes.fleet.traffic.total().milliErrors).toBe(5_000);
  nodes.client.delete(services, 'default', 'web');
  await nodes.pass(60);
  expect(cpu('web-0')).toBe(1);
  expect(nodes.log('crowd')).toMatch(/10 requests\/s: all fail: Connection timed out\n$/);
});

test('more requests under way than memory for them: the container is killed', async () => {
  const { nodes } = await crowd(1, '2000', { resources: { limits: { memory: '256Mi', cpu: '500m' } } });
  const status = nodes.pod('web-0').status.containerStatuses?.[0];
  expect(status?.restartCount).toBeGreaterThan(0);
  const ended = status?.lastState?.terminated ?? status?.state?.terminated;
  expect(ended).toMatchObject({ reason: 'OOMKilled', exitCode: 137 });
});

test('the metrics API speaks as metrics-server does', async () => {
  const { metrics } = await crowd(1, '10');
  const { body } = metrics.serve(
    { method: 'GET', path: '', user: { name: 'a', groups: [] } },
    { namespace: 'default', resource: 'pods', name: 'web-0' },
  );
  expect(body).toMatchObject({
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    window: '15s',
    containers: [{ name: 'c', usage: { cpu: '61000000n', memory: expect.stringMatching(/^\d+Ki$/) } }],
  });
  expect(metrics.nodeUsage('node-1')!.millicores).toBeGreaterThan(61);
  const serve = (name: string) => () =>
    metrics.serve(
      { method: 'GET', path: '', user: { name: 'a', groups: [] } },
      { namespace: 'default', resource: 'pods', name },
    );
  expect(serve('none')).toThrow('podmetrics.metrics.k8s.io "default/none" not found');
});

test('a loop of single requests uses CPU too', async () => {
  const { nodes, cpu } = await crowd(1, '0');
  const loop = 'while true; do wget -q -O /dev/null http://10.96.0.50/; sleep 0.1; done';
  nodes.run({ containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', loop] }] }, { name: 'loop' });
  await nodes.pass(35);
  expect(cpu('web-0')).toBeGreaterThan(30);
});

test('a program that never rests uses all the CPU it may', async () => {
  const burn: Program = async (process) => {
    for (;;) {
      const pause = process.step();
      if (pause !== null) await pause;
    }
  };
  const programs = new Map([['burn', burn]]);
  const image = defineImage({ name: 'burner', tags: ['1'], sizeBytes: 1, programs });
  const nodes = new TestNodes({ registry: { find: () => image, local: () => undefined } });
  const metrics = new ResourceMetrics(nodes.fleet);
  const run = (name: string, cpu?: string) =>
    nodes.run(
      {
        containers: [
          { name: 'c', image: 'burner:1', command: ['burn'], ...(cpu && { resources: { limits: { cpu } } }) },
        ],
      },
      { name },
    );
  run('bound', '200m');
  run('free');
  await nodes.pass(31);
  expect(metrics.podUsage('default', 'bound')?.millicores).toBe(200);
  expect(Math.round(metrics.podUsage('default', 'free')!.millicores / 10)).toBe(100);
});
