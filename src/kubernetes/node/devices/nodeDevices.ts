// Upstream: pkg/kubelet/nodestatus/setters.go MachineInfo, pkg/kubelet/kubelet_node_status.go reconcileExtendedResource
import type { Node, NodeStatus, Pod } from '#generated/types/core.v1.ts';
import { isExtendedResource } from '#kubernetes/api/resourceNames.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Program } from '#world/machine/program.ts';
import type { Kubelet } from '../kubelet.ts';
import type { Devices, NodeFleet } from '../nodeFleet.ts';
import type { Rejection } from '../podAdmission.ts';
import { DeviceManager } from './deviceManager.ts';
import { pluginDirectory } from './devicePlugin.ts';
import { exposeGpus, installGpus } from './gpus.ts';

type Quantities = Readonly<Record<string, string>>;

const noQuantities: Quantities = {};

/** The resources of nodes that are not their machines' own. */
export class NodeDevices implements Devices {
  /** Of the nodes that ever had a plugin. */
  readonly #managers = new Map<Kubelet, DeviceManager>();
  /** Nodes whose status does not say what it should. */
  readonly #due = new Set<Kubelet>();
  readonly #fleet: NodeFleet;

  constructor(fleet: NodeFleet) {
    this.#fleet = fleet;
    for (const kubelet of fleet.kubelets.values()) this.add(kubelet);
  }

  add(kubelet: Kubelet): void {
    const { hostFiles } = kubelet.volumes;
    if (kubelet.identity.gpus) installGpus(hostFiles, kubelet.name, kubelet.identity.gpus);
    hostFiles.onChange((path) => {
      if (path.startsWith(pluginDirectory)) this.#managerOf(kubelet).fileChanged(path);
      this.#fleet.onFileChange?.(kubelet, path);
    });
  }

  follow(nodes: Informer<Node>): void {
    nodes.onChange((now, before) => {
      const kubelet = now && this.#fleet.kubelets.get(now.metadata.name);
      if (kubelet === undefined) return;
      const { capacity, allocatable } = now!.status;
      if (capacity === before?.status.capacity && allocatable === before?.status.allocatable) return;
      const wanted = this.#extended(kubelet, now!.status, false);
      const isTrue =
        deepEqual(wanted.capacity, extendedOf(capacity)) &&
        deepEqual(wanted.allocatable, extendedOf(allocatable));
      if (!isTrue) this.#due.add(kubelet);
    });
  }

  started(kubelet: Kubelet): void {
    this.#managers.get(kubelet)?.start();
  }

  stopped(kubelet: Kubelet): void {
    this.#managers.get(kubelet)?.stop();
  }

  isDue(kubelet: Kubelet): boolean {
    return this.#due.has(kubelet);
  }

  written(kubelet: Kubelet): void {
    this.#due.delete(kubelet);
  }

  addTo(kubelet: Kubelet, status: NodeStatus, old: NodeStatus, isRegistration: boolean): NodeStatus {
    const { capacity, allocatable } = this.#extended(kubelet, old, isRegistration);
    if (Object.keys(capacity).length === 0) return status;
    return {
      ...status,
      allocatable: { ...status.allocatable, ...allocatable },
      capacity: { ...status.capacity, ...capacity },
    };
  }

  allocatable(kubelet: Kubelet, own: Quantities): Quantities {
    const others = extendedOf(kubelet.reporter.node?.status.allocatable);
    const ofPlugins = this.#managers.get(kubelet)?.amounts().capacity ?? noQuantities;
    const named = Object.entries(others).filter(([name]) => !(name in ofPlugins));
    return named.length === 0 ? own : { ...own, ...Object.fromEntries(named) };
  }

  admit(kubelet: Kubelet, pod: Pod): Rejection | null {
    const manager = this.#managers.get(kubelet);
    if (manager === undefined) return null;
    return manager.allocate(pod, () => {
      const others = [...kubelet.podsBeside(kubelet.workers.get(pod.metadata.uid)!)];
      return new Set(others.map(({ metadata }) => metadata.uid));
    });
  }

  variables(kubelet: Kubelet, uid: string, container: string): ReadonlyMap<string, string> | undefined {
    return this.#managers.get(kubelet)?.variables(uid, container);
  }

  expose(
    kubelet: Kubelet,
    environment: ReadonlyMap<string, string>,
    files: FileSystem,
  ): ReadonlyMap<string, Program> | undefined {
    if (!kubelet.identity.gpus) return undefined;
    return exposeGpus(kubelet.volumes.hostFiles, environment, files);
  }

  #managerOf(kubelet: Kubelet): DeviceManager {
    let manager = this.#managers.get(kubelet);
    if (manager === undefined) {
      const changed = () => this.#due.add(kubelet);
      manager = new DeviceManager(kubelet.simulation, kubelet.volumes.hostFiles, changed);
      this.#managers.set(kubelet, manager);
    }
    return manager;
  }

  /** What plugins offer, and what others have put into the node's status: that is what the kubelet lets stand. */
  #extended(
    kubelet: Kubelet,
    old: NodeStatus,
    isRegistration: boolean,
  ): { readonly capacity: Quantities; readonly allocatable: Quantities } {
    const manager = this.#managers.get(kubelet);
    // A kubelet that never had a plugin takes its node for a new one when it starts.
    const isReset = isRegistration && manager?.hasCheckpoint !== true;
    const others = Object.entries(extendedOf(old.capacity)).map(([name, amount]) => [
      name,
      isReset ? '0' : amount,
    ]);
    const kept: Quantities = Object.fromEntries(others);
    const own = manager?.amounts();
    return {
      capacity: { ...kept, ...own?.capacity },
      allocatable: { ...kept, ...own?.allocatable },
    };
  }
}

function extendedOf(amounts: NodeStatus['capacity'] = {}): Quantities {
  let found: Record<string, string> | undefined;
  for (const name in amounts) if (isExtendedResource(name)) (found ??= {})[name] = String(amounts[name]);
  return found ?? noQuantities;
}
