// Upstream: pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { Simulation } from '#sim/simulation.ts';
import { Cache } from './cache.ts';
import type { SchedulerConfiguration } from './configuration/configuration.ts';
import { isScaledDown, nodeChanges } from './clusterEvents.ts';
import { Decisions, type Explanation } from './decisions.ts';
import type { CallExtender } from './extenderCalls.ts';
import type { Diagnosis, Plugin, Reservation } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';
import { Nominator } from './nominator.ts';
import type { PluginContext } from './pluginContext.ts';
import type { SchedulerHands } from './groupCycle.ts';
import type { laterPlugins } from './laterPlugins.ts';
import type { Profile } from './profile.ts';
import { defaultPlugins } from './plugins/registry.ts';
import { PostFilters } from './postFilters.ts';
import type { SchedulerParts } from './schedulerParts.ts';
import { SchedulingQueue, type WaitingPod } from './queue.ts';
import { type Attempt, PodScheduler, type Rotation } from './schedulePod.ts';
import { describeUnfit, noNodes, rejectorsOf, truncateNote } from './schedulingError.ts';
import type { ProfilePlugin } from './template.ts';
import type { SchedulerState, Trial } from './tryOut.ts';
import { writeFailure } from './writeFailure.ts';

/** What one attempt takes; bindings run beside it, as upstream's binding goroutines do. */
const attemptMs = 1;
/** Upstream: bindTimeoutSeconds of VolumeBinding, looked at once a second. */
const defaultBindTimeoutMs = 600_000;
const reservePollMs = 1_000;

export interface SchedulerContext {
  readonly simulation: Simulation;
  readonly client: Client;
  readonly kinds: KindSet;
  readonly informers: Informers;
  /** Records the Events of a profile. */
  recorderFor(schedulerName: string): EventRecorder;
  readonly later: SchedulerParts;
  /** Reaches extenders; none where nobody can be called. */
  readonly callExtender?: CallExtender;
  /** What its file says; null for the defaults. It comes with the second load. */
  readonly configuration?: SchedulerConfiguration | null;
  readonly profile?: {
    readonly percentageOfNodesToScore?: number;
    readonly plugins?: readonly ProfilePlugin[];
    /** False turns off the remembering of verdicts, which must not change any. */
    readonly isCaching?: boolean;
  };
}

const defaultName = 'default-scheduler';
const noCalls: CallExtender = () => ({ error: 'dial tcp: no network', latencyMs: 0 });

/** A profile with what decides for it. */
interface RunningProfile extends Profile {
  readonly all: readonly Plugin[];
  readonly podScheduler: PodScheduler;
}

/** A scheduler that runs. */
export interface RunningScheduler {
  stop(): void;
  /** How it came to what it did last with a pod (`namespace/name`); undefined when that is forgotten. */
  explain(podKey: string): Explanation | undefined;
  /** Tells it that the parts of the second load are there. */
  furnish(): void;
  /** What it would do with a pod as this is; undefined until the second load. */
  tryOut(pod: Pod): Trial | undefined;
}

/** Starts kube-scheduler: from now on pods without a node get one. */
export function startScheduler(context: SchedulerContext): RunningScheduler {
  const scheduler = new Scheduler(context);
  return {
    stop: () => scheduler.stop(),
    explain: (podKey) => scheduler.explain(podKey),
    furnish: () => scheduler.furnish(),
    tryOut: (pod) => context.later.tryOut?.(scheduler.stateFor(pod), pod),
  };
}

class Scheduler {
  readonly #context: SchedulerContext;
  /** By their names. */
  readonly #profiles: ReadonlyMap<string, RunningProfile>;
  #makeLater: ReturnType<typeof laterPlugins> | undefined;
  #laterPlugins: ReadonlyMap<string, Plugin> | undefined;
  readonly #cache = new Cache();
  readonly #nominator = new Nominator();
  readonly #queue: SchedulingQueue;
  readonly #decisions = new Decisions();
  readonly #postFilters = new PostFilters();
  readonly #pods: Informer<Pod>;
  #isScheduled = false;
  #busyUntilMs = 0;
  #isStopped = false;

  constructor(context: SchedulerContext) {
    const { simulation, informers, configuration } = context;
    this.#context = context;
    this.furnish();
    const profiles = this.#makeProfiles();
    this.#profiles = new Map(profiles.map((profile) => [profile.schedulerName, profile]));
    this.#queue = new SchedulingQueue({
      simulation,
      plugins: profiles.flatMap(({ all }) => all),
      pluginsOf: (pod) => this.#profileOf(pod).all,
      ...(configuration && {
        backoff: {
          initialMs: configuration.podInitialBackoffSeconds * 1000,
          maxMs: configuration.podMaxBackoffSeconds * 1000,
        },
      }),
      wake: () => this.#wake(),
    });
    informers.of(nodes).onChange((now, before) => this.#nodeChanged(now, before));
    this.#pods = informers.of(pods);
    this.#pods.onChange((now, before) => this.#podChanged(now, before));
  }

  stop(): void {
    this.#isStopped = true;
    this.#queue.stop();
  }

  explain(podKey: string): Explanation | undefined {
    return this.#decisions.explain(podKey);
  }

  /** Takes over the plugins of the second load, once: they begin to follow what they read. */
  furnish(): void {
    const { later } = this.#context;
    this.#makeLater ??= later.laterPlugins?.(this.#pluginContext);
    if (this.#context.configuration == null) this.#laterPlugins ??= this.#makeLater?.();
  }

  #makeProfiles(): RunningProfile[] {
    const { later, configuration, recorderFor, profile: options = {}, simulation } = this.#context;
    const rotation: Rotation = { start: 0 };
    const run = (profile: Profile): RunningProfile => ({
      ...profile,
      all: profile.plugins.map(({ plugin }) => plugin),
      podScheduler: new PodScheduler({
        cache: this.#cache,
        nominator: this.#nominator,
        plugins: profile.plugins,
        random: simulation.random('scheduler'),
        percentageOfNodesToScore: profile.percentageOfNodesToScore,
        isCaching: options.isCaching ?? true,
        rotation,
        extenders: profile.extenders ?? null,
      }),
    });
    if (configuration != null)
      return later.profiles!({
        configuration,
        context: this.#pluginContext,
        makeLater: this.#makeLater!,
        recorderFor,
        callExtender: this.#context.callExtender ?? noCalls,
      }).map(run);
    return [
      run({
        schedulerName: defaultName,
        plugins: options.plugins ?? defaultPlugins(this.#pluginContext, () => this.#laterPlugins),
        percentageOfNodesToScore: options.percentageOfNodesToScore ?? 0,
        recorder: recorderFor(defaultName),
      }),
    ];
  }

  /** The profile of a pod that is this process's. */
  #profileOf({ spec }: Pod): RunningProfile {
    return this.#profiles.get(spec.schedulerName ?? defaultName)!;
  }

  get #pluginContext(): PluginContext {
    return {
      ...this.#context,
      recorder: this.#context.recorderFor(defaultName),
      cache: this.#cache,
      nominator: this.#nominator,
      move: (event, before, now) => {
        if (!this.#isStopped) this.#queue.move(event, before, now);
      },
    };
  }

  /** What decides about a pod; without plugins where its scheduler is another. */
  stateFor({ spec }: Pod): SchedulerState {
    const { nowMs } = this.#context.simulation;
    const profile = this.#profiles.get(spec.schedulerName ?? defaultName);
    return {
      cache: this.#cache,
      nominator: this.#nominator,
      plugins: profile?.plugins ?? null,
      hasExtenders: (profile?.extenders ?? null) !== null,
      nowMs,
    };
  }

  #nodeChanged(now: Node | undefined, before: Node | undefined): void {
    if (this.#isStopped) return;
    if (now === undefined) {
      this.#cache.removeNode(before!.metadata.name);
      this.#queue.move('NodeDelete', before, undefined);
      return;
    }
    this.#cache.setNode(now);
    if (before === undefined) this.#queue.move('NodeAdd', undefined, now);
    else for (const change of nodeChanges(before, now)) this.#queue.move(change, before, now);
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    if (this.#isStopped) return;
    const key = keyOf((now ?? before)!);
    const was = before !== undefined && isAssigned(before);
    if (now !== undefined && isAssigned(now)) {
      this.#queue.delete(key);
      this.#nominator.delete(key);
      this.#cache.setPod(now);
      if (!was) this.#queue.move('AssignedPodAdd', undefined, now);
      else if (before.metadata.labels !== now.metadata.labels)
        this.#queue.move('AssignedPodLabelChange', before, now);
      if (was && isScaledDown(before, now)) this.#queue.move('AssignedPodScaleDown', before, now);
      return;
    }
    if (was) {
      this.#cache.removePod(key);
      this.#queue.move('AssignedPodDelete', before, undefined);
      return;
    }
    if (now === undefined || isPodTerminal(now)) this.#unscheduledGone(key, before);
    else this.#unscheduledChanged(key, now, before);
  }

  #unscheduledGone(key: string, before: Pod | undefined): void {
    this.#queue.delete(key);
    const nominatedTo = this.#nominator.nodeOf(key);
    this.#nominator.delete(key);
    this.#cache.forget(key);
    if (nominatedTo !== undefined) this.#queue.move('AssignedPodDelete', before, undefined);
  }

  #unscheduledChanged(key: string, now: Pod, before: Pod | undefined): void {
    if (!this.#profiles.has(now.spec.schedulerName ?? '') || this.#cache.isAssumed(key)) return;
    this.#nominator.set(now, now.status.nominatedNodeName ?? '');
    if (before === undefined) this.#queue.add(now);
    else this.#queue.update(before, now);
  }

  /** Schedules the next attempt, when the last is over. */
  #wake(): void {
    if (this.#isScheduled || this.#isStopped) return;
    this.#isScheduled = true;
    const { simulation } = this.#context;
    simulation.after(Math.max(0, this.#busyUntilMs - simulation.nowMs), () => this.#attemptNext(), null);
  }

  #attemptNext(): void {
    this.#isScheduled = false;
    if (this.#isStopped) return;
    const waiting = this.#queue.pop();
    if (waiting === null) return;
    const { simulation, client } = this.#context;
    simulation.withCause(waiting.cause, () => this.#attempt(waiting));
    client.takeElapsedMs();
    const { extenders } = this.#profileOf(waiting.pod);
    this.#busyUntilMs = simulation.nowMs + attemptMs + (extenders?.takeElapsedMs() ?? 0);
    if (this.#queue.isReady) this.#wake();
  }

  #attempt(waiting: WaitingPod): void {
    const { pod } = waiting;
    const key = keyOf(pod);
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#queue.delete(key);
      this.#warn(pod, `skip schedule deleting pod: ${key}`);
      return;
    }
    if (this.#profileOf(pod).groups?.attempt(waiting, this.#hands)) return;
    const attempt = this.#tryPlace(waiting);
    if (attempt === null) return;
    if (attempt.node !== null) this.#bind(waiting, attempt, attempt.node);
    else this.#fail(waiting, attempt, attempt.diagnosis!);
  }

  /** Null where an extender failed: the pod is tried again. */
  #tryPlace(waiting: WaitingPod): Attempt | null {
    try {
      return this.#profileOf(waiting.pod).podScheduler.schedule(waiting.pod);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#retryAfterError(waiting, error);
      return null;
    }
  }

  /** Writes the pod's node. Throws StatusError. */
  #writeBinding(pod: Pod, nodeName: string): void {
    const { all, extenders } = this.#profileOf(pod);
    if (extenders?.bind(pod, nodeName)) return;
    for (const plugin of all) plugin.bind?.(pod, nodeName);
  }

  #bind(waiting: WaitingPod, attempt: Attempt, node: NodeInfo): void {
    const reservations = this.#reserve(waiting.pod, node);
    this.#place(waiting, attempt, node);
    this.#bindPlaced(waiting, node, reservations);
  }

  /** Counts a pod as being on the node that was found for it. */
  #place({ pod }: WaitingPod, attempt: Attempt, node: NodeInfo): void {
    const key = keyOf(pod);
    this.#cache.assume({ ...pod, spec: { ...pod.spec, nodeName: node.name } });
    this.#nominator.delete(key);
    this.#decisions.record(key, this.#context.simulation.nowMs, attempt, assigned(key, node.name));
  }

  #bindPlaced(waiting: WaitingPod, node: NodeInfo, reservations: readonly Reservation[]): void {
    const { pod } = waiting;
    try {
      for (const reservation of reservations) reservation.begin();
      if (reservations.length > 0) {
        const { bindTimeoutMs = defaultBindTimeoutMs } = this.#profileOf(pod);
        return this.#awaitReservations(waiting, node.name, reservations, bindTimeoutMs);
      }
      this.#writeBinding(pod, node.name);
    } catch (error) {
      return this.#bindFailed(waiting, error, reservations);
    }
    this.#bound(pod, assigned(keyOf(pod), node.name));
  }

  /** What is lent to whoever places several pods at once. */
  readonly #hands: SchedulerHands = {
    take: (key) => this.#queue.take(key),
    place: (waiting) => {
      const attempt = this.#tryPlace(waiting);
      if (attempt === null) return { node: null, diagnosis: null };
      if (attempt.node !== null) this.#place(waiting, attempt, attempt.node);
      else this.#decisions.record(keyOf(waiting.pod), this.#context.simulation.nowMs, attempt, '');
      return attempt;
    },
    bind: (waiting, node) => this.#bindPlaced(waiting, node, this.#reserve(waiting.pod, node)),
    takeBack: (waiting, message, plugin) => {
      this.#cache.forget(keyOf(waiting.pod));
      this.#refuse(waiting, message, new Set([plugin]));
    },
    refuse: (waiting, message, rejectors) => this.#refuse(waiting, message, rejectors),
  };

  #refuse(waiting: WaitingPod, message: string, rejectors: ReadonlySet<string>): void {
    this.#decisions.revoke(keyOf(waiting.pod), message);
    this.#queue.putBack(waiting, rejectors);
    this.#report(waiting.pod, 'Unschedulable', message, undefined);
  }

  #reserve(pod: Pod, node: NodeInfo): readonly Reservation[] {
    if (pod.spec.volumes === undefined) return [];
    return this.#profileOf(pod).all.flatMap((plugin) => plugin.reserve?.(pod, node) ?? []);
  }

  /** Looks once a second whether what a pod needs is there, and binds it then. */
  #awaitReservations(
    waiting: WaitingPod,
    nodeName: string,
    reservations: readonly Reservation[],
    leftMs: number,
  ): void {
    const { simulation, client } = this.#context;
    simulation.after(reservePollMs, () => {
      const { pod } = waiting;
      if (this.#isStopped) return;
      if (this.#pods.get(keyOf(pod))?.metadata.uid !== pod.metadata.uid) {
        for (const reservation of reservations) reservation.undo();
        return;
      }
      try {
        if (leftMs <= 0)
          throw new StatusError(
            'Timeout',
            'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
          );
        if (!reservations.every((reservation) => reservation.isDone()))
          return this.#awaitReservations(waiting, nodeName, reservations, leftMs - reservePollMs);
        this.#writeBinding(pod, nodeName);
      } catch (error) {
        return this.#bindFailed(waiting, error, reservations);
      }
      this.#bound(pod, assigned(keyOf(pod), nodeName));
      client.takeElapsedMs();
    });
  }

  #bound(pod: Pod, message: string): void {
    const { client } = this.#context;
    const { recorder } = this.#profileOf(pod);
    this.#queue.delete(keyOf(pod));
    client.takeElapsedMs();
    recorder.event(pod, 'Normal', 'Scheduled', message);
  }

  #bindFailed(waiting: WaitingPod, error: unknown, reservations: readonly Reservation[]): void {
    if (!(error instanceof StatusError)) throw error;
    for (const reservation of reservations) reservation.undo();
    this.#cache.forget(keyOf(waiting.pod));
    this.#decisions.revoke(keyOf(waiting.pod), error.message);
    this.#queue.move('AssignedPodDelete', waiting.pod, undefined);
    this.#retryAfterError(waiting, error);
  }

  /** No node would do: says why, makes room if a plugin can, and lets the pod wait for what may help. */
  #fail(waiting: WaitingPod, attempt: Attempt, diagnosis: Diagnosis): void {
    const { simulation } = this.#context;
    const { pod } = waiting;
    if (diagnosis.nodeCount === 0) {
      this.#decisions.record(keyOf(pod), simulation.nowMs, attempt, noNodes);
      this.#report(pod, 'Unschedulable', noNodes, undefined);
      this.#queue.putBack(waiting, this.#allRejectors(pod));
      return;
    }
    const result = this.#postFilters.run(pod, diagnosis, this.#profileOf(pod));
    const message = describeUnfit(diagnosis, result.message);
    this.#decisions.record(keyOf(pod), simulation.nowMs, attempt, message);
    this.#queue.putBack(waiting, rejectorsOf(diagnosis));
    if (result.nominatedNodeName !== undefined) this.#nominator.set(pod, result.nominatedNodeName);
    this.#report(pod, 'Unschedulable', message, result.nominatedNodeName);
  }

  /** Without any node, whatever comes may help. */
  #allRejectors(pod: Pod): ReadonlySet<string> {
    const { all } = this.#profileOf(pod);
    return new Set(all.filter(({ hints }) => hints).map(({ name }) => name));
  }

  #retryAfterError(waiting: WaitingPod, error: StatusError): void {
    const { pod } = waiting;
    const present = this.#pods.get(keyOf(pod));
    if (present === undefined || present.metadata.uid !== pod.metadata.uid || present.spec.nodeName) {
      this.#queue.delete(keyOf(pod));
      return;
    }
    this.#queue.putBack(waiting, new Set());
    this.#report(pod, 'SchedulerError', error.message, undefined);
  }

  #warn(pod: Pod, message: string): void {
    this.#profileOf(pod).recorder.event(pod, 'Warning', 'FailedScheduling', truncateNote(message));
  }

  #report(pod: Pod, reason: string, message: string, nominatedNodeName: string | undefined): void {
    this.#warn(pod, message);
    writeFailure(this.#context, pod, { reason, message, nominatedNodeName });
  }
}

const assigned = (key: string, node: string) => `Successfully assigned ${key} to ${node}`;

/** True for a pod that has a node and has not ended: it takes room there. */
function isAssigned(pod: Pod): boolean {
  return !!pod.spec.nodeName && !isPodTerminal(pod);
}
