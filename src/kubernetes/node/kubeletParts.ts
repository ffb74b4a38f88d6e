import type {
  Container as ContainerSpec,
  ContainerStatus,
  DownwardAPIVolumeFile,
  HostPathVolumeSource,
  Node,
  Pod,
  PodStatus,
  Volume,
} from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import type { findScript } from '#world/machine/script.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import type { ClaimContext } from './claimContext.ts';
import type { Container } from './container.ts';
import type { Mount, Neighbours } from './containerSite.ts';
import type { ContainerSlot } from './containerSlot.ts';
import type { terminationMessage } from './terminationMessage.ts';
import type { checkEmptyDir, sizeEmptyDir } from './emptyDirs.ts';
import type { EnvironmentSources } from './environment.ts';
import type { hardwareOf } from './hardwareOf.ts';
import type { runHook } from './lifecycleHook.ts';
import type { RegistryCredentials } from './imageStore.ts';
import type { NodeContext } from './nodeContext.ts';
import type { Rejection } from './podAdmission.ts';
import type { enter } from './securityContext.ts';

/** The claims of the pods on one node. */
export interface ClaimVolumes {
  /** Mounts what a pod claims. Throws MountError, without words where it only has to wait. */
  check(pod: Pod): void;
  /** Null where the volume is not mounted. */
  files(pod: Pod, volume: Volume): FileSystem | null;
  isReadOnly(pod: Pod, volume: Volume): boolean;
  /** The volumes that a container has as devices. */
  devices(pod: Pod, container: ContainerSpec): Mount[];
  unmount(pod: Pod): void;
  powerOff(): void;
  /** The volumes that have to stay attached, as the node's status names them. */
  readonly inUse: readonly string[];
}

/** What kubelets can do without until their nodes are Ready: code that comes with the second load. */
export interface KubeletParts {
  /** What a container's environment takes from its spec. Throws ContainerConfigError. */
  ownVariables(
    pod: Pod,
    container: ContainerSpec,
    podIp: string,
    sources: EnvironmentSources,
    services: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string>;
  /** The files of a downward API volume, by path. */
  downwardFiles(
    pod: Pod,
    items: readonly DownwardAPIVolumeFile[],
    podIp: string,
    sources: EnvironmentSources,
  ): ReadonlyMap<string, string>;
  readonly hardwareOf: typeof hardwareOf;
  readonly runHook: typeof runHook;
  /** Whether a container that has ended waits before it is started again. */
  isInCrashLoop(slot: ContainerSlot, pod: Pod, node: NodeContext): boolean;
  readonly terminationMessage: typeof terminationMessage;
  /** Of ephemeral containers; undefined where none ever came. */
  visitorStatuses(
    old: PodStatus,
    slots: readonly ContainerSlot[],
    nowMs: number,
  ): PodStatus['ephemeralContainerStatuses'];
  /** What the pod has to show to registries, from its imagePullSecrets. */
  pullCredentials(pod: Pod, node: NodeContext): readonly RegistryCredentials[];
  /** Why no sandbox can be made for a pod; null when one can. */
  sandboxProblem(pod: Pod, node: NodeContext): string | null;
  /** Why a pod that somebody has put on the node is not taken; null when it is. */
  admitToNode(
    pod: Pod,
    others: () => Iterable<Pod>,
    allocatable: Readonly<Record<string, string>>,
    readNode: () => Node,
  ): Rejection | null;
  /** What its processes run as. */
  userOf(pod: Pod, container: ContainerSpec): ContainerStatus['user'];
  readonly enter: typeof enter;
  readonly findScript: typeof findScript;
  /** Gives the files of a pod's own volume their modes and owners, each time they are made. */
  volumeAccess(pod: Pod, volume: Volume): (files: MemoryFileSystem) => void;
  /** Writes the files that the kubelet keeps in each container, when somebody first looks into it. */
  furnish(pod: Pod, container: ContainerSpec, files: FileSystem, stack: NetworkStack, hostname: string): void;
  /** What a container sees of the others of its pod; null where it has processes of its own. */
  neighbours(pod: Pod, slots: readonly ContainerSlot[], container: Container): Neighbours | null;
  readonly checkEmptyDir: typeof checkEmptyDir;
  readonly sizeEmptyDir: typeof sizeEmptyDir;
  /** Files in memory, as one container has them. */
  chargedFiles(files: FileSystem, charge: (bytes: number) => void): FileSystem;
  /** Looks at a hostPath by its type. Throws MountError. */
  checkHostPath(disk: FileSystem, volume: string, source: HostPathVolumeSource): void;
  /** What a container sees of a hostPath. */
  hostPathFiles(disk: FileSystem, source: HostPathVolumeSource): FileSystem;
  /** What mounts the claims of the pods on a node. */
  claimVolumes(context: ClaimContext): ClaimVolumes;
  /** Looks at what only a container's creation shows to be wrong. Throws ContainerConfigError. */
  checkContainer(pod: Pod, container: ContainerSpec, environment: () => ReadonlyMap<string, string>): void;
}
