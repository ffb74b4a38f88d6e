// Upstream: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go, framework/preemption/preemption.go
import { podPriority } from '../podPriority.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { podCondition } from '#kubernetes/api/podStatus.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Cache } from '../cache.ts';
import {
  type Diagnosis,
  type Plugin,
  type PostFilterResult,
  type Rejection,
  rejection,
  type Trials,
} from '../framework.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { Nominator } from '../nominator.ts';
import { compareImportance, pickCandidate, splitByBudgets, type Victims } from '../preemption.ts';
import { describeUnfit } from '../schedulingError.ts';

const name = 'DefaultPreemption';
const noVictims = rejection(name, 'No preemption victims found for incoming pod');
const notHelpful = 'Preemption is not helpful for scheduling';
const preemptedReason = 'PreemptionByScheduler';

/** Upstream: DefaultPreemptionArgs, a tenth of the nodes but 100 at least. */
const defaultPercent = 10;
const defaultMin = 100;

export interface PreemptionContext {
  readonly simulation: Simulation;
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly cache: Cache;
  readonly nominator: Nominator;
  budgets(): readonly PodDisruptionBudget[];
  /** How many candidates suffice: so many percent of the nodes, but so many at least. */
  readonly candidatesPercent?: number;
  readonly candidatesMin?: number;
}

/** A pod that fits nowhere may take the place of pods of lower priority: as few and as unimportant as will do. */
export function defaultPreemption(context: PreemptionContext): Plugin {
  const remembered: Remembered = new WeakMap();
  return {
    name,
    reads: 'cluster',
    postFilter(pod, diagnosis, trials) {
      const result = new Preemption(context, pod, trials, remembered).run(diagnosis);
      return result.message === '' ? result : { ...result, message: `preemption: ${result.message}` };
    },
    whatIf: (pod, diagnosis, trials) => new Preemption(context, pod, trials, remembered).whatIf(diagnosis),
  };
}

/** What the last pod that asked would drive from a node, as long as the node has not changed. */
type Remembered = WeakMap<
  NodeInfo,
  {
    readonly alike: object;
    readonly generation: number;
    readonly priority: number;
    readonly result: Victims | Rejection;
  }
>;

class Preemption {
  readonly #context: PreemptionContext;
  readonly #pod: Pod;
  readonly #trials: Trials;
  readonly #remembered: Remembered;

  constructor(context: PreemptionContext, pod: Pod, trials: Trials, remembered: Remembered) {
    this.#context = context;
    this.#pod = pod;
    this.#trials = trials;
    this.#remembered = remembered;
  }

  run(diagnosis: Diagnosis): PostFilterResult {
    const refusal = this.#whyNotEligible(diagnosis);
    if (refusal !== null) return { message: refusal };
    const { simulation } = this.#context;
    const offsetOf = (count: number) => simulation.random('scheduler-preemption').below(count);
    const { candidates, rejections } = this.#findCandidates(diagnosis, offsetOf);
    if (candidates.length === 0) {
      const { nodeCount } = diagnosis;
      const message = describeUnfit(
        { nodeCount, rejections, absent: { reason: notHelpful, plugins: [] } },
        '',
      );
      return { nominatedNodeName: '', message };
    }
    const best = pickCandidate(candidates, simulation.nowMs);
    this.#evict(best);
    return { nominatedNodeName: best.node.name, message: '' };
  }

  /** Whom `run` would drive out, looking from the first node on. */
  whatIf(diagnosis: Diagnosis): Victims | null {
    if (this.#whyNotEligible(diagnosis) !== null) return null;
    const { candidates } = this.#findCandidates(diagnosis, () => 0);
    return candidates.length === 0 ? null : pickCandidate(candidates, this.#context.simulation.nowMs);
  }

  #whyNotEligible({ rejections }: Diagnosis): string | null {
    if (this.#pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
    const node = this.#context.cache.node(this.#pod.status.nominatedNodeName ?? '');
    if (node === undefined || rejections.get(node)?.isResolvable === false) return null;
    for (const other of node.pods.values())
      if (this.#mayEvict(other) && isBeingPreempted(other))
        return 'not eligible due to a terminating pod on the nominated node.';
    return null;
  }

  #mayEvict(other: Pod): boolean {
    return podPriority(other) < podPriority(this.#pod);
  }

  /** Tries the nodes where an eviction can help, from one of them on, until there are candidates enough. */
  #findCandidates(
    diagnosis: Diagnosis,
    offsetOf: (count: number) => number,
  ): {
    candidates: Victims[];
    rejections: ReadonlyMap<NodeInfo, Rejection>;
  } {
    const candidates: Victims[] = [];
    const rejections = new Map<NodeInfo, Rejection>();
    if (diagnosis.preFilterRejection?.isResolvable === false) return { candidates, rejections };
    const nodes = [...diagnosis.rejections].filter(([, { isResolvable }]) => isResolvable);
    if (nodes.length === 0) return { candidates, rejections };
    const budgets = this.#context.budgets();
    const { candidatesMin = defaultMin, candidatesPercent = defaultPercent } = this.#context;
    const enough = Math.max(candidatesMin, Math.floor((nodes.length * candidatesPercent) / 100));
    const offset = offsetOf(nodes.length);
    let hasHarmless = false;
    for (let i = 0; i < nodes.length; i++) {
      const [node] = nodes[(offset + i) % nodes.length]!;
      const result = this.#victimsOn(node, budgets);
      if ('reasons' in result) {
        rejections.set(node, result);
        continue;
      }
      candidates.push(result);
      if (result.violations === 0) hasHarmless = true;
      if (hasHarmless && candidates.length >= enough) break;
    }
    return { candidates, rejections };
  }

  /** As `#selectVictims`, from memory where a pod like this one has asked since the node changed last. */
  #victimsOn(node: NodeInfo, budgets: readonly PodDisruptionBudget[]): Victims | Rejection {
    const { cache, nominator } = this.#context;
    const { alike } = this.#trials;
    const mayRemember = alike !== null && budgets.length === 0 && !nominator.hasOn(node.name);
    if (!mayRemember) return this.#selectVictims(node, budgets);
    const generation = cache.generations[node.slot]!;
    const priority = podPriority(this.#pod);
    const known = this.#remembered.get(node);
    if (known?.alike === alike && known.generation === generation && known.priority === priority) {
      // A pod whose status alone changed changes no generation.
      const { result } = known;
      const isPresent = (victim: Pod) => node.pods.get(keyOf(victim)) === victim;
      if ('reasons' in result || result.pods.every(isPresent)) return result;
    }
    const result = this.#selectVictims(node, budgets);
    const hasStarted = [...node.pods.values()].every(({ status }) => status.startTime !== undefined);
    if (hasStarted) this.#remembered.set(node, { alike, generation, priority, result });
    return result;
  }

  /** The pods that would have to go from one node, or why that would not help. */
  #selectVictims(node: NodeInfo, budgets: readonly PodDisruptionBudget[]): Victims | Rejection {
    if (node.lowestPriority >= podPriority(this.#pod)) return noVictims;
    const trial = this.#trials.on(node);
    const potential = [...node.pods.values()].filter((other) => this.#mayEvict(other));
    for (const other of potential) trial.removePod(other);
    const rejected = trial.reject();
    if (rejected !== null) return rejected;
    const { nowMs } = this.#context.simulation;
    potential.sort((a, b) => compareImportance(a, b, nowMs));
    const { violating, others } = splitByBudgets(potential, budgets);
    const victims: Pod[] = [];
    const spare = (other: Pod): boolean => {
      trial.addPod(other);
      if (trial.reject() === null) return true;
      trial.removePod(other);
      victims.push(other);
      return false;
    };
    let violations = 0;
    for (const other of violating) if (!spare(other)) violations++;
    for (const other of others) spare(other);
    victims.sort((a, b) => compareImportance(a, b, nowMs));
    return { node, pods: victims, violations };
  }

  /** Deletes the victims, and takes back promises of that node to pods of lower priority. */
  #evict({ node, pods: victims }: Victims): void {
    const { client, recorder, nominator } = this.#context;
    for (const victim of victims) {
      if (victim.metadata.deletionTimestamp === undefined) {
        this.#markPreempted(victim);
        this.#ignoreGone(() =>
          client.delete(pods, victim.metadata.namespace ?? '', victim.metadata.name, {
            preconditions: { uid: victim.metadata.uid },
          }),
        );
      }
      const message = `Preempted by pod ${this.#pod.metadata.uid} on node ${node.name}`;
      recorder.event(victim, 'Normal', 'Preempted', message);
    }
    for (const other of [...nominator.on(node.name)].filter((nominated) => this.#mayEvict(nominated))) {
      nominator.delete(keyOf(other));
      this.#patchStatus(other, { nominatedNodeName: null });
    }
  }

  #markPreempted(victim: Pod): void {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: preemptedReason,
      message: `${this.#pod.spec.schedulerName}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(this.#context.simulation.nowMs),
    };
    this.#patchStatus(victim, { conditions: [condition] });
  }

  #patchStatus({ metadata }: Pod, status: object): void {
    const { namespace = '', name: podName } = metadata;
    const patch = { type: 'strategic', body: { status }, subresource: 'status' } as const;
    this.#ignoreGone(() => this.#context.client.patch(pods, namespace, podName, patch));
  }

  /** What is gone already need not be evicted. */
  #ignoreGone(act: () => unknown): void {
    try {
      act();
    } catch (error) {
      if (!isStatus(error, 'NotFound') && !isStatus(error, 'Conflict')) throw error;
    }
  }
}

function isBeingPreempted(pod: Pod): boolean {
  const condition = podCondition(pod, 'DisruptionTarget');
  return (
    pod.metadata.deletionTimestamp !== undefined &&
    condition?.status === 'True' &&
    condition.reason === preemptedReason
  );
}
