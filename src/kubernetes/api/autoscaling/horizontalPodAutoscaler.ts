// Upstream: pkg/apis/autoscaling/v2/defaults.go, pkg/printers/internalversion/printers.go
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '#generated/types/autoscaling.v2.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { validateAutoscalerSpec } from './validation.ts';

export type { HorizontalPodAutoscaler, MetricSpec };

const unknown = '<unknown>';
/** So many metrics the Targets column shows before it says how many more there are. */
const metricsShownMax = 2;

/** Upstream: DefaultCPUUtilization. */
export const defaultMetric: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

const scaleUpRules: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

/** Without a window of its own: the controller's flag decides (300 s). */
const scaleDownRules: HPAScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

function defaultBehaviorOf(behavior: HorizontalPodAutoscalerBehavior): HorizontalPodAutoscalerBehavior {
  const up = withDefaults(behavior.scaleUp ?? scaleUpRules, scaleUpRules);
  const down = withDefaults(behavior.scaleDown ?? scaleDownRules, scaleDownRules);
  return withField(withField(behavior, 'scaleUp', up), 'scaleDown', down);
}

function defaultSpec(spec: HorizontalPodAutoscalerSpec): HorizontalPodAutoscalerSpec {
  let next = withDefaults(spec, { minReplicas: 1 });
  if (next.metrics === undefined || next.metrics.length === 0)
    next = withField(next, 'metrics', [defaultMetric]);
  return withField(next, 'behavior', next.behavior && defaultBehaviorOf(next.behavior));
}

function formatAverage(target: MetricTarget, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`;
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`;
  return `${now}/${wanted}`;
}

function formatValue(target: MetricTarget, current: MetricValueStatus | undefined): string {
  return target.averageValue === undefined
    ? `${current?.value ?? unknown}/${target.value}`
    : `${current?.averageValue ?? unknown}/${target.averageValue} (avg)`;
}

function formatMetric(spec: MetricSpec, status: MetricStatus | undefined): string {
  const { resource, containerResource, pods, object, external } = spec;
  if (resource) return `${resource.name}: ${formatAverage(resource.target, status?.resource?.current)}`;
  if (containerResource) {
    const current = status?.containerResource?.current;
    return `${containerResource.name}: ${formatAverage(containerResource.target, current)}`;
  }
  if (pods) return `${status?.pods?.current.averageValue ?? unknown}/${pods.target.averageValue}`;
  if (object) return formatValue(object.target, status?.object?.current);
  return external ? formatValue(external.target, status?.external?.current) : '<unknown type>';
}

/** The Targets column: `cpu: 5%/20%`. */
function formatTargets({ spec, status }: HorizontalPodAutoscaler): string {
  const metrics = spec.metrics ?? [];
  if (metrics.length === 0) return '<none>';
  const all = metrics.map((metric, index) => formatMetric(metric, status.currentMetrics?.[index]));
  const shown = all.slice(0, metricsShownMax).join(', ');
  return all.length > metricsShownMax ? `${shown} + ${all.length - metricsShownMax} more...` : shown;
}

export const horizontalPodAutoscalers: Kind<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  hasStatus: true,
  countsGenerations: false,

  defaults: (autoscaler) => withField(autoscaler, 'spec', defaultSpec(autoscaler.spec)),
  prepareForCreate: (autoscaler) => ({
    ...autoscaler,
    status: { currentReplicas: 0, desiredReplicas: 0 },
  }),

  validate: ({ spec }) => validateAutoscalerSpec(spec),
  validateStatusUpdate: ({ status }) => [
    ...validateNotNegative('status.currentReplicas', status.currentReplicas),
    ...validateNotNegative('status.desiredReplicas', status.desiredReplicas),
  ],

  columns: [
    nameColumn,
    column('Reference', ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`),
    column('Targets', formatTargets),
    column('MinPods', ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas))),
    column('MaxPods', ({ spec }) => spec.maxReplicas),
    column('Replicas', ({ status }) => status.currentReplicas ?? 0),
    ageColumn,
  ],
};
