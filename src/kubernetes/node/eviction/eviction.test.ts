// The facts of upstream's eviction_manager_test.go and helpers_test.go.
import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestNodes } from '../testing/testNode.ts';
import { evictionMessage } from './evictionMessage.ts';
import { EvictionManager } from './evictionManager.ts';
import type { PodUsage } from './podUsage.ts';
import { type Candidate, ranked, usageOf } from './ranking.ts';
import { type Observations, type Signal, type Threshold, thresholdsMet } from './thresholds.ts';

const mi = 1024 * 1024;

/** A pod of one container that asks for `request` and uses `used` MiB. */
function candidate(name: string, request: number, used: number, priority = 0): Candidate {
  const resources = {
    requests: { memory: `${request}Mi`, 'ephemeral-storage': `${request}Mi` },
  };
  const spec = { name, resources };
  const usage: PodUsage = {
    memory: used * mi,
    disk: used * mi,
    containers: [{ spec, memory: used * mi, disk: used * mi }],
    emptyDirs: new Map(),
  };
  const pod = { metadata: { name }, spec: { containers: [spec], priority } } as unknown as Pod;
  return { pod, usage };
}

const crowd = [
  candidate('within-low', 500, 400, -5),
  candidate('within-high', 500, 400, 100),
  candidate('above-high', 100, 400, 100),
  candidate('above-little', 100, 150),
  candidate('above-much', 100, 900),
];

test.each<[Signal, string[]]>([
  ['memory.available', ['above-much', 'above-little', 'above-high', 'within-low', 'within-high']],
  ['nodefs.available', ['above-much', 'above-little', 'above-high', 'within-low', 'within-high']],
  // Processes are not asked for: priority alone decides, and then how many there are.
  ['pid.available', ['within-low', 'above-little', 'above-much', 'within-high', 'above-high']],
])('who is evicted first for %s', (signal, names) => {
  expect(ranked(crowd, signal).map(({ pod }) => pod.metadata.name)).toEqual(names);
});

const hard: Threshold = { signal: 'memory.available', value: 100 * mi, graceMs: 0, reclaim: 50 * mi };
const share: Threshold = { signal: 'imagefs.available', value: { percent: 15 }, graceMs: 0, reclaim: 0 };

function observed(memory: number, disk: number): Observations {
  const storage = { available: disk * mi, capacity: 1000 * mi };
  return {
    'memory.available': { available: memory * mi, capacity: 1000 * mi },
    'nodefs.available': storage,
    'imagefs.available': storage,
    'pid.available': { available: 1000, capacity: 1000 },
  };
}

test.each<[string, Observations, Threshold[], Threshold[]]>([
  ['enough of both', observed(101, 151), [], []],
  ['exactly as much as the threshold', observed(100, 150), [], []],
  ['too little memory', observed(99, 500), [], [hard]],
  ['too small a share of the disk', observed(500, 149), [], [share]],
  ['memory comes first', observed(10, 10), [], [hard, share]],
  ['once met, more has to be free', observed(120, 500), [hard], [hard]],
  ['and then it is over', observed(150, 500), [hard], []],
])('%s', (_name, observations, before, met) => {
  expect(thresholdsMet([share, hard], observations, before)).toEqual(met);
});

test('what an evicted pod is told', () => {
  expect(evictionMessage(candidate('web', 100, 900), hard, observed(50, 500))).toBe(
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. Container web was using 900Mi, request is 100Mi, has larger consumption of memory. ',
  );
  expect(evictionMessage(candidate('web', 100, 90), share, observed(500, 100))).toBe(
    'The node was low on resource: ephemeral-storage. Threshold quantity: 150Mi, available: 100Mi. ',
  );
  expect(usageOf('nodefs.available', candidate('web', 1, 2).usage)).toBe(2 * mi);
});

const hog = (megabytes: number, request?: string): Pod['spec'] => ({
  containers: [
    {
      name: 'stress',
      image: 'polinux/stress',
      command: ['stress', '--vm', '1', '--vm-bytes', `${megabytes}M`, '--vm-hang', '1'],
      ...(request !== undefined && { resources: { requests: { memory: request } } }),
    },
  ],
});

const pressed = (nodes: TestNodes) =>
  nodes.node().status.conditions!.filter(({ type, status }) => type !== 'Ready' && status === 'True');

test('a soft threshold evicts when its grace is over, and the condition stays five minutes', async () => {
  const nodes = new TestNodes();
  nodes.fleet.eviction = new EvictionManager(nodes.fleet, [
    { signal: 'memory.available', value: 2048 * mi, graceMs: 60_000, reclaim: 0 },
  ]);
  nodes.run(hog(6000));
  await nodes.pass(30);
  expect(pressed(nodes)).toMatchObject([{ type: 'MemoryPressure', reason: 'KubeletHasInsufficientMemory' }]);
  expect(nodes.pod().status.phase).toBe('Running');
  await nodes.pass(60);
  expect(nodes.pod().status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
  await nodes.pass(240);
  expect(pressed(nodes).length).toBe(1);
  await nodes.pass(120);
  expect(pressed(nodes)).toEqual([]);
  expect(nodes.events('node-1').join('\n')).toContain('Node node-1 status is now: NodeHasSufficientMemory');
});

test('critical pods stay, whatever they use', async () => {
  const nodes = new TestNodes();
  nodes.run(hog(4000), { name: 'system', annotations: { 'kubernetes.io/config.source': 'file' } });
  nodes.run(hog(3700), { name: 'user' });
  await nodes.pass(40);
  expect([nodes.pod('system').status.phase, nodes.pod('user').status.phase]).toEqual(['Running', 'Failed']);
});

test('the kernel does not wait for the kubelet: beyond the last byte it ends who asked for least', async () => {
  const nodes = new TestNodes();
  nodes.run(hog(4500, '4600Mi'), { name: 'asked' });
  nodes.run(hog(4500), { name: 'blunt' });
  await nodes.pass(12);
  expect(nodes.pod('blunt').status.containerStatuses![0]).toMatchObject({
    lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
  });
  expect(nodes.pod('asked').status.containerStatuses![0]!.restartCount).toBe(0);
  expect(nodes.events('node-1').join('\n')).toMatch(
    /SystemOOM: System OOM encountered, victim process: stress, pid: \d+/,
  );
});

test('images that nobody uses go before any pod does', async () => {
  const nodes = new TestNodes();
  nodes.run({ containers: [{ name: 'c', image: 'redis' }] }, { name: 'short' });
  await nodes.pass(20);
  nodes.delete('short');
  await nodes.pass(20);
  const present = () => nodes.kubelets[0]!.images.list().map(({ image }) => image.name);
  expect(present()).toContain('redis');
  nodes.kubelets[0]!.volumes.hostFiles.reserve('/big', 86 * 1024 * mi);
  nodes.kubelets[0]!.touch();
  await nodes.pass(15);
  expect(present()).not.toContain('redis');
  expect(nodes.events('node-1').join('\n')).toContain(
    'EvictionThresholdMet: Attempting to reclaim ephemeral-storage',
  );
});
