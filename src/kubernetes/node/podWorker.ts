// Upstream: pkg/kubelet/{pod_workers,kubelet}.go, pkg/kubelet/kuberuntime/kuberuntime_manager.go
import type { Pod, PodStatus } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { isPodTerminal } from '#kubernetes/api/podStatus.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Host, Listener } from '#world/network/network.ts';
import type { Container } from './container.ts';
import { ContainerSlot, unlocated } from './containerSlot.ts';
import { ContainerStarter } from './containerStarter.ts';
import type { NodeContext } from './nodeContext.ts';
import { MountError } from './startErrors.ts';
import { computePodActions, type PodActions } from './podActions.ts';
import type { Rejection } from './podAdmission.ts';
import { type PodFacts, type PodResize, podStatus } from './podStatus.ts';
import { Prober } from './prober.ts';
import { sharedTime } from './sharedTimes.ts';

/** Making a sandbox with its network, on average. */
const sandboxMs = 300;
/** Upstream: genericPlegRelistPeriod. So late does the kubelet see that a container has ended. */
const relistMs = 1_000;
/** Upstream: the volume manager's exponential backoff. */
const mountRetryInitialMs = 500;
const mountRetryMaxMs = 122_000;
/** A sync that failed is tried again after this. */
const sandboxRetryMs = 10_000;
/** A volume that is not attached yet is looked for at least so often. */
const attachPollMaxMs = 4_000;
/** A claim of a port at all addresses of the node. */
const anyAddress = '0.0.0.0';
/** Upstream: minimumGracePeriodInSeconds. */
const graceMinMs = 1_000;

/** Runs one pod on one node, from the moment it is bound until it is gone. */
export class PodWorker implements Host {
  pod: Pod;
  /** Init containers, the pod's containers, and then the ephemeral ones in the order in which they came. */
  slots: readonly ContainerSlot[];
  address = '';
  /** While its spec asks for other resources than it has. */
  resize: PodResize | null = null;
  /** False for a static pod that the API does not know of: its status is written nowhere. */
  isMirrored = true;
  readonly #node: NodeContext;
  readonly #starter: ContainerStarter;
  readonly #startTime: string;
  #sandbox: 'none' | 'starting' | 'ready' | 'stopped' = 'none';
  /** True while a step is under way: nothing else begins meanwhile. */
  #isBusy = false;
  #stage: 'running' | 'terminating' | 'over' = 'running';
  #retry: Timer | null = null;
  #mountRetryMs = mountRetryInitialMs;
  #failure: PodFacts['failure'] = null;
  #onOver: (() => void) | null = null;

  constructor(node: NodeContext, pod: Pod) {
    this.#node = node;
    this.pod = pod;
    this.#startTime = sharedTime(node.simulation.nowMs);
    const { initContainers = [], containers } = pod.spec;
    // Not spread: a list that grows keeps room for seventeen.
    const init = initContainers.map((spec) => new ContainerSlot(spec, 'init'));
    this.slots = init.concat(containers.map((spec) => new ContainerSlot(spec, 'main')));
    this.#starter = new ContainerStarter(node, this);
    if (pod.spec.activeDeadlineSeconds !== undefined) this.#setDeadline(pod.spec.activeDeadlineSeconds);
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status;
    for (const status of [...initContainerStatuses, ...containerStatuses]) {
      const slot = this.slots.find(({ spec }) => spec.name === status.name);
      if (slot === undefined || status.containerID === undefined) continue;
      slot.restartCount = status.restartCount + 1;
      slot.last = unlocated(status, node.simulation.nowMs);
    }
  }

  get name(): string {
    return this.pod.metadata.name;
  }

  /** The node's kernel carries the pod's packets. */
  get machine(): string {
    return this.#node.nodeName;
  }

  /** For the network: a pod without a sandbox has no address. */
  get isUp(): boolean {
    return this.#sandbox === 'ready';
  }

  get isWanted(): boolean {
    return this.#stage === 'running';
  }

  /** Programs run in it, or somebody has looked into it: its files may change. */
  get hasPrograms(): boolean {
    return this.slots.some(({ container }) => container?.isRunning && container.wasEntered);
  }

  get isOver(): boolean {
    return this.#stage === 'over';
  }

  /** True once the API has forgotten the pod; what is left of it ends, and takes nobody's room. */
  get isRemoved(): boolean {
    return this.#onOver !== null;
  }

  /** A static pod's mirror in the API was made, changed or (null) removed; the pod itself goes on. */
  mirror(mirror: Pod | null): void {
    // One that an earlier pod of the same manifest left behind says how that pod ended.
    const isNew = !this.isMirrored || mirror?.metadata.uid !== this.pod.metadata.uid;
    this.isMirrored = mirror !== null;
    if (mirror === null || this.#stage !== 'running') return;
    const { qosClass } = mirror.status;
    const own = qosClass === undefined ? this.pod.status : { ...this.pod.status, qosClass };
    this.pod = isNew ? { ...mirror, status: { ...mirror.status, ...own } } : mirror;
    if (isNew) this.#write(this.pod.status);
    else this.sync();
  }

  /** Takes a newer version of the pod. */
  update(pod: Pod): void {
    if (Number(pod.metadata.resourceVersion) < Number(this.pod.metadata.resourceVersion)) return;
    const { activeDeadlineSeconds: before, ephemeralContainers, containers, initContainers } = this.pod.spec;
    const { activeDeadlineSeconds } = pod.spec;
    const isRelabelled = pod.metadata.labels !== this.pod.metadata.labels;
    this.pod = pod;
    if (isRelabelled && this.#node.network.firewall !== null) this.#node.network.noteChange();
    if (pod.spec.ephemeralContainers !== ephemeralContainers) this.#receiveVisitors();
    // A deadline can only come closer, so the one before it needs no end.
    if (activeDeadlineSeconds !== undefined && activeDeadlineSeconds !== before)
      this.#setDeadline(activeDeadlineSeconds);
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
    if (deletionTimestamp !== undefined) this.terminate((deletionGracePeriodSeconds ?? 30) * 1000);
    else if (pod.spec.containers !== containers || pod.spec.initContainers !== initContainers)
      this.#node.specChanged(pod.metadata.uid);
    this.sync();
  }

  /** Refuses the pod before anything of it has started. */
  reject({ reason, message }: Rejection): void {
    this.#node.recorder.event(this.pod, 'Warning', reason, message);
    this.#stage = 'over';
    if (!this.#node.isRunning) return;
    const { conditions, qosClass } = this.pod.status;
    this.#write({
      observedGeneration: this.pod.metadata.generation ?? 1,
      phase: 'Failed',
      ...(conditions && { conditions }),
      message: `Pod was rejected: ${message}`,
      reason,
      startTime: this.#startTime,
      ...(qosClass && { qosClass }),
    });
    // One that was deleted before the kubelet saw it gets no further event that would tell.
    if (this.pod.metadata.deletionTimestamp !== undefined) this.#remove();
  }

  /** Ends the pod for the kubelet's own reasons; it stays in the API as Failed. */
  /** `disruption` is the reason of its DisruptionTarget condition, where it gets one. */
  fail(reason: string, message: string, graceMs: number, disruption?: string): void {
    if (this.#stage !== 'running') return;
    this.#failure = { reason, message, ...(disruption !== undefined && { disruption }) };
    this.terminate(graceMs);
  }

  /** The node lost power: everything in it is gone at once, and nobody is told. */
  powerOff(): void {
    this.#stage = 'over';
    this.#node.simulation.cancel(this.#retry);
    for (const slot of this.slots) {
      slot.prober?.stop();
      slot.container?.vanish();
    }
    this.#stopSandbox();
  }

  listenerAt(port: number, protocol: 'TCP' | 'UDP'): Listener | undefined {
    for (const { container } of this.slots) {
      const listener = container?.listenerAt(port, protocol);
      if (listener !== undefined) return listener;
    }
    return undefined;
  }

  /** When a server in it will have come up. */
  listensAtMs(): number | undefined {
    const { nowMs } = this.#node.simulation;
    const times = this.slots.flatMap(({ container }) => container?.listensAtMs ?? []);
    return times.filter((atMs) => atMs > nowMs).sort((a, b) => a - b)[0];
  }

  /** The port inside the pod behind a port of the node, when this pod has claimed it. */
  hostPort(port: number, protocol: 'TCP' | 'UDP', address: string): number | undefined {
    if (this.pod.spec.hostNetwork) return port;
    for (const { spec } of this.slots) {
      const claim = spec.ports?.find(
        ({ hostPort, protocol: own = 'TCP', hostIP = address }) =>
          hostPort === port &&
          own === protocol &&
          (hostIP === address || hostIP === anyAddress || hostIP === ''),
      );
      if (claim !== undefined) return claim.containerPort;
    }
    return undefined;
  }

  /** The pod is no longer in the API: what runs is ended, and `done` called once nothing does. */
  removed(done: () => void): void {
    this.#onOver = done;
    if (this.#stage === 'over') done();
    else this.terminate(graceMinMs);
  }

  /** Does the next thing that this pod needs; called whenever something may have changed. */
  sync(): void {
    if (!this.#node.isRunning || this.#isBusy || this.#stage === 'over') return;
    if (this.#stage === 'terminating') return this.#finishWhenStopped();
    if (isPodTerminal(this.pod)) return;
    const actions = this.#actions();
    for (const i of actions.kill) this.#kill(this.slots[i]!);
    if (actions.isOver) return this.#complete();
    if (this.#sandbox === 'none') return this.#startSandbox();
    const next = this.#nextStart(actions);
    if (next === undefined) {
      this.#writeStatus();
      this.#scheduleRetry(actions);
      return;
    }
    this.#isBusy = true;
    this.#starter.start(next, () => {
      this.#isBusy = false;
      this.sync();
    });
  }

  /** The pod with the resources that it has, whatever its spec asks for by now. */
  get allocated(): Pod {
    const { pod, slots } = this;
    if (this.resize?.pending == null) return pod;
    const of = (kind: string) => slots.filter((slot) => slot.kind === kind).map(({ spec }) => spec);
    return { ...pod, spec: { ...pod.spec, containers: of('main'), initContainers: of('init') } };
  }

  /** Ends a container that will be started anew, with an event that says why. */
  endContainer(slot: ContainerSlot, message: string): void {
    slot.prober?.stop();
    this.#stop(slot, (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000, message);
  }

  /** A container has ended: the kubelet sees it when it next looks. */
  exited(container: Container): void {
    const slot = this.slots.find((entry) => entry.container === container);
    if (slot === undefined || this.#stage === 'over') return;
    slot.isReady = false;
    slot.isStarted = false;
    slot.failedProbe = null;
    slot.prober?.stop();
    slot.prober = null;
    this.#node.network.noteChange();
    this.#node.touch();
    const lookMs = relistMs * this.#node.slowness;
    this.#node.simulation.after(this.#stage === 'terminating' ? 0 : lookMs, () => {
      if (this.#stage === 'running' && !this.#isBusy && !this.#actions().isOver) this.#writeStatus();
      this.sync();
    });
  }

  /** A container runs: its probes begin. */
  started(slot: ContainerSlot): void {
    const { startupProbe, livenessProbe, readinessProbe } = slot.spec;
    this.#node.network.noteChange();
    this.#node.touch();
    slot.isStarted = startupProbe === undefined;
    slot.isReady = slot.isStarted && readinessProbe === undefined;
    if (!startupProbe && !livenessProbe && !readinessProbe) return;
    slot.prober = new Prober(this.#node, this, slot);
    slot.prober.start();
  }

  /** Ends what runs, and then removes the pod if it is deleted. A second call can only shorten the grace. */
  terminate(graceMs: number): void {
    if (this.#stage === 'over') return;
    this.#stage = 'terminating';
    this.#node.simulation.cancel(this.#retry);
    for (const slot of this.slots) {
      slot.prober?.stop();
      if (slot.state !== 'running' || slot.isSidecar) continue;
      this.#stop(slot, graceMs);
    }
    this.sync();
  }

  /** Upstream: pkg/kubelet/active_deadline.go */
  #setDeadline(seconds: number): void {
    const { simulation } = this.#node;
    const { startTime } = this.pod.status;
    const fromMs = startTime === undefined ? simulation.nowMs : parseTime(startTime);
    const message = 'Pod was active on the node longer than the specified deadline';
    simulation.after(Math.max(0, fromMs + seconds * 1000 - simulation.nowMs), () => {
      if (this.#stage !== 'running' || isPodTerminal(this.pod)) return;
      this.#node.recorder.event(this.pod, 'Normal', 'DeadlineExceeded', message);
      const { terminationGracePeriodSeconds = 30 } = this.pod.spec;
      this.fail('DeadlineExceeded', message, terminationGracePeriodSeconds * 1000);
    });
  }

  /** Takes in the ephemeral containers that are new. */
  #receiveVisitors(): void {
    const known = new Set(this.slots.map(({ spec }) => spec.name));
    const { ephemeralContainers = [] } = this.pod.spec;
    const visitors = ephemeralContainers.filter(
      ({ name }) => !known.has(name) && !wasStarted(this.pod, name),
    );
    this.slots = this.slots.concat(visitors.map((spec) => new ContainerSlot(spec, 'ephemeral')));
  }

  #actions(): PodActions {
    const { slots } = this;
    const own = slots.at(-1)?.kind === 'ephemeral' ? slots.filter(({ kind }) => kind !== 'ephemeral') : slots;
    return computePodActions(own, this.pod.spec.restartPolicy);
  }

  #writeStatus(): void {
    if (!this.#node.isRunning) return;
    const { simulation, hostIp, hostIps } = this.#node;
    const status = podStatus(this.pod, {
      slots: this.slots,
      startTime: this.#startTime,
      nowMs: simulation.nowMs,
      hostIp,
      hostIps,
      podIp: this.address,
      hasSandbox: this.#sandbox === 'ready',
      isTerminal: this.#stage !== 'running',
      failure: this.#failure,
      resize: this.resize,
      visitorStatuses: this.#node.parts?.visitorStatuses,
    });
    if (!deepEqual(status, this.pod.status)) this.#write(status);
  }

  #write(status: PodStatus): void {
    if (!this.isMirrored) {
      this.pod = { ...this.pod, status };
      return;
    }
    try {
      this.pod = this.#node.client.updateStatus(pods, { ...this.pod, status });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      // A conflict is answered by the newer pod, which is on its way; a lost server by trying again.
      if (!isStatus(error, 'NotFound') && !isStatus(error, 'Conflict')) this.#retryIn(relistMs);
    }
  }

  #startSandbox(): void {
    const { simulation, recorder } = this.#node;
    this.#writeStatus();
    try {
      this.#node.checkVolumes(this.pod);
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      const isWaiting = error.message === '';
      if (!isWaiting) recorder.event(this.pod, 'Warning', 'FailedMount', error.message);
      this.#retryIn(this.#mountRetryMs);
      const maxMs = isWaiting ? attachPollMaxMs : mountRetryMaxMs;
      this.#mountRetryMs = Math.min(this.#mountRetryMs * 2, maxMs);
      return;
    }
    const problem = this.#node.parts?.sandboxProblem(this.pod, this.#node) ?? null;
    if (problem !== null) {
      recorder.event(
        this.pod,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: ${problem}`,
      );
      this.#retryIn(sandboxRetryMs);
      return;
    }
    this.#sandbox = 'starting';
    this.#isBusy = true;
    simulation.after(sandboxMs * this.#node.slowness, () => {
      this.#isBusy = false;
      if (this.#stage === 'running') this.#sandboxReady();
      this.sync();
    });
  }

  #sandboxReady(): void {
    this.#sandbox = 'ready';
    if (this.pod.spec.hostNetwork) this.address = this.#node.hostIp;
    else {
      this.address = this.#node.takeAddress();
      this.#node.network.attach(this.address, this);
    }
  }

  /** What is to be started: ephemeral containers come first, and once only. */
  #wanted({ start }: PodActions): ContainerSlot[] {
    const visitors = this.slots.filter(({ kind, state }) => kind === 'ephemeral' && state === 'new');
    return visitors.concat(start.map((i) => this.slots[i]!));
  }

  /** The first container to start that nothing holds back now. */
  #nextStart(actions: PodActions): ContainerSlot | undefined {
    const { nowMs } = this.#node.simulation;
    return this.#wanted(actions).find(
      (slot) =>
        nowMs >= slot.retryAtMs && this.#node.parts?.isInCrashLoop(slot, this.pod, this.#node) !== true,
    );
  }

  #scheduleRetry(actions: PodActions): void {
    const { nowMs } = this.#node.simulation;
    const atMs = Math.min(...this.#wanted(actions).map((slot) => slot.retryAtMs));
    if (atMs !== Infinity) this.#retryIn(Math.max(0, atMs - nowMs));
  }

  #retryIn(delayMs: number): void {
    this.#node.simulation.cancel(this.#retry);
    this.#retry = this.#node.simulation.after(delayMs, () => this.sync());
  }

  /** Ends a container whose probe has failed, or a sidecar that is not needed any more. */
  #kill(slot: ContainerSlot): void {
    const { spec, failedProbe } = slot;
    const probe = failedProbe === 'startup' ? spec.startupProbe : spec.livenessProbe;
    const ownSeconds = failedProbe === null ? undefined : probe?.terminationGracePeriodSeconds;
    const seconds = ownSeconds ?? this.pod.spec.terminationGracePeriodSeconds ?? 30;
    slot.prober?.stop();
    this.#stop(slot, seconds * 1000);
  }

  #stop(slot: ContainerSlot, graceMs: number, why?: string): void {
    const { spec, failedProbe, container } = slot;
    if (container?.isStopping === false) {
      const message =
        why ??
        (failedProbe === null
          ? `Stopping container ${spec.name}`
          : `Container ${spec.name} failed ${failedProbe} probe, will be restarted`);
      this.#node.recorder.event(this.pod, 'Normal', 'Killing', message, slot.fieldPath);
    }
    slot.failedProbe = null;
    this.#starter.stop(slot, Math.max(graceMs, graceMinMs));
  }

  /** All work is done: the sandbox goes, once the sidecars have ended. */
  #complete(): void {
    for (const slot of this.slots)
      if (slot.kind === 'ephemeral' && slot.state === 'running') this.#kill(slot);
    if (this.slots.every((slot) => slot.state !== 'running')) {
      this.#stopSandbox();
      this.#node.unmount(this.pod);
    }
    this.#writeStatus();
  }

  /** Once the main containers have ended sidecars end, the last one first; then the pod is removed. */
  #finishWhenStopped(): void {
    const running = this.slots.filter((slot) => slot.state === 'running');
    if (running.some((slot) => !slot.isSidecar)) return;
    const sidecar = running.at(-1);
    if (sidecar !== undefined) {
      this.#stop(sidecar, (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
      return;
    }
    this.#stopSandbox();
    if (this.#onOver === null) this.#writeStatus();
    this.#stage = 'over';
    this.#onOver?.();
    if (this.#onOver === null && this.pod.metadata.deletionTimestamp !== undefined) this.#remove();
  }

  #remove(): void {
    const { namespace = '', name, uid } = this.pod.metadata;
    try {
      this.#node.client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isStatus(error, 'NotFound') || isStatus(error, 'Conflict')) return;
      this.#retry = this.#node.simulation.after(relistMs, () => this.#remove());
    }
  }

  #stopSandbox(): void {
    if (this.#sandbox === 'ready' && !this.pod.spec.hostNetwork) {
      this.#node.network.detach(this.address);
      this.#node.releaseAddress(this.address);
    }
    this.#sandbox = 'stopped';
  }
}

/** Whether an ephemeral container has run before: it never does again. */
function wasStarted({ status }: Pod, name: string): boolean {
  return (
    status.ephemeralContainerStatuses?.some((entry) => entry.name === name && entry.containerID) === true
  );
}
