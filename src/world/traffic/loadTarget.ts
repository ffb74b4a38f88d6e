import type { RequestCost } from './requestCost.ts';

/** What a solved flow does to one container. Whole numbers throughout. */
export interface Load {
  /** Thousandths of requests per second that arrive. */
  readonly milliRequests: number;
  /** Of those, how many in a million get no answer in time. */
  readonly failedPerMillion: number;
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  readonly latencyMs: number;
}

/** A container that serves: where requests end. */
export interface LoadTarget {
  /** Orders targets, so that sums are made in one order in every run. */
  readonly id: string;
  readonly machine: string;
  readonly machineMillicores: number;
  /** 0 when it may use the whole machine. */
  readonly limitMillicores: number;
  readonly idleMillicores: number;
  readonly idleBytes: number;
  readonly cost: RequestCost;
  /** Takes the load that it bears from now on; null when none is left. */
  bear(load: Load | null): void;
}

/** Answers slower than this are given up by their clients. */
export const clientTimeoutMs = 10_000;
const million = 1_000_000;

/** What `milliRequests` cost in millicores, rounded up. */
export function demandOf({ cost }: LoadTarget, milliRequests: number): number {
  return Math.ceil((milliRequests * cost.cpuMicros) / million);
}

/**
 * What a target makes of the requests that arrive when it may use `availableMillicores` for them. Up to there
 * answers get slower as its CPU fills; what is beyond is not answered in time.
 */
export function loadOf(target: LoadTarget, milliRequests: number, availableMillicores: number): Load {
  const { cost, idleMillicores, idleBytes } = target;
  const demand = demandOf(target, milliRequests);
  const used = Math.min(demand, availableMillicores);
  const failedPerMillion =
    demand <= used || demand === 0 ? 0 : Math.floor(((demand - used) * million) / demand);
  const room = availableMillicores - used;
  const slowness = room <= 0 ? Infinity : availableMillicores / room;
  const latencyMs = Math.min(clientTimeoutMs, Math.round(cost.latencyMs * slowness * 1000) / 1000);
  // Little's law: so many requests are under way at a time.
  const underWay = Math.ceil((milliRequests * latencyMs) / million);
  return {
    milliRequests,
    failedPerMillion,
    cpuMillicores: idleMillicores + used,
    memoryBytes: idleBytes + underWay * cost.memoryBytes,
    latencyMs,
  };
}
