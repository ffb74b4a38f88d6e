// Upstream: pkg/api/v1/pod/util.go FindPort, staging/src/k8s.io/endpointslice/util/controller_utils.go
import type { Pod, Service, ServicePort } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { type KubeObject, keyOf } from '#kubernetes/api/object.ts';
import { isPodReady, isPodTerminal, isSidecar } from '#kubernetes/api/podStatus.ts';
import { matches } from '#kubernetes/apimachinery/labels.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Simulation } from '#sim/simulation.ts';
import { Pace } from './pace.ts';

const namespaceIndex = 'namespace';

/** The pods of one Service, kept up to date from the first question on. */
interface Members {
  readonly selector: Service['spec']['selector'];
  readonly pods: Map<string, Pod>;
  /** The same as a list, until the next change. */
  list: readonly Pod[] | null;
}

const shared = new WeakMap<Informers, ServiceEndpoints>();

/**
 * Which pods are behind which Service. The controllers of one process share it, and a pod's change costs a look
 * at the Services of its namespace, not one at all pods of each.
 */
export class ServiceEndpoints {
  readonly services: Informer<Service>;
  readonly #pods: Informer<Pod>;
  readonly #members = new Map<string, Members>();
  readonly #listeners: ((key: string) => void)[] = [];

  private constructor(informers: Informers) {
    this.services = informers.of(services);
    this.#pods = informers.of(pods);
    const namespaceOf = ({ metadata }: KubeObject) => [metadata.namespace ?? ''];
    this.services.addIndex(namespaceIndex, namespaceOf);
    this.#pods.addIndex(namespaceIndex, namespaceOf);
    this.services.onChange((now, before) => {
      if (now?.spec.selector !== before?.spec.selector) this.#members.delete(keyOf(now ?? before!));
    });
    this.#pods.onChange((now, before) => this.#observe(now, before));
  }

  static of(informers: Informers): ServiceEndpoints {
    let found = shared.get(informers);
    if (found === undefined) {
      found = new ServiceEndpoints(informers);
      shared.set(informers, found);
    }
    return found;
  }

  /** The pods behind a Service: those that have an address and have not ended, also while they terminate. */
  podsOf(service: Service): readonly Pod[] {
    const key = keyOf(service);
    const { selector } = service.spec;
    let members = this.#members.get(key);
    if (members === undefined || members.selector !== selector) {
      members = { selector, pods: new Map(), list: null };
      for (const pod of this.#pods.by(namespaceIndex, service.metadata.namespace ?? '')) {
        if (isMember(pod, selector)) members.pods.set(pod.metadata.name, pod);
      }
      this.#members.set(key, members);
    }
    members.list ??= [...members.pods.values()];
    return members.list;
  }

  /** Has `queue` look at every Service that changes, and at those whose pods do, at a pace. */
  wake(queue: WorkQueue, simulation: Simulation): void {
    const pace = new Pace(simulation, queue);
    this.#listeners.push((key) => {
      pace.setSize(key, this.#members.get(key)?.pods.size ?? 0);
      pace.ask(key);
    });
    this.services.onChange((now, before) => {
      if (now === undefined) pace.forget(keyOf(before!));
      queue.add(keyOf(now ?? before!));
    });
  }

  #observe(now: Pod | undefined, before: Pod | undefined): void {
    const { namespace = '', name } = (now ?? before!).metadata;
    const isNews = now === undefined || before === undefined || hasChanged(now, before);
    for (const service of this.services.by(namespaceIndex, namespace)) {
      const { selector } = service.spec;
      const isIn = now !== undefined && isMember(now, selector);
      const wasIn = before !== undefined && isMember(before, selector);
      if (!isIn && !wasIn) continue;
      const key = keyOf(service);
      const members = this.#members.get(key);
      if (members !== undefined && members.selector === selector) {
        if (isIn) members.pods.set(name, now);
        else members.pods.delete(name);
        members.list = null;
      }
      if (isNews) for (const wake of this.#listeners) wake(key);
    }
  }
}

function isMember(pod: Pod, selector: Service['spec']['selector']): boolean {
  return hasAddress(pod) && matches(selector, pod.metadata.labels);
}

function hasAddress(pod: Pod): boolean {
  return !isPodTerminal(pod) && Boolean(pod.status.podIP);
}

/** Whether anything that an endpoint tells of its pod is different. */
function hasChanged(now: Pod, before: Pod): boolean {
  return (
    now.metadata.labels !== before.metadata.labels ||
    now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    now.metadata.uid !== before.metadata.uid ||
    now.status.podIP !== before.status.podIP ||
    now.spec.nodeName !== before.spec.nodeName ||
    isPodReady(now) !== isPodReady(before) ||
    isPodTerminal(now) !== isPodTerminal(before)
  );
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === 'None';
}

/** True when no port is named: then all pods of the Service have the same ports. */
export function hasSamePorts({ spec }: Service): boolean {
  return (spec.ports ?? []).every(({ targetPort }) => typeof targetPort !== 'string' || targetPort === '');
}

/** The number that a Service's port means in this pod; undefined when the pod has no port of that name. */
export function targetPortOf(
  pod: Pod,
  { port, targetPort, protocol = 'TCP' }: ServicePort,
): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  if (!targetPort) return port;
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar);
  for (const container of [...pod.spec.containers, ...sidecars]) {
    const found = container.ports?.find(
      (own) => own.name === targetPort && (own.protocol ?? 'TCP') === protocol,
    );
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

/** The host name under which a headless Service's DNS knows the pod, if any. */
export function hostnameOf(pod: Pod, service: Service): string | undefined {
  const { hostname, subdomain } = pod.spec;
  return hostname && subdomain === service.metadata.name ? hostname : undefined;
}

/** What names the pod behind an endpoint. */
export function targetRefOf({
  metadata,
}: Pod): Readonly<Record<'kind' | 'namespace' | 'name' | 'uid', string>> {
  return { kind: 'Pod', namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid };
}
