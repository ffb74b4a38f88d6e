// Upstream: pkg/controller/tainteviction/taint_eviction.go
import type { Node, Pod, PodCondition, Taint } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf, splitKey } from '#kubernetes/api/object.ts';
import { withCondition } from '#kubernetes/api/podStatus.ts';
import { tolerationMs } from '#kubernetes/api/taints.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { indexPodsByNode, podsOnNode } from '../podsByNode.ts';

/** Upstream: UpdateWorkerSize. */
const workers = 8;

/** Deletes pods from nodes whose NoExecute taints they do not bear, once they have borne them for long enough. */
export const taintEvictionController: Controller = {
  name: 'taint-eviction-controller',
  account: 'node-controller',
  start(context) {
    const eviction = new TaintEviction(context);
    return () => eviction.stop();
  },
};

interface Planned {
  readonly uid: string;
  readonly sinceMs: number;
  readonly timer: Timer;
}

class TaintEviction {
  readonly #context: ControllerContext;
  readonly #nodes: Informer<Node>;
  readonly #pods: Informer<Pod>;
  readonly #planned = new Map<string, Planned>();
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { simulation, client, informers } = context;
    this.#context = context;
    this.#nodes = informers.of(nodes);
    this.#pods = informers.of(pods);
    indexPodsByNode(this.#pods);
    this.#queue = new WorkQueue({ simulation, client, workers, reconcile: (key) => this.#evict(key) });
    this.#nodes.onChange((now, before) => {
      if (now?.spec.taints === before?.spec.taints) return;
      for (const pod of podsOnNode(this.#pods, (now ?? before!).metadata.name)) this.#plan(pod, now);
    });
    this.#pods.onChange((now, before) => {
      if (before !== undefined && before.metadata.uid !== now?.metadata.uid) this.#cancel(before);
      const isSame = before?.spec.nodeName === now?.spec.nodeName;
      if (now === undefined || (isSame && before?.spec.tolerations === now.spec.tolerations)) return;
      this.#plan(now, this.#nodes.get(now.spec.nodeName ?? ''));
    });
  }

  stop(): void {
    this.#queue.stop();
    for (const { timer } of this.#planned.values()) this.#context.simulation.cancel(timer);
    this.#planned.clear();
  }

  /** Plans the eviction of a pod, moves it forward, or takes it back, as the taints of its node say. */
  #plan(pod: Pod, node: Node | undefined): void {
    const taints = noExecuteTaints(node);
    const staysMs = taints.length === 0 ? undefined : tolerationMs(taints, pod.spec.tolerations);
    if (staysMs === undefined) return this.#cancelAndTell(pod);
    const key = keyOf(pod);
    const { simulation } = this.#context;
    const planned = this.#planned.get(key);
    const sinceMs = planned?.sinceMs ?? simulation.nowMs;
    const atMs = staysMs === 0 ? simulation.nowMs : sinceMs + staysMs;
    if (planned !== undefined && planned.timer.atMs <= atMs) return undefined;
    simulation.cancel(planned?.timer);
    const timer = simulation.after(Math.max(0, atMs - simulation.nowMs), () => {
      this.#planned.delete(key);
      this.#queue.add(key);
    });
    this.#planned.set(key, { uid: pod.metadata.uid, sinceMs, timer });
    return undefined;
  }

  #cancel(pod: Pod): boolean {
    const planned = this.#planned.get(keyOf(pod));
    if (planned === undefined || planned.uid !== pod.metadata.uid) return false;
    this.#context.simulation.cancel(planned.timer);
    this.#planned.delete(keyOf(pod));
    return true;
  }

  #cancelAndTell(pod: Pod): void {
    if (!this.#cancel(pod)) return;
    const message = `Cancelling deletion of Pod ${keyOf(pod)}`;
    this.#context.recorder.event(pod, 'Normal', 'TaintManagerEviction', message);
  }

  #evict(key: string): void {
    const pod = this.#pods.get(key);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    const taints = noExecuteTaints(this.#nodes.get(pod.spec.nodeName ?? ''));
    if (tolerationMs(taints, pod.spec.tolerations) === undefined) return;
    const { client, recorder, simulation } = this.#context;
    recorder.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
    const { namespace, name } = splitKey(key);
    const disrupted: PodCondition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByTaintManager',
      message: 'Taint manager: deleting due to NoExecute taint',
      lastTransitionTime: formatTime(simulation.nowMs),
    };
    try {
      const fresh = client.get(pods, namespace, name);
      const conditions = withCondition(fresh.status.conditions, disrupted);
      if (conditions !== fresh.status.conditions) {
        client.updateStatus(pods, { ...fresh, status: { ...fresh.status, conditions } });
      }
      client.delete(pods, namespace, name);
    } catch (error) {
      if (!isStatus(error, 'NotFound')) throw error;
    }
  }
}

function noExecuteTaints(node: Node | undefined): readonly Taint[] {
  return node?.spec.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];
}
