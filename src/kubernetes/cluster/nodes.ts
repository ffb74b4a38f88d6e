import { ClusterDns } from '#images/clusterDns.ts';
import { controlPlaneImages, type ControlPlanePrograms } from '#images/controlPlane.ts';
import { corednsImage } from '#images/coredns.ts';
import { pause } from '#images/pause.ts';
import { SimulatedRegistry } from '#images/simulatedRegistry.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Kubelet } from '#kubernetes/node/kubelet.ts';
import { KubeProxy } from '#kubernetes/node/kubeProxy.ts';
import { ServiceTable } from '#kubernetes/node/serviceTable.ts';
import { NodeFleet } from '#kubernetes/node/nodeFleet.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Network } from '#world/network/network.ts';
import { dnsAddress } from './addons.ts';
import { component, type Component } from './component.ts';
import { controlPlane } from './controlPlane.ts';
import { releases } from './releases.ts';
import { accountUser, nodeUser } from './users.ts';

/** A node to start with; amounts are quantities as in a manifest. */
export interface NodeOptions {
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
  readonly podsMax: number;
  readonly zone: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** NVIDIA GPUs that the machine has. */
  readonly gpus?: { readonly count: number; readonly model: string };
}

/** All machines of the cluster, and what they share. */
export class Nodes {
  readonly fleet: NodeFleet;
  readonly registry: SimulatedRegistry;
  readonly kubelets = new Map<string, Kubelet>();
  readonly proxies = new Map<string, KubeProxy>();
  /** Told of each machine that loses its power. */
  onPowerOff: ((name: string) => void) | null = null;
  readonly #simulation: Simulation;
  readonly #network: Network;
  readonly services: ServiceTable;
  readonly #transportFrom: (machine: string) => Transport;
  /** What the cluster's DNS and all nodes follow. */
  readonly informers: Informers;
  readonly #version: string;

  constructor(options: {
    simulation: Simulation;
    /** The way from a machine to the API. */
    transportFrom(machine: string): Transport;
    network: Network;
    /** Of the kubelets, when they are installed. */
    version: string;
    programs: ControlPlanePrograms;
  }) {
    const { simulation, network, version } = options;
    this.#transportFrom = options.transportFrom;
    this.#simulation = simulation;
    this.#network = network;
    this.#version = version;
    // What every kubelet, every kube-proxy and CoreDNS read alike is read once, by the one that may read all of it.
    const shared = new Client(options.transportFrom(''), accountUser('coredns'));
    this.informers = new Informers(simulation, shared);
    this.registry = new SimulatedRegistry([
      pause,
      ...controlPlaneImages(
        {
          kubernetes: releases.map((release) => release.version),
          etcd: releases.map((release) => release.etcd),
        },
        options.programs,
      ),
      corednsImage(
        new ClusterDns(this.informers),
        releases.map((release) => release.coredns),
      ),
    ]);
    const { registry } = this;
    this.fleet = new NodeFleet({
      simulation,
      network,
      registry,
      informers: this.informers,
      dnsAddress,
    });
    this.services = new ServiceTable(this.informers, network);
  }

  /** The address of the machine that is added next. */
  get nextAddress(): string {
    return this.kubelets.size === 0 ? controlPlane.address : nodeAddress(this.kubelets.size);
  }

  /** Adds a machine; its kubelet and its kube-proxy start with `start` of the components that are returned. */
  add(options: NodeOptions, isControlPlane = false): readonly Component[] {
    const index = this.kubelets.size;
    const { name } = options;
    const address = this.nextAddress;
    const user = nodeUser(name);
    const kubelet = new Kubelet({
      fleet: this.fleet,
      client: new Client(this.#transportFrom(name), user, 'kubelet'),
      identity: {
        name,
        address,
        podCidr: podCidr(index),
        version: this.#version,
        size: {
          cpu: options.cpu,
          memory: options.memory,
          pods: options.podsMax,
          ephemeralStorage: '100Gi',
        },
        labels: {
          ...(options.zone && { 'topology.kubernetes.io/zone': options.zone }),
          ...options.labels,
        },
        ...(options.gpus && { gpus: options.gpus }),
        taints: isControlPlane ? [{ key: controlPlane.role, effect: 'NoSchedule' }] : [],
      },
    });
    const proxy = new KubeProxy({
      simulation: this.#simulation,
      network: this.#network,
      table: this.services,
      nodeName: name,
      nodeAddress: address,
    });
    this.kubelets.set(name, kubelet);
    this.proxies.set(name, proxy);
    return [
      component('kubelet', name, () => {
        kubelet.start();
        return () => kubelet.stop();
      }),
      component('kube-proxy', name, () => {
        proxy.start();
        return () => proxy.stop();
      }),
    ];
  }

  /** Cuts a machine's power. */
  powerOff(name: string): void {
    this.onPowerOff?.(name);
    this.kubelets.get(name)?.powerOff();
    this.proxies.get(name)?.powerOff();
  }

  start(): void {
    this.informers.start();
  }
}

/** The nth machine's address in 10.0.0.0/16; .0.2 is the control plane's. */
function nodeAddress(index: number): string {
  const host = index + 3;
  return `10.0.${host >> 8}.${host & 255}`;
}

/** The nth node's /24 of the pod network 10.244.0.0/12, wide enough for 4,096 nodes and more. */
function podCidr(index: number): string {
  const block = (244 << 8) + index;
  return `${10 + (block >> 16)}.${(block >> 8) & 255}.${block & 255}.0/24`;
}
