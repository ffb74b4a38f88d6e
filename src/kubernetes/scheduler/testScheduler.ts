import type { Event, Node, Pod } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { type PriorityClass, priorityClasses } from '#kubernetes/api/scheduling/priorityClass.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { laterParts } from '#kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import type { SchedulerConfiguration } from './configuration/configuration.ts';
import { laterParts as schedulerParts } from './laterParts.ts';
import type { CallExtender } from './extenderCalls.ts';
import { type RunningScheduler, type SchedulerContext, startScheduler } from './scheduler.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] };

/** Where every test begins: 2026-01-01T00:00:00Z. */
export const startMs = Date.UTC(2026, 0, 1);

/** A scheduler over the real API server, and nothing else that runs. */
export class TestScheduler {
  readonly simulation: Simulation;
  readonly server: ApiServer;
  readonly client: Client;
  readonly scheduler: RunningScheduler;
  readonly #classes = new Set<string>();

  constructor(
    profile: SchedulerContext['profile'] = {},
    seed = 'test',
    configuration: SchedulerConfiguration | null = null,
    callExtender?: CallExtender,
  ) {
    this.simulation = new Simulation({ seed, startMs });
    const { simulation } = this;
    const etcd = new Etcd<KubeObject>(simulation);
    this.server = new ApiServer({ simulation, etcd });
    this.server.install(laterParts);
    this.client = new Client(this.server.handle, admin);
    for (const name of ['default', 'other']) {
      this.client.create(namespaces, { metadata: { name }, spec: {} });
      this.client.create(serviceAccounts, { metadata: { name: 'default', namespace: name } });
    }
    const own = new Client(this.server.handle, { name: 'system:kube-scheduler', groups: [] });
    const informers = new Informers(simulation, own);
    const recorderFor = (name: string) => new EventRecorder(simulation, own, name);
    this.scheduler = startScheduler({
      simulation,
      client: own,
      kinds: this.server.kinds,
      informers,
      recorderFor,
      later: schedulerParts,
      profile,
      configuration,
      ...(callExtender && { callExtender }),
    });
    informers.start();
  }

  run(ms = 500): void {
    this.simulation.run({ untilMs: this.simulation.nowMs + ms });
  }

  addNode(node: Node): void {
    const { metadata, spec, status } = node;
    const { name, labels } = metadata;
    const created = this.client.create(nodes, { metadata: { name, ...(labels && { labels }) }, spec });
    const told = this.client.updateStatus(nodes, { ...created, status });
    // The taint that keeps pods off a new node goes as the node lifecycle controller would take it off.
    this.client.update(nodes, { ...told, spec });
  }

  addPod(pod: Pod): void {
    const { name, namespace, labels, ownerReferences } = pod.metadata;
    const { priority = 0 } = pod.spec;
    const priorityClassName =
      priority === 0 ? undefined : this.#addClass(priority, pod.spec.preemptionPolicy);
    this.client.create(pods, {
      metadata: { name, namespace, ...(labels && { labels }), ...(ownerReferences && { ownerReferences }) },
      spec: { ...pod.spec, ...(priorityClassName && { priorityClassName }) },
    });
  }

  /** The class by which a pod may have its priority. */
  #addClass(value: number, policy: PriorityClass['preemptionPolicy'] = 'PreemptLowerPriority'): string {
    const name = `${policy.toLowerCase()}-${value}`;
    if (!this.#classes.has(name)) {
      this.client.create(priorityClasses, { metadata: { name }, value, preemptionPolicy: policy });
      this.#classes.add(name);
    }
    return name;
  }

  deletePod(name: string): void {
    this.client.delete(pods, 'default', name, { gracePeriodSeconds: 0 });
  }

  pod(name: string, namespace = 'default'): Pod {
    return this.client.get(pods, namespace, name);
  }

  /** The node of a pod, `''` while it has none. */
  nodeOf(name: string): string {
    return this.pod(name).spec.nodeName ?? '';
  }

  /** Where every pod is: `name → node`. */
  placements(): Record<string, string> {
    const all = this.client.list(pods).items;
    return Object.fromEntries(all.map(({ metadata, spec }) => [metadata.name, spec.nodeName ?? '']));
  }

  /** The Events of one object as `type reason message`, in the order they were written. */
  events(name: string): string[] {
    return [...this.client.list<Event>(events).items]
      .filter((event) => event.involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  }
}
