// Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go
import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node, Pod, Taint } from '#generated/types/core.v1.ts';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { podCondition } from '#kubernetes/api/podStatus.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Steady } from '#kubernetes/api/request.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { attemptAll } from '../podControl.ts';
import { indexPodsByNode, podsOnNode } from '../podsByNode.ts';
import { inTurns } from '#sim/turns.ts';
import {
  type NodeHealth,
  type SteadySigns,
  heardSince,
  isLongAgo,
  isSilent,
  observeHealth,
  readyCondition,
  withUnknownConditions,
} from './nodeHealth.ts';
import { hasTaint, noScheduleChange, notReadyKey, swapTaints, unreachableKey } from './nodeTaints.ts';
import { Zone, computeZoneState, zoneOf } from './zone.ts';

/** Upstream: --node-monitor-period */
export const monitorPeriodMs = 5000;
/** Nodes that one event looks at. */
const nodesPerTurn = 64;
/** After a look the caches show what it wrote, and eviction may go by them. Upstream: nodeEvictionPeriod. */
const evictionDelayMs = 100;
/** Upstream: scheduler.UpdateWorkerSize. */
const workers = 8;
const leaseNamespace = 'kube-node-lease';
const excludedLabel = 'node.kubernetes.io/exclude-disruption';

/** Notices nodes that fall silent: their conditions become Unknown, and taints keep and drive pods away. */
export const nodeLifecycleController: Controller = {
  name: 'node-lifecycle-controller',
  account: 'node-controller',
  eventSource: 'node-controller',
  start(context) {
    const lifecycle = new NodeLifecycle(context);
    return () => lifecycle.stop();
  },
};

class NodeLifecycle {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  readonly #leases: Informer<Lease>;
  readonly #known = new Map<string, { node: Node; health: NodeHealth; signs: SteadySigns }>();
  readonly #zones = new Map<string, Zone>();
  /** Nodes of which it was told that they are registered. */
  readonly #welcomed = new Set<string>();
  /** Nodes whose pods could not all be marked; they are tried again with the next look. */
  readonly #unmarked = new Set<string>();
  /** False after a look that found every node well and steady: until something changes, the next would find the same. */
  #isDue = true;
  readonly #queue: WorkQueue;
  readonly #endMonitor: () => void;
  #evictionTimer: Timer | null = null;

  constructor(context: ControllerContext) {
    const { simulation, client, informers } = context;
    this.#context = context;
    this.#nodes = informers.of(nodes);
    this.#pods = informers.of(pods);
    this.#leases = informers.of(leases, { namespace: leaseNamespace });
    indexPodsByNode(this.#pods);
    const reconcile = (name: string) => this.#syncNode(name);
    this.#queue = new WorkQueue({ simulation, client, workers, reconcile });
    this.#leases.onChange(() => {
      this.#isDue = true;
    });
    this.#nodes.onChange((now, before) => {
      this.#isDue = true;
      const name = (now ?? before!).metadata.name;
      const known = this.#known.get(name);
      if (known !== undefined) this.#known.set(name, { ...known, node: now ?? before! });
      if (now === undefined) return;
      if (!this.#welcomed.has(now.metadata.name) || needsTaintChange(now)) this.#queue.add(now.metadata.name);
    });
    this.#endMonitor = simulation.every(monitorPeriodMs, 'node-lifecycle-controller', () => this.#monitor());
  }

  stop(): void {
    this.#queue.stop();
    this.#endMonitor();
    this.#context.simulation.cancel(this.#evictionTimer);
  }

  /** Greets a new node, and keeps its NoSchedule taints as its conditions say. */
  #syncNode(name: string): void {
    const node = this.#nodes.get(name);
    if (node === undefined) return;
    if (!this.#welcomed.has(name)) {
      this.#welcomed.add(name);
      this.#tell(node, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
    }
    const { added, removed } = noScheduleChange(node);
    if (added.length + removed.length === 0) return;
    swapTaints(this.#context.client, name, added, removed, this.#context.simulation.nowMs);
  }

  /** One look at all nodes. What fails for one is tried again with the next look. */
  #monitor(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#forgetGone();
    const states = new Map<string, { ready: number; notReady: number }>();
    const { simulation } = this.#context;
    const look = (node: Node) => {
      const zone = zoneOf(node);
      if (!this.#zones.has(zone)) this.#zones.set(zone, new Zone());
      const status = this.#monitorNode(node);
      if (node.metadata.labels?.[excludedLabel] !== undefined) return;
      const state = states.get(zone) ?? { ready: 0, notReady: 0 };
      if (status === 'True') state.ready++;
      else state.notReady++;
      states.set(zone, state);
    };
    inTurns(
      simulation,
      [...this.#nodes.list()],
      nodesPerTurn,
      (node) => {
        if (attemptAll([node], look) !== null) this.#isDue = true;
      },
      () => {
        this.#handleDisruption(states);
        if ([...this.#zones.values()].some((zone) => !zone.isCalm)) this.#isDue = true;
        this.#evictionTimer = simulation.after(evictionDelayMs, () => this.#evict());
      },
    );
  }

  #forgetGone(): void {
    for (const [name, { node }] of this.#known) {
      if (this.#nodes.get(name) !== undefined) continue;
      this.#tell(node, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      this.#known.delete(name);
      this.#welcomed.delete(name);
      this.#unmarked.delete(name);
      this.#zones.get(zoneOf(node))?.remove(name);
    }
  }

  #tell(node: Node, reason: string, message: string): void {
    this.#context.recorder.event(node, 'Normal', reason, message);
  }

  /** Returns the status of the node's Ready condition, as it is after the look. */
  #monitorNode(cached: Node): string | undefined {
    const { simulation, client } = this.#context;
    const { nowMs } = simulation;
    const { name } = cached.metadata;
    const key = `${leaseNamespace}/${name}`;
    const known = this.#known.get(name);
    const lease = this.#leases.get(key);
    const signs = { lease: this.#leases.steadyOf(key), node: this.#nodes.steadyOf(name) };
    const look = { periodMs: monitorPeriodMs, nowMs };
    const before = known && heardSince(known.health, known.signs, cached, lease, look);
    const health = observeHealth(before, cached, lease, nowMs);
    this.#known.set(name, { node: cached, health, signs });
    if (signs.lease === undefined) this.#isDue = true;
    const observed = readyCondition(cached)?.status;
    const isHeard = (sign: Steady | undefined) =>
      sign !== undefined && !isLongAgo(sign.seenMs, cached, nowMs);
    const isSteady = isHeard(signs.lease) || isHeard(signs.node);
    const node = !isSteady && isSilent(health, cached, nowMs) ? withUnknownConditions(cached, nowMs) : cached;
    if (node !== cached) {
      const fresh = withUnknownConditions(client.get(nodes, '', name), nowMs);
      client.updateStatus(nodes, fresh);
    }
    const current = readyCondition(node)?.status;
    if (current !== 'True' || this.#unmarked.has(name)) this.#isDue = true;
    if (current === undefined) return current;
    this.#queueEviction(node, current);
    if (current !== 'True' && observed === 'True') {
      this.#tell(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
      this.#unmarked.add(name);
    }
    if (this.#unmarked.has(name) && current !== 'True') this.#markPodsNotReady(name);
    return current;
  }

  /** The endpoints of Services must not name pods that nobody has heard of. */
  #markPodsNotReady(node: string): void {
    const { client, recorder, simulation } = this.#context;
    const failure = attemptAll([...podsOnNode(this.#pods, node)], (pod) => {
      if (podCondition(pod, 'Ready')?.status !== 'True') return;
      const { namespace = '', name } = pod.metadata;
      const lastTransitionTime = formatTime(simulation.nowMs);
      const conditions = (pod.status.conditions ?? []).map((condition) =>
        condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition,
      );
      const { resourceVersion } = pod.metadata;
      const body = { metadata: { resourceVersion }, status: { conditions } };
      client.patch(pods, namespace, name, { type: 'merge', subresource: 'status', body });
      recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    });
    if (failure === null) this.#unmarked.delete(node);
  }

  /** Queues a node that is down for eviction, and takes one that is up again out. */
  #queueEviction(node: Node, ready: string): void {
    const { name } = node.metadata;
    const zone = this.#zones.get(zoneOf(node));
    if (ready === 'True') return this.#markReachable(node);
    const key = ready === 'False' ? notReadyKey : unreachableKey;
    const opposite = ready === 'False' ? unreachableKey : notReadyKey;
    // A node that is tainted already only changes its taint: nothing new is evicted.
    if (hasTaint(node, opposite, 'NoExecute')) return this.#taint(name, key, opposite);
    if (!hasTaint(node, key, 'NoExecute')) zone?.add(name);
    return undefined;
  }

  #markReachable(node: Node): void {
    const { name } = node.metadata;
    this.#zones.get(zoneOf(node))?.remove(name);
    this.#unmarked.delete(name);
    const present = [notReadyKey, unreachableKey].filter((key) => hasTaint(node, key, 'NoExecute'));
    if (present.length === 0) return;
    const removed = present.map((key): Taint => ({ key, effect: 'NoExecute' }));
    swapTaints(this.#context.client, name, [], removed, this.#context.simulation.nowMs);
  }

  #taint(node: string, added: string, removed: string): void {
    const taint = (key: string): Taint => ({ key, effect: 'NoExecute' });
    swapTaints(this.#context.client, node, [taint(added)], [taint(removed)], this.#context.simulation.nowMs);
  }

  /** Lets one node of each zone through, where its rate allows: never more than one in two looks. */
  #evict(): void {
    const { simulation } = this.#context;
    for (const zone of this.#zones.values()) {
      const name = zone.take(simulation.nowMs);
      const node = name === null ? undefined : this.#nodes.get(name);
      const ready = node && readyCondition(node)?.status;
      if (name === null || ready === undefined || ready === 'True') continue;
      const [key, opposite] =
        ready === 'False' ? [notReadyKey, unreachableKey] : [unreachableKey, notReadyKey];
      try {
        this.#taint(name, key, opposite);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        zone.add(name);
      }
    }
  }

  #handleDisruption(numbers: ReadonlyMap<string, { ready: number; notReady: number }>): void {
    const states = new Map(
      [...numbers].map(([zone, { ready, notReady }]) => [zone, computeZoneState(ready, notReady)]),
    );
    const isFull = (state: string | undefined) => state === 'FullDisruption';
    const allAre = states.size > 0 && [...states.values()].every(isFull);
    const allWere = [...this.#zones.values()].every(({ state }) => isFull(state));
    if (allAre) {
      if (!allWere) this.#stopEvicting();
      return;
    }
    if (allWere && this.#zones.size > 0) this.#forgive();
    for (const [name, state] of states) {
      const zone = this.#zones.get(name);
      const { ready, notReady } = numbers.get(name)!;
      if (zone !== undefined && (zone.state !== state || allWere)) zone.setState(state, ready + notReady);
    }
  }

  /** Everything is down: more likely the controller is cut off, so nobody is driven out. */
  #stopEvicting(): void {
    attemptAll([...this.#nodes.list()], (node) => this.#markReachable(node));
    for (const zone of this.#zones.values()) zone.stop();
  }

  /** The first sign of life after everything was down: all nodes get their grace anew. */
  #forgive(): void {
    const { nowMs } = this.#context.simulation;
    for (const [name, known] of this.#known) {
      this.#known.set(name, { ...known, health: { ...known.health, probeMs: nowMs } });
    }
  }
}

function needsTaintChange(node: Node): boolean {
  const { added, removed } = noScheduleChange(node);
  return added.length + removed.length > 0;
}
