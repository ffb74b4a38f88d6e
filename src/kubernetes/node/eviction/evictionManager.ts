// Upstream: pkg/kubelet/eviction/eviction_manager.go
import { inTurns } from '#sim/turns.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { qosClass } from '#kubernetes/api/podResources.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { unitValue } from '#kubernetes/apimachinery/quantity.ts';
import { tolerates } from '#kubernetes/api/taints.ts';
import type { Kubelet } from '../kubelet.ts';
import type { NodeFleet } from '../nodeFleet.ts';
import type { Rejection } from '../podAdmission.ts';
import type { PodWorker } from '../podWorker.ts';
import { systemBytes } from '../hardwareOf.ts';
import { evictionMessage } from './evictionMessage.ts';
import { collectImages, removeUnusedImages } from './imageGarbage.ts';
import { killForMemory } from './outOfMemory.ts';
import { addUsage, onDisk, podUsage } from './podUsage.ts';
import { type Candidate, ranked } from './ranking.ts';
import { limitsStorage, storageLimitExceeded } from './storageLimits.ts';
import {
  defaultThresholds,
  type Observations,
  type Pressure,
  pressureOf,
  pressureTransitionMs,
  resourceOf,
  type Threshold,
  thresholdsMet,
} from './thresholds.ts';

/** Upstream: evictionMonitoringPeriod. */
const monitorMs = 10_000;
/** The kernel notices at once that memory is out; here it looks when something has changed. */
const kernelMs = 1_000;
/** Upstream: ImageGCPeriod. */
const imagePeriodMs = 300_000;
/** Upstream: immediateEvictionGracePeriodSeconds, and maxPodGracePeriodSeconds for soft thresholds. */
const hardGraceMs = 1_000;
const softGraceMs = 0;
/** Upstream: scheduling.SystemCriticalPriority. */
const criticalPriority = 2_000_000_000;
/** Upstream: kernel.pid_max where the kubelet finds nothing else. */
const pidsMax = 32_768;

/** How many nodes are looked at in one event. */
const nodesPerTurn = 32;

/** What is remembered of a node while it is short of something, or may be. */
interface Watched {
  readonly firstMetMs: Map<Threshold, number>;
  readonly lastSeenMs: Map<Pressure, number>;
  met: readonly Threshold[];
  imagesMs: number;
}

interface Running extends Candidate {
  readonly worker: PodWorker;
}

/** Looks after the nodes that may run out of memory or disk: nodes where nothing changes cost nothing. */
export class EvictionManager {
  readonly #fleet: NodeFleet;
  readonly #thresholds: readonly Threshold[];
  readonly #touched = new Set<Kubelet>();
  readonly #watched = new Map<Kubelet, Watched>();
  #isLooking = false;
  #isMonitoring = false;

  constructor(fleet: NodeFleet, thresholds = defaultThresholds) {
    this.#fleet = fleet;
    this.#thresholds = thresholds;
    for (const kubelet of fleet.kubelets.values()) this.touch(kubelet);
  }

  /** Something on the node uses more, or less, than before. */
  touch(kubelet: Kubelet): void {
    this.#touched.add(kubelet);
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#fleet.simulation.after(kernelMs, () => this.#look(), null);
  }

  /** Why a pod that was put on the node is not taken while it is short of something. */
  admit(kubelet: Kubelet, pod: Pod): Rejection | null {
    const { pressures } = kubelet.reporter;
    if (pressures.length === 0 || isCritical(pod)) return null;
    if (pressures.length === 1 && pressures[0] === 'MemoryPressure') {
      const taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' } as const;
      if (qosClass(pod.spec) !== 'BestEffort' || pod.spec.tolerations?.some((each) => tolerates(each, taint)))
        return null;
    }
    return { reason: 'Evicted', message: `The node had condition: [${pressures.join(' ')}]. ` };
  }

  /** The kernel's own look at memory, and the first of the kubelet's at a node that was not watched. */
  #look(): void {
    this.#isLooking = false;
    const touched = [...this.#touched];
    this.#touched.clear();
    inTurns(
      this.#fleet.simulation,
      touched,
      nodesPerTurn,
      (kubelet) => this.#lookAt(kubelet),
      () => this.#monitorSoon(),
    );
  }

  #lookAt(kubelet: Kubelet): void {
    if (!kubelet.isUp) return;
    const { available } = this.#observe(kubelet)['memory.available'];
    if (available < 0) killForMemory(kubelet, this.#candidates(kubelet), -available);
    if (this.#watched.has(kubelet)) return;
    const imagesMs = this.#fleet.simulation.nowMs;
    this.#watched.set(kubelet, { firstMetMs: new Map(), lastSeenMs: new Map(), met: [], imagesMs });
  }

  #monitorSoon(): void {
    if (this.#isMonitoring || this.#watched.size === 0) return;
    this.#isMonitoring = true;
    this.#fleet.simulation.after(monitorMs, () => this.#monitor(), null);
  }

  #monitor(): void {
    inTurns(
      this.#fleet.simulation,
      [...this.#watched],
      nodesPerTurn,
      ([kubelet, watched]) => {
        if (!kubelet.isUp) this.#watched.delete(kubelet);
        else if (kubelet.isRunning && !this.#synchronize(kubelet, watched)) this.#watched.delete(kubelet);
      },
      () => {
        this.#isMonitoring = false;
        this.#monitorSoon();
      },
    );
  }

  /** One look at a node. False when nothing can change there before somebody touches it. */
  #synchronize(kubelet: Kubelet, watched: Watched): boolean {
    const { nowMs } = this.#fleet.simulation;
    const observations = this.#observe(kubelet);
    const met = thresholdsMet(this.#thresholds, observations, watched.met);
    for (const threshold of this.#thresholds) {
      if (!met.includes(threshold)) watched.firstMetMs.delete(threshold);
      else if (!watched.firstMetMs.has(threshold)) watched.firstMetMs.set(threshold, nowMs);
    }
    for (const { signal } of met) watched.lastSeenMs.set(pressureOf(signal), nowMs);
    for (const [pressure, lastMs] of watched.lastSeenMs)
      if (nowMs - lastMs >= pressureTransitionMs) watched.lastSeenMs.delete(pressure);
    showPressures(kubelet, [...watched.lastSeenMs.keys()].sort());
    watched.met = met.filter((threshold) => nowMs - watched.firstMetMs.get(threshold)! >= threshold.graceMs);
    this.#act(kubelet, watched, observations);
    if (watched.lastSeenMs.size > 0 || met.length > 0) return true;
    for (const worker of running(kubelet)) if (worker.hasPrograms) return true;
    return false;
  }

  #act(kubelet: Kubelet, watched: Watched, observations: Observations): void {
    const { nowMs } = this.#fleet.simulation;
    let evictsForLimits = false;
    for (const candidate of this.#candidates(kubelet, limitsStorage)) {
      const message = storageLimitExceeded(candidate.pod, candidate.usage);
      if (message !== null && evict(kubelet, candidate, message, hardGraceMs)) evictsForLimits = true;
    }
    if (nowMs - watched.imagesMs >= imagePeriodMs) {
      watched.imagesMs = nowMs;
      const { available, capacity } = observations['imagefs.available'];
      collectImages(kubelet, capacity - available, capacity);
    }
    const [threshold] = watched.met;
    if (evictsForLimits || threshold === undefined) return;
    kubelet.event('Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resourceOf(threshold.signal)}`);
    if (pressureOf(threshold.signal) === 'DiskPressure') {
      removeUnusedImages(kubelet);
      if (thresholdsMet(this.#thresholds, this.#observe(kubelet), this.#thresholds).length === 0) return;
    }
    for (const candidate of ranked(this.#candidates(kubelet), threshold.signal)) {
      const message = evictionMessage(candidate, threshold, observations);
      if (evict(kubelet, candidate, message, threshold.graceMs > 0 ? softGraceMs : hardGraceMs)) return;
    }
  }

  #candidates(kubelet: Kubelet, which: (pod: Pod) => boolean = () => true): Running[] {
    const found: Running[] = [];
    for (const worker of running(kubelet)) {
      const { pod } = worker;
      if (which(pod)) found.push({ worker, pod, usage: podUsage(worker, kubelet.volumes) });
    }
    return found;
  }

  /** The node's signals now. Its one disk holds images, what containers write, and everything else. */
  #observe(kubelet: Kubelet): Observations {
    const used = { memory: systemBytes, disk: onDisk(kubelet.volumes.hostFiles.diskBytes), pids: 0 };
    for (const { image } of kubelet.images.list()) used.disk += onDisk(image.sizeBytes);
    for (const worker of running(kubelet)) addUsage(used, worker, kubelet.volumes);
    const memoryBytes = unitValue(kubelet.identity.size.memory);
    const diskBytes = unitValue(kubelet.identity.size.ephemeralStorage);
    const storage = { available: diskBytes - used.disk, capacity: diskBytes };
    return {
      'memory.available': { available: memoryBytes - used.memory, capacity: memoryBytes },
      'nodefs.available': storage,
      'imagefs.available': storage,
      'pid.available': { available: pidsMax - used.pids, capacity: pidsMax },
    };
  }
}

function* running({ workers }: Kubelet): Generator<PodWorker> {
  for (const worker of workers.values()) if (!worker.isOver && !isPodTerminal(worker.pod)) yield worker;
}

/** The words of the node's events, when it is short of something and when it is not. */
const eventReasons: Readonly<Record<Pressure, readonly [yes: string, no: string]>> = {
  MemoryPressure: ['NodeHasInsufficientMemory', 'NodeHasSufficientMemory'],
  DiskPressure: ['NodeHasDiskPressure', 'NodeHasNoDiskPressure'],
  PIDPressure: ['NodeHasInsufficientPID', 'NodeHasSufficientPID'],
};

/** Puts the node's conditions right, with an event for each that changes. */
function showPressures(kubelet: Kubelet, pressures: readonly Pressure[]): void {
  const before = kubelet.reporter.pressures;
  const changed = (Object.keys(eventReasons) as Pressure[]).filter(
    (pressure) => before.includes(pressure) !== pressures.includes(pressure),
  );
  if (changed.length === 0) return;
  kubelet.reporter.pressures = pressures;
  kubelet.reporter.reportStatus();
  for (const pressure of changed) {
    const reason = eventReasons[pressure][pressures.includes(pressure) ? 0 : 1];
    kubelet.event('Normal', reason, `Node ${kubelet.name} status is now: ${reason}`);
  }
}

/** Upstream: kubelettypes.IsCriticalPod. */
function isCritical({ metadata, spec }: Pod): boolean {
  const source = metadata.annotations?.['kubernetes.io/config.source'];
  if (source !== undefined && source !== 'api') return true;
  return (spec.priority ?? 0) >= criticalPriority;
}

function evict(kubelet: Kubelet, { worker, pod }: Running, message: string, graceMs: number): boolean {
  if (isCritical(pod) || !worker.isWanted) return false;
  kubelet.recorder.event(pod, 'Warning', 'Evicted', message);
  worker.fail('Evicted', message, graceMs, 'TerminationByKubelet');
  return true;
}
