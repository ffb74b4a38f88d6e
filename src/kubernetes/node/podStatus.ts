// Upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus
import type { Pod, PodCondition, PodStatus } from '#generated/types/core.v1.ts';
import { sharedConditions } from '#kubernetes/api/sharedConditions.ts';
import type { ContainerSlot } from './containerSlot.ts';
import type { KubeletParts } from './kubeletParts.ts';
import { containerStatus } from './containerStatus.ts';
import { containersReady, podInitialized, podReady, type Verdict } from './podConditions.ts';
import { podPhase } from './podPhase.ts';
import { sharedTime } from './sharedTimes.ts';

/** How far a pod is on its way to other resources. */
export interface PodResize {
  /** Its node has no room for them. */
  readonly pending: { readonly reason: string; readonly message: string; readonly generation: number } | null;
  /** They are its own, but its containers do not have them yet. */
  readonly inProgress: { readonly generation: number } | null;
}

/** What the kubelet knows of a pod, beside its containers. */
export interface PodFacts {
  readonly slots: readonly ContainerSlot[];
  /** When the kubelet first saw the pod. */
  readonly startTime: string;
  readonly nowMs: number;
  readonly hostIp: string;
  readonly hostIps: NonNullable<PodStatus['hostIPs']>;
  /** Empty until the sandbox has its address. */
  readonly podIp: string;
  readonly hasSandbox: boolean;
  /** Nothing will be started again. */
  readonly isTerminal: boolean;
  readonly resize: PodResize | null;
  /** Undefined until the second load. */
  readonly visitorStatuses: KubeletParts['visitorStatuses'] | undefined;
  /** Set where the kubelet itself ended the pod: eviction, deadline, admission. */
  readonly failure: {
    readonly reason: string;
    readonly message: string;
    readonly disruption?: string;
  } | null;
}

/** The conditions that the kubelet owns, in the order in which upstream lists them. */
const ownedTypes = new Set([
  'PodResizePending',
  'PodResizeInProgress',
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
]);

/** A pod that was bound without a scheduler counts as scheduled too. */
const scheduled: Verdict = { type: 'PodScheduled', status: 'True' };

/** The whole status of a pod; what others put there (scheduler, readiness gates) is kept. */
export function podStatus(pod: Pod, facts: PodFacts): PodStatus {
  const { spec, status: old, metadata } = pod;
  const { slots, failure, podIp } = facts;
  const hasInit = slots.some((slot) => slot.isInit);
  const init = slots.filter((slot) => slot.isInit).map((slot) => containerStatus(slot, hasInit));
  const main = slots.filter(({ kind }) => kind === 'main').map((slot) => containerStatus(slot, hasInit));
  const visitors = facts.visitorStatuses?.(old, slots, facts.nowMs);
  const phase = failure === null ? podPhase(spec, init, main, facts.isTerminal) : 'Failed';
  const containers = containersReady(spec, init, main, phase);
  const conditions = mergeConditions(old.conditions, metadata.generation, facts.nowMs, [
    ...resizeVerdicts(facts.resize),
    { type: 'PodReadyToStartContainers', status: facts.hasSandbox ? 'True' : 'False' },
    podInitialized(spec, init, main, phase),
    podReady(spec, containers, old.conditions ?? []),
    containers,
    ...(old.conditions?.some(({ type }) => type === 'PodScheduled') ? [] : [scheduled]),
    ...(failure?.disruption ? [disruptionTarget(failure.disruption, failure.message)] : []),
  ]);
  const { hostIp: hostIP, hostIps: hostIPs } = facts;
  const startTime = old.startTime ?? facts.startTime;
  const qosClass = old.qosClass ?? 'BestEffort';
  const observedGeneration = metadata.generation ?? 1;
  const common = { observedGeneration, phase, conditions, hostIP, hostIPs, startTime, qosClass };
  const containerStatuses = main;
  // Most pods are so; one literal keeps each as small as can be.
  if (
    podIp !== '' &&
    init.length === 0 &&
    failure === null &&
    !old.nominatedNodeName &&
    visitors === undefined
  ) {
    const podIPs = [{ ip: podIp }];
    return {
      observedGeneration,
      phase,
      conditions,
      hostIP,
      hostIPs,
      podIP: podIp,
      podIPs,
      startTime,
      containerStatuses,
      qosClass,
    };
  }
  return {
    ...common,
    ...(failure !== null && { reason: failure.reason, message: failure.message }),
    ...(podIp !== '' && { podIP: podIp, podIPs: [{ ip: podIp }] }),
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses,
    ...(visitors !== undefined && { ephemeralContainerStatuses: visitors }),
    ...(old.nominatedNodeName && { nominatedNodeName: old.nominatedNodeName }),
  };
}

const noVerdicts: readonly Verdict[] = [];

function resizeVerdicts(resize: PodResize | null): readonly Verdict[] {
  if (resize === null) return noVerdicts;
  const { pending, inProgress } = resize;
  return [
    ...(pending === null
      ? []
      : [
          {
            type: 'PodResizePending',
            status: 'True' as const,
            reason: pending.reason,
            message: pending.message,
          },
        ]),
    ...(inProgress === null ? [] : [{ type: 'PodResizeInProgress', status: 'True' as const }]),
  ];
}

function disruptionTarget(reason: string, message: string): Verdict {
  return { type: 'DisruptionTarget', status: 'True', reason, message };
}

/** What conditions became when, and by which verdicts. */
interface Turn {
  readonly now: string;
  readonly generation: number | undefined;
  readonly verdicts: readonly Verdict[];
  readonly conditions: readonly PodCondition[];
}

const none: readonly PodCondition[] = [];
/** The latest turn of each list: replicas share their conditions (D4), and most take the same turn in the same second. */
const turns = new WeakMap<readonly PodCondition[], Turn>();

function mergeConditions(
  old: readonly PodCondition[] = none,
  generation: number | undefined,
  nowMs: number,
  verdicts: readonly Verdict[],
): readonly PodCondition[] {
  const now = sharedTime(nowMs);
  const known = turns.get(old);
  if (known?.now === now && known.generation === generation && sameVerdicts(known.verdicts, verdicts))
    return known.conditions;
  const conditions = turned(old, generation, now, verdicts);
  turns.set(old, { now, generation, verdicts, conditions });
  return conditions;
}

function sameVerdicts(a: readonly Verdict[], b: readonly Verdict[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const one = a[i]!;
    const other = b[i]!;
    if (one.status !== other.status || one.reason !== other.reason || one.message !== other.message)
      return false;
    if (one.type !== other.type) return false;
  }
  return true;
}

function turned(
  old: readonly PodCondition[],
  generation: number | undefined,
  now: string,
  verdicts: readonly Verdict[],
): readonly PodCondition[] {
  const isGone = (type: string) =>
    type.startsWith('PodResize') && verdicts.every((verdict) => verdict.type !== type);
  if (verdicts.every((verdict) => isKnown(verdict, old, generation)) && !old.some(({ type }) => isGone(type)))
    return old;
  const own = verdicts.map((verdict): PodCondition => {
    const known = old.find(({ type }) => type === verdict.type);
    const since = known?.status === verdict.status ? known.lastTransitionTime : undefined;
    const { type, status, reason, message } = verdict;
    return {
      ...(generation !== undefined && { observedGeneration: generation }),
      lastTransitionTime: since ?? now,
      ...(message !== undefined && { message }),
      ...(reason !== undefined && { reason }),
      status,
      type,
    };
  });
  const others = old.filter(
    ({ type }) => !ownedTypes.has(type) && !verdicts.some((verdict) => verdict.type === type),
  );
  return sharedConditions([...own, ...others]);
}

function isKnown(verdict: Verdict, old: readonly PodCondition[], generation: number | undefined): boolean {
  const known = old.find(({ type }) => type === verdict.type);
  return (
    known !== undefined &&
    known.status === verdict.status &&
    known.reason === verdict.reason &&
    known.message === verdict.message &&
    known.observedGeneration === generation
  );
}
