// Upstream: pkg/apis/autoscaling/validation/validation.go
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerSpec,
  ExternalMetricSource,
  HPAScalingPolicy,
  HPAScalingRules,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
  ResourceMetricSource,
} from '#generated/types/autoscaling.v2.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from '../fieldChecks.ts';

const sourceTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const periodMaxSeconds = 1_800;
const windowMaxSeconds = 3_600;

/** The field of a metric that its type names; where there are several, the first is looked at. */
const fieldOfType: Readonly<Record<string, keyof MetricSpec>> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
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

function validateIdentifier({ name }: Partial<MetricIdentifier>): FieldError[] {
  return name
    ? invalidFor('metric.name', name, checkPathSegment(name))
    : [required('metric.name', 'must specify a metric name')];
}

function validateResource({ name, target }: ResourceMetricSource, container?: string): FieldError[] {
  return [
    ...(name ? [] : [required('name', 'must specify a resource name')]),
    ...(container === '' ? [required('container', 'must specify a container')] : []),
    ...validateResourceTarget(target ?? {}),
  ];
}

function validatePods({ metric, target }: PodsMetricSource): FieldError[] {
  const errors = [...validateIdentifier(metric ?? {}), ...under('target', validateTarget(target ?? {}))];
  const average = target?.averageValue;
  if (average === undefined || parseQuantity(average).nanos <= 0n)
    errors.push(required('target.averageValue', 'must specify a positive target averageValue'));
  return errors;
}

function validateObject({ describedObject, metric, target }: ObjectMetricSource): FieldError[] {
  const errors = [
    ...under('describedObject', validateReference(describedObject ?? {})),
    ...validateIdentifier(metric ?? {}),
    ...under('target', validateTarget(target ?? {})),
  ];
  if (target?.value === undefined && target?.averageValue === undefined)
    errors.push(required('target.averageValue', 'must set either a target value or averageValue'));
  return errors;
}

function validateExternal({ metric, target }: ExternalMetricSource): FieldError[] {
  const { value, averageValue } = target ?? {};
  const errors = [...validateIdentifier(metric ?? {}), ...under('target', validateTarget(target ?? {}))];
  if (value === undefined && averageValue === undefined) {
    const why = 'must set either a target value for metric or a per-pod target';
    errors.push(required('target.averageValue', why));
  }
  if (value !== undefined && averageValue !== undefined) {
    const why = 'may not set both a target value for metric and a per-pod target';
    errors.push(forbidden('target.value', why));
  }
  return errors;
}

function validateSource({ object, external, pods, resource, containerResource }: MetricSpec): FieldError[] {
  if (object) return validateObject(object);
  if (external) return validateExternal(external);
  if (pods) return validatePods(pods);
  if (resource) return validateResource(resource);
  return containerResource ? validateResource(containerResource, containerResource.container ?? '') : [];
}

function validateMetric(spec: MetricSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.type) errors.push(required('type', 'must specify a metric source type'));
  const expected = fieldOfType[spec.type];
  if (expected === undefined) errors.push(notSupported('type', spec.type ?? '', sourceTypes));
  const present = Object.values(fieldOfType).filter((field) => spec[field] !== undefined);
  if (present.length > 0) errors.push(...under(present[0]!, validateSource(spec)));
  if (expected === undefined) errors.push(notSupported('type', spec.type ?? '', sourceTypes));
  else if (!present.includes(expected))
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
