// Upstream: pkg/controller/podautoscaler/horizontal.go
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type { HorizontalPodAutoscaler, MetricStatus } from '#generated/types/autoscaling.v2.ts';
import { horizontalPodAutoscalers } from '#kubernetes/api/autoscaling/horizontalPodAutoscaler.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { withCondition } from '#kubernetes/api/podStatus.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import { causeOf } from '#sim/cause.ts';
import type { Controller } from '../controller.ts';
import { MetricFailure } from './metricFailure.ts';
import { replicasForMetrics } from './metricReplicas.ts';
import type { Room } from './room.ts';
import {
  type Ruled,
  type Sample,
  type Scaling,
  downscaleStabilizationMs,
  limitByBehavior,
  limitPlainly,
  stabilize,
  stabilizeDown,
} from './scalingRules.ts';

/** Upstream: --concurrent-horizontal-pod-autoscaler-syncs */
const workers = 5;
/** Upstream: --horizontal-pod-autoscaler-sync-period */
const syncPeriodMs = 15_000;
/** The longest stabilization window or policy period that validation allows; older samples are forgotten. */
const samplesKeptMs = 3_600_000;

const name = 'horizontal-pod-autoscaler-controller';

/** Gives workloads as many replicas as their use of resources asks for. */
export const horizontalPodAutoscalerController: Controller = {
  name,
  account: 'horizontal-pod-autoscaler',
  eventSource: 'horizontal-pod-autoscaler',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      autoscalers: informers.of(horizontalPodAutoscalers),
      podCache: informers.of(pods),
      selectors: new Map(),
    };
    const histories = new Map<string, History>();
    const reconcile = (key: string) => syncAutoscaler(room, histories, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    room.autoscalers.onChange((now, before) => {
      if (now === undefined) {
        histories.delete(keyOf(before!));
        room.selectors.delete(keyOf(before!));
      }
      // Not at once: upstream's queue too lets every autoscaler wait for its period first.
      else queue.addAfter(keyOf(now), syncPeriodMs);
    });
    return () => queue.stop();
  },
};

/** What was recommended and done lately, oldest first. */
interface History {
  recommendations: Sample[];
  added: Sample[];
  removed: Sample[];
}

function syncAutoscaler(room: Room, histories: Map<string, History>, key: string): Again | void {
  const autoscaler = room.autoscalers.get(key);
  if (autoscaler === undefined) return undefined;
  let history = histories.get(key);
  if (history === undefined) {
    history = { recommendations: [], added: [], removed: [] };
    histories.set(key, history);
  }
  forgetOld(history, room.simulation.nowMs - samplesKeptMs);
  const tick = causeOf(null, room.simulation.nowMs, name, 'tick', '');
  room.simulation.withCause(tick, () => new Sync(room, autoscaler, history).run());
  return { afterMs: syncPeriodMs };
}

function forgetOld(history: History, sinceMs: number): void {
  const isRecent = ({ atMs }: Sample) => atMs >= sinceMs;
  history.recommendations = history.recommendations.filter(isRecent);
  history.added = history.added.filter(isRecent);
  history.removed = history.removed.filter(isRecent);
}

/** One look at one autoscaler. */
class Sync {
  readonly #room: Room;
  readonly #autoscaler: HorizontalPodAutoscaler;
  readonly #history: History;
  #conditions: HorizontalPodAutoscaler['status']['conditions'];

  constructor(room: Room, autoscaler: HorizontalPodAutoscaler, history: History) {
    this.#room = room;
    this.#autoscaler = autoscaler;
    this.#history = history;
    this.#conditions = autoscaler.status.conditions;
  }

  run(): void {
    const target = this.#getScale();
    if (target === null) return;
    const { kind, scale } = target;
    const current = scale.spec?.replicas ?? 0;
    const { minReplicas = 1, maxReplicas } = this.#autoscaler.spec;
    if (this.#history.recommendations.length === 0) this.#recommend(current);
    if (current === 0 && minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.#setCondition('ScalingActive', 'False', 'ScalingDisabled', message);
      this.#writeStatus({ current, desired: current });
    } else if (current > maxReplicas) {
      this.#rescale(kind, scale, maxReplicas, 'Current number of replicas above Spec.MaxReplicas');
    } else if (current < minReplicas) {
      this.#rescale(kind, scale, minReplicas, 'Current number of replicas below Spec.MinReplicas');
    } else this.#followMetrics(kind, scale);
  }

  #followMetrics(kind: AnyKind, scale: Scale): void {
    const current = scale.spec?.replicas ?? 0;
    let answer;
    try {
      answer = replicasForMetrics(this.#room, this.#autoscaler, scale);
    } catch (error) {
      if (!(error instanceof MetricFailure)) throw error;
      return this.#stopForMetrics(error, current);
    }
    const { replicas, metric, statuses } = answer;
    const found = `the HPA was able to successfully calculate a replica count from ${metric}`;
    this.#setCondition('ScalingActive', 'True', 'ValidMetricFound', found);
    const desired = this.#normalize(current, replicas);
    if (desired === current) return this.#writeStatus({ current, desired, statuses });
    const reason = replicas > current ? `${metric} above target` : 'All metrics below target';
    return this.#rescale(kind, scale, desired, reason, statuses);
  }

  #stopForMetrics(failure: MetricFailure, current: number): void {
    const isAsked = failure.statuses !== undefined;
    const message = isAsked
      ? `the HPA was unable to compute the replica count: ${failure.condition}`
      : failure.condition;
    this.#setCondition('ScalingActive', 'False', failure.reason, message);
    const desired = this.#autoscaler.status.desiredReplicas;
    this.#writeStatus({ current, desired, ...(failure.statuses && { statuses: failure.statuses }) });
    this.#tell('Warning', 'FailedComputeMetricsReplicas', failure.message);
  }

  #getScale(): { kind: AnyKind; scale: Scale } | null {
    const { scaleTargetRef } = this.#autoscaler.spec;
    const { apiVersion = '', kind: kindName, name: targetName } = scaleTargetRef;
    const kind = this.#room.kinds.findKind(apiVersion, kindName);
    try {
      if (kind === undefined) {
        const why = `unable to determine resource for scale target reference: no matches for kind "${kindName}" in version "${apiVersion}"`;
        throw new StatusError('NotFound', why);
      }
      const scale = this.#room.client.getScale(kind, this.#autoscaler.metadata.namespace ?? '', targetName);
      const message = "the HPA controller was able to get the target's current scale";
      this.#setCondition('AbleToScale', 'True', 'SucceededGetScale', message);
      return { kind, scale };
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#tell('Warning', 'FailedGetScale', error.message);
      const message = `the HPA controller was unable to get the target's current scale: ${error.message}`;
      this.#setCondition('AbleToScale', 'False', 'FailedGetScale', message);
      const { currentReplicas = 0, desiredReplicas, currentMetrics } = this.#autoscaler.status;
      const statuses = currentMetrics && { statuses: currentMetrics };
      this.#writeStatus({ current: currentReplicas, desired: desiredReplicas, ...statuses });
      return null;
    }
  }

  /** What the windows, the policies and the bounds make of the number that the metrics ask for. */
  #normalize(current: number, desired: number): number {
    const { behavior, minReplicas: min = 1, maxReplicas: max } = this.#autoscaler.spec;
    const { nowMs } = this.#room.simulation;
    const scaling: Scaling = { current, desired, min, max, nowMs, ...this.#history };
    const up = behavior?.scaleUp ?? {};
    const down = behavior?.scaleDown ?? {};
    const upMs = (up.stabilizationWindowSeconds ?? 0) * 1000;
    const window = down.stabilizationWindowSeconds;
    const downMs = window === undefined ? downscaleStabilizationMs : window * 1000;
    const stable = behavior ? stabilize(scaling, { upMs, downMs }) : stabilizeDown(scaling);
    this.#recommend(desired);
    if (stable.replicas !== desired) this.#setRuled('AbleToScale', 'True', stable);
    else {
      const message = 'recommended size matches current size';
      this.#setCondition('AbleToScale', 'True', 'ReadyForNewScale', message);
    }
    const wanted = { ...scaling, desired: stable.replicas };
    const limited = behavior ? limitByBehavior(wanted, up, down) : limitPlainly(wanted);
    this.#setRuled('ScalingLimited', limited.replicas === stable.replicas ? 'False' : 'True', limited);
    return limited.replicas;
  }

  #recommend(replicas: number): void {
    this.#history.recommendations.push({ replicas, atMs: this.#room.simulation.nowMs });
  }

  #rescale(
    kind: AnyKind,
    scale: Scale,
    desired: number,
    reason: string,
    statuses?: readonly MetricStatus[],
  ): void {
    const current = scale.spec?.replicas ?? 0;
    const { namespace = '', name: targetName } = scale.metadata;
    const shown = { current, ...(statuses && { statuses }) };
    try {
      const body = { ...scale, spec: { ...scale.spec, replicas: desired } };
      this.#room.client.subresource(kind, namespace, targetName, 'scale', body, 'PUT');
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      const why = `New size: ${desired}; reason: ${reason}; error: ${error.message}`;
      this.#tell('Warning', 'FailedRescale', why);
      const message = `the HPA controller was unable to update the target scale: ${error.message}`;
      this.#setCondition('AbleToScale', 'False', 'FailedUpdateScale', message);
      return this.#writeStatus({ ...shown, desired: this.#autoscaler.status.desiredReplicas });
    }
    const message = `the HPA controller was able to update the target scale to ${desired}`;
    this.#setCondition('AbleToScale', 'True', 'SucceededRescale', message);
    this.#tell('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    // Without a behavior nobody asks what was done before.
    if (this.#autoscaler.spec.behavior !== undefined) {
      const sample = { replicas: Math.abs(desired - current), atMs: this.#room.simulation.nowMs };
      (desired > current ? this.#history.added : this.#history.removed).push(sample);
    }
    return this.#writeStatus({ ...shown, desired, isRescaled: true });
  }

  #tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#room.recorder.event(this.#autoscaler, type, reason, message);
  }

  #setCondition(type: string, status: string, reason: string, message: string): void {
    const lastTransitionTime = formatTime(this.#room.simulation.nowMs);
    this.#conditions = withCondition(this.#conditions, { type, status, reason, message, lastTransitionTime });
  }

  #setRuled(type: string, status: string, { reason, message }: Ruled): void {
    this.#setCondition(type, status, reason, message);
  }

  #writeStatus(next: {
    readonly current: number;
    readonly desired: number;
    readonly statuses?: readonly MetricStatus[];
    readonly isRescaled?: boolean;
  }): void {
    const { status: old } = this.#autoscaler;
    const lastScaleTime = next.isRescaled ? formatTime(this.#room.simulation.nowMs) : old.lastScaleTime;
    const status: HorizontalPodAutoscaler['status'] = {
      currentReplicas: next.current,
      desiredReplicas: next.desired ?? 0,
      ...(lastScaleTime !== undefined && { lastScaleTime }),
      ...(next.statuses !== undefined && { currentMetrics: next.statuses }),
      ...(this.#conditions !== undefined && { conditions: this.#conditions }),
    };
    if (deepEqual(old, status)) return;
    this.#room.client.updateStatus(horizontalPodAutoscalers, { ...this.#autoscaler, status });
  }
}
