// What upstream's TestCalculateEmptyDirMemorySize asserts: pkg/volume/emptydir/empty_dir_test.go
import { expect, test } from 'vitest';
import type { Container, EmptyDirVolumeSource } from '#generated/types/core.v1.ts';
import { podUsage } from './eviction/podUsage.ts';
import { TestNodes } from './testing/testNode.ts';

/** What a script prints beside an emptyDir at /v, in a pod of containers with these memory limits. */
async function printed(
  emptyDir: EmptyDirVolumeSource,
  limits: readonly (string | undefined)[],
  script: string,
): Promise<string> {
  const nodes = new TestNodes();
  const containers: Container[] = limits.map((memory, at) => ({
    name: `c${at}`,
    image: 'busybox',
    command: ['sh', '-c', at === 0 ? script : 'sleep 1d'],
    ...(memory !== undefined && { resources: { limits: { memory } } }),
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
  }));
  nodes.run({ restartPolicy: 'Never', containers, volumes: [{ name: 'v', emptyDir }] });
  await nodes.pass(20);
  return nodes.log('web', { container: 'c0' });
}

const tmpfs = (kibibytes: number) => `tmpfs ${kibibytes} /v\n`;
const size = "df /v | awk 'NR > 1 {print $1, $2, $6}'";

test.each<[string, EmptyDirVolumeSource, (string | undefined)[], string]>([
  ['nothing limits it but the node', {}, [undefined], tmpfs(8_286_208)],
  ['the pod does', {}, ['64Mi', '32Mi'], tmpfs(98_304)],
  ['its pod has a container without a limit', {}, ['64Mi', undefined], tmpfs(8_286_208)],
  ['it has less than the pod', { sizeLimit: '10Mi' }, ['64Mi'], tmpfs(10_240)],
  ['it has more than the pod', { sizeLimit: '100Mi' }, ['64Mi'], tmpfs(65_536)],
  ['it has a limit of zero', { sizeLimit: '0' }, ['64Mi'], tmpfs(65_536)],
])('the size of an emptyDir in memory where %s', async (_name, emptyDir, limits, expected) => {
  expect(await printed({ medium: 'Memory', ...emptyDir }, limits, size)).toBe(expected);
});

test('what does not fit into an emptyDir in memory is not written', async () => {
  const script = 'dd if=/dev/zero of=/v/big bs=1M count=30 2>&1 | head -1; fallocate -l 9M /v/more';
  const output = await printed({ medium: 'Memory', sizeLimit: '10Mi' }, [undefined], script);
  expect(output).toContain("error writing '/v/big': No space left on device");
  expect(output).toContain('fallocate failed: No space left on device');
});

test.each<[string, string, number | undefined, string | undefined]>([
  ['a file as large as its limit', 'dd if=/dev/zero of=/v/big bs=1M count=64; sleep 1d', 137, 'OOMKilled'],
  ['a file that leaves room', 'dd if=/dev/zero of=/v/big bs=1M count=60; sleep 1d', undefined, undefined],
  ['two files', 'fallocate -l 31M /v/a; fallocate -l 32M /v/b; sleep 1d', 137, 'OOMKilled'],
  [
    'one file after the other',
    'for i in 1 2 3; do fallocate -l 32M /v/x; rm /v/x; done; sleep 1d',
    undefined,
    undefined,
  ],
])('memory of a container that writes %s into an emptyDir there', async (_name, script, exitCode, reason) => {
  const nodes = new TestNodes();
  const container: Container = {
    name: 'c',
    image: 'busybox',
    command: ['sh', '-c', script],
    resources: { limits: { memory: '64Mi' } },
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
  };
  const volumes = [{ name: 'v', emptyDir: { medium: 'Memory' } }];
  nodes.run({ restartPolicy: 'Never', containers: [container], volumes });
  await nodes.pass(20);
  const { terminated } = nodes.pod().status.containerStatuses![0]!.state!;
  expect([terminated?.exitCode, terminated?.reason]).toEqual([exitCode, reason]);
});

test('files in memory count once: as their container’s while it runs, as their volume’s afterwards', async () => {
  const nodes = new TestNodes();
  const container: Container = {
    name: 'c',
    image: 'busybox',
    command: ['sh', '-c', 'fallocate -l 60M /v/big; sleep 30'],
    volumeMounts: [{ name: 'v', mountPath: '/v' }],
  };
  const volumes = [{ name: 'v', emptyDir: { medium: 'Memory' } }];
  nodes.run({ restartPolicy: 'Never', containers: [container], volumes });
  const kubelet = nodes.kubelets[0]!;
  const usage = () => podUsage([...kubelet.workers.values()][0]!, kubelet.volumes);
  const filesBytes = 60 * 1_048_576 + 256;
  await nodes.pass(20);
  expect(usage().containers[0]!.memory).toBe(filesBytes + 1_048_576);
  expect(usage().memory).toBe(filesBytes + 1_048_576);
  await nodes.pass(30);
  expect(usage().memory).toBe(filesBytes);
});

test('an emptyDir on the disk has no size of its own', async () => {
  expect(await printed({ sizeLimit: '10Mi' }, ['64Mi'], "df /v | awk 'NR > 1 {print $1}'")).toBe(
    '/dev/vda1\n',
  );
});
