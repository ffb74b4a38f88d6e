// Upstream: pkg/kubelet/cm/devicemanager/{manager,pod_devices}.go
import type { Container, Pod } from '#generated/types/core.v1.ts';
import { unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Rejection } from '../podAdmission.ts';
import { type DevicePlugin, pluginDirectory, readPlugins } from './devicePlugin.ts';

/** Upstream: endpointStopGracePeriod: so long a plugin may be away until its resource is taken back. */
const graceMs = 300_000;
/** A plugin sees that the kubelet has come back, and registers again. */
const registerMs = 1_000;

/** A resource that some plugin has offered. */
interface Resource {
  healthy: ReadonlySet<string>;
  unhealthy: ReadonlySet<string>;
  variable: string;
  /** When its plugin went away; null while it is there. */
  stoppedMs: number | null;
}

/** The devices of one container by resource. */
type ContainerDevices = Map<string, readonly string[]>;

const none: ReadonlySet<string> = new Set();

/** The devices of one node: what plugins offer, and which containers have them. */
export class DeviceManager {
  readonly #simulation: Simulation;
  readonly #files: FileSystem;
  readonly #changed: () => void;
  readonly #resources = new Map<string, Resource>();
  /** Resources whose plugins stayed away: the node goes on naming them, with nothing of them. */
  readonly #removed = new Set<string>();
  /** By pod uid and container name. */
  readonly #allocated = new Map<string, Map<string, ContainerDevices>>();
  #isDue = false;
  #isListening = true;

  /** `changed` is called when the node has other devices than before. */
  constructor(simulation: Simulation, files: FileSystem, changed: () => void) {
    this.#simulation = simulation;
    this.#files = files;
    this.#changed = changed;
    this.#sync();
  }

  /** True once a plugin has registered: the kubelet has a checkpoint, and knows which resources are not its own. */
  get hasCheckpoint(): boolean {
    return this.#resources.size > 0 || this.#removed.size > 0;
  }

  /** The kubelet's process has stopped: plugins talk to nobody. */
  stop(): void {
    this.#isListening = false;
  }

  /** It has come back, and knows no device until plugins have registered again. */
  start(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    for (const resource of this.#resources.values()) {
      resource.healthy = resource.unhealthy = none;
      this.#stopped(resource);
    }
    this.#isDue = true;
    this.#simulation.after(registerMs, () => this.#sync());
  }

  /** A file of the node has changed. */
  fileChanged(path: string): void {
    if (!path.startsWith(pluginDirectory) || this.#isDue || !this.#isListening) return;
    this.#isDue = true;
    this.#simulation.after(0, () => this.#sync());
  }

  /** What the node has of each resource, and what of it pods may have. */
  amounts(): {
    readonly capacity: Record<string, string>;
    readonly allocatable: Record<string, string>;
  } {
    const capacity: Record<string, string> = {};
    const allocatable: Record<string, string> = {};
    for (const name of this.#removed) capacity[name] = allocatable[name] = '0';
    for (const [name, { healthy, unhealthy }] of this.#resources) {
      capacity[name] = String(healthy.size + unhealthy.size);
      allocatable[name] = String(healthy.size);
    }
    return { capacity, allocatable };
  }

  /**
   * Gives a pod's containers their devices; init containers leave theirs to those that come after them. Returns why it
   * cannot, null when it has. `activePods` are the uids of the pods that keep what they have.
   */
  allocate(pod: Pod, activePods: () => ReadonlySet<string>): Rejection | null {
    const { containers, initContainers = [] } = pod.spec;
    const all = [...initContainers, ...containers];
    if (!all.some((container) => this.#wants(container).length > 0)) return null;
    const active = activePods();
    for (const uid of this.#allocated.keys()) if (!active.has(uid)) this.#allocated.delete(uid);
    const reusable = new Map<string, readonly string[]>();
    for (const container of all) {
      const isInit = initContainers.includes(container) && container.restartPolicy !== 'Always';
      for (const [name, count] of this.#wants(container)) {
        const given = this.#allocateOf(name, count, reusable.get(name) ?? []);
        if (typeof given === 'string')
          return {
            reason: 'UnexpectedAdmissionError',
            message: `Allocate failed due to ${given}, which is unexpected`,
          };
        this.#remember(pod.metadata.uid, container.name, name, given);
        const left = (reusable.get(name) ?? []).filter((device) => !given.includes(device));
        reusable.set(name, isInit ? [...left, ...given] : left);
      }
    }
    return null;
  }

  /** What tells a container of its devices; undefined where it has none. */
  variables(uid: string, container: string): ReadonlyMap<string, string> | undefined {
    const devices = this.#allocated.get(uid)?.get(container);
    if (devices === undefined) return undefined;
    return new Map(
      [...devices].flatMap(([name, ids]) => {
        const variable = this.#resources.get(name)?.variable;
        return variable ? [[variable, ids.join(',')] as const] : [];
      }),
    );
  }

  #wants({ resources }: Container): [resource: string, count: number][] {
    return Object.entries(resources?.limits ?? {})
      .filter(([name]) => this.#resources.has(name))
      .map(([name, amount]) => [name, unitValue(amount)] as [string, number])
      .filter(([, count]) => count > 0);
  }

  /** Devices of a resource that nobody has, in order; or why there are none. */
  #allocateOf(name: string, count: number, reusable: readonly string[]): readonly string[] | string {
    const { healthy } = this.#resources.get(name)!;
    if (healthy.size === 0) return `no healthy devices present; cannot allocate unhealthy devices ${name}`;
    const inUse = new Set<string>();
    for (const containers of this.#allocated.values())
      for (const devices of containers.values()) for (const id of devices.get(name) ?? []) inUse.add(id);
    const again = reusable.slice(0, count);
    const needed = count - again.length;
    const free = [...healthy].filter((id) => !inUse.has(id));
    if (free.length < needed)
      return `requested number of devices unavailable for ${name}. Requested: ${needed}, Available: ${free.length}`;
    return [...again, ...free.slice(0, needed)];
  }

  #remember(uid: string, container: string, resource: string, ids: readonly string[]): void {
    const containers = this.#allocated.get(uid) ?? new Map<string, ContainerDevices>();
    this.#allocated.set(uid, containers);
    const devices = containers.get(container) ?? new Map<string, readonly string[]>();
    containers.set(container, devices.set(resource, ids));
  }

  /** Looks which plugins there are. */
  #sync(): void {
    this.#isDue = false;
    if (!this.#isListening) return;
    const plugins = readPlugins(this.#files);
    for (const plugin of plugins) this.#register(plugin);
    for (const [name, resource] of this.#resources)
      if (!plugins.some(({ resourceName }) => resourceName === name)) this.#lost(resource);
    if (this.hasCheckpoint) this.#changed();
  }

  #register({ resourceName, devices, variable }: DevicePlugin): void {
    const ids = (health: string) =>
      new Set(devices.filter((device) => device.health === health).map(({ id }) => id));
    this.#removed.delete(resourceName);
    this.#resources.set(resourceName, {
      healthy: ids('Healthy'),
      unhealthy: ids('Unhealthy'),
      variable,
      stoppedMs: null,
    });
  }

  /** Its plugin is gone: what it offered is there, but not well. */
  #lost(resource: Resource): void {
    if (resource.stoppedMs !== null) return;
    resource.unhealthy = new Set([...resource.healthy, ...resource.unhealthy]);
    resource.healthy = none;
    this.#stopped(resource);
  }

  #stopped(resource: Resource): void {
    const stoppedMs = this.#simulation.nowMs;
    resource.stoppedMs = stoppedMs;
    this.#simulation.after(graceMs, () => {
      if (resource.stoppedMs !== stoppedMs) return;
      for (const [name, known] of this.#resources) {
        if (known !== resource) continue;
        this.#resources.delete(name);
        this.#removed.add(name);
        this.#changed();
      }
    });
  }
}
