// Upstream: pkg/apis/autoscaling/v1/{defaults,conversion}.go
import type { HorizontalPodAutoscaler as V1 } from '#generated/types/autoscaling.v1.ts';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '#generated/types/autoscaling.v2.ts';
import type { Column, Kind } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { withDefaults, withField } from '../sharing.ts';
import { horizontalPodAutoscalers } from './horizontalPodAutoscaler.ts';

/** What v1 has no field for stands in these annotations, as JSON. */
const annotations = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
} as const;

const noReplicas = { currentReplicas: 0, desiredReplicas: 0 };

function cpuMetric(averageUtilization: number): MetricSpec {
  return {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
  };
}

/** The utilization that v1 has a field for, undefined for any other metric. */
function cpuTarget({ resource }: MetricSpec): number | undefined {
  return resource?.name === 'cpu' ? resource.target.averageUtilization : undefined;
}

function cpuCurrent({ resource }: MetricStatus): number | undefined {
  return resource?.name === 'cpu' ? resource.current.averageUtilization : undefined;
}

function readAnnotation(object: KubeObject, name: keyof typeof annotations): unknown {
  const text = object.metadata.annotations?.[annotations[name]];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A text that is not JSON says nothing; it goes with the conversion, as the next write's would.
    return undefined;
  }
}

function withAnnotations(
  object: KubeObject,
  values: Readonly<Record<string, unknown>>,
): KubeObject['metadata'] {
  const { annotations: given = {}, ...metadata } = object.metadata;
  const names = Object.values(annotations) as string[];
  const kept = Object.entries(given).filter(([name]) => !names.includes(name));
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  const all = Object.fromEntries([
    ...kept,
    ...set.map(([name, value]) => [annotations[name as keyof typeof annotations], JSON.stringify(value)]),
  ]) as Record<string, string>;
  return Object.keys(all).length === 0 ? metadata : { ...metadata, annotations: all };
}

function toStored(object: V1): HorizontalPodAutoscaler {
  const { targetCPUUtilizationPercentage: target, ...spec } = object.spec;
  const others = (readAnnotation(object, 'metrics') ?? []) as readonly MetricSpec[];
  const metrics = target === undefined ? others : [cpuMetric(target), ...others];
  const behavior = readAnnotation(object, 'behavior') as HorizontalPodAutoscaler['spec']['behavior'];
  const { currentCPUUtilizationPercentage: current, ...status } = object.status ?? noReplicas;
  const currentCpu: MetricStatus[] =
    current === undefined
      ? []
      : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }];
  const currentMetrics = (readAnnotation(object, 'currentMetrics') ?? currentCpu) as readonly MetricStatus[];
  const conditions = readAnnotation(object, 'conditions') as
    | HorizontalPodAutoscaler['status']['conditions']
    | undefined;
  const stored: HorizontalPodAutoscaler = {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(object, {}),
    spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(behavior && { behavior }) },
    status: {
      ...withDefaults<HorizontalPodAutoscaler['status']>(status, noReplicas),
      ...(currentMetrics.length > 0 && { currentMetrics }),
      ...(conditions && { conditions }),
    },
  };
  // A target that is missing becomes the default metric, which v1 has no way to say.
  return horizontalPodAutoscalers.defaults!(stored);
}

function fromStored(object: KubeObject): V1 {
  const { spec, status } = object as HorizontalPodAutoscaler;
  const { metrics = [], behavior, ...plainSpec } = spec;
  const { currentMetrics = [], conditions, ...plainStatus } = status;
  const target = metrics.map(cpuTarget).find((value) => value !== undefined);
  const current = currentMetrics.map(cpuCurrent).find((value) => value !== undefined);
  const otherMetrics = metrics.filter((metric) => cpuTarget(metric) === undefined);
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: withAnnotations(object, {
      metrics: otherMetrics.length > 0 ? otherMetrics : undefined,
      currentMetrics: currentMetrics.length > 0 ? currentMetrics : undefined,
      conditions,
      behavior,
    }),
    spec: { ...plainSpec, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: {
      ...plainStatus,
      currentReplicas: plainStatus.currentReplicas ?? 0,
      ...(current !== undefined && { currentCPUUtilizationPercentage: current }),
    },
  };
}

function viewed(shown: Column<HorizontalPodAutoscaler>): Column<V1> {
  return { ...shown, value: (object, nowMs) => shown.value(toStored(object), nowMs) };
}

/** The older form of autoscalers, which knows CPU only: the same objects, kept as v2. */
export const horizontalPodAutoscalersV1: Kind<V1> = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
  hasStatus: true,
  storage: { kind: horizontalPodAutoscalers, toStored, fromStored },
  defaults: (autoscaler) => withField(autoscaler, 'spec', withDefaults(autoscaler.spec, { minReplicas: 1 })),
  columns: horizontalPodAutoscalers.columns.map(viewed),
};
