// Upstream: pkg/scheduler/backend/queue/{scheduling_queue,active_queue,backoff_queue,unschedulable_pods}.go
import type { Pod, PodSpec } from '#generated/types/core.v1.ts';
import { keyOf, type KubeObject } from '#kubernetes/api/object.ts';
import type { Cause } from '#sim/cause.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Simulation } from '#sim/simulation.ts';
import { podChanges } from './clusterEvents.ts';
import type { ClusterEvent, Plugin, QueuedPod } from './framework.ts';
import { Heap } from './heap.ts';
import { needsAlike } from './template.ts';

/** Upstream: DefaultPodInitialBackoffDuration, doubling up to DefaultPodMaxBackoffDuration. */
const defaultBackoff: Backoff = { initialMs: 1_000, maxMs: 10_000 };
/** Pods whose backoff ends in the same second are ordered by priority. Upstream: backoffQOrderingWindowDuration */
const backoffWindowMs = 1_000;
/** Upstream: DefaultPodMaxInUnschedulablePodsDuration, looked at every 30 s. */
const unschedulableMaxMs = 300_000;
const flushPeriodMs = 30_000;

/** How long a pod that was tried in vain is left alone at first, doubling with each attempt, and at most. */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** A pod that waits to be scheduled, and where. */
export interface WaitingPod extends QueuedPod {
  pod: Pod;
  sinceMs: number;
  sequence: number;
  /** Scheduling attempts so far. */
  attempts: number;
  /** The plugins that refused it last; empty after an error. */
  rejectors: ReadonlySet<string>;
  backoffUntilMs: number;
  /** Why it waits (D6): the write that created it, or the event that moved it. */
  cause: Cause | null;
  place: 'active' | 'backoff' | 'errors' | 'unschedulable' | 'attempted';
  heapIndex: number;
}

const nobody: readonly WaitingPod[] = [];

/** What plugins that read only nodes said of one event, for the pods of a template. */
type Answers = Map<
  PodSpec['containers'],
  { readonly spec: PodSpec; readonly byPlugin: Map<Plugin, boolean> }
>;

/**
 * Pods that have no node: those to try now by the profile's order, those that wait for the end of their
 * backoff, and those that wait for something to happen that may help them. When nothing is to try, pods are
 * taken out of their backoff early, unless an error put them there.
 */
export class SchedulingQueue {
  readonly #simulation: Simulation;
  readonly #pluginsOf: (pod: Pod) => readonly Plugin[];
  readonly #allPlugins: readonly Plugin[];
  readonly #backoffTimes: Backoff;
  readonly #wake: () => void;
  readonly #pods = new Map<string, WaitingPod>();
  readonly #active: Heap<WaitingPod>;
  readonly #backoff: Heap<WaitingPod>;
  readonly #errors: Heap<WaitingPod>;
  readonly #unschedulable = new Set<WaitingPod>();
  /** The unschedulable pods that each plugin has refused: an event is told to those that it may concern. */
  readonly #refused = new Map<string, Set<WaitingPod>>();
  #sequence = 0;
  #backoffTimer: Timer | null = null;
  #flushTimer: Timer | null = null;

  constructor(options: {
    simulation: Simulation;
    /** Of all profiles; the first that compares pods orders the queue. */
    plugins: readonly Plugin[];
    /** Those of a pod's own profile; all when absent. */
    pluginsOf?: (pod: Pod) => readonly Plugin[];
    backoff?: Backoff;
    /** Called when there may be a pod to pop. */
    wake: () => void;
  }) {
    const { plugins } = options;
    this.#simulation = options.simulation;
    this.#allPlugins = plugins;
    this.#pluginsOf = options.pluginsOf ?? (() => plugins);
    this.#backoffTimes = options.backoff ?? defaultBackoff;
    this.#wake = options.wake;
    const sort = options.plugins.find((plugin) => plugin.compare)!;
    const compare = (a: WaitingPod, b: WaitingPod) => sort.compare!(a, b);
    const window = (waiting: WaitingPod) => Math.ceil(waiting.backoffUntilMs / backoffWindowMs);
    this.#active = new Heap(compare);
    this.#backoff = new Heap((a, b) => window(a) - window(b) || compare(a, b));
    this.#errors = new Heap((a, b) => window(a) - window(b) || compare(a, b));
  }

  get size(): number {
    return this.#pods.size;
  }

  /** True when `pop` would give a pod. */
  get isReady(): boolean {
    return this.#active.size > 0 || this.#backoff.size > 0;
  }

  get(key: string): WaitingPod | undefined {
    return this.#pods.get(key);
  }

  /** Pods by where they wait. */
  count(place: WaitingPod['place']): number {
    let count = 0;
    for (const waiting of this.#pods.values()) if (waiting.place === place) count++;
    return count;
  }

  add(pod: Pod): void {
    const key = keyOf(pod);
    if (this.#pods.has(key)) return;
    const waiting: WaitingPod = {
      pod,
      sinceMs: this.#simulation.nowMs,
      sequence: this.#sequence++,
      attempts: 0,
      rejectors: new Set(),
      backoffUntilMs: 0,
      cause: this.#simulation.cause,
      place: 'attempted',
      heapIndex: -1,
    };
    this.#pods.set(key, waiting);
    this.#activate(waiting);
  }

  update(before: Pod, now: Pod): void {
    const waiting = this.#pods.get(keyOf(now));
    if (waiting === undefined) return this.add(now);
    waiting.pod = now;
    if (waiting.place === 'active') this.#active.update(waiting);
    if (waiting.place !== 'unschedulable') return;
    for (const change of podChanges(before, now)) {
      if (!this.#helps(change, waiting, before, now, new Map())) continue;
      waiting.cause = this.#simulation.cause;
      this.#take(waiting);
      this.#requeue(waiting);
      return;
    }
  }

  delete(key: string): void {
    const waiting = this.#pods.get(key);
    if (waiting === undefined) return;
    this.#take(waiting);
    this.#pods.delete(key);
  }

  /** The next pod to try, null when none may be tried now. It is out until it is put back or deleted. */
  pop(): WaitingPod | null {
    const waiting = this.#active.peek() ?? this.#backoff.peek();
    if (waiting === undefined) return null;
    this.#take(waiting);
    waiting.attempts++;
    return waiting;
  }

  /** As `pop`, for a pod that is to be tried with another, wherever it waits; null where it is kept out. */
  take(key: string): WaitingPod | null {
    const waiting = this.#pods.get(key);
    if (waiting === undefined || waiting.place === 'attempted') return null;
    if (this.#pluginsOf(waiting.pod).some((plugin) => plugin.preEnqueue?.(waiting.pod))) return null;
    this.#take(waiting);
    waiting.attempts++;
    return waiting;
  }

  /** Puts a pod that was popped back: to wait for what may help it, or after an error for its backoff. */
  putBack(waiting: WaitingPod, rejectors: ReadonlySet<string>): void {
    if (this.#pods.get(keyOf(waiting.pod)) !== waiting) return;
    waiting.sinceMs = this.#simulation.nowMs;
    waiting.sequence = this.#sequence++;
    waiting.rejectors = rejectors;
    waiting.backoffUntilMs = waiting.sinceMs + backoffMs(waiting.attempts, this.#backoffTimes);
    if (rejectors.size === 0) this.#backOff(waiting, 'errors');
    else this.#wait(waiting);
  }

  /** Tells of a change in the cluster: pods that it may help are tried again. */
  move(event: ClusterEvent, before: KubeObject | undefined, now: KubeObject | undefined): void {
    const candidates = this.#concerned(event);
    const answers: Answers = new Map();
    for (const waiting of candidates) {
      if (!this.#helps(event, waiting, before, now, answers)) continue;
      waiting.cause = this.#simulation.cause;
      this.#take(waiting);
      this.#requeue(waiting);
    }
  }

  /** The pods that were refused by a plugin which listens to the event, in the order in which they began to wait. */
  #concerned(event: ClusterEvent): readonly WaitingPod[] {
    let only: Set<WaitingPod> | undefined;
    let all: Set<WaitingPod> | undefined;
    for (const { name, hints } of this.#allPlugins) {
      const refused = this.#refused.get(name);
      if (refused === undefined || refused.size === 0 || refused === only || !hints?.[event]) continue;
      if (only === undefined) only = refused;
      else for (const waiting of refused) (all ??= new Set(only)).add(waiting);
    }
    if (all !== undefined) return [...all].sort((a, b) => a.sequence - b.sequence);
    return only === undefined ? nobody : [...only];
  }

  stop(): void {
    this.#simulation.cancel(this.#backoffTimer);
    this.#simulation.cancel(this.#flushTimer);
  }

  #helps(
    event: ClusterEvent,
    { pod, rejectors }: WaitingPod,
    before: KubeObject | undefined,
    now: KubeObject | undefined,
    answers: Answers,
  ): boolean {
    let known = answers.get(pod.spec.containers);
    if (known === undefined || !needsAlike(known.spec, pod.spec)) {
      known = { spec: pod.spec, byPlugin: new Map() };
      answers.set(pod.spec.containers, known);
    }
    for (const plugin of this.#pluginsOf(pod)) {
      const hint = plugin.hints?.[event];
      if (hint === undefined || !rejectors.has(plugin.name)) continue;
      let answer = known.byPlugin.get(plugin);
      if (answer === undefined) {
        answer = hint(pod, before, now);
        if (plugin.reads === 'node') known.byPlugin.set(plugin, answer);
      }
      if (answer) return true;
    }
    return false;
  }

  /** To the active queue, unless a plugin keeps it out. */
  #activate(waiting: WaitingPod): void {
    for (const plugin of this.#pluginsOf(waiting.pod)) {
      const rejection = plugin.preEnqueue?.(waiting.pod);
      if (!rejection) continue;
      waiting.rejectors = new Set([rejection.plugin]);
      this.#wait(waiting);
      return;
    }
    waiting.place = 'active';
    this.#active.push(waiting);
    this.#wake();
  }

  #requeue(waiting: WaitingPod): void {
    if (waiting.backoffUntilMs > this.#simulation.nowMs) this.#backOff(waiting, 'backoff');
    else this.#activate(waiting);
  }

  #backOff(waiting: WaitingPod, place: 'backoff' | 'errors'): void {
    waiting.place = place;
    (place === 'backoff' ? this.#backoff : this.#errors).push(waiting);
    this.#armBackoff();
    if (place === 'backoff') this.#wake();
  }

  #wait(waiting: WaitingPod): void {
    waiting.place = 'unschedulable';
    this.#unschedulable.add(waiting);
    for (const name of waiting.rejectors) {
      const refused = this.#refused.get(name);
      if (refused === undefined) this.#refused.set(name, new Set([waiting]));
      else refused.add(waiting);
    }
    this.#flushTimer ??= this.#simulation.after(flushPeriodMs, () => this.#flush(), null);
  }

  /** Takes a pod out of where it waits. */
  #take(waiting: WaitingPod): void {
    if (waiting.place === 'active') this.#active.remove(waiting);
    else if (waiting.place === 'backoff') this.#backoff.remove(waiting);
    else if (waiting.place === 'errors') this.#errors.remove(waiting);
    else if (waiting.place === 'unschedulable') {
      this.#unschedulable.delete(waiting);
      for (const name of waiting.rejectors) this.#refused.get(name)!.delete(waiting);
    }
    waiting.place = 'attempted';
  }

  #armBackoff(): void {
    this.#simulation.cancel(this.#backoffTimer);
    const next = Math.min(
      this.#backoff.peek()?.backoffUntilMs ?? Infinity,
      this.#errors.peek()?.backoffUntilMs ?? Infinity,
    );
    this.#backoffTimer = null;
    if (next === Infinity) return;
    const delayMs = Math.max(0, next - this.#simulation.nowMs);
    this.#backoffTimer = this.#simulation.after(delayMs, () => this.#endBackoffs(), null);
  }

  #endBackoffs(): void {
    for (const heap of [this.#backoff, this.#errors]) {
      for (;;) {
        const first = heap.peek();
        if (first === undefined || first.backoffUntilMs > this.#simulation.nowMs) break;
        this.#take(first);
        this.#activate(first);
      }
    }
    this.#armBackoff();
  }

  /** Pods that nothing helped for minutes are tried again, lest an event was missed. */
  #flush(): void {
    this.#flushTimer = null;
    const candidates = [...this.#unschedulable];
    for (const waiting of candidates) {
      if (this.#simulation.nowMs - waiting.sinceMs <= unschedulableMaxMs) continue;
      this.#take(waiting);
      this.#requeue(waiting);
    }
    if (this.#unschedulable.size > 0)
      this.#flushTimer ??= this.#simulation.after(flushPeriodMs, () => this.#flush(), null);
  }
}

/** How long a pod that was tried so often is left alone, in ms. */
function backoffMs(attempts: number, { initialMs, maxMs }: Backoff): number {
  return attempts === 0 ? 0 : Math.min(initialMs * 2 ** Math.min(attempts - 1, 30), maxMs);
}
