// Upstream: pkg/volume/hostpath/host_path.go checkType
import type { HostPathVolumeSource } from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { nodeHosts } from './managedFiles.ts';
import { MountError } from './startErrors.ts';
import { SubtreeFiles } from './subtreeFiles.ts';

/** What every node's disk holds. */
const nodeFiles: Readonly<Record<string, string>> = {
  '/etc/hosts': nodeHosts,
  '/etc/os-release': 'NAME="Podarium"\nID=podarium\nPRETTY_NAME="Podarium (simulated)"\n',
};
const nodeDirectories = [
  '/etc/kubernetes/manifests',
  '/var/log/pods',
  '/var/lib/kubelet',
  '/tmp',
  '/mnt',
  '/opt',
  '/srv',
  '/home',
  '/run',
];

/** By type, what is not there as it should be; devices and sockets there are none. */
const wanted: Readonly<Record<string, readonly [type: 'directory' | 'file' | null, what: string]>> = {
  Directory: ['directory', 'a directory'],
  DirectoryOrCreate: ['directory', 'a directory'],
  File: ['file', 'a file'],
  FileOrCreate: ['file', 'a file'],
  Socket: [null, 'a socket file'],
  CharDevice: [null, 'a character device'],
  BlockDevice: [null, 'a block device'],
};

function furnished(disk: FileSystem): FileSystem {
  if (disk.status('/etc/hosts') !== null) return disk;
  for (const path of nodeDirectories) disk.makeDirectory(path, { parents: true });
  for (const [path, text] of Object.entries(nodeFiles)) disk.write(path, text);
  return disk;
}

const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

/** Looks at a hostPath by its type, and makes what the type says is to be made. Throws MountError. */
export function checkHostPath(disk: FileSystem, volume: string, { path, type }: HostPathVolumeSource): void {
  const rule = wanted[type ?? ''];
  if (rule === undefined) return;
  const [kind, what] = rule;
  const files = furnished(disk);
  if (type === 'DirectoryOrCreate' && files.status(path) === null)
    files.makeDirectory(path, { parents: true });
  if (type === 'FileOrCreate' && files.status(path) === null && files.status(parentOf(path)) !== null)
    files.write(path, '');
  if (kind === null || files.status(path)?.type !== kind) {
    const why = `hostPath type check failed: ${path} is not ${what}`;
    throw new MountError(`MountVolume.SetUp failed for volume "${volume}" : ${why}`);
  }
}

/** What a container sees of a hostPath; a directory is made where there is nothing. */
export function hostPathFiles(disk: FileSystem, { path }: HostPathVolumeSource): FileSystem {
  const files = furnished(disk);
  if (files.status(path) === null) files.makeDirectory(path, { parents: true });
  return new SubtreeFiles(files, path);
}
