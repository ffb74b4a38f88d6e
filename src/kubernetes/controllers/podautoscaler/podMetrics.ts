// Upstream: pkg/controller/podautoscaler/metrics/client.go
import type { Status } from '#generated/types/meta.v1.ts';
import { parseDuration } from '#kubernetes/apimachinery/duration.ts';
import { milliValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** What one pod used, on average over `windowMs` up to `atMs`. */
export interface PodMetric {
  readonly atMs: number;
  readonly windowMs: number;
  /** In thousandths: millicores, or thousandths of bytes. */
  readonly value: number;
}

/** What an autoscaler cannot work with; its text stands in conditions and Events. */
export class MetricsError extends Error {
  override name = 'MetricsError';
}

interface PodMetrics {
  readonly metadata: { readonly name: string };
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly {
    readonly name: string;
    readonly usage: Readonly<Record<string, string>>;
  }[];
}

/**
 * The use of a resource by each pod that `labelSelector` selects, of all its containers or of one. Pods of
 * which a container's use is not known are left out. Throws MetricsError.
 */
export function fetchPodMetrics(
  client: Client,
  query: {
    readonly resource: string;
    readonly namespace: string;
    readonly labelSelector: string;
    readonly container?: string;
  },
): Map<string, PodMetric> {
  const { resource, namespace, labelSelector, container } = query;
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
  const response = client.send({ method: 'GET', path, query: { labelSelector } });
  if (response.status >= 400) {
    const { message = '' } = response.body as Status;
    const isAbsent = message === 'the server could not find the requested resource';
    const why = isAbsent ? `${message} (get pods.metrics.k8s.io)` : message;
    throw new MetricsError(`unable to fetch metrics from resource metrics API: ${why}`);
  }
  const { items } = response.body as { readonly items: readonly PodMetrics[] };
  if (items.length === 0) throw new MetricsError('no metrics returned from resource metrics API');
  const metrics = new Map<string, PodMetric>();
  for (const item of items) {
    const counted =
      container === undefined ? item.containers : item.containers.filter(({ name }) => name === container);
    if (container !== undefined && counted.length === 0) {
      throw new MetricsError(
        `container ${container} not present in metrics for pod ${namespace}/${item.metadata.name}`,
      );
    }
    if (counted.some(({ usage }) => usage[resource] === undefined)) continue;
    const value = counted.reduce((sum, { usage }) => sum + milliValue(usage[resource]), 0);
    const windowMs = parseDuration(item.window);
    metrics.set(item.metadata.name, { atMs: Date.parse(item.timestamp), windowMs, value });
  }
  return metrics;
}
