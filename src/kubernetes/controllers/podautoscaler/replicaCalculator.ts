// Upstream: pkg/controller/podautoscaler/replica_calculator.go, metrics/utilization.go
import type { Pod } from '#generated/types/core.v1.ts';
import { isSidecar, podCondition } from '#kubernetes/api/podStatus.ts';
import { milliValue } from '#kubernetes/apimachinery/quantity.ts';
import { MetricsError, type PodMetric } from './podMetrics.ts';

/** Upstream: --horizontal-pod-autoscaler-cpu-initialization-period and …-initial-readiness-delay. */
const cpuInitializationMs = 5 * 60_000;
const initialReadinessDelayMs = 30_000;

/** How far the use may be off its target, up and down, before anything is scaled. */
export interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

/** What a metric asks for, with what it was computed from. */
export interface Proposal {
  readonly replicas: number;
  /** In percent of the requests. */
  readonly utilization?: number;
  /** The average per pod, in thousandths. */
  readonly averageMillis: number;
}

export interface Question {
  readonly currentReplicas: number;
  readonly resource: string;
  readonly container?: string;
  readonly pods: readonly Pod[];
  readonly metrics: ReadonlyMap<string, PodMetric>;
  readonly tolerances: Tolerances;
  readonly nowMs: number;
}

/** The size at which the pods would use `targetUtilization` percent of their requests. Throws MetricsError. */
export function utilizationReplicas(question: Question, targetUtilization: number): Proposal {
  const requests = requestsOf(question);
  const usageOf = (values: ReadonlyMap<string, number>): Usage => {
    let total = 0;
    let requested = 0;
    let count = 0;
    for (const [pod, value] of values) {
      const request = requests.get(pod);
      if (request === undefined) continue;
      total += value;
      requested += request;
      count++;
    }
    if (requested === 0) throw new MetricsError('no metrics returned matched known pods');
    const utilization = Math.floor((total * 100) / requested);
    const averageMillis = Math.floor(total / count);
    return { ratio: utilization / targetUtilization, utilization, averageMillis };
  };
  // A pod of which nothing is known may use all that it should, or all that it asked for.
  const missingShare = Math.max(100, targetUtilization);
  const fullUse = (pod: string) => Math.floor(((requests.get(pod) ?? 0) * missingShare) / 100);
  return replicasFor(question, usageOf, fullUse);
}

/** The size at which each pod would use `targetMillis` on average. Throws MetricsError. */
export function averageValueReplicas(question: Question, targetMillis: number): Proposal {
  const usageOf = (values: ReadonlyMap<string, number>): Usage => {
    let total = 0;
    for (const value of values.values()) total += value;
    const averageMillis = Math.floor(total / values.size);
    return { ratio: averageMillis / targetMillis, averageMillis };
  };
  return replicasFor(question, usageOf, () => targetMillis);
}

/**
 * The size at which something that all pods serve together would be at `targetMillis`, of which it is at `millis` now;
 * a target of no pods gets as many as that is times the aim.
 */
export function valueReplicas(
  { currentReplicas, pods, tolerances }: Question,
  readyCount: number,
  millis: number,
  targetMillis: number,
): number {
  const ratio = millis / targetMillis;
  if (currentReplicas === 0) return Math.ceil(ratio);
  if (isWithin(tolerances, ratio)) return currentReplicas;
  if (pods.length === 0)
    throw new MetricsError(
      'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
  return Math.ceil(ratio * readyCount);
}

/** The size at which each pod's part of `millis` would be `targetMillis`; `replicas` is what the target has. */
export function perPodReplicas(
  tolerances: Tolerances,
  replicas: number,
  millis: number,
  targetMillis: number,
): number {
  const ratio = millis / (targetMillis * replicas);
  return isWithin(tolerances, ratio) ? replicas : Math.ceil(millis / targetMillis);
}

interface Usage {
  /** Use over target: above 1 there are too few pods. */
  readonly ratio: number;
  readonly utilization?: number;
  readonly averageMillis: number;
}

/**
 * The rule that both have in common. Pods without metrics, or not ready, are taken for the side that moves the
 * result less: idle when growing, at full use when shrinking; and they never turn the direction around.
 */
function replicasFor(
  question: Question,
  usageOf: (values: ReadonlyMap<string, number>) => Usage,
  fullUse: (pod: string) => number,
): Proposal {
  const { currentReplicas, pods, metrics, tolerances } = question;
  if (pods.length === 0)
    throw new MetricsError('no pods returned by selector while calculating replica count');
  const { readyCount, unready, missing } = groupPods(question);
  const values = new Map<string, number>();
  for (const [pod, { value }] of metrics) if (!unready.has(pod)) values.set(pod, value);
  if (values.size === 0) throw new MetricsError('did not receive metrics for any ready pods');
  const { ratio, ...shown } = usageOf(values);
  const same = { replicas: currentReplicas, ...shown };
  const countsUnready = unready.size > 0 && ratio > 1;
  if (!countsUnready && missing.size === 0) {
    if (isWithin(tolerances, ratio)) return same;
    return { replicas: Math.ceil(ratio * readyCount), ...shown };
  }
  for (const pod of missing) {
    if (ratio < 1) values.set(pod, fullUse(pod));
    else if (ratio > 1) values.set(pod, 0);
  }
  if (countsUnready) for (const pod of unready) values.set(pod, 0);
  const { ratio: cautious } = usageOf(values);
  const turnsAround = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  if (isWithin(tolerances, cautious) || turnsAround) return same;
  const replicas = Math.ceil(cautious * values.size);
  const movesAgainst =
    (cautious < 1 && replicas > currentReplicas) || (cautious > 1 && replicas < currentReplicas);
  return movesAgainst ? same : { replicas, ...shown };
}

function isWithin({ scaleUp, scaleDown }: Tolerances, ratio: number): boolean {
  return ratio >= 1 - scaleDown && ratio <= 1 + scaleUp;
}

/** Pods by what their metrics say; `readyCount` of them count as they are. */
export interface Groups {
  readonly readyCount: number;
  readonly unready: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}

/** Which pods count: those that start say nothing of their CPU, and those without metrics are missing. */
export function groupPods({
  pods,
  metrics,
  resource,
  nowMs,
}: Pick<Question, 'pods' | 'metrics' | 'resource' | 'nowMs'>): Groups {
  const unready = new Set<string>();
  const missing = new Set<string>();
  let readyCount = 0;
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined || pod.status.phase === 'Failed') continue;
    const metric = metrics.get(name);
    if (pod.status.phase === 'Pending') unready.add(name);
    else if (metric === undefined) missing.add(name);
    else if (resource === 'cpu' && isStarting(pod, metric, nowMs)) unready.add(name);
    else readyCount++;
  }
  return { readyCount, unready, missing };
}

/** A pod that starts uses more than it will: what it uses before it is ready says nothing. */
function isStarting(pod: Pod, metric: PodMetric, nowMs: number): boolean {
  const ready = podCondition(pod, 'Ready');
  const { startTime } = pod.status;
  if (ready === undefined || startTime === undefined) return true;
  const startMs = Date.parse(startTime);
  const sinceMs = Date.parse(ready.lastTransitionTime ?? '');
  if (startMs + cpuInitializationMs > nowMs) {
    return ready.status === 'False' || metric.atMs < sinceMs + metric.windowMs;
  }
  return ready.status === 'False' && startMs + initialReadinessDelayMs > sinceMs;
}

/** What each pod asks for, in thousandths. A container that asks for nothing makes a share of it meaningless. */
function requestsOf({ pods, resource, container }: Question): Map<string, number> {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
    const counted = container === undefined ? all : all.filter(({ name }) => name === container);
    let sum = 0;
    for (const { name, resources } of counted) {
      const request = resources?.requests?.[resource];
      if (request === undefined) {
        const which = `container ${name} of Pod ${pod.metadata.name}`;
        throw new MetricsError(`missing request for ${resource} in ${which}`);
      }
      sum += milliValue(request);
    }
    requests.set(pod.metadata.name, sum);
  }
  return requests;
}
