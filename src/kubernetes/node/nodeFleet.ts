import type { Node, NodeStatus, Pod } from '#generated/types/core.v1.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { DiskStore } from '#world/machine/diskStore.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { ImageRegistry } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import type { Network } from '#world/network/network.ts';
import { Traffic } from '#world/traffic/traffic.ts';
import { Heartbeats } from './heartbeats.ts';
import { ImageCatalog } from './imageStore.ts';
import type { Kubelet } from './kubelet.ts';
import type { KubeletParts } from './kubeletParts.ts';
import type { Rejection } from './podAdmission.ts';
import type { PodWorker } from './podWorker.ts';
import { ServiceVariables } from './serviceVariables.ts';

/** Looks after nodes that may run short of something. */
export interface Eviction {
  /** Something on the node uses more, or less, than before. */
  touch(kubelet: Kubelet): void;
  /** Why a new pod is not taken; null when it is. */
  admit(kubelet: Kubelet, pod: Pod): Rejection | null;
}

/** Follows the specs of pods that change while they run. */
export interface SpecChanges {
  specChanged(kubelet: Kubelet, worker: PodWorker): void;
  touch(kubelet: Kubelet): void;
}

type Quantities = Readonly<Record<string, string>>;

/** Looks after the resources of nodes that are not their machines' own: plugins' devices, and what administrators name. */
export interface Devices {
  /** There is another machine. */
  add(kubelet: Kubelet): void;
  /** From now on what others write into nodes is seen. */
  follow(nodes: Informer<Node>): void;
  started(kubelet: Kubelet): void;
  stopped(kubelet: Kubelet): void;
  /** True when its node's status does not say what it should. */
  isDue(kubelet: Kubelet): boolean;
  /** Takes note that it does now. */
  written(kubelet: Kubelet): void;
  /** Adds them to a status that is written over `old`. */
  addTo(kubelet: Kubelet, status: NodeStatus, old: NodeStatus, isRegistration: boolean): NodeStatus;
  /** Adds what administrators have named to what pods may use of the machine. */
  allocatable(kubelet: Kubelet, own: Quantities): Quantities;
  /** Gives a new pod its devices; why it cannot, null when it has. */
  admit(kubelet: Kubelet, pod: Pod): Rejection | null;
  /** What tells a container of its devices. */
  variables(kubelet: Kubelet, uid: string, container: string): ReadonlyMap<string, string> | undefined;
  /** Lets a container see the devices that its environment names. Returns the programs that come with them. */
  expose(
    kubelet: Kubelet,
    environment: ReadonlyMap<string, string>,
    files: FileSystem,
  ): ReadonlyMap<string, Program> | undefined;
}

/** What all nodes together can do without until they are Ready. */
export interface FleetParts extends KubeletParts {
  startEviction(fleet: NodeFleet): Eviction;
  startResizes(fleet: NodeFleet): SpecChanges;
  startDevices(fleet: NodeFleet): Devices;
}

/** What all nodes of a cluster share, so that nothing is paid for once per node that need not be. */
export class NodeFleet {
  readonly simulation: Simulation;
  readonly network: Network;
  readonly images: ImageCatalog;
  readonly traffic: Traffic;
  readonly heartbeats: Heartbeats;
  readonly dnsAddress: string;
  readonly serviceVariables: ServiceVariables;
  /** Null until the second load. */
  parts: KubeletParts | null = null;
  eviction: Eviction | null = null;
  resizes: SpecChanges | null = null;
  devices: Devices | null = null;
  /** The disks that nodes can have attached; null until the second load. */
  disks: DiskStore | null = null;
  /** Told of every change of a node's own files; null until the second load. */
  onFileChange: ((kubelet: Kubelet, path: string) => void) | null = null;
  /** By node name. */
  readonly kubelets = new Map<string, Kubelet>();

  /** `informers` are started by whoever made them, after the first kubelets. */
  constructor(options: {
    simulation: Simulation;
    network: Network;
    registry: ImageRegistry;
    informers: Informers;
    /** The address of the cluster's DNS service. */
    dnsAddress?: string;
  }) {
    this.simulation = options.simulation;
    this.network = options.network;
    this.traffic = new Traffic(options.simulation, options.network);
    this.images = new ImageCatalog(options.registry);
    this.dnsAddress = options.dnsAddress ?? '10.96.0.10';
    this.heartbeats = new Heartbeats(options.simulation);
    this.serviceVariables = new ServiceVariables(options.informers);
  }

  /** Adds what kubelets could do without until now. */
  install(parts: FleetParts): void {
    this.parts = parts;
    this.eviction = parts.startEviction(this);
    this.resizes = parts.startResizes(this);
    this.devices = parts.startDevices(this);
  }
}
