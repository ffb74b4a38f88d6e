import type { Pod } from '#generated/types/core.v1.ts';
import type { ControlPlanePrograms } from '#images/controlPlane.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, ApiResponse, Transport } from '#kubernetes/api/request.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { WebhookTransport } from '#kubernetes/apiserver/admission/webhook/transport.ts';
import { ApiServer, type ServerParts } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import type { Controller } from '#kubernetes/controllers/controller.ts';
import type { Explanation } from '#kubernetes/scheduler/decisions.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { FleetParts } from '#kubernetes/node/nodeFleet.ts';
import type { ResourceMetrics } from '#kubernetes/node/resourceMetrics.ts';
import type { SchedulerParts } from '#kubernetes/scheduler/schedulerParts.ts';
import type { Trial } from '#kubernetes/scheduler/tryOut.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { Network } from '#world/network/network.ts';
import type { ContainerScope, Image } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import { NetworkStack } from '#world/network/networkStack.ts';
import { installAddons } from './addons.ts';
import { ApiFront, securePort } from './apiFront.ts';
import { bootstrap, reconcileMs, reconcileOwnService } from './bootstrap.ts';
import type { Component } from './component.ts';
import { controlPlane, markControlPlane } from './controlPlane.ts';
import { ControlPlaneNode, type EtcdProcesses } from './controlPlaneNode.ts';
import { type NodeOptions, Nodes } from './nodes.ts';
import { newestRelease } from './releases.ts';
import { staticPod, staticPodNames } from './staticPods.ts';

export interface ClusterOptions {
  readonly simulation: Simulation;
  /** Worker nodes; the control plane has one of its own beside them. */
  readonly nodes: readonly NodeOptions[];
  /** How many nodes the control plane runs on, each with an etcd member; one when absent. */
  readonly controlPlanes?: number;
  /** The release that it is installed with, such as `v1.35.0`; the newest when absent. */
  readonly version?: string;
}

/** What a cluster can start without: code that may arrive when its nodes are Ready. */
export interface ClusterParts {
  readonly server: ServerParts;
  readonly controllers: readonly Controller[];
  /** Makes the objects of later kinds that every cluster has. `now` is in RFC 3339. */
  installObjects(client: Client, kinds: KindSet, now: string): void;
  /** How the API server reaches admission webhooks. */
  webhookTransport(network: Network): WebhookTransport;
  readonly kubelet: FleetParts;
  readonly scheduler: SchedulerParts;
  /** How the heartbeats of many nodes are written in one. */
  /** What is done with the cluster itself: who leads, and how heartbeats are written. */
  furnish(cluster: Cluster, system: Client): void;
  /** Lets the API server ask kubelets for logs, sessions, and what pods and nodes use. */
  askKubelets(cluster: Cluster, system: Client): ResourceMetrics;
  /** Answers on the API server's port in the network. */
  answerHttp(transport: Transport, request: HttpRequest): HttpResponse;
  /** Makes the server ask who may do what. Returns the administrator's certificate, in PEM. */
  installAccess(server: ApiServer, system: Client): string;
}

const workstationAddress = '10.0.0.1';

/** Manifests as files that can be moved. */
export interface Manifests {
  /** Moves a component's manifest out of the directory, or back. */
  take(node: string, name: string): void;
  put(node: string, name: string): void;
}

/** The control plane's own machine. */
export const controlPlaneNode: NodeOptions = {
  name: controlPlane.name,
  cpu: '4',
  memory: '8Gi',
  podsMax: 110,
  zone: '',
};

/** The composition root: a whole cluster, plugged together from the rooms below (D9). */
export class Cluster {
  readonly simulation: Simulation;
  readonly etcd: Etcd<KubeObject>;
  readonly apiServer: ApiServer;
  readonly network = new Network();
  readonly nodes: Nodes;
  readonly controlPlanes: ControlPlaneNode[] = [];
  readonly options: ClusterOptions;
  /** What can be run in etcd's container. */
  readonly etcdTools = new Map<string, Program>();
  /** What a component prints when it starts; it comes with the second load. */
  startLog: ControlPlanePrograms['startLog'] = () => '';
  /** Cuts a machine off from all others, or joins it again. What runs on it goes on. It comes with the second load. */
  isolate: (node: string, isIsolated: boolean) => void = () => {};
  /** The manifest directories of the control plane's nodes, once they are files. */
  manifests: Manifests | null = null;
  /** Which API server a machine speaks to. */
  route: (machine: string) => ApiFront = () => this.controlPlanes[0]!.front;
  /** One process, until the second load knows of members. */
  etcdProcesses: EtcdProcesses = {
    start: () => this.#setStorage(true),
    stop: () => this.#setStorage(false),
    serves: () => this.apiServer.hasStorage,
  };
  /** What `/etc/kubernetes/admin.conf` holds, in PEM; `''` until the server asks for it. */
  adminCertificate = '';
  /** The API server's own client, for what it keeps itself. */
  readonly #system: Client;
  readonly #components: Component[] = [];
  /** Null until the second load. */
  #later: ClusterParts | null = null;
  #answerHttp: ClusterParts['answerHttp'] = () => ({ status: 200, headers: {}, body: 'ok' });
  #metrics: ResourceMetrics | null = null;

  constructor(options: ClusterOptions) {
    const { simulation } = options;
    this.options = options;
    this.simulation = simulation;
    this.etcd = new Etcd<KubeObject>(simulation);
    this.apiServer = new ApiServer({ simulation, etcd: this.etcd });
    const transport: Transport = (request) => this.apiServer.handle(request);
    const { network } = this;
    const system = new Client(
      transport,
      { name: 'system:apiserver', groups: ['system:masters'] },
      'kube-apiserver',
    );
    this.#system = system;
    bootstrap(system, controlPlane.address);
    this.addControlPlane(controlPlane.name, controlPlane.address);
    const planeOf = ({ hostname }: ContainerScope) =>
      this.controlPlanes.find(({ name }) => name === hostname);
    this.nodes = new Nodes({
      simulation,
      transportFrom: (machine) => (request) => this.route(machine).handle(request, machine),
      network,
      version: this.version,
      programs: {
        serveApi: (request, container) =>
          this.#answerHttp(planeOf(container)?.front.serve ?? transport, request),
        started: (name, container) => planeOf(container)?.started(name, container),
        ended: (name, container) => planeOf(container)?.ended(name, container),
        startLog: (name, startedMs, container) => this.startLog(name, startedMs, container),
        tools: this.etcdTools,
      },
    });
    this.addNode(controlPlaneNode, true);
    for (const node of options.nodes) this.addNode(node);
    installAddons(new Client(transport, system.user, 'kubeadm'), this.version);
  }

  #setStorage(hasStorage: boolean): void {
    this.apiServer.hasStorage = hasStorage;
    this.controlPlanes[0]!.storageChanged();
  }

  /** The components of another control plane node; they start with its static pods. */
  addControlPlane(node: string, address: string): ControlPlaneNode {
    const { network, simulation, apiServer } = this;
    const front = new ApiFront({
      node,
      address,
      version: this.version,
      serve: (request) => apiServer.handle(request),
      isLost: (machine, to) => network.isCut(machine, to) || !this.nodes.kubelets.get(to)!.isUp,
    });
    const plane = new ControlPlaneNode({
      simulation,
      apiServer,
      front,
      etcd: {
        start: (name) => this.etcdProcesses.start(name),
        stop: (name) => this.etcdProcesses.stop(name),
        serves: (name) => this.etcdProcesses.serves(name),
        open: (name, container) => this.etcdProcesses.open?.(name, container),
      },
      signing: {
        legacyToken: (account, secret) => apiServer.access!.tokens.issueLegacy(account, secret),
        certificate: (subject, lifetimeMs, publicKey) =>
          apiServer.access!.authority.issue(subject, lifetimeMs, publicKey),
      },
    });
    this.controlPlanes.push(plane);
    this.#components.push(...plane.components);
    this.#furnishPlane(plane);
    return plane;
  }

  /** Adds a machine to the cluster; it joins when its kubelet, the first of the components, is started. */
  addNode(options: NodeOptions, isControlPlane = false): readonly Component[] {
    const components = this.nodes.add(options, isControlPlane);
    this.#components.push(...components);
    if (isControlPlane) for (const name of staticPodNames) this.#addStaticPod(name, options.name);
    return components;
  }

  #addStaticPod(name: string, node: string = controlPlane.name): void {
    this.nodes.kubelets.get(node)?.addStaticPod(staticPod(name, this.version));
  }

  /** Stops a component; one that is a static pod by taking its manifest off the node (D9). */
  stopComponent(name: string, node: string | null): void {
    if (staticPodNames.includes(name)) {
      const machine = node ?? controlPlane.name;
      if (this.manifests === null) this.nodes.kubelets.get(machine)?.removeStaticPod('kube-system', name);
      else this.manifests.take(machine, name);
    }
    this.component(name, node)?.stop();
  }

  startComponent(name: string, node: string | null): void {
    if (this.component(name, node)?.isRunning !== false) return;
    const machine = node ?? controlPlane.name;
    if (staticPodNames.includes(name)) {
      if (this.manifests === null) this.#addStaticPod(name, machine);
      else this.manifests.put(machine, name);
    } else this.component(name, node)?.start();
  }

  start(): void {
    for (const component of this.#components) component.start();
    markControlPlane(this.#system, controlPlane.name);
    this.nodes.start();
    const { front } = this.controlPlanes[0]!;
    this.simulation.every(reconcileMs, 'kube-apiserver', () => {
      if (this.apiServer.hasStorage && front.isRunning)
        reconcileOwnService(this.#system, controlPlane.address);
    });
  }

  /** The release that it was installed with. */
  get version(): string {
    return this.options.version ?? newestRelease.version;
  }

  /** As kubeconfig files name the API: by the only server, or by the load balancer before several. */
  get serverUrl(): string {
    const host = (this.options.controlPlanes ?? 1) === 1 ? controlPlane.address : 'cluster-endpoint';
    return `https://${host}:${securePort}`;
  }

  /** How the scheduler came to what it did last with a pod (`namespace/name`); undefined when none has, or has forgotten. */
  explain(podKey: string): Explanation | undefined {
    for (const { scheduler } of this.controlPlanes) {
      const explanation = scheduler.explain(podKey);
      if (explanation !== undefined) return explanation;
    }
    return undefined;
  }

  /** What the scheduler would do with a pod as this is now; undefined while none runs. */
  tryOut(pod: Pod): Trial | undefined {
    for (const { scheduler } of this.controlPlanes) {
      const trial = scheduler.tryOut(pod);
      if (trial !== undefined) return trial;
    }
    return undefined;
  }

  /** The way to the API from the learner's workstation, which stands beside the control plane. */
  dial = (request: ApiRequest): ApiResponse => {
    const front = this.route('');
    return front.handle(request, front.node);
  };

  /** The transport of who only looks on: never accounted, never an event (D5). */
  observe = (request: ApiRequest): ApiResponse => this.apiServer.handle({ ...request, observer: true });

  get components(): readonly Component[] {
    return this.#components;
  }

  component(name: string, node: string | null): Component | undefined {
    return this.#components.find((entry) => entry.name === name && (node === null || entry.node === node));
  }

  /** Adds what the cluster could start without. Its code may come late, but at the same event in every replay (D2). */
  install(parts: ClusterParts): void {
    this.apiServer.install(parts.server);
    this.apiServer.extensions.isHealthy = (name) => this.component(name, null)?.isRunning !== false;
    this.#answerHttp = parts.answerHttp;
    this.adminCertificate = parts.installAccess(this.apiServer, this.#system);
    this.apiServer.extensions.webhooks = parts.webhookTransport(this.network);
    parts.installObjects(this.#system, this.apiServer.kinds, formatTime(this.simulation.nowMs));
    const { controllerManager } = this.controlPlanes[0]!;
    this.#later = parts;
    for (const plane of this.controlPlanes) this.#furnishPlane(plane);
    // Upstream's controller manager makes the account of each controller that it starts.
    for (const name of controllerManager.accounts)
      this.#system.create(serviceAccounts, { metadata: { name, namespace: 'kube-system' } });
    this.nodes.fleet.install(parts.kubelet);
    parts.furnish(this, this.#system);
    this.#metrics = parts.askKubelets(this, this.#system);
  }

  #furnishPlane({ controllerManager, scheduler }: ControlPlaneNode): void {
    if (this.#later === null) return;
    controllerManager.install(this.#later.controllers);
    scheduler.install(this.#later.scheduler);
  }

  /**
   * Adds images to what nodes can pull: their code may come after the cluster, before the first input that could
   * name them is admitted.
   */
  installImages(images: readonly Image[]): void {
    for (const image of images) this.nodes.registry.add(image);
  }

  /**
   * The network as the learner's workstation sees it. It is plugged in beside the control plane's machine and uses
   * its rules, so that it reaches cluster addresses and pods as well as nodes.
   */
  workstationNetwork(): NetworkStack {
    const kubelets = [...this.nodes.kubelets.values()];
    return new NetworkStack(this.network, {
      address: workstationAddress,
      machine: controlPlane.name,
      resolver: { nameservers: [], search: [], ndots: 1 },
      hosts: new Map([
        ['localhost', '127.0.0.1'],
        ...kubelets.map(({ name, hostIp }) => [name, hostIp] as const),
      ]),
    });
  }

  /** What pods and nodes use at present, by row id (`pods/default/web`); undefined where nothing is known. */
  usageOf(id: string): { cpu: number; memory: number } | undefined {
    const [plural, namespace = '', name = ''] = id.split('/');
    const usage =
      plural === 'pods'
        ? this.#metrics?.podUsage(namespace, name)
        : plural === 'nodes'
          ? this.#metrics?.nodeUsage(namespace)
          : undefined;
    return usage && { cpu: usage.millicores, memory: usage.bytes };
  }

  /** Traffic in the whole cluster, in thousandths of requests per second. */
  flow(): { milliRequests: number; milliErrors: number } {
    return this.nodes.fleet.traffic.total();
  }

  /** Turns a machine off: its kubelet, its containers and every connection are gone. */
  stopNode(name: string): void {
    for (const part of this.#components) if (part.node === name) part.stop();
    this.nodes.powerOff(name);
  }

  /** Turns it on again. */
  startNode(name: string): void {
    for (const part of this.#components)
      if (part.node === name && !staticPodNames.includes(part.name)) part.start();
  }
}
