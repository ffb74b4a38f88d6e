// Upstream: pkg/kubelet/kubelet.go
import type { Container as ContainerSpec, NodeStatus, Pod } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { keyOf, type New } from '#kubernetes/api/object.ts';
import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informer } from '#kubernetes/client/informer.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Hardware } from '#world/machine/hardware.ts';
import type { Image } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import type { Host, Listener } from '#world/network/network.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import type { Simulation } from '#sim/simulation.ts';
import { AddressPool } from './addressPool.ts';
import type { ClaimContext } from './claimContext.ts';
import type { Mount } from './containerSite.ts';
import type { ResourceLimits } from './containerUsage.ts';
import { environmentOf, type FixedVariables, fixVariables } from './environment.ts';
import { ImageStore } from './imageStore.ts';
import type { NodeContext } from './nodeContext.ts';
import type { NodeFleet } from './nodeFleet.ts';
import { NodeReporter } from './nodeReporter.ts';
import type { NodeIdentity } from './nodeStatus.ts';
import { podNetworkStack } from './podNetworkStack.ts';
import { PodWorker } from './podWorker.ts';
import { StaticPods } from './staticPods.ts';
import { Volumes } from './volumes.ts';

/** A kubelet that cannot register tries again after this. Upstream: 100 ms doubling to 7 s. */
const registerRetryMs = 7_000;

/** The kubelet of one node, with the container runtime and the machine under it. */
export class Kubelet implements NodeContext, Host {
  readonly simulation: Simulation;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly images: ImageStore;
  readonly identity: NodeIdentity;
  readonly hostIps: readonly { readonly ip: string }[];
  readonly volumes: Volumes;
  /** What the API hears of its node. */
  readonly reporter: NodeReporter;
  readonly #fleet: NodeFleet;
  readonly #addresses: AddressPool;
  readonly #workers = new Map<string, PodWorker>();
  readonly #statics: StaticPods;
  readonly #millicores: number;
  #informer: Informer<Pod> | null = null;
  #isRunning = false;
  /** The release that is installed, such as `v1.36.0`: the one that runs from the next start on. */
  installedVersion: string;
  slowness = 1;
  /** When its process was started and stopped last. */
  startedMs = 0;
  stoppedMs = 0;
  #hasPower = true;

  constructor(options: { fleet: NodeFleet; client: Client; identity: NodeIdentity }) {
    const { fleet, client, identity } = options;
    this.#fleet = fleet;
    this.simulation = fleet.simulation;
    this.client = client;
    this.identity = identity;
    this.hostIps = [{ ip: identity.address }];
    this.#millicores = milliValue(identity.size.cpu);
    this.recorder = new EventRecorder(fleet.simulation, client, 'kubelet', identity.name);
    this.images = new ImageStore(fleet.simulation, fleet.images);
    this.#addresses = new AddressPool(identity.podCidr);
    this.installedVersion = identity.version;
    this.volumes = new Volumes(this, fleet.simulation);
    this.reporter = new NodeReporter(this);
    this.#statics = new StaticPods(this, client, {
      run: (pod) => this.#workerFor(pod),
      forget: (worker) => this.#forget(worker),
    });
    fleet.kubelets.set(identity.name, this);
    fleet.devices?.add(this);
  }

  get nodeName(): string {
    return this.identity.name;
  }

  get name(): string {
    return this.identity.name;
  }

  get machine(): string {
    return this.identity.name;
  }

  /** The node's labels as the kubelet last saw them. */
  get labels(): Readonly<Record<string, string>> {
    return this.reporter.node?.metadata.labels ?? this.identity.labels;
  }

  get diskBytes(): number {
    return unitValue(this.identity.size.ephemeralStorage);
  }

  get hostIp(): string {
    return this.identity.address;
  }

  get network(): NodeFleet['network'] {
    return this.#fleet.network;
  }

  get allocatable(): Readonly<Record<string, string>> {
    const own = this.reporter.machine.allocatable as Readonly<Record<string, string>>;
    return this.#fleet.devices?.allocatable(this, own) ?? own;
  }

  /** True while the kubelet's process runs. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** False while the machine is off: packets to it and its pods are lost. */
  get isUp(): boolean {
    return this.#hasPower;
  }

  /** The workers of its pods, by pod uid. */
  get workers(): ReadonlyMap<string, PodWorker> {
    return this.#workers;
  }

  workerOf(namespace: string, name: string): PodWorker | undefined {
    const pod = this.#informer?.get(`${namespace}/${name}`);
    return this.#statics.get(namespace, name) ?? (pod && this.#workers.get(pod.metadata.uid));
  }

  /** Puts a manifest into the node's static pod directory: the kubelet runs it whatever the API says. */
  addStaticPod(manifest: New<Pod>): void {
    this.#statics.add(manifest);
  }

  /** Takes a manifest out again; its pod ends. `name` is the manifest's own. */
  removeStaticPod(namespace: string, name: string): void {
    this.#statics.remove(namespace, name);
  }

  /** Starts the kubelet's process, and the machine when it is off. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.reporter.started(this.installedVersion, !this.#hasPower);
    this.#hasPower = true;
    this.startedMs = this.simulation.nowMs;
    this.network.attach(this.hostIp, this);
    this.network.route(this.identity.podCidr, this);
    this.#fleet.devices?.started(this);
    this.#register();
  }

  /** Stops the kubelet's process. Its containers go on, but nobody looks after them. */
  stop(): void {
    if (this.#isRunning) this.stoppedMs = this.simulation.nowMs;
    this.#isRunning = false;
    this.#fleet.heartbeats.remove(this.reporter);
    this.#fleet.devices?.stopped(this);
    this.#informer?.stop();
    this.#informer = null;
    this.reporter.lease = null;
  }

  /** Turns the machine off: the kubelet, every container and every connection are gone. */
  powerOff(): void {
    this.stop();
    this.#hasPower = false;
    for (const worker of this.#workers.values()) worker.powerOff();
    this.#workers.clear();
    this.#statics.powerOff();
    this.volumes.powerOff();
  }

  get isDeviceReportDue(): boolean {
    return this.#fleet.devices?.isDue(this) === true;
  }

  withDevices(status: NodeStatus, old: NodeStatus, isRegistration: boolean): NodeStatus {
    return this.#fleet.devices?.addTo(this, status, old, isRegistration) ?? status;
  }

  devicesReported(): void {
    this.#fleet.devices?.written(this);
  }

  get hardware(): Hardware | undefined {
    return this.parts?.hardwareOf(this.identity.size, this.#workers);
  }

  /** Makes its machine so many times slower than a healthy one; 1 mends it. */
  slow(factor: number): void {
    if (this.slowness === factor) return;
    this.slowness = this.images.slowness = factor;
    for (const { slots } of this.#workers.values()) for (const { container } of slots) container?.disturb();
    this.network.noteChange();
  }

  /** Something on it uses more, or less, than before. */
  touch(): void {
    this.#fleet.eviction?.touch(this);
    this.#fleet.resizes?.touch(this);
  }

  specChanged(uid: string): void {
    const worker = this.#workers.get(uid);
    if (worker !== undefined) this.#fleet.resizes?.specChanged(this, worker);
  }

  /** Records an event about the node. */
  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.recorder.event(this.reporter.eventTarget, type, reason, message);
  }

  listenerAt(port: number, protocol: 'TCP' | 'UDP', address = this.hostIp): Listener | undefined {
    for (const worker of this.#workers.values()) {
      const inside = worker.hostPort(port, protocol, address);
      const listener = inside === undefined ? undefined : worker.listenerAt(inside, protocol);
      if (listener !== undefined) return listener;
    }
    return undefined;
  }

  takeAddress(): string {
    return this.#addresses.take();
  }

  releaseAddress(address: string): void {
    this.#addresses.release(address);
  }

  serviceVariables(namespace: string): ReadonlyMap<string, string> {
    return this.#fleet.serviceVariables.of(namespace);
  }

  fixVariables(pod: Pod, container: ContainerSpec, podIp: string): FixedVariables {
    return fixVariables(pod, container, podIp, this);
  }

  environment(
    pod: Pod,
    container: ContainerSpec,
    image: Image,
    fixed: FixedVariables,
  ): ReadonlyMap<string, string> {
    const devices = this.#fleet.devices?.variables(this, pod.metadata.uid, container.name);
    return environmentOf(pod, container, image, fixed, this, devices);
  }

  exposeDevices(
    environment: () => ReadonlyMap<string, string>,
    files: FileSystem,
  ): ReadonlyMap<string, Program> | undefined {
    if (this.identity.gpus === undefined) return undefined;
    return this.#fleet.devices?.expose(this, environment(), files);
  }

  checkVolumes(pod: Pod): void {
    this.volumes.check(pod);
  }

  mounts(
    pod: Pod,
    container: ContainerSpec,
    podIp: string,
    environment: ReadonlyMap<string, string>,
  ): readonly Mount[] {
    return this.volumes.mounts(pod, container, podIp, environment);
  }

  networkStack(pod: Pod, podIp: string): NetworkStack {
    return podNetworkStack(pod, podIp, this.name, this.network, this.#fleet.dnsAddress);
  }

  unmount(pod: Pod): void {
    this.volumes.unmount(pod);
  }

  currentPod(pod: Pod): Pod {
    return this.#workers.get(pod.metadata.uid)?.pod ?? pod;
  }

  get claimContext(): Omit<ClaimContext, 'hostFiles'> {
    const { client, nodeName, recorder } = this;
    const fleet = this.#fleet;
    return {
      client,
      nodeName,
      labels: () => this.labels,
      disks: fleet.disks,
      event: (object, type, reason, message) => recorder.event(object, type, reason, message),
    };
  }

  get traffic(): NodeFleet['traffic'] {
    return this.#fleet.traffic;
  }

  get parts(): NodeFleet['parts'] {
    return this.#fleet.parts;
  }

  limitsOf({ resources }: ContainerSpec): ResourceLimits {
    return {
      machine: this.name,
      machineMillicores: this.#millicores,
      limitMillicores: milliValue(resources?.limits?.['cpu']),
      memoryBytes: unitValue(resources?.limits?.['memory']),
    };
  }

  #register(): void {
    if (!this.#isRunning) return;
    const { reporter } = this;
    if (!reporter.register()) {
      // What is in its manifest directory a kubelet runs whether there is an API or not.
      this.#statics.start(null);
      this.simulation.after(registerRetryMs, () => this.#register(), null);
      return;
    }
    this.#fleet.heartbeats.add(reporter);
    this.#watchPods();
    this.#statics.start(reporter.node);
    reporter.begin();
  }

  #watchPods(): void {
    const informer = new Informer(this.simulation, this.client, pods, {
      fieldSelector: `spec.nodeName=${this.name}`,
    });
    this.#informer = informer;
    informer.onChange((now, before) => this.#podChanged(now, before));
    informer.start();
    // What was deleted while the kubelet was down is in no event.
    for (const worker of this.#workers.values()) {
      if (this.#statics.has(worker)) continue;
      const known = informer.get(keyOf(worker.pod));
      if (known?.metadata.uid === worker.pod.metadata.uid) worker.sync();
      else this.#removed(worker);
    }
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    if (this.#statics.mirrorChanged(now, before)) return;
    if (before !== undefined && before.metadata.uid !== now?.metadata.uid) {
      const worker = this.#workers.get(before.metadata.uid);
      if (worker !== undefined) this.#removed(worker);
    }
    if (now === undefined) return;
    const isNew = !this.#workers.has(now.metadata.uid);
    const worker = this.#workerFor(now);
    // Its own write comes back as the very object that it was given.
    if (!isNew && worker.pod === now) return;
    const others = () => this.podsBeside(worker);
    const readNode = () => this.client.get(nodes, '', this.name);
    const rejection =
      isNew && !isPodTerminal(now)
        ? (this.#fleet.eviction?.admit(this, now) ??
          this.#fleet.devices?.admit(this, now) ??
          this.parts?.admitToNode(now, others, this.allocatable, readNode) ??
          null)
        : null;
    if (rejection === null) worker.update(now);
    else worker.reject(rejection);
  }

  /** The pods that take room on the node. */
  *podsBeside(worker: PodWorker): Generator<Pod> {
    for (const other of this.#workers.values()) {
      if (other === worker || other.isOver || other.isRemoved) continue;
      if (!isPodTerminal(other.pod)) yield other.allocated;
    }
  }

  #workerFor(pod: Pod): PodWorker {
    const { uid } = pod.metadata;
    const known = this.#workers.get(uid);
    if (known !== undefined) return known;
    const worker = new PodWorker(this, pod);
    this.#workers.set(uid, worker);
    return worker;
  }

  /** The pod is no longer in the API: whatever of it still runs is ended, and then forgotten. */
  #removed(worker: PodWorker): void {
    worker.removed(() => this.#forget(worker));
  }

  #forget(worker: PodWorker): void {
    const { uid } = worker.pod.metadata;
    this.volumes.unmount(worker.pod);
    this.volumes.forget(uid);
    if (this.#workers.delete(uid)) return;
    // A static pod's worker shows its mirror, and is filed under its own uid.
    for (const [own, entry] of this.#workers) if (entry === worker) this.#workers.delete(own);
  }
}
