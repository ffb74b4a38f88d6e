import type { KubeObject } from '#kubernetes/api/object.ts';
import { kinds } from '#kubernetes/api/registry.ts';
import type { ApiRequest, ApiResponse, Transport } from '#kubernetes/api/request.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { Simulation } from '#sim/simulation.ts';
import { bootstrap } from './bootstrap.ts';
import type { Component } from './component.ts';
import { controllerManager } from './controllerManager.ts';
import { scheduler } from './scheduler.ts';

/** A worker node to start with; amounts are quantities as in a manifest. */
export interface NodeOptions {
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
  readonly podsMax: number;
  readonly zone: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ClusterOptions {
  readonly simulation: Simulation;
  readonly nodes: readonly NodeOptions[];
}

/** The name of the node that the control plane runs on. */
const controlPlane = 'control-plane';
const controlPlaneAddress = '10.0.0.2';

/** The composition root: a whole cluster, plugged together from the rooms below (D9). */
export class Cluster {
  readonly simulation: Simulation;
  readonly etcd: Etcd<KubeObject>;
  readonly apiServer: ApiServer;
  readonly #components: Component[] = [];

  constructor(options: ClusterOptions) {
    const { simulation } = options;
    this.simulation = simulation;
    this.etcd = new Etcd<KubeObject>(simulation);
    this.apiServer = new ApiServer({ simulation, etcd: this.etcd, kinds });
    const transport: Transport = (request) => this.apiServer.handle(request);
    bootstrap(
      new Client(transport, { name: 'system:apiserver', groups: ['system:masters'] }),
      controlPlaneAddress,
    );
    this.#components.push(
      controllerManager({ simulation, transport, node: controlPlane }),
      scheduler({ simulation, transport, node: controlPlane }),
    );
  }

  start(): void {
    for (const component of this.#components) component.start();
  }

  /** The transport of who only looks on: never accounted, never an event (D5). */
  observe = (request: ApiRequest): ApiResponse => this.apiServer.handle({ ...request, observer: true });

  get components(): readonly Component[] {
    return this.#components;
  }

  component(name: string, node: string | null): Component | undefined {
    return this.#components.find((entry) => entry.name === name && (node === null || entry.node === node));
  }
}
