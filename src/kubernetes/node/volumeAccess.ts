// Upstream: pkg/volume/volume_linux.go SetVolumeOwnership, pkg/volume/util/fs_user.go, pkg/volume/{configmap,secret,downwardapi,projected,emptydir}
import type { Pod, Volume } from '#generated/types/core.v1.ts';
import type { FileAccess, FileSystem } from '#world/machine/fileSystem.ts';
import type { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { effectiveUser } from './securityContext.ts';

const fileMode = 0o644;
const setgid = 0o2000;
const sticky = 0o1000;
const everybody = 0o777;
/** What a pod's group gets of its volumes. */
const groupWrites = 0o660;
const groupReads = 0o440;
const groupEnters = 0o110;
/** Of a token in a pod that says who it runs as. */
const ownTokenMode = 0o600;

type Item = { readonly path: string; readonly mode?: number };

/** The user that all containers of a pod run as; undefined where they are several or nobody says. */
function userOfPod(pod: Pod): number | undefined {
  const { initContainers = [], containers } = pod.spec;
  const users = new Set([...initContainers, ...containers].map((container) => effectiveUser(pod, container)));
  return users.size === 1 ? [...users][0] : undefined;
}

/** Modes that single files have, by path; the default mode for the rest. */
function modesOf(volume: Volume): { readonly mode: number; readonly items: readonly Item[] } {
  const { configMap, secret, downwardAPI, projected } = volume;
  const one = configMap ?? secret ?? downwardAPI;
  const parts = projected?.sources?.map((part) => part.configMap ?? part.secret ?? part.downwardAPI) ?? [one];
  return {
    mode: one?.defaultMode ?? projected?.defaultMode ?? fileMode,
    items: parts.flatMap((part) => (part?.items ?? []) as Item[]),
  };
}

/** Gives the files of a volume that shows objects, or a new emptyDir, their modes and owners. */
export function volumeAccess(pod: Pod, volume: Volume): (files: MemoryFileSystem) => void {
  const { fsGroup } = pod.spec.securityContext ?? {};
  const { configMap, secret, downwardAPI, projected, emptyDir } = volume;
  const isShown = Boolean(configMap ?? secret ?? downwardAPI ?? projected);
  // All but these two are kept in memory, whose file systems let only owners remove.
  const isOnDisk = Boolean(configMap) || (!isShown && emptyDir?.medium !== 'Memory');
  const root = { mode: isOnDisk ? everybody : everybody | sticky, uid: 0, gid: 0 };
  return (files) => {
    files.setAccess('/', root);
    if (isShown) setModes(files, pod, volume);
    if (fsGroup !== undefined) giveToGroup(files, fsGroup, isShown);
  };
}

function setModes(files: MemoryFileSystem, pod: Pod, volume: Volume): void {
  const { mode, items } = modesOf(volume);
  if (mode !== fileMode) setAll(files, '/', { mode, uid: 0, gid: 0 });
  for (const { path, mode: own } of items)
    if (own !== undefined && files.status(`/${path}`) !== null) files.setAccess(`/${path}`, { mode: own });
  const user = userOfPod(pod);
  if (user === undefined && pod.spec.securityContext?.fsGroup === undefined) return;
  for (const { serviceAccountToken } of volume.projected?.sources ?? [])
    if (serviceAccountToken)
      files.setAccess(`/${serviceAccountToken.path}`, { mode: ownTokenMode, uid: user ?? 0 });
}

function setAll(files: FileSystem, directory: string, access: FileAccess): void {
  for (const path of childrenOf(files, directory))
    if (files.status(path)!.type === 'directory') setAll(files, path, access);
    else files.setAccess(path, access);
}

/** Lets a group write (or, where nobody can, read) all that is in a volume, and have what is made there. */
export function giveToGroup(files: FileSystem, gid: number, isReadOnly = false, path = '/'): void {
  const { type, mode } = files.status(path)!;
  const bits = isReadOnly ? groupReads : groupWrites;
  const isDirectory = type === 'directory';
  files.setAccess(path, { mode: mode | bits | (isDirectory ? setgid | groupEnters : 0), gid });
  if (isDirectory) for (const child of childrenOf(files, path)) giveToGroup(files, gid, isReadOnly, child);
}

/** Whether a volume's root is as `giveToGroup` leaves it: all else is then taken to be. */
export function belongsToGroup(files: FileSystem, group: number): boolean {
  const { mode, gid } = files.status('/')!;
  const wanted = groupWrites | groupEnters | setgid;
  return gid === group && (mode & wanted) === wanted;
}

function childrenOf(files: FileSystem, directory: string): string[] {
  return files.list(directory).map((name) => (directory === '/' ? `/${name}` : `${directory}/${name}`));
}
