// Upstream: pkg/kubelet/volumemanager/{volume_manager,populator,reconciler}.go, pkg/volume/{csi,local,hostpath}
import type {
  Container,
  NFSVolumeSource,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Volume,
} from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { attachableName } from '#kubernetes/api/attachableVolumes.ts';
import { claimNameOf, isReachableFrom } from '#kubernetes/api/volumeBinding.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { ClaimContext } from './claimContext.ts';
import type { Mount } from './containerSite.ts';
import { growFileSystem } from './fileSystemResize.ts';
import { checkHostPath, hostPathFiles } from './hostPaths.ts';
import type { ClaimVolumes } from './kubeletParts.ts';
import { MountError } from './startErrors.ts';
import { SubtreeFiles } from './subtreeFiles.ts';
import { belongsToGroup, giveToGroup } from './volumeAccess.ts';

interface Mounted {
  readonly volume: PersistentVolume;
  readonly files: FileSystem;
  /** Ends the watch of its disk. */
  end?(): void;
}

/** The claims of the pods on one node, mounted from where their data is. */
export class MountedClaims implements ClaimVolumes {
  readonly #context: ClaimContext;
  /** By pod uid and volume name. */
  readonly #mounted = new Map<string, Map<string, Mounted>>();
  /** Attachable volumes that pods here want, by name, with the uids of the pods. */
  readonly #inUse = new Map<string, Set<string>>();

  constructor(context: ClaimContext) {
    this.#context = context;
  }

  get inUse(): readonly string[] {
    return [...this.#inUse.keys()].sort();
  }

  /** Mounts what is not mounted yet. Throws MountError; without words where it only has to wait. */
  check(pod: Pod): void {
    const { uid } = pod.metadata;
    const own = this.#mounted.get(uid) ?? new Map<string, Mounted>();
    for (const volume of pod.spec.volumes ?? []) {
      const claimName = claimNameOf(pod, volume);
      if (claimName === undefined) continue;
      const source = this.#volumeOf(pod, volume, claimName);
      checkUse(pod, volume.name, source);
      const files = this.#mount(pod, source, claimName);
      const before = own.get(volume.name);
      before?.end?.();
      if (before === undefined) this.#begin(pod, source, files);
      own.set(volume.name, { volume: source, files, ...this.#watch(pod, source, claimName) });
      this.#mounted.set(uid, own);
    }
  }

  files({ metadata }: Pod, { name, nfs }: Volume): FileSystem | null {
    if (nfs) return this.#export(nfs);
    return this.#mounted.get(metadata.uid)?.get(name)?.files ?? null;
  }

  devices(pod: Pod, { volumeDevices = [] }: Container): Mount[] {
    return volumeDevices.flatMap(({ name, devicePath }) => {
      const volume = pod.spec.volumes?.find((one) => one.name === name);
      const files = volume && this.files(pod, volume);
      return files ? [{ path: devicePath, files, readOnly: this.isReadOnly(pod, volume) }] : [];
    });
  }

  isReadOnly({ metadata }: Pod, { name, persistentVolumeClaim, nfs: own }: Volume): boolean {
    if (own?.readOnly) return true;
    const spec = this.#mounted.get(metadata.uid)?.get(name)?.volume.spec;
    const { csi, nfs } = spec ?? {};
    return Boolean(persistentVolumeClaim?.readOnly ?? csi?.readOnly ?? nfs?.readOnly);
  }

  /** The pod's volumes are unmounted: what nobody else uses here can be detached. */
  unmount({ metadata: { uid } }: Pod): void {
    for (const { end } of this.#mounted.get(uid)?.values() ?? []) end?.();
    this.#mounted.delete(uid);
    let isLess = false;
    for (const [name, pods] of this.#inUse) {
      if (!pods.delete(uid) || pods.size > 0) continue;
      this.#inUse.delete(name);
      isLess = true;
    }
    if (isLess) this.#reportInUse();
  }

  /** Machines forget what they had mounted when they lose power. */
  powerOff(): void {
    for (const own of this.#mounted.values()) for (const { end } of own.values()) end?.();
    this.#mounted.clear();
    this.#inUse.clear();
  }

  #volumeOf(pod: Pod, volume: Volume, claimName: string): PersistentVolume {
    const { client } = this.#context;
    const { namespace = '', uid } = pod.metadata;
    const failed = (why: string) =>
      new MountError(
        `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${claimName}: ${why}`,
      );
    let claim: PersistentVolumeClaim;
    try {
      claim = client.get(persistentVolumeClaims, namespace, claimName);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      throw failed(`failed to fetch PVC from API server: ${error.message}`);
    }
    const owner = claim.metadata.ownerReferences?.find(({ controller }) => controller);
    if (volume.ephemeral && owner?.uid !== uid)
      throw failed(
        `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`,
      );
    if (claim.metadata.deletionTimestamp !== undefined && !this.#mounted.has(uid))
      throw failed('PVC is being deleted');
    const { volumeName } = claim.spec;
    if (claim.status.phase !== 'Bound' || !volumeName) throw failed('PVC is not bound');
    try {
      return client.get(persistentVolumes, '', volumeName);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      throw failed(`failed to fetch PV ${volumeName} from API server: ${error.message}`);
    }
  }

  #mount(pod: Pod, volume: PersistentVolume, claimName: string): FileSystem {
    const { nodeName, labels, hostFiles, disks, client } = this.#context;
    const { spec } = volume;
    const { name } = volume.metadata;
    if (!isReachableFrom(volume, nodeName, labels()))
      throw new MountError(
        `MountVolume.NodeAffinity check failed for volume "${name}" : no matching NodeSelectorTerms`,
      );
    if (spec.volumeMode === 'Block' && !spec.csi)
      throw new MountError(
        `MapVolume.FindMapperPluginBySpec failed to find BlockVolumeMapper plugin. Volume plugin is nil. for volume "${name}"`,
      );
    if (spec.hostPath) {
      checkHostPath(hostFiles, name, spec.hostPath);
      return hostPathFiles(hostFiles, spec.hostPath);
    }
    if (spec.local) {
      const { path } = spec.local;
      if (hostFiles.status(path) === null)
        throw new MountError(
          `MountVolume.NewMounter initialization failed for volume "${name}" : path "${path}" does not exist`,
        );
      return new SubtreeFiles(hostFiles, path);
    }
    const attachable = attachableName(volume);
    if (spec.nfs) return this.#export(spec.nfs)!;
    if (attachable === null) return disks!.shared(JSON.stringify({ ...spec.csi, name }));
    this.#use(attachable, pod);
    const { status } = client.get(nodes, '', nodeName);
    const isAttached = status.volumesAttached?.some((entry) => entry.name === attachable);
    const as = spec.volumeMode === 'Block' ? 'device' : 'files';
    const files = disks?.mountedOn(spec.csi?.volumeHandle ?? '', nodeName, as);
    if (!isAttached || !files) throw new MountError('');
    growFileSystem(this.#context, pod, volume, claimName);
    return files;
  }

  /** What a server exports is the same for all who mount it. */
  #export({ server, path }: NFSVolumeSource): FileSystem | null {
    return this.#context.disks?.shared(`nfs://${server}${path}`) ?? null;
  }

  /** What happens once for each pod: its group takes the files over, or the device is mapped. */
  #begin(pod: Pod, volume: PersistentVolume, files: FileSystem): void {
    if (volume.spec.volumeMode !== 'Block') return takeOver(pod, volume, files);
    const { name } = volume.metadata;
    const plugin = '/var/lib/kubelet/plugins/kubernetes.io/csi/volumeDevices';
    const ofPod = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumeDevices/kubernetes.io~csi`;
    for (const path of [`globalMapPath "${plugin}/${name}/dev"`, `volumeMapPath "${ofPod}"`]) {
      const message = `MapVolume.MapPodDevice succeeded for volume "${name}" ${path}`;
      this.#context.event(pod, 'Normal', 'SuccessfulMountVolume', message);
    }
  }

  /** A file system grows with its disk while it is mounted. */
  #watch(pod: Pod, { metadata, spec }: PersistentVolume, claimName: string): { end?(): void } {
    const { disks, client } = this.#context;
    if (!spec.csi || !disks) return {};
    const grown = () => {
      try {
        growFileSystem(this.#context, pod, client.get(persistentVolumes, '', metadata.name), claimName);
      } catch (error) {
        // The next mount sees to it.
        if (!(error instanceof StatusError)) throw error;
      }
    };
    return { end: disks.watch(spec.csi.volumeHandle, grown) };
  }

  /** The attach-detach controller leaves attached what a node says that it uses. */
  #use(name: string, { metadata: { uid } }: Pod): void {
    const pods = this.#inUse.get(name);
    if (pods !== undefined) {
      pods.add(uid);
      return;
    }
    this.#inUse.set(name, new Set([uid]));
    this.#reportInUse();
  }

  #reportInUse(): void {
    const { client, nodeName } = this.#context;
    const body = { status: { volumesInUse: this.inUse.length > 0 ? this.inUse : null } };
    try {
      client.patch(nodes, '', nodeName, { type: 'merge', body, subresource: 'status' });
    } catch (error) {
      // The next status of the node says it again.
      if (!(error instanceof StatusError)) throw error;
    }
  }
}

/** A file system cannot be had as a device, nor a device as a directory. Throws MountError. */
function checkUse(
  { spec }: Pod,
  name: string,
  { spec: { volumeMode = 'Filesystem' } }: PersistentVolume,
): void {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const field = volumeMode === 'Block' ? 'volumeMounts' : 'volumeDevices';
  if (!containers.some((container) => container[field]?.some((use) => use.name === name))) return;
  throw new MountError(
    `Unable to attach or mount volumes: unmounted volumes=[${name}], unattached volumes=[], failed to process volumes=[${name}]: volume ${name} has volumeMode ${volumeMode}, but is specified in ${field}`,
  );
}

/** Disks and local directories become the pod's group's when they are mounted; what a hostPath or a server shows does not. */
function takeOver({ spec: podSpec }: Pod, { spec }: PersistentVolume, files: FileSystem): void {
  const { fsGroup, fsGroupChangePolicy } = podSpec.securityContext ?? {};
  const isTaken = spec.local ?? (spec.csi?.fsType && spec.accessModes?.every((mode) => !isShared.has(mode)));
  if (fsGroup === undefined || !isTaken || spec.csi?.readOnly) return;
  if (fsGroupChangePolicy === 'OnRootMismatch' && belongsToGroup(files, fsGroup)) return;
  giveToGroup(files, fsGroup);
}

/** Upstream: the driver's fsGroupPolicy ReadWriteOnceWithFSType, which is the default. */
const isShared = new Set(['ReadWriteMany', 'ReadOnlyMany']);
