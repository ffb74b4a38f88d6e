import type { ApiServer } from '#kubernetes/apiserver/server.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import type { Signing } from '#kubernetes/controllers/controller.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { ApiFront } from './apiFront.ts';
import { component, type Component } from './component.ts';
import { ControllerManager } from './controllerManager.ts';
import type { Elect } from './electedComponent.ts';
import { Scheduler } from './scheduler.ts';

/** The etcd processes of the control plane, by node. */
export interface EtcdProcesses {
  start(node: string): void;
  stop(node: string): void;
  /** Whether the one of that node serves. */
  serves(node: string): boolean;
  /** The network between them has changed. */
  settle?(): void;
  /** Looks at the data directory of one that starts; a number is the exit code of one that cannot go on. */
  open?(node: string, container: ContainerScope): number | void;
}

/** A line of a log, or more, for when it is printed. */
export type LogLine = (atMs: number) => string;

/** The components of one control plane node. They begin and end with the containers of its static pods (D9). */
export class ControlPlaneNode {
  readonly name: string;
  readonly front: ApiFront;
  readonly scheduler: Scheduler;
  readonly controllerManager: ControllerManager;
  readonly components: readonly Component[];
  /** Told of each container that an API server starts in. */
  onServerStart: ((container: ContainerScope) => void) | null = null;
  readonly #etcd: EtcdProcesses;
  readonly #containers = new Map<string, ContainerScope>();
  /** Those that have had a container; before that, they work from the first moment of the cluster. */
  readonly #wasStarted = new Set<string>();
  readonly #served = new WeakSet<ContainerScope>();
  readonly #unsaid: (readonly [name: string, line: LogLine])[] = [];
  /** The tags of the images that its components run from, by their names. */
  readonly tags = new Map<string, string>();

  constructor(options: {
    readonly simulation: Simulation;
    readonly apiServer: ApiServer;
    readonly front: ApiFront;
    readonly etcd: EtcdProcesses;
    readonly signing: Signing;
  }) {
    const { simulation, apiServer, front, signing, etcd } = options;
    this.#etcd = etcd;
    this.front = front;
    this.name = front.node;
    const node = this.name;
    const { kinds } = apiServer;
    const transport: Transport = (request) => front.handle(request, node);
    this.controllerManager = new ControllerManager({ simulation, transport, kinds, node, signing });
    this.scheduler = new Scheduler({ simulation, transport, kinds, node });
    const store = component('etcd', node, () => {
      etcd.start(node);
      return () => etcd.stop(node);
    });
    const server = component('kube-apiserver', node, () => {
      front.start();
      return () => front.stop();
    });
    this.components = [store, server, this.controllerManager.component, this.scheduler.component];
  }

  installElection(elect: Elect): void {
    this.controllerManager.installElection(elect);
    this.scheduler.installElection(elect);
  }

  /** A container of one of its static pods runs. The API server ends at once when there is no etcd. */
  started(name: string, container: ContainerScope): number | void {
    const part = this.components.find((entry) => entry.name === name);
    if (part === undefined) return;
    if (name === 'kube-apiserver') {
      if (!this.#etcd.serves(this.name)) return 1;
      this.onServerStart?.(container);
    }
    const failed =
      name === 'etcd'
        ? this.#etcd.open?.(this.name, container)
        : name === 'kube-scheduler' && this.scheduler.configure(container);
    if (typeof failed === 'number') return failed;
    this.#containers.set(name, container);
    this.tags.set(name, container.imageTag);
    if (name === 'kube-apiserver') this.front.version = container.imageTag;
    this.#wasStarted.add(name);
    this.#served.add(container);
    for (const [of, line] of this.#unsaid) if (of === name) this.log(name, line);
    part.start();
  }

  ended(name: string, container: ContainerScope): void {
    if (this.#containers.get(name) !== container) return;
    this.#containers.delete(name);
    this.components.find((entry) => entry.name === name)?.stop();
  }

  /** Ends a component's process, as it does by itself or as somebody kills it; its kubelet starts it again. */
  exit(name: string, exitCode: number): void {
    const container = this.#containers.get(name);
    if (container === undefined) this.components.find((entry) => entry.name === name)?.stop();
    else container.kill(exitCode);
  }

  /** Whether the program in a container got further than its first checks. */
  hasServed(container: ContainerScope): boolean {
    return this.#served.has(container);
  }

  /** Appends to the log of one of its components; what is said before its container is there comes with that. */
  log(name: string, line: LogLine): void {
    const container = this.#containers.get(name);
    if (container !== undefined) container.log(line(container.simulation.nowMs));
    else if (!this.#wasStarted.has(name)) this.#unsaid.push([name, line]);
  }

  /** The API server's health may be another, which its probes find out. */
  storageChanged(): void {
    this.#containers.get('kube-apiserver')?.disturb();
  }
}
