// Upstream: pkg/controller/podautoscaler/horizontal.go computeReplicasForMetrics
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '#generated/types/autoscaling.v2.ts';
import { formatMillis, milliValue } from '#kubernetes/apimachinery/quantity.ts';
import { MetricsError, fetchPodMetrics } from './podMetrics.ts';
import { type MetricAnswer, replicasForCustomMetric } from './customReplicas.ts';
import { MetricFailure } from './metricFailure.ts';
import { type Selection, selectionOf } from './podSelection.ts';
import type { Room } from './room.ts';
import {
  type Proposal,
  type Question,
  type Tolerances,
  averageValueReplicas,
  utilizationReplicas,
} from './replicaCalculator.ts';

/** Upstream: --horizontal-pod-autoscaler-tolerance. */
const defaultTolerance = 0.1;

/** What all metrics together ask for: the most that any of them does. */
export interface MetricsAnswer {
  readonly replicas: number;
  /** The metric that asks for it: `cpu resource utilization (percentage of request)`. */
  readonly metric: string;
  readonly statuses: readonly MetricStatus[];
}

/**
 * Asks every metric. One that fails is told; it hinders only when none is left, or when the others would
 * shrink. Throws MetricFailure with the first failure.
 */
export function replicasForMetrics(
  room: Room,
  autoscaler: HorizontalPodAutoscaler,
  scale: Scale,
): MetricsAnswer {
  const selection = selectionOf(room, autoscaler, scale);
  const specs = autoscaler.spec.metrics ?? [];
  const statuses: MetricStatus[] = [];
  let best: { replicas: number; metric: string } | null = null;
  let failures = 0;
  let first: MetricFailure | null = null;
  for (const spec of specs) {
    try {
      const answer = replicasForMetric(room, autoscaler, scale, { spec, selection });
      statuses.push(answer.status);
      if (best === null || answer.replicas > best.replicas) best = answer;
    } catch (error) {
      if (!(error instanceof MetricFailure)) throw error;
      room.recorder.event(autoscaler, 'Warning', error.reason, error.condition);
      first ??= error;
      failures++;
      statuses.push({ type: '' });
    }
  }
  if (first !== null && (best === null || best.replicas < (scale.spec?.replicas ?? 0))) {
    const summary = `invalid metrics (${failures} invalid out of ${specs.length}), first error is: ${first.message}`;
    throw new MetricFailure(first.reason, first.condition, summary, statuses);
  }
  return { ...best!, statuses };
}

interface Asked {
  readonly spec: MetricSpec;
  readonly selection: Selection;
}

function replicasForMetric(
  room: Room,
  autoscaler: HorizontalPodAutoscaler,
  scale: Scale,
  { spec, selection: { labelSelector, pods } }: Asked,
): MetricAnswer {
  const namespace = autoscaler.metadata.namespace ?? '';
  const question: Question = {
    currentReplicas: scale.spec?.replicas ?? 0,
    resource: '',
    pods,
    metrics: new Map(),
    tolerances: tolerancesOf(autoscaler),
    nowMs: room.simulation.nowMs,
  };
  const source = spec.resource ?? spec.containerResource;
  if (source === undefined)
    return replicasForCustomMetric({ room, autoscaler, scale, labelSelector, question }, spec);
  const container = spec.containerResource?.container;
  const kind = container === undefined ? 'resource' : 'container resource';
  const { name, target } = source;
  try {
    const metrics = fetched(room, { resource: name, namespace, labelSelector, container });
    const proposal = propose(
      { ...question, resource: name, metrics, ...(container !== undefined && { container }) },
      target,
    );
    const current = currentOf(proposal);
    const status: MetricStatus =
      container === undefined
        ? { type: 'Resource', resource: { name, current } }
        : { type: 'ContainerResource', containerResource: { name, container, current } };
    const metric =
      target.averageValue === undefined
        ? `${name} ${kind} utilization (percentage of request)`
        : `${name} resource`;
    return { replicas: proposal.replicas, metric, status };
  } catch (error) {
    if (!(error instanceof MetricsError)) throw error;
    const what = target.averageValue === undefined ? 'utilization' : 'usage';
    const reason = container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric';
    const why = `failed to get ${name} ${what}: ${error.message}`;
    const subject = container === undefined ? `${name} resource` : `${container} container`;
    throw new MetricFailure(reason, why, `failed to get ${subject} metric value: ${why}`);
  }
}

function fetched(
  { client }: Room,
  query: { resource: string; namespace: string; labelSelector: string; container: string | undefined },
): ReturnType<typeof fetchPodMetrics> {
  const { container, ...rest } = query;
  try {
    return fetchPodMetrics(client, { ...rest, ...(container !== undefined && { container }) });
  } catch (error) {
    if (!(error instanceof MetricsError)) throw error;
    throw new MetricsError(`unable to get metrics for resource ${query.resource}: ${error.message}`);
  }
}

function propose(question: Question, target: MetricTarget): Proposal {
  if (target.averageValue !== undefined) {
    return averageValueReplicas(question, milliValue(target.averageValue));
  }
  if (target.averageUtilization !== undefined) {
    return utilizationReplicas(question, target.averageUtilization);
  }
  throw new MetricsError(
    'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
  );
}

function currentOf({ averageMillis, utilization }: Proposal): MetricValueStatus {
  return {
    ...(utilization !== undefined && { averageUtilization: utilization }),
    averageValue: formatMillis(averageMillis),
  };
}

function tolerancesOf({ spec }: HorizontalPodAutoscaler): Tolerances {
  const read = (value: string | number | undefined) =>
    value === undefined ? defaultTolerance : milliValue(value) / 1000;
  return {
    scaleUp: read(spec.behavior?.scaleUp?.tolerance),
    scaleDown: read(spec.behavior?.scaleDown?.tolerance),
  };
}
