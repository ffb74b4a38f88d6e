// Upstream: metrics-server/pkg/{api,storage}, k8s.io/metrics/pkg/apis/metrics/v1beta1
import type { ApiRequest, ApiResponse } from '#kubernetes/api/request.ts';
import { parseSelector } from '#kubernetes/apimachinery/labelSelectorParser.ts';
import { formatUnits } from '#kubernetes/apimachinery/quantity.ts';
import { notFound, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { systemBytes } from './hardwareOf.ts';
import type { Kubelet } from './kubelet.ts';
import type { NodeFleet } from './nodeFleet.ts';
import type { PodWorker } from './podWorker.ts';
import { sharedTime } from './sharedTimes.ts';

const group = 'metrics.k8s.io';
const apiVersion = `${group}/v1beta1`;
/** Upstream: metric-resolution. Two looks make one measurement. */
const windowMs = 15_000;
/** What the kubelet, the runtime and the system use on every node. */
const systemMillicores = 40;
const latencyMs = 5;

/** What a request path names. */
interface Target {
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
}

/** What a container or machine uses: millicores on average over the last window, bytes now. */
export interface Usage {
  readonly millicores: number;
  readonly bytes: number;
}

/** The resource metrics API: what pods and nodes use, over the last whole window of 15 s. */
export class ResourceMetrics {
  readonly #fleet: NodeFleet;
  /** False while metrics-server does not run: the API then has no answer. */
  isServing = true;

  constructor(fleet: NodeFleet) {
    this.#fleet = fleet;
  }

  /** Answers a request to the group; throws StatusError. */
  serve = (request: ApiRequest, target: Target): ApiResponse => {
    if (!this.isServing) {
      throw new StatusError('ServiceUnavailable', 'the server is currently unable to handle the request');
    }
    if (request.method !== 'GET')
      throw new StatusError(
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
      );
    const body = target.name === '' ? this.#list(request, target) : this.#get(target);
    return { status: 200, warnings: [], body, latencyMs };
  };

  /** What a pod uses; undefined until it has been measured. */
  podUsage(namespace: string, name: string): Usage | undefined {
    const worker = this.#worker(namespace, name);
    const parts = worker && this.#containers(worker);
    return parts && sum(parts.map(({ usage }) => usage));
  }

  /** What a node uses, system included; undefined when nobody can look. */
  nodeUsage(name: string): Usage | undefined {
    const kubelet = this.#fleet.kubelets.get(name);
    if (!kubelet?.isRunning) return undefined;
    const own = { millicores: systemMillicores, bytes: systemBytes };
    const parts: Usage[] = [own];
    for (const worker of kubelet.workers.values()) {
      for (const { container } of worker.slots)
        if (container?.isRunning) parts.push(this.#usageOf(container));
    }
    const { millicores, bytes } = sum(parts);
    const capacity = kubelet.limitsOf({ name: '' }).machineMillicores;
    return { millicores: Math.min(millicores, capacity), bytes };
  }

  #list({ query = {} }: ApiRequest, { namespace, resource }: Target): unknown {
    const selector = parseSelector(query['labelSelector'] ?? '');
    const isNodes = resource === 'nodes';
    const items: unknown[] = [];
    for (const kubelet of this.#fleet.kubelets.values()) {
      if (!kubelet.isRunning) continue;
      if (isNodes) {
        if (selector.matches(kubelet.labels)) items.push(withoutType(this.#nodeMetrics(kubelet)));
        continue;
      }
      for (const worker of kubelet.workers.values()) {
        const { metadata } = worker.pod;
        if (namespace !== '' && metadata.namespace !== namespace) continue;
        const metrics = selector.matches(metadata.labels ?? {}) && this.#podMetrics(worker);
        if (metrics) items.push(withoutType(metrics));
      }
    }
    return { kind: isNodes ? 'NodeMetricsList' : 'PodMetricsList', apiVersion, metadata: {}, items };
  }

  #get({ namespace, resource, name }: Target): unknown {
    if (resource === 'nodes') {
      const kubelet = this.#fleet.kubelets.get(name);
      if (!kubelet?.isRunning) throw notFound(group, 'nodemetrics', name);
      return this.#nodeMetrics(kubelet);
    }
    const worker = this.#worker(namespace, name);
    const metrics = worker && this.#podMetrics(worker);
    if (metrics === undefined) throw notFound(group, 'podmetrics', `${namespace}/${name}`);
    return metrics;
  }

  #podMetrics(worker: PodWorker): object | undefined {
    const parts = this.#containers(worker);
    if (parts === undefined) return undefined;
    const { name, namespace, labels } = worker.pod.metadata;
    return {
      kind: 'PodMetrics',
      apiVersion,
      metadata: { name, namespace, creationTimestamp: sharedTime(this.#nowMs), ...(labels && { labels }) },
      timestamp: sharedTime(this.#windowEndMs),
      window: `${windowMs / 1000}s`,
      containers: parts.map(({ name: container, usage }) => ({ name: container, usage: quantities(usage) })),
    };
  }

  #nodeMetrics({ name, labels }: Kubelet): object {
    const usage = this.nodeUsage(name)!;
    return {
      kind: 'NodeMetrics',
      apiVersion,
      metadata: { name, creationTimestamp: sharedTime(this.#nowMs), labels },
      timestamp: sharedTime(this.#windowEndMs),
      window: `${windowMs / 1000}s`,
      usage: quantities(usage),
    };
  }

  /** The containers of a pod that run; undefined until all of them have been there for a whole window. */
  #containers(worker: PodWorker): { name: string; usage: Usage }[] | undefined {
    const parts: { name: string; usage: Usage }[] = [];
    for (const { spec, container } of worker.slots) {
      if (!container?.isRunning) continue;
      if (container.startedMs > this.#windowEndMs - windowMs) return undefined;
      parts.push({ name: spec.name, usage: this.#usageOf(container) });
    }
    return parts.length === 0 ? undefined : parts;
  }

  #worker(namespace: string, name: string): PodWorker | undefined {
    for (const kubelet of this.#fleet.kubelets.values()) {
      const worker = kubelet.isRunning ? kubelet.workerOf(namespace, name) : undefined;
      if (worker !== undefined) return worker;
    }
    return undefined;
  }

  #usageOf(container: {
    cpuMillicores(fromMs: number, toMs: number): number;
    readonly memoryBytes: number;
  }): Usage {
    const toMs = this.#windowEndMs;
    return { millicores: container.cpuMillicores(toMs - windowMs, toMs), bytes: container.memoryBytes };
  }

  get #nowMs(): number {
    return this.#fleet.simulation.nowMs;
  }

  get #windowEndMs(): number {
    return Math.floor(this.#nowMs / windowMs) * windowMs;
  }
}

/** As an item of a list, which says itself what its items are. */
function withoutType(object: object): object {
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object as Readonly<Record<string, unknown>>;
  return rest;
}

/** What the API server says of the group. */
export const metricsResources = (['nodes', 'pods'] as const).map((plural) => ({
  group,
  version: 'v1beta1',
  kind: plural === 'nodes' ? 'NodeMetrics' : 'PodMetrics',
  plural,
  singular: '',
  namespaced: plural === 'pods',
  shortNames: [],
  categories: [],
  verbs: ['get', 'list'],
  subresources: [],
}));

function sum(parts: readonly Usage[]): Usage {
  let millicores = 0;
  let bytes = 0;
  for (const part of parts) {
    millicores += part.millicores;
    bytes += part.bytes;
  }
  return { millicores, bytes };
}

/** As metrics-server writes them: nanocores and kibibytes. */
function quantities({ millicores, bytes }: Usage): { cpu: string; memory: string } {
  const kibibytes = Math.ceil(bytes / 1024);
  return {
    cpu: millicores === 0 ? '0' : `${millicores * 1_000_000}n`,
    memory: kibibytes === 0 ? '0' : formatUnits(kibibytes * 1024, 'BinarySI'),
  };
}
