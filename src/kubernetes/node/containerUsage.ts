import { CpuMeter } from '#world/machine/cpuMeter.ts';
import type { RequestCost } from '#world/traffic/requestCost.ts';
import type { Load, LoadTarget } from '#world/traffic/loadTarget.ts';
import type { Server } from '#world/machine/image.ts';
import type { Simulation } from '#sim/simulation.ts';

/** What the container may use, and of what. */
export interface ResourceLimits {
  readonly machine: string;
  readonly machineMillicores: number;
  /** 0 without a limit. */
  readonly limitMillicores: number;
  /** 0 without a limit. */
  readonly memoryBytes: number;
}

/** The container that bears the load. */
interface Bearer {
  readonly id: string;
  readonly simulation: Simulation;
  readonly server: Server | undefined;
  /** How many times longer everything takes on its machine. */
  readonly slowness: number;
  /** Memory that it holds as files. */
  readonly tmpfsBytes: number;
  /** It wants more memory than its limit. */
  killForMemory(): void;
  /** It uses more, or less, memory than before. */
  touch(): void;
  /** It does not behave as before: whoever took it for steady looks again. */
  disturb(): void;
}

/** How far back a rate is remembered. */
const rememberedMs = 60_000;

/** The load on one container, and what it has used: made for those only that somebody asks something of. */
export class ContainerUsage implements LoadTarget {
  readonly #cost: RequestCost;
  readonly #container: Bearer;
  #limits: ResourceLimits;
  /** Of single requests; most containers get none. */
  #meter: CpuMeter | null = null;
  /** Changes of the rate at which CPU is used by flows, oldest first. */
  #rates: { readonly atMs: number; readonly millicores: number }[] = [];
  #load: Load | null = null;

  constructor(container: Bearer, limits: ResourceLimits, cost: RequestCost) {
    this.#container = container;
    this.#limits = limits;
    this.#cost = cost;
  }

  get id(): string {
    return this.#container.id;
  }

  /** What a request costs here: on a slow machine the same work takes more of its CPU's time. */
  get cost(): RequestCost {
    const { slowness } = this.#container;
    if (slowness === 1) return this.#cost;
    const { cpuMicros, latencyMs, memoryBytes } = this.#cost;
    return { cpuMicros: cpuMicros * slowness, latencyMs: latencyMs * slowness, memoryBytes };
  }

  get machine(): string {
    return this.#limits.machine;
  }

  get machineMillicores(): number {
    return this.#limits.machineMillicores;
  }

  get limitMillicores(): number {
    return this.#limits.limitMillicores;
  }

  get idleMillicores(): number {
    return this.#container.server?.cpuIdleMillicores ?? 0;
  }

  get idleBytes(): number {
    return this.#container.server?.memoryIdleBytes ?? 0;
  }

  get load(): Load | null {
    return this.#load;
  }

  /** Some of what it is asked goes unanswered. */
  get isOverloaded(): boolean {
    return this.#load !== null && this.#load.failedPerMillion > 0;
  }

  resize(limits: ResourceLimits): void {
    this.#limits = limits;
  }

  bear(load: Load | null): void {
    const { nowMs } = this.#container.simulation;
    const wasOverloaded = this.isOverloaded;
    if (load?.memoryBytes !== this.#load?.memoryBytes) this.#container.touch();
    this.#load = load;
    const millicores = load === null ? 0 : load.cpuMillicores - this.idleMillicores;
    if (this.#rates.at(-1)?.millicores !== millicores) {
      while (this.#rates.length > 1 && this.#rates[1]!.atMs < nowMs - rememberedMs) this.#rates.shift();
      this.#rates.push({ atMs: nowMs, millicores });
    }
    const { memoryBytes } = this.#limits;
    const wanted = load === null ? 0 : load.memoryBytes + this.#container.tmpfsBytes;
    if (memoryBytes > 0 && wanted > memoryBytes) this.#container.killForMemory();
    else if (this.isOverloaded !== wasOverloaded) this.#container.disturb();
  }

  /** One request that somebody really makes. Returns how long it takes under the present load. */
  serve(): number {
    this.#meter ??= new CpuMeter();
    const { cpuMicros, latencyMs } = this.cost;
    this.#meter.spend(this.#container.simulation.nowMs, cpuMicros);
    return Math.max(latencyMs, this.#load?.latencyMs ?? 0);
  }

  /** Millicores beyond what it uses at rest, on average over a time. */
  busyMillicores(fromMs: number, toMs: number): number {
    let microsFromRates = 0;
    for (const [i, { atMs, millicores }] of this.#rates.entries()) {
      const begin = Math.max(atMs, fromMs);
      const end = Math.min(this.#rates[i + 1]?.atMs ?? toMs, toMs);
      // A millicore for a millisecond is a millionth of a core-second.
      if (end > begin) microsFromRates += millicores * (end - begin);
    }
    const micros = microsFromRates + (this.#meter?.spentBetween(fromMs, toMs) ?? 0);
    return Math.ceil(micros / (toMs - fromMs));
  }
}
