import type { Timer } from '#sim/eventQueue.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Network, Route } from '../network/network.ts';
import type { NetworkStack } from '../network/networkStack.ts';
import { demandOf, type Load, type LoadTarget, loadOf } from './loadTarget.ts';

/** Requests that somebody sends all the time, as a rate. */
export interface Flow {
  readonly from: NetworkStack;
  readonly host: string;
  readonly port: number;
  /** Thousandths of requests per second. */
  readonly milliRequests: number;
}

/** How a flow fares. */
export interface FlowResult {
  readonly milliRequests: number;
  readonly milliErrors: number;
  /** Of those that are answered, on average. */
  readonly latencyMs: number;
  /** Why all fail, when they do: `Could not resolve host`, `Connection refused` … */
  readonly error: string | null;
}

/** Changes within this time are solved together. */
const settleMs = 100;

const unsolved: FlowResult = { milliRequests: 0, milliErrors: 0, latencyMs: 0, error: null };

/**
 * Traffic as rates (D10): each flow goes by way of its service to the endpoints that there are, and is solved
 * again when something on the way has changed. Ten million requests a second cost what ten do.
 */
export class Traffic {
  readonly #simulation: Simulation;
  /** Each flow with how it fared when last solved. */
  readonly #flows = new Map<Flow, FlowResult>();
  #bearing = new Set<LoadTarget>();
  #timer: Timer | null = null;

  constructor(simulation: Simulation, network: Network) {
    this.#simulation = simulation;
    network.onChange(() => this.#changed(settleMs));
  }

  /** Starts a flow. Returns what ends it. */
  start(flow: Flow): () => void {
    this.#flows.set(flow, unsolved);
    this.#changed(settleMs);
    return () => {
      this.#flows.delete(flow);
      this.#solveIn(settleMs);
    };
  }

  resultOf(flow: Flow): FlowResult {
    return this.#flows.get(flow) ?? unsolved;
  }

  /** The sum of all flows. */
  total(): { milliRequests: number; milliErrors: number } {
    let milliRequests = 0;
    let milliErrors = 0;
    for (const result of this.#flows.values()) {
      milliRequests += result.milliRequests;
      milliErrors += result.milliErrors;
    }
    return { milliRequests, milliErrors };
  }

  #changed(delayMs: number): void {
    if (this.#flows.size > 0) this.#solveIn(delayMs);
  }

  #solveIn(delayMs: number): void {
    const atMs = this.#simulation.nowMs + delayMs;
    if (this.#timer?.run && this.#timer.atMs <= atMs) return;
    this.#simulation.cancel(this.#timer);
    this.#timer = this.#simulation.after(delayMs, () => this.#solve(), null);
  }

  #solve(): void {
    const arriving = new Map<LoadTarget, number>();
    const paths = new Map<Flow, Path>();
    for (const flow of this.#flows.keys()) {
      const path = this.#follow(flow);
      paths.set(flow, path);
      for (const [target, milli] of path.shares) arriving.set(target, (arriving.get(target) ?? 0) + milli);
    }
    const loads = solveMachines(arriving);
    for (const target of this.#bearing) if (!arriving.has(target)) target.bear(null);
    this.#bearing = new Set(arriving.keys());
    for (const [flow, path] of paths) this.#flows.set(flow, resultOf(flow, path, loads));
    for (const [target, load] of loads) target.bear(load);
  }

  /** Where the requests of a flow end: equal shares over the endpoints, what is left over to the first ones. */
  #follow({ from, host, port, milliRequests }: Flow): Path {
    const shares = new Map<LoadTarget, number>();
    const found = from.lookUp(host);
    if (found.addresses === null) return { shares, lost: milliRequests, error: 'Could not resolve host' };
    const routes = from.routes(found.addresses[0]!, port);
    if (routes.length === 0) return { shares, lost: milliRequests, error: 'Connection refused' };
    const each = Math.floor(milliRequests / routes.length);
    let rest = milliRequests - each * routes.length;
    let lost = 0;
    let error: string | null = null;
    for (const route of routes) {
      const milli = each + (rest > 0 ? 1 : 0);
      if (rest > 0) rest--;
      const target = route.outcome === 'open' ? route.target : undefined;
      if (target !== undefined) shares.set(target, (shares.get(target) ?? 0) + milli);
      else {
        lost += milli;
        error = failureOf(route);
        if (route.retryAtMs !== undefined)
          this.#changed(Math.max(0, route.retryAtMs - this.#simulation.nowMs));
      }
    }
    return { shares, lost, error };
  }
}

interface Path {
  readonly shares: ReadonlyMap<LoadTarget, number>;
  readonly lost: number;
  readonly error: string | null;
}

function failureOf({ outcome }: Route): string {
  if (outcome === 'refused') return 'Connection refused';
  return outcome === 'unreachable' ? 'No route to host' : 'Connection timed out';
}

/** Shares each machine's CPU among its targets by what they want, within their limits. */
function solveMachines(arriving: ReadonlyMap<LoadTarget, number>): Map<LoadTarget, Load> {
  const targets = [...arriving.keys()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const wanted = new Map<string, number>();
  const wants = new Map<LoadTarget, number>();
  for (const target of targets) {
    const { machine, limitMillicores, idleMillicores, machineMillicores } = target;
    const most = (limitMillicores > 0 ? limitMillicores : machineMillicores) - idleMillicores;
    const want = Math.min(demandOf(target, arriving.get(target)!), Math.max(0, most));
    wants.set(target, want);
    wanted.set(machine, (wanted.get(machine) ?? 0) + want);
  }
  const loads = new Map<LoadTarget, Load>();
  for (const target of targets) {
    const { limitMillicores, idleMillicores, machineMillicores, machine } = target;
    const total = wanted.get(machine)!;
    const most = Math.max(0, (limitMillicores > 0 ? limitMillicores : machineMillicores) - idleMillicores);
    // A machine that is asked for too much gives each the same part of what it wants.
    const available =
      total <= machineMillicores
        ? Math.min(most, machineMillicores - total + wants.get(target)!)
        : Math.floor((wants.get(target)! * machineMillicores) / total);
    loads.set(target, loadOf(target, arriving.get(target)!, available));
  }
  return loads;
}

function resultOf(
  flow: Flow,
  { shares, lost, error }: Path,
  loads: ReadonlyMap<LoadTarget, Load>,
): FlowResult {
  let failed = lost;
  let answered = 0;
  let weighted = 0;
  for (const [target, milli] of shares) {
    const { failedPerMillion, latencyMs } = loads.get(target)!;
    const errors = Math.floor((milli * failedPerMillion) / 1_000_000);
    failed += errors;
    answered += milli - errors;
    weighted += (milli - errors) * latencyMs;
  }
  return {
    milliRequests: flow.milliRequests,
    milliErrors: failed,
    latencyMs: answered === 0 ? 0 : Math.round((weighted / answered) * 10) / 10,
    error: answered === 0 ? error : null,
  };
}
