// Upstream: pkg/apis/autoscaling/validation/validation.go
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerSpec,
  HPAScalingPolicy,
  HPAScalingRules,
  MetricSpec,
  MetricTarget,
} from '#generated/types/autoscaling.v2.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from '../fieldChecks.ts';

const sourceTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const periodMaxSeconds = 1_800;
const windowMaxSeconds = 3_600;

/** The field of a metric that its type names. */
const fieldOfType: Readonly<Record<string, keyof MetricSpec>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function validateReference({ kind, name }: Partial<CrossVersionObjectReference>): FieldError[] {
  return [
    ...(kind ? invalidFor('kind', kind, checkPathSegment(kind)) : [required('kind')]),
    ...(name ? invalidFor('name', name, checkPathSegment(name)) : [required('name')]),
  ];
}

function validateTarget(target: Partial<MetricTarget>): FieldError[] {
  const { type, averageUtilization } = target;
  const errors: FieldError[] = [];
  if (!type) errors.push(required('type', 'must specify a metric target type'));
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue')
    errors.push(invalidValue('type', type ?? '', 'must be either Utilization, Value, or AverageValue'));
  for (const field of ['value', 'averageValue'] as const) {
    const quantity = target[field];
    if (quantity !== undefined && parseQuantity(quantity).nanos <= 0n)
      errors.push(invalidValue(field, String(quantity), 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalidValue('averageUtilization', averageUtilization, 'must be greater than 0'));
  return errors;
}

/** Targets of resources: a utilization or an average, one of the two. */
function validateResourceTarget(target: Partial<MetricTarget>): FieldError[] {
  const errors = under('target', validateTarget(target));
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined)
    errors.push(
      required('target.averageUtilization', 'must set either a target raw value or a target utilization'),
    );
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.push(
      forbidden('target.averageValue', 'may not set both a target raw value and a target utilization'),
    );
  return errors;
}

function validateSource(spec: MetricSpec): FieldError[] {
  const { resource, containerResource, pods, object, external } = spec;
  const named = resource ?? containerResource;
  if (named) {
    const errors = named.name ? [] : [required('name', 'must specify a resource name')];
    if (containerResource && !resource && !containerResource.container)
      errors.push(required('container', 'must specify a container'));
    return [...errors, ...validateResourceTarget(named.target ?? {})];
  }
  const metric = pods?.metric ?? object?.metric ?? external?.metric;
  const target: Partial<MetricTarget> = pods?.target ?? object?.target ?? external?.target ?? {};
  const errors = metric?.name ? [] : [required('metric.name', 'must specify a metric name')];
  if (object) errors.push(...under('describedObject', validateReference(object.describedObject ?? {})));
  errors.push(...under('target', validateTarget(target)));
  if (pods && target.averageValue === undefined)
    errors.push(required('target.averageValue', 'must specify a positive target averageValue'));
  if (!pods && target.value === undefined && target.averageValue === undefined)
    errors.push(
      required('target.averageValue', 'must set either a target value for metric or a per-pod target'),
    );
  return errors;
}

function validateMetric(spec: MetricSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.type) errors.push(required('type', 'must specify a metric source type'));
  if (!sourceTypes.includes(spec.type)) errors.push(notSupported('type', spec.type ?? '', sourceTypes));
  const present = Object.values(fieldOfType).filter((field) => spec[field] !== undefined);
  const expected = fieldOfType[spec.type] ?? 'type';
  if (present.length > 0) errors.push(...under(present[0]!, validateSource(spec)));
  if (!present.includes(expected))
    errors.push(required(expected, 'must populate information for the given metric source'));
  for (const field of present)
    if (present.length > 1 && field !== expected)
      errors.push(forbidden(field, 'must populate the given metric source only'));
  return errors;
}

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy): FieldError[] {
  const types = ['Percent', 'Pods'];
  const errors = types.includes(type) ? [] : [notSupported('type', type, types)];
  if (!(value > 0)) errors.push(invalidValue('value', value, 'must be greater than zero'));
  if (!(periodSeconds > 0))
    errors.push(invalidValue('periodSeconds', periodSeconds, 'must be greater than zero'));
  if (periodSeconds > periodMaxSeconds)
    errors.push(
      invalidValue('periodSeconds', periodSeconds, `must be less than or equal to ${periodMaxSeconds}`),
    );
  return errors;
}

function validateRules(rules: HPAScalingRules): FieldError[] {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  const selections = ['Disabled', 'Max', 'Min'];
  const errors: FieldError[] = [];
  const field = 'stabilizationWindowSeconds';
  if (window !== undefined && window < 0)
    errors.push(invalidValue(field, window, 'must be greater than or equal to zero'));
  if (window !== undefined && window > windowMaxSeconds)
    errors.push(invalidValue(field, window, `must be less than or equal to ${windowMaxSeconds}`));
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    errors.push(notSupported('selectPolicy', selectPolicy, selections));
  if (policies.length === 0) errors.push(required('policies', 'must specify at least one Policy'));
  for (const [index, policy] of policies.entries())
    errors.push(...under(`policies[${index}]`, validatePolicy(policy)));
  return errors;
}

function validateBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): FieldError[] {
  return [
    ...(scaleUp ? under('scaleUp', validateRules(scaleUp)) : []),
    ...(scaleDown ? under('scaleDown', validateRules(scaleDown)) : []),
  ];
}

/** What is wrong with an autoscaler's spec. */
export function validateAutoscalerSpec(spec: HorizontalPodAutoscalerSpec): FieldError[] {
  const { minReplicas, scaleTargetRef, metrics = [], behavior } = spec;
  const maxReplicas = spec.maxReplicas ?? 0;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < 1)
    errors.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
  if (maxReplicas < 1) errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(
      invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'),
    );
  errors.push(...under('spec.scaleTargetRef', validateReference(scaleTargetRef ?? {})));
  for (const [index, metric] of metrics.entries())
    errors.push(...under(`spec.metrics[${index}]`, validateMetric(metric)));
  if (behavior) errors.push(...under('spec.behavior', validateBehavior(behavior)));
  return errors;
}
