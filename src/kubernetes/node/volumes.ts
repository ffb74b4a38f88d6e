// Upstream: pkg/volume/{configmap,secret,projected,downwardapi,emptydir}
import type { Container, DownwardAPIVolumeFile, KeyToPath, Pod, Volume } from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import type { Mount } from './containerSite.ts';
import { configMapData, secretData } from './configData.ts';
import type { EnvironmentSources } from './environment.ts';
import { ContainerConfigError, MountError } from './startErrors.ts';
import type { ClaimContext } from './claimContext.ts';
import type { ClaimVolumes } from './kubeletParts.ts';
import { PodTokens } from './podTokens.ts';
import { RefreshedFiles } from './refreshedFiles.ts';
import { expand } from './commandLine.ts';
import { SubtreeFiles } from './subtreeFiles.ts';

/** What controllers publish into every namespace; a pod does not wait for it. */
const rootCertificates = 'kube-root-ca.crt';

interface VolumeSources extends EnvironmentSources {
  readonly claimContext: Omit<ClaimContext, 'hostFiles'>;
  /** What pods may have of the node. */
  readonly allocatable: Readonly<Record<string, string>>;
  /** A pod as it is now: its labels and annotations change while it runs. */
  currentPod(pod: Pod): Pod;
}

/** The volumes of the pods on one node. */
export class Volumes {
  readonly #sources: VolumeSources;
  readonly #tokens: PodTokens;
  readonly #clock: { readonly nowMs: number };
  /** The node's own files, for hostPath. */
  readonly hostFiles: MemoryFileSystem;
  /** emptyDirs (and what stands for volumes that are not simulated) by pod uid and name: they live as long as the pod. */
  readonly #scratch = new Map<string, Map<string, MemoryFileSystem>>();

  /** Null until a pod claims a volume. */
  #claims: ClaimVolumes | null = null;

  constructor(sources: VolumeSources, clock: { readonly nowMs: number }) {
    this.#sources = sources;
    this.#tokens = new PodTokens(sources.client, clock);
    this.#clock = clock;
    this.hostFiles = new MemoryFileSystem(clock);
  }

  /** Throws MountError when something that a volume needs is not there. */
  check(pod: Pod): void {
    for (const volume of pod.spec.volumes ?? []) {
      if (isClaim(volume)) this.#claims ??= this.#newClaims();
      if (volume.hostPath) this.#sources.parts?.checkHostPath(this.hostFiles, volume.name, volume.hostPath);
      if (volume.emptyDir) this.#sources.parts?.checkEmptyDir(pod, volume.name, volume.emptyDir);
      if (!showsObjects(volume)) continue;
      try {
        this.#content(pod, volume, '', false);
      } catch (error) {
        if (!(error instanceof ContainerConfigError)) throw error;
        throw new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
      }
    }
    this.#claims?.check(pod);
  }

  /** Ends what a pod that is over has claimed; the rest of its volumes stays until it is forgotten. */
  unmount(pod: Pod): void {
    this.#claims?.unmount(pod);
  }

  powerOff(): void {
    this.#claims?.powerOff();
  }

  /** For the node's status; undefined without any. */
  get inUse(): readonly string[] | undefined {
    const names = this.#claims?.inUse ?? [];
    return names.length > 0 ? names : undefined;
  }

  #newClaims(): ClaimVolumes | null {
    const { parts, claimContext } = this.#sources;
    return parts && parts.claimVolumes({ ...claimContext, hostFiles: this.hostFiles });
  }

  mounts(pod: Pod, container: Container, podIp: string, environment: ReadonlyMap<string, string>): Mount[] {
    const mounts = (container.volumeMounts ?? []).flatMap((mount) => {
      const volume = pod.spec.volumes?.find(({ name }) => name === mount.name);
      if (volume === undefined) return [];
      const subPath = mount.subPathExpr
        ? expand(mount.subPathExpr, (name) => environment.get(name))
        : mount.subPath;
      const whole = this.#files(pod, volume, podIp, Boolean(subPath));
      if (subPath && !showsObjects(volume) && whole.status(`/${subPath}`) === null)
        whole.makeDirectory(`/${subPath}`, { parents: true });
      const files = subPath ? new SubtreeFiles(whole, `/${subPath}`) : whole;
      const readOnly =
        mount.readOnly === true || showsObjects(volume) || this.#claims?.isReadOnly(pod, volume) === true;
      const { parts } = this.#sources;
      const isInMemory = volume.emptyDir?.medium === 'Memory' && parts !== null;
      const charged = isInMemory
        ? { charged: (charge: (bytes: number) => void) => parts.chargedFiles(files, charge) }
        : undefined;
      return [{ path: mount.mountPath, files, readOnly, ...charged }];
    });
    return container.volumeDevices ? mounts.concat(this.#claims?.devices(pod, container) ?? []) : mounts;
  }

  /** A pod's emptyDirs by name, as far as they were made; undefined for none. */
  scratchOf(uid: string): ReadonlyMap<string, { readonly diskBytes: number }> | undefined {
    return this.#scratch.get(uid);
  }

  /** The pod is gone, and its emptyDirs with it. */
  forget(uid: string): void {
    this.#scratch.delete(uid);
    this.#tokens.forget(uid);
  }

  /** `isFixed` says that what shows objects goes on showing what they are now. */
  #files(pod: Pod, volume: Volume, podIp: string, isFixed: boolean): FileSystem {
    const { parts } = this.#sources;
    if (volume.hostPath && parts !== null) return parts.hostPathFiles(this.hostFiles, volume.hostPath);
    if (showsObjects(volume))
      return new RefreshedFiles(
        this.#clock,
        () => this.#content(this.#sources.currentPod(pod), volume, podIp),
        isFixed,
        parts?.volumeAccess(pod, volume),
      );
    const claimed = this.#claims?.files(pod, volume);
    if (claimed) return claimed;
    const { uid } = pod.metadata;
    const own = this.#scratch.get(uid) ?? new Map<string, MemoryFileSystem>();
    this.#scratch.set(uid, own);
    const known = own.get(volume.name);
    if (known !== undefined) return known;
    const files = new MemoryFileSystem(this.#clock);
    if (volume.emptyDir)
      parts?.sizeEmptyDir(files, pod, volume.emptyDir, this.#sources.allocatable['memory'] ?? '0');
    parts?.volumeAccess(pod, volume)(files);
    own.set(volume.name, files);
    return files;
  }

  /** The files of a volume that shows API objects, by relative path; without tokens where nobody will read them. */
  #content(pod: Pod, volume: Volume, podIp: string, withTokens = true): ReadonlyMap<string, string> {
    const { client } = this.#sources;
    const namespace = pod.metadata.namespace ?? '';
    const { configMap, secret, downwardAPI, projected } = volume;
    if (configMap) {
      const { name = '', items, optional } = configMap;
      const data = configMapData(client, namespace, name, optional, true);
      return pick(data, items, optional, `configmap references non-existent config key`);
    }
    if (secret) {
      const { secretName = '', items, optional } = secret;
      const data = secretData(client, namespace, secretName, optional);
      return pick(data, items, optional, `references non-existent secret key`);
    }
    if (downwardAPI) return this.#downward(pod, downwardAPI.items, podIp);
    const files = new Map<string, string>();
    for (const source of projected?.sources ?? []) {
      if (source.serviceAccountToken) {
        const { path } = source.serviceAccountToken;
        files.set(path, withTokens ? this.#tokens.tokenOf(pod, source.serviceAccountToken) : '');
        continue;
      }
      const part = this.#projection(pod, source, podIp);
      for (const [path, text] of part) files.set(path, text);
    }
    return files;
  }

  #projection(
    pod: Pod,
    source: NonNullable<NonNullable<Volume['projected']>['sources']>[number],
    podIp: string,
  ): ReadonlyMap<string, string> {
    const { client } = this.#sources;
    const namespace = pod.metadata.namespace ?? '';
    if (source.configMap) {
      const { name = '', items, optional = name === rootCertificates } = source.configMap;
      const data = configMapData(client, namespace, name, optional, true);
      return pick(data, items, optional, `configmap references non-existent config key`);
    }
    if (source.secret) {
      const { name = '', items, optional } = source.secret;
      return pick(
        secretData(client, namespace, name, optional),
        items,
        optional,
        `references non-existent secret key`,
      );
    }
    if (source.downwardAPI) return this.#downward(pod, source.downwardAPI.items, podIp);
    return new Map();
  }

  #downward(
    pod: Pod,
    items: readonly DownwardAPIVolumeFile[] = [],
    podIp: string,
  ): ReadonlyMap<string, string> {
    return this.#sources.parts?.downwardFiles(pod, items, podIp, this.#sources) ?? new Map();
  }
}

function isClaim({ persistentVolumeClaim, ephemeral, nfs }: Volume): boolean {
  return Boolean(persistentVolumeClaim ?? ephemeral ?? nfs);
}

/** True for volumes whose files are made of API objects; what is not simulated is an empty directory. */
function showsObjects({ configMap, secret, downwardAPI, projected }: Volume): boolean {
  return Boolean(configMap ?? secret ?? downwardAPI ?? projected);
}

/** The wanted keys of `data` under their paths; all of them when none are named. */
function pick(
  data: Readonly<Record<string, string>> | undefined,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  missing: string,
): ReadonlyMap<string, string> {
  if (items === undefined) return new Map(Object.entries(data ?? {}));
  const files = new Map<string, string>();
  for (const { key, path } of items) {
    const text = data?.[key];
    if (text !== undefined) files.set(path, text);
    else if (!optional) throw new ContainerConfigError('CreateContainerConfigError', `${missing}: ${key}`);
  }
  return files;
}
