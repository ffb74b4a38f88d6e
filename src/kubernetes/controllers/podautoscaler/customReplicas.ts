// Upstream: pkg/controller/podautoscaler/horizontal.go computeStatusFor{Pods,Object,External}Metric
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type {
  ExternalMetricSource,
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
} from '#generated/types/autoscaling.v2.ts';
import { resourceName } from '#kubernetes/api/kind.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { formatMillis, milliValue } from '#kubernetes/apimachinery/quantity.ts';
import { fetchExternalMetric, fetchObjectMetric, fetchPodsMetric, printedSelector } from './customMetrics.ts';
import { MetricFailure } from './metricFailure.ts';
import { MetricsError } from './podMetrics.ts';
import { averageValueReplicas, perPodReplicas, type Question, valueReplicas } from './replicaCalculator.ts';
import type { Room } from './room.ts';

/** What one metric asks for. */
export interface MetricAnswer {
  readonly replicas: number;
  /** As the condition names it: `pods metric requests`. */
  readonly metric: string;
  readonly status: MetricStatus;
}

/** Everything that is known before a metric is asked. */
interface Asked {
  readonly room: Room;
  readonly autoscaler: HorizontalPodAutoscaler;
  readonly scale: Scale;
  readonly labelSelector: string;
  /** The pods of the target, without metrics. */
  readonly question: Question;
}

/** The answer of a metric that no resource is. Throws MetricFailure. */
export function replicasForCustomMetric(
  asked: Asked,
  { type, pods, object, external }: MetricSpec,
): MetricAnswer {
  if (pods) return failingAs('Pods', 'failed to get pods metric value: ', () => forPods(asked, pods));
  if (object) {
    const average = `failed to get ${object.metric.name} object metric: `;
    const subject = `failed to get object metric value: ${isAverage(object.target) ? average : ''}`;
    return failingAs('Object', subject, () => forObject(asked, object));
  }
  if (external) {
    const { name } = external.metric;
    const inner = isAverage(external.target)
      ? `failed to get ${name} external metric: `
      : `failed to get external metric ${name}: `;
    const subject = `failed to get ${name} external metric value: ${inner}`;
    return failingAs('External', subject, () => forExternal(asked, external));
  }
  throw new MetricFailure('InvalidMetricSourceType', `unknown metric source type "${type}"`);
}

const isAverage = ({ averageValue }: MetricTarget) => averageValue !== undefined;

/** The condition says why and no more; `subject` goes before that in what stops the autoscaler. */
function failingAs(type: string, subject: string, ask: () => MetricAnswer): MetricAnswer {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof MetricsError)) throw error;
    throw new MetricFailure(`FailedGet${type}Metric`, error.message, `${subject}${error.message}`);
  }
}

function forPods(asked: Asked, { metric, target }: PodsMetricSource): MetricAnswer {
  const { room, labelSelector, question } = asked;
  const metrics = prefixed(`unable to get metric ${metric.name}: `, '', () =>
    fetchPodsMetric(room.client, namespaceOf(asked), labelSelector, metric),
  );
  const targetMillis = milliValue(target.averageValue);
  const { replicas, averageMillis } = averageValueReplicas({ ...question, metrics }, targetMillis);
  const current = { averageValue: formatMillis(averageMillis) };
  return {
    replicas,
    metric: `pods metric ${metric.name}`,
    status: { type: 'Pods', pods: { metric, current } },
  };
}

function forObject(asked: Asked, { metric, target, describedObject }: ObjectMetricSource): MetricAnswer {
  const { kind, name, apiVersion = '' } = describedObject;
  const namespace = namespaceOf(asked);
  const usage = () => {
    const known = asked.room.kinds.findKind(apiVersion, kind);
    if (known === undefined)
      throw new MetricsError(
        `unable to get metric ${metric.name}: no matches for kind "${kind}" in version "${apiVersion}" on ${kind} ${namespace}/${name}`,
      );
    return prefixed(`unable to get metric ${metric.name}: `, ` on ${kind} ${namespace}/${name}`, () =>
      fetchObjectMetric(asked.room.client, namespace, describedObject, resourceName(known), metric),
    );
  };
  if (target.value !== undefined && target.type === 'Value') {
    const { replicas, millis } = valueOf(asked, usage(), target.value);
    const status = { metric, describedObject, current: { value: formatMillis(millis) } };
    return { replicas, metric: `${kind} metric ${metric.name}`, status: { type: 'Object', object: status } };
  }
  if (target.averageValue !== undefined && target.type === 'AverageValue') {
    const { replicas, millis } = averageOf(asked, usage(), target.averageValue);
    const status = { metric, describedObject, current: { averageValue: formatMillis(millis) } };
    return { replicas, metric: externalName(metric), status: { type: 'Object', object: status } };
  }
  throw new MetricsError(
    'invalid object metric source: neither a value target nor an average value target was set',
  );
}

function forExternal(asked: Asked, { metric, target }: ExternalMetricSource): MetricAnswer {
  const namespace = namespaceOf(asked);
  const usage = () => {
    const subject = `${namespace}/${metric.name}/${printedSelector(metric.selector)}`;
    return prefixed(`unable to get external metric ${subject}: `, '', () =>
      fetchExternalMetric(asked.room.client, namespace, metric),
    );
  };
  if (target.averageValue !== undefined) {
    const { replicas, millis } = averageOf(asked, usage(), target.averageValue);
    const status = { metric, current: { averageValue: formatMillis(millis) } };
    return { replicas, metric: externalName(metric), status: { type: 'External', external: status } };
  }
  if (target.value !== undefined) {
    const { replicas, millis } = valueOf(asked, usage(), target.value);
    const status = { metric, current: { value: formatMillis(millis) } };
    return { replicas, metric: externalName(metric), status: { type: 'External', external: status } };
  }
  throw new MetricsError(
    'invalid external metric source: neither a value target nor an average value target was set',
  );
}

/** Upstream names a per-pod metric of an object so, too. */
function externalName({ name, selector }: ExternalMetricSource['metric']): string {
  return `external metric ${name}(${printedSelector(selector)})`;
}

function valueOf({ question }: Asked, millis: number, target: string | number) {
  const ready = question.pods.filter((pod) => pod.status.phase === 'Running' && isPodReady(pod)).length;
  return { replicas: valueReplicas(question, ready, millis, milliValue(target)), millis };
}

function averageOf({ question, scale }: Asked, millis: number, target: string | number) {
  const replicas = scale.status?.replicas ?? 0;
  const wanted = perPodReplicas(question.tolerances, replicas, millis, milliValue(target));
  return { replicas: wanted, millis: replicas === 0 ? 0 : Math.ceil(millis / replicas) };
}

function namespaceOf({ autoscaler }: Asked): string {
  return autoscaler.metadata.namespace ?? '';
}

function prefixed<T>(prefix: string, suffix: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof MetricsError)) throw error;
    throw new MetricsError(`${prefix}${error.message}${suffix}`);
  }
}
