// Upstream: pkg/controller/podautoscaler/metrics/client.go, k8s.io/metrics/pkg/apis/{custom,external}_metrics
import type { CrossVersionObjectReference, MetricIdentifier } from '#generated/types/autoscaling.v2.ts';
import type { LabelSelector, Status } from '#generated/types/meta.v1.ts';
import type { ApiResponse } from '#kubernetes/api/request.ts';
import { selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { milliValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { MetricsError, type PodMetric } from './podMetrics.ts';

/** Upstream: metricServerDefaultMetricWindow. */
const windowMs = 60_000;

const customPath = '/apis/custom.metrics.k8s.io/v1beta2/namespaces';
const externalPath = '/apis/external.metrics.k8s.io/v1beta1/namespaces';

interface CustomMetric {
  readonly describedObject: { readonly name: string };
  readonly timestamp: string;
  readonly windowSeconds?: number;
  readonly value: string;
}

interface ExternalMetric {
  readonly value: string;
}

/** A metric of each pod that `podSelector` selects, by the pod's name. Throws MetricsError. */
export function fetchPodsMetric(
  client: Client,
  namespace: string,
  podSelector: string,
  { name, selector }: MetricIdentifier,
): Map<string, PodMetric> {
  const path = `${customPath}/${namespace}/pods/*/${name}`;
  const query = { labelSelector: podSelector, ...metricSelector('metricLabelSelector', selector) };
  const items = customMetrics(client.send({ method: 'GET', path, query }));
  return new Map(
    items.map(({ describedObject, timestamp, windowSeconds, value }) => [
      describedObject.name,
      {
        atMs: Date.parse(timestamp),
        windowMs: windowSeconds === undefined ? windowMs : windowSeconds * 1000,
        value: milliValue(value),
      },
    ]),
  );
}

/** A metric of one object, in thousandths; `resource` is that of its kind: `services`, `ingresses.networking.k8s.io`. */
export function fetchObjectMetric(
  client: Client,
  namespace: string,
  { name: objectName, kind }: CrossVersionObjectReference,
  resource: string,
  { name, selector }: MetricIdentifier,
): number {
  const path =
    kind === 'Namespace'
      ? `${customPath}/${objectName}/metrics/${name}`
      : `${customPath}/${namespace}/${resource}/${objectName}/${name}`;
  const query = metricSelector('metricLabelSelector', selector);
  const [item] = customMetrics(client.send({ method: 'GET', path, query }));
  return milliValue(item!.value);
}

/** The values of a metric that belongs to no object, summed, in thousandths. Throws MetricsError. */
export function fetchExternalMetric(
  client: Client,
  namespace: string,
  { name, selector }: MetricIdentifier,
): number {
  const path = `${externalPath}/${namespace}/${name}`;
  const response = client.send({ method: 'GET', path, query: metricSelector('labelSelector', selector) });
  if (response.status >= 400) {
    const why = messageOf(response, `${name}.external.metrics.k8s.io`);
    throw new MetricsError(`unable to fetch metrics from external metrics API: ${why}`);
  }
  const { items } = response.body as { readonly items: readonly ExternalMetric[] };
  if (items.length === 0) throw new MetricsError('no metrics returned from external metrics API');
  return items.reduce((sum, { value }) => sum + milliValue(value), 0);
}

function customMetrics(response: ApiResponse): readonly CustomMetric[] {
  if (response.status >= 400) {
    const { message = '' } = response.body as Status;
    // The client looks at what the group serves before it asks for a metric.
    const isAbsent = message === absent;
    const why = isAbsent ? 'no known available metric versions found' : message;
    throw new MetricsError(`unable to fetch metrics from custom metrics API: ${why}`);
  }
  const { items } = response.body as { readonly items: readonly CustomMetric[] };
  if (items.length === 0) throw new MetricsError('no metrics returned from custom metrics API');
  return items;
}

const absent = 'the server could not find the requested resource';

function messageOf({ body }: ApiResponse, resource: string): string {
  const { message = '' } = body as Status;
  return message === absent ? `${message} (get ${resource})` : message;
}

function metricSelector(name: string, selector: LabelSelector | undefined): Record<string, string> {
  const text = selector === undefined ? '' : selectorOf(selector).toString();
  return text === '' ? {} : { [name]: text };
}

/** A selector as upstream's sentences have it: Go's `%+v` of a pointer to it. */
export function printedSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'nil';
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
