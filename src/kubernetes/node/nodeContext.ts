import type { Container as ContainerSpec, Pod } from '#generated/types/core.v1.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Hardware } from '#world/machine/hardware.ts';
import type { Image } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import type { Network } from '#world/network/network.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import type { Traffic } from '#world/traffic/traffic.ts';
import type { Mount } from './containerSite.ts';
import type { KubeletParts } from './kubeletParts.ts';
import type { ResourceLimits } from './containerUsage.ts';
import type { FixedVariables } from './environment.ts';
import type { ImageStore } from './imageStore.ts';

/** What a pod's worker needs of its node. */
export interface NodeContext {
  readonly simulation: Simulation;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly images: ImageStore;
  readonly network: Network;
  readonly nodeName: string;
  readonly hostIp: string;
  /** What its disk takes in all. */
  readonly diskBytes: number;
  /** Shared by the status of every pod on the node. */
  readonly hostIps: readonly { readonly ip: string }[];
  takeAddress(): string;
  releaseAddress(address: string): void;
  /** What programs in its containers see of the machine; undefined until the second load. */
  readonly hardware: Hardware | undefined;
  /** How many times longer than on a healthy machine everything takes that a CPU or a disk has to do; 1 is healthy. */
  readonly slowness: number;
  /** False while the kubelet's process is stopped: nothing is decided or written meanwhile. */
  readonly isRunning: boolean;
  /** What the container's environment takes from elsewhere now. Throws ContainerConfigError. */
  fixVariables(pod: Pod, container: ContainerSpec, podIp: string): FixedVariables;
  environment(
    pod: Pod,
    container: ContainerSpec,
    image: Image,
    fixed: FixedVariables,
  ): ReadonlyMap<string, string>;
  /** Checks that what the pod's volumes need is there. Throws MountError. */
  checkVolumes(pod: Pod): void;
  /** The pod is over: what it claimed can go elsewhere. */
  unmount(pod: Pod): void;
  mounts(
    pod: Pod,
    container: ContainerSpec,
    podIp: string,
    environment: ReadonlyMap<string, string>,
  ): readonly Mount[];
  /** Lets a container see the devices that its environment names. Returns the programs that come with them. */
  exposeDevices(
    environment: () => ReadonlyMap<string, string>,
    files: FileSystem,
  ): ReadonlyMap<string, Program> | undefined;
  /** The network as a pod sees it. */
  networkStack(pod: Pod, podIp: string): NetworkStack;
  readonly traffic: Traffic;
  /** The containers of a pod's spec are not what they were. */
  specChanged(uid: string): void;
  /** Something on the node uses more, or less, than before. */
  touch(): void;
  /** Null until the second load. */
  readonly parts: KubeletParts | null;
  limitsOf(container: ContainerSpec): ResourceLimits;
}
