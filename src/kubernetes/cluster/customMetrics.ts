// Upstream: sigs.k8s.io/custom-metrics-apiserver/pkg/{registry,provider/errors.go}
import { prometheusAdapter } from '#images/prometheusAdapter.ts';
import type { Service } from '#generated/types/core.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import type { ApiRequest, ApiResponse } from '#kubernetes/api/request.ts';
import { matches } from '#kubernetes/apimachinery/labels.ts';
import { parseSelector } from '#kubernetes/apimachinery/labelSelectorParser.ts';
import { formatMillis, milliValue } from '#kubernetes/apimachinery/quantity.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { RequestInfo } from '#kubernetes/apiserver/requestInfo.ts';
import type { DiscoveredResource } from '#kubernetes/apiserver/wire/discovery.ts';
import type { PodWorker } from '#kubernetes/node/podWorker.ts';
import type { Cluster } from './cluster.ts';

/** A container's metrics: `NAME` in here holds a quantity. */
const podsDirectory = '/var/lib/metrics';
/** Those that belong to nothing in the cluster; the labels of the pod that has them are theirs. */
const externalDirectory = '/var/lib/metrics/external';
const latencyMs = 5;

/** Adds the custom and the external metrics API. They answer while a pod runs prometheus-adapter. */
export function serveCustomMetrics(cluster: Cluster): void {
  const { groups } = cluster.apiServer.extensions;
  const adapter = new Adapter(cluster);
  groups.set('custom.metrics.k8s.io', {
    get resources() {
      return adapter.customResources;
    },
    serve: (request, info) => adapter.custom(request, info),
  });
  groups.set('external.metrics.k8s.io', {
    get resources() {
      return adapter.externalResources;
    },
    serve: (request, info) => adapter.external(request, info),
  });
}

class Adapter {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** What discovery says while an adapter runs: each metric, of pods and of the Services over them. */
  get customResources(): readonly DiscoveredResource[] {
    const subresources = this.#metricNames(podsDirectory).map((name) => ({
      name,
      kind: 'MetricValueList',
      verbs: ['get'],
    }));
    if (subresources.length === 0) return [];
    const group = { group: 'custom.metrics.k8s.io', version: 'v1beta2' };
    // The objects themselves are not of this group.
    return ['pods', 'services'].map((plural) => ({
      ...named(plural, ''),
      ...group,
      verbs: [],
      subresources,
    }));
  }

  get externalResources(): readonly DiscoveredResource[] {
    const group = { group: 'external.metrics.k8s.io', version: 'v1beta1' };
    return this.#metricNames(externalDirectory).map((name) => ({
      ...named(name, 'ExternalMetricValueList'),
      ...group,
    }));
  }

  #metricNames(directory: string): string[] {
    if (!this.#hasAdapter()) return [];
    const names = new Set<string>();
    for (const { isRunning, workers } of this.#cluster.nodes.kubelets.values())
      for (const { slots } of isRunning ? workers.values() : [])
        for (const { container } of slots) {
          if (!container?.isRunning || container.files.status(directory)?.type !== 'directory') continue;
          for (const name of container.files.list(directory))
            if (container.files.status(`${directory}/${name}`)?.type === 'file') names.add(name);
        }
    return [...names].sort();
  }

  /** All of `pods` for the sum of a Service's pods. */
  custom(
    { query = {} }: ApiRequest,
    { namespace, resource, name, subresource: metric }: RequestInfo,
  ): ApiResponse {
    this.#needAdapter();
    if (resource === 'pods' && name === '*') {
      const selector = parseSelector(query['labelSelector'] ?? '');
      const items = this.#pods(namespace)
        .filter(({ pod }) => selector.matches(pod.metadata.labels ?? {}))
        .flatMap((worker) => {
          const value = valueOf(worker, `${podsDirectory}/${metric}`);
          return value === null
            ? []
            : [this.#item('Pod', worker.pod.metadata.name, namespace, metric, value)];
        });
      if (items.length === 0) throw notThere(`the server could not find the metric ${metric} for pods`);
      return this.#list('custom.metrics.k8s.io/v1beta2', 'MetricValueList', items);
    }
    const kind = resource === 'pods' ? 'Pod' : 'Service';
    const value = this.#valueOfObject(namespace, resource, name, metric);
    if (value === null)
      throw notThere(`the server could not find the metric ${metric} for ${resource} ${name}`);
    const item = this.#item(kind, name, namespace, metric, value);
    return this.#list('custom.metrics.k8s.io/v1beta2', 'MetricValueList', [item]);
  }

  external({ query = {} }: ApiRequest, { namespace, resource: metric }: RequestInfo): ApiResponse {
    this.#needAdapter();
    const selector = parseSelector(query['labelSelector'] ?? '');
    const items = this.#pods(namespace).flatMap((worker) => {
      const metricLabels = worker.pod.metadata.labels ?? {};
      const value = selector.matches(metricLabels) ? valueOf(worker, `${externalDirectory}/${metric}`) : null;
      if (value === null) return [];
      return [{ metricName: metric, metricLabels, timestamp: this.#now, value: formatMillis(value) }];
    });
    return this.#list('external.metrics.k8s.io/v1beta1', 'ExternalMetricValueList', items);
  }

  #valueOfObject(namespace: string, resource: string, name: string, metric: string): number | null {
    const isOfObject = this.#memberTest(namespace, resource, name);
    const values = this.#pods(namespace)
      .filter(isOfObject)
      .map((worker) => valueOf(worker, `${podsDirectory}/${metric}`))
      .filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  }

  #memberTest(namespace: string, resource: string, name: string): (worker: PodWorker) => boolean {
    if (resource === 'pods') return ({ pod }) => pod.metadata.name === name;
    if (resource !== 'services') return () => false;
    const service = this.#cluster.apiServer.storage.get(services, namespace, name) as Service | undefined;
    const selector = service?.spec.selector;
    return ({ pod }) => selector !== undefined && matches(selector, pod.metadata.labels);
  }

  #pods(namespace: string): PodWorker[] {
    return [...this.#cluster.nodes.kubelets.values()].flatMap(({ isRunning, workers }) =>
      isRunning ? [...workers.values()].filter(({ pod }) => pod.metadata.namespace === namespace) : [],
    );
  }

  /** Without an adapter nobody serves the groups. */
  #needAdapter(): void {
    if (!this.#hasAdapter()) throw notThere('the server could not find the requested resource');
  }

  #hasAdapter(): boolean {
    for (const { isRunning, workers } of this.#cluster.nodes.kubelets.values())
      for (const { slots } of isRunning ? workers.values() : [])
        for (const { container } of slots)
          if (container?.isRunning && container.image.image.name === prometheusAdapter.name) return true;
    return false;
  }

  get #now(): string {
    return formatTime(this.#cluster.simulation.nowMs);
  }

  #item(kind: string, name: string, namespace: string, metric: string, value: number): object {
    return {
      describedObject: { kind, namespace, name, apiVersion: '/v1' },
      metric: { name: metric, selector: null },
      timestamp: this.#now,
      value: formatMillis(value),
    };
  }

  #list(apiVersion: string, kind: string, items: readonly object[]): ApiResponse {
    return { status: 200, warnings: [], latencyMs, body: { kind, apiVersion, metadata: {}, items } };
  }
}

/** What the containers of a pod that run have in a file, summed, in thousandths; null where none of them has it. */
function valueOf({ slots }: PodWorker, path: string): number | null {
  let sum: number | null = null;
  for (const { container } of slots) {
    if (!container?.isRunning || container.files.status(path)?.type !== 'file') continue;
    const text = container.files.read(path).trim();
    if (/^\d+(\.\d+)?[a-zA-Z]*$/.test(text)) sum = (sum ?? 0) + milliValue(text);
  }
  return sum;
}

function named(plural: string, kind: string) {
  return {
    kind,
    plural,
    singular: '',
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: ['get'],
    subresources: [],
  };
}

function notThere(message: string): StatusError {
  return new StatusError('NotFound', message);
}
