// What upstream's tests of the volume manager and of block volumes assert: pkg/kubelet/volumemanager, test/e2e/storage/testsuites
import { expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '#generated/types/core.v1.ts';
import { nodes as kinds } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { attachableName } from '#kubernetes/api/attachableVolumes.ts';
import { DiskStore } from '#world/machine/diskStore.ts';
import { TestNodes } from './testing/testNode.ts';

const mebibyte = 1024 ** 2;
const handle = 'disk-1';

/** A node with a disk of so many MiB that a claim `data` is bound to, attached unless `more` says otherwise. */
class WithDisk extends TestNodes {
  readonly disks = new DiskStore(this.simulation);

  constructor(
    volume: Partial<PersistentVolume['spec']> = {},
    more: { isAttached?: boolean; mebibytes?: number } = {},
  ) {
    super();
    const { isAttached = true, mebibytes = 8 } = more;
    this.fleet.disks = this.disks;
    const disk = this.disks.create(handle, mebibytes * mebibyte, '');
    const capacity = { storage: `${mebibytes}Mi` };
    const claim = this.client.create<PersistentVolumeClaim>(persistentVolumeClaims, {
      metadata: { name: 'data', namespace: 'default' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: capacity },
        storageClassName: '',
        volumeName: 'pv',
        volumeMode: volume.volumeMode ?? 'Filesystem',
      },
    });
    const made = this.client.create<PersistentVolume>(persistentVolumes, {
      metadata: { name: 'pv' },
      spec: {
        capacity,
        accessModes: ['ReadWriteOnce'],
        claimRef: { namespace: 'default', name: 'data', uid: claim.metadata.uid },
        ...(!volume.hostPath && {
          csi: { driver: 'disk.csi.podarium.io', volumeHandle: handle, fsType: 'ext4' },
        }),
        ...volume,
      },
    });
    this.client.updateStatus(persistentVolumeClaims, { ...claim, status: { phase: 'Bound', capacity } });
    if (isAttached) {
      disk.attachedTo = 'node-1';
      const volumesAttached = [{ name: attachableName(made)!, devicePath: '' }];
      const body = { status: { volumesAttached } };
      if (made.spec.csi)
        this.client.patch(kinds, '', 'node-1', { type: 'merge', body, subresource: 'status' });
    }
  }

  start(container: Partial<Pod['spec']['containers'][number]>, spec: Partial<Pod['spec']> = {}): void {
    this.run({
      containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'], ...container }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      ...spec,
    });
  }

  async sh(script: string): Promise<string> {
    const { output } = await this.exec('web', ['sh', '-c', script]);
    return output;
  }
}

const mounted = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
const device = { volumeDevices: [{ name: 'data', devicePath: '/dev/xvda' }] };
const block = { volumeMode: 'Block' as const };

test('a disk is waited for without a word, and mounted when it is there', async () => {
  const nodes = new WithDisk({}, { isAttached: false });
  nodes.start(mounted);
  await nodes.pass(20);
  expect(nodes.pod().status.phase).toBe('Pending');
  expect(nodes.node().status.volumesInUse).toEqual(['kubernetes.io/csi/disk.csi.podarium.io^disk-1']);
  nodes.disks.get(handle)!.attachedTo = 'node-1';
  const body = {
    status: { volumesAttached: [{ name: nodes.node().status.volumesInUse![0]!, devicePath: '' }] },
  };
  nodes.client.patch(kinds, '', 'node-1', { type: 'merge', body, subresource: 'status' });
  await nodes.pass(20);
  expect(nodes.pod().status.phase).toBe('Running');
  await nodes.sh('echo kept > /data/f');
  expect(nodes.disks.get(handle)!.files.read('/f')).toBe('kept\n');
  nodes.delete();
  await nodes.pass(40);
  expect(nodes.node().status.volumesInUse ?? []).toEqual([]);
});

test.each<[string, string, string]>([
  ['by root', 'echo x > /data/f && cat /data/f', 'x\n'],
  [
    'to the last byte',
    'fallocate -l 20M /data/big',
    'fallocate: fallocate failed: No space left on device\n',
  ],
  [
    'with dd, as far as there is room',
    'dd if=/dev/zero of=/data/big bs=1M count=20; ls -l /data/big | cut -d" " -f5',
    "dd: error writing '/data/big': No space left on device\n8+0 records in\n7+1 records out\n8388352 bytes copied\n8388352\n",
  ],
  [
    'again once there is room',
    'fallocate -l 8388352 /data/big; echo x > /data/f; rm /data/big; echo y > /data/f; cat /data/f',
    'sh: /data/f: No space left on device\ny\n',
  ],
  [
    'as df sees it',
    'df -h /data; df /data | tail -1; fallocate -l 4M /data/half; df -h /data | tail -1',
    'Filesystem      Size  Used Avail Use% Mounted on\n/dev/vdb        8.0M     0  8.0M   0% /data\n/dev/vdb            8192    0      8192   0% /data\n/dev/vdb        8.0M  4.1M  4.0M  51% /data\n',
  ],
])('a disk is written %s', async (_name, script, output) => {
  const nodes = new WithDisk();
  nodes.start(mounted);
  await nodes.pass(20);
  expect(await nodes.sh(script)).toBe(output);
});

test('a disk that has grown takes more, also where it is mounted', async () => {
  const nodes = new WithDisk({}, { mebibytes: 4 });
  nodes.start(mounted);
  await nodes.pass(20);
  expect(await nodes.sh('fallocate -l 5M /data/f')).toContain('No space left on device');
  nodes.disks.resize(handle, 8 * mebibyte);
  expect(await nodes.sh('fallocate -l 5M /data/f; df -h /data | tail -1')).toContain('8.0M');
});

test('a file system that has grown is told of on the pod and on the claim', async () => {
  const nodes = new WithDisk({}, { mebibytes: 4 });
  nodes.start(mounted);
  await nodes.pass(20);
  const body = { spec: { capacity: { storage: '8Mi' } } };
  nodes.client.patch(persistentVolumes, '', 'pv', { type: 'merge', body });
  nodes.disks.resize(handle, 8 * mebibyte);
  await nodes.pass(20);
  const told = 'FileSystemResizeSuccessful: MountVolume.NodeExpandVolume succeeded for volume "pv" node-1';
  expect(nodes.events('web')).toContain(told);
  expect(nodes.events('data')).toEqual([told]);
});

test.each<[string, Pod['spec']['securityContext'], string]>([
  ['is root’s', { runAsUser: 1000 }, 'drwxr-xr-x 0:0 /data\n-rw------- 0:0 /data/old\n'],
  [
    'becomes the group’s',
    { runAsUser: 1000, fsGroup: 2000 },
    'drwxrwsr-x 0:2000 /data\n-rw-rw---- 0:2000 /data/old\n',
  ],
  [
    'is left alone where its root is the group’s',
    { fsGroup: 3000, fsGroupChangePolicy: 'OnRootMismatch' },
    'drwxrwsr-x 0:3000 /data\n-rw------- 0:0 /data/old\n',
  ],
])('a file of a disk %s', async (_name, securityContext, output) => {
  const nodes = new WithDisk();
  const { files } = nodes.disks.get(handle)!;
  files.write('/old', 'x');
  files.setAccess('/old', { mode: 0o600 });
  if (securityContext?.fsGroupChangePolicy) files.setAccess('/', { mode: 0o2775, gid: 3000 });
  nodes.start(mounted, { securityContext: securityContext! });
  await nodes.pass(20);
  expect(await nodes.sh('stat -c "%A %u:%g %n" /data /data/*')).toBe(output);
});

test('a directory of the node is nobody’s but its owner’s', async () => {
  const nodes = new WithDisk({ hostPath: { path: '/srv/data' } });
  nodes.start(mounted, { securityContext: { runAsUser: 1000, fsGroup: 2000 } });
  await nodes.pass(20);
  expect(await nodes.sh('stat -c "%A %u:%g" /data; touch /data/f')).toBe(
    "drwxr-xr-x 0:0\ntouch: cannot touch '/data/f': Permission denied\n",
  );
});

test.each<[string, string, string]>([
  ['looks like one', 'ls -l /dev/xvda; test -b /dev/xvda && echo block', 'brw-rw---- 1 root disk 252, 16 '],
  ['is written and read', 'echo hello > /dev/xvda; head -c 6 /dev/xvda', 'hello\n'],
  [
    'is not emptied by the next who writes',
    'echo hello > /dev/xvda; printf J > /dev/xvda; dd if=/dev/xvda bs=1 count=5 status=none',
    'Jello',
  ],
  [
    'is written at any place',
    'printf abc | dd of=/dev/xvda bs=512 seek=1 status=none; dd if=/dev/xvda bs=512 skip=1 count=1 status=none | head -c 3',
    'abc',
  ],
  [
    'has zeros where nobody wrote',
    'dd if=/dev/xvda bs=4 count=1 status=none | hexdump -C | head -1 | cut -c11-21',
    '00 00 00 00\n',
  ],
  [
    'is as large as it is',
    'dd if=/dev/zero of=/dev/xvda bs=1M count=8 2>&1 | tail -1; dd if=/dev/zero of=/dev/xvda bs=1M count=9',
    "8388608 bytes copied\ndd: error writing '/dev/xvda': No space left on device\n9+0 records in\n8+0 records out\n8388608 bytes copied\n",
  ],
  [
    'is no directory',
    'ls /dev/xvda/x; mkdir /dev/xvda/x',
    "ls: cannot access '/dev/xvda/x': Not a directory\n",
  ],
])('a device in a container %s', async (_name, script, output) => {
  const nodes = new WithDisk(block);
  nodes.start(device);
  await nodes.pass(20);
  expect(await nodes.sh(script)).toContain(output);
  expect(nodes.events().filter((event) => event.startsWith('SuccessfulMountVolume'))).toEqual([
    'SuccessfulMountVolume: MapVolume.MapPodDevice succeeded for volume "pv" globalMapPath "/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices/pv/dev"',
    `SuccessfulMountVolume: MapVolume.MapPodDevice succeeded for volume "pv" volumeMapPath "/var/lib/kubelet/pods/${nodes.pod().metadata.uid}/volumeDevices/kubernetes.io~csi"`,
  ]);
});

test('what is written to a device outlives the pod, and is not a user’s to write', async () => {
  const nodes = new WithDisk(block);
  nodes.start(device);
  await nodes.pass(20);
  await nodes.sh('echo kept > /dev/xvda');
  nodes.delete();
  await nodes.pass(40);
  nodes.start(device, { securityContext: { runAsUser: 1000 } });
  await nodes.pass(20);
  expect(await nodes.sh('head -c 5 /dev/xvda')).toBe(
    "head: cannot open '/dev/xvda' for reading: Permission denied\n",
  );
  expect(nodes.disks.get(handle)!.files.read('/device')).toBe('kept\n');
});

test.each<[string, Partial<PersistentVolume['spec']>, object, string]>([
  [
    'a device mounted as a directory',
    block,
    mounted,
    'failed to process volumes=[data]: volume data has volumeMode Block, but is specified in volumeMounts',
  ],
  [
    'a file system wanted as a device',
    {},
    device,
    'failed to process volumes=[data]: volume data has volumeMode Filesystem, but is specified in volumeDevices',
  ],
])('%s', async (_name, volume, container, event) => {
  const nodes = new WithDisk(volume);
  nodes.start(container);
  await nodes.pass(20);
  expect(nodes.pod().status.phase).toBe('Pending');
  expect(nodes.events().join('\n')).toContain(event);
});

test.each([{ hostPath: { path: '/srv/x' } }, { nfs: { server: 's', path: '/x' } }])(
  'what a recycler finds in %j is gone for the next',
  async (source) => {
    const nodes = new WithDisk();
    const run = async (script: string) => {
      nodes.start(
        {
          image: 'registry.k8s.io/build-image/debian-base:bookworm-v1.0.4',
          command: ['/bin/sh', '-c', script],
          volumeMounts: [{ name: 'vol', mountPath: '/scrub' }],
        },
        { restartPolicy: 'Never', volumes: [{ name: 'vol', ...source }] },
      );
      await nodes.pass(30);
      const result = `${nodes.pod().status.phase} ${nodes.log('web')}`;
      nodes.delete();
      await nodes.pass(40);
      return result;
    };
    expect(await run('mkdir -p /scrub/a/b; echo x > /scrub/a/b/f; ls /scrub')).toBe('Succeeded a\n');
    const scrub = `test -e /scrub && find /scrub -mindepth 1 -delete && test -z "$(ls -A /scrub)" || exit 1`;
    expect(await run(scrub)).toBe('Succeeded ');
    expect(await run('ls -A /scrub | wc -l')).toBe('Succeeded 0\n');
  },
);
