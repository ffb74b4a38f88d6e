import { certificateOf } from '#kubernetes/api/testing/certificates.ts';
import type { Namespace, Pod, PodCondition, ServiceAccount } from '#generated/types/core.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import type { AnyKind, Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { laterParts } from '#kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import type { Controller } from './controller.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] };

/** Where every test begins: 2026-01-01T00:00:00Z. */
export const startMs = Date.UTC(2026, 0, 1);

/**
 * A control plane for tests: the real API server and informers on a simulation, the controllers under test, and
 * nothing that runs pods but what the test plays itself.
 */
export class TestCluster {
  readonly simulation = new Simulation({ seed: 'test', startMs });
  readonly server: ApiServer;
  readonly client: Client;

  constructor(controllers: readonly Controller[]) {
    const { simulation } = this;
    const etcd = new Etcd<KubeObject>(simulation);
    this.server = new ApiServer({ simulation, etcd });
    this.server.install(laterParts);
    this.client = new Client(this.server.handle, admin);
    this.client.create<Namespace>(namespaces, { metadata: { name: 'default' }, spec: {} });
    this.client.create<ServiceAccount>(serviceAccounts, {
      metadata: { name: 'default', namespace: 'default' },
    });
    const manager = { name: 'system:kube-controller-manager', groups: ['system:authenticated'] };
    const informers = new Informers(simulation, new Client(this.server.handle, manager));
    for (const controller of controllers) {
      const user = { ...manager, name: `system:serviceaccount:kube-system:${controller.name}` };
      const client = new Client(this.server.handle, user);
      const source = controller.eventSource ?? controller.name;
      controller.start({
        simulation,
        signing: {
          legacyToken: ({ metadata }) => `token of ${metadata.name}`,
          certificate: ({ commonName }) => certificateOf(commonName),
        },
        client,
        kinds: this.server.kinds,
        informers,
        recorder: new EventRecorder(simulation, new Client(this.server.handle, user), source),
      });
    }
    informers.start();
  }

  /** Lets virtual time pass: long enough by default for every reconcile to settle. */
  run(ms = 2000): void {
    this.simulation.run({ untilMs: this.simulation.nowMs + ms });
  }

  list<T extends KubeObject>(kind: Kind<T>, labelSelector?: string): readonly T[] {
    return this.client.list(kind, { ...(labelSelector !== undefined && { labelSelector }) }).items;
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace = 'default'): T {
    return this.client.get(kind, kind.namespaced ? namespace : '', name);
  }

  has(kind: AnyKind, name: string, namespace = 'default'): boolean {
    return this.server.storage.get(kind, kind.namespaced ? namespace : '', name) !== undefined;
  }

  /** Changes an object's spec or metadata by a merge patch. */
  patch<T extends KubeObject>(kind: Kind<T>, name: string, body: unknown, subresource?: string): T {
    const patch = { type: 'merge' as const, body, ...(subresource !== undefined && { subresource }) };
    return this.client.patch(kind, kind.namespaced ? 'default' : '', name, patch);
  }

  /** Plays the kubelet: gives a pod a phase, and its Ready condition with it. */
  setPhase(pod: Pod, phase: NonNullable<Pod['status']['phase']>, isReady = phase === 'Running'): void {
    const now = formatTime(this.simulation.nowMs);
    const ready = { type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: now };
    const conditions: PodCondition[] = [ready];
    const fresh = this.get(pods, pod.metadata.name, pod.metadata.namespace);
    this.client.updateStatus(pods, { ...fresh, status: { ...fresh.status, phase, conditions } });
  }

  /** Plays scheduler and kubelet until nothing changes: living pods run and are ready, deleted ones vanish. */
  settle(steps = 20): void {
    for (let step = 0; step < steps; step++) {
      this.run();
      if (!this.#playKubelet()) return;
    }
  }

  #playKubelet(): boolean {
    let played = false;
    for (const pod of this.list(pods)) {
      const { deletionTimestamp, namespace = '', name } = pod.metadata;
      if (deletionTimestamp !== undefined) {
        this.client.delete(pods, namespace, name, { gracePeriodSeconds: 0 });
        played = true;
      } else if (pod.status.phase === 'Pending') {
        this.setPhase(pod, 'Running');
        played = true;
      }
    }
    return played;
  }

  /** The Events of one object as `type reason message`, in the order they were written. */
  events(name: string): string[] {
    return [...this.list(events)]
      .filter((event) => event.involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ type, reason, message }) => `${type} ${reason} ${message}`);
  }
}
