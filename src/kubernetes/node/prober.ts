// Upstream: pkg/kubelet/prober/{worker,prober}.go, pkg/probe/exec
import type { Probe } from '#generated/types/core.v1.ts';
import { callbackSink } from '#world/machine/stream.ts';
import type { Host } from '#world/network/network.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { ContainerSlot } from './containerSlot.ts';
import { type Check, checkHttp, checkTcp, portNumber } from './httpCheck.ts';
import type { NodeContext } from './nodeContext.ts';

/** What a prober needs of the pod's worker. */
export interface ProbedPod extends Host {
  readonly pod: Parameters<NodeContext['recorder']['event']>[0];
  readonly address: string;
  /** Something that the pod's status shows has changed. */
  sync(): void;
}

type Kind = 'startup' | 'liveness' | 'readiness';

/** What the runtime needs to start a command in a container; only on slow machines does it matter. */
const execMs = 30;

/** Upstream: exec probes keep so much of the output. */
const outputMax = 10_240;

/**
 * Runs the probes of one container, from its start to its end. A probe that succeeds and cannot change by
 * itself is not run again until somebody interferes: an idle pod costs no timers.
 */
export class Prober {
  readonly #node: NodeContext;
  readonly #pod: ProbedPod;
  readonly #slot: ContainerSlot;
  readonly #workers: ProbeWorker[] = [];

  constructor(node: NodeContext, pod: ProbedPod, slot: ContainerSlot) {
    this.#node = node;
    this.#pod = pod;
    this.#slot = slot;
  }

  start(): void {
    const { startupProbe } = this.#slot.spec;
    if (startupProbe) this.#add('startup', startupProbe);
    else this.#startOthers();
  }

  stop(): void {
    for (const worker of this.#workers) worker.stop();
    this.#workers.length = 0;
  }

  #startOthers(): void {
    const { livenessProbe, readinessProbe } = this.#slot.spec;
    if (livenessProbe) this.#add('liveness', livenessProbe);
    if (readinessProbe) this.#add('readiness', readinessProbe);
  }

  #add(kind: Kind, probe: Probe): void {
    const report = (isSuccess: boolean) => this.#report(kind, isSuccess);
    const worker = new ProbeWorker(this.#node, this.#pod, this.#slot, kind, probe, report);
    this.#workers.push(worker);
    worker.start();
  }

  /** A probe came to a new verdict. */
  #report(kind: Kind, isSuccess: boolean): void {
    const slot = this.#slot;
    if (kind === 'readiness') slot.isReady = isSuccess;
    else if (!isSuccess) slot.failedProbe = kind;
    else if (kind === 'startup') {
      slot.isStarted = true;
      slot.isReady = slot.spec.readinessProbe === undefined;
      this.stop();
      this.#startOthers();
    }
    if (kind !== 'liveness' || !isSuccess) this.#pod.sync();
  }
}

class ProbeWorker {
  readonly #node: NodeContext;
  readonly #pod: ProbedPod;
  readonly #slot: ContainerSlot;
  readonly #kind: Kind;
  readonly #probe: Probe;
  readonly #report: (isSuccess: boolean) => void;
  #timer: Timer | null = null;
  #undisturbed: (() => void) | null = null;
  #successes = 0;
  #failures = 0;
  /** The verdict so far: a container lives until a probe says no, and is not ready until one says yes. */
  #verdict: boolean | null;
  #isStopped = false;

  constructor(
    node: NodeContext,
    pod: ProbedPod,
    slot: ContainerSlot,
    kind: Kind,
    probe: Probe,
    report: (isSuccess: boolean) => void,
  ) {
    this.#node = node;
    this.#pod = pod;
    this.#slot = slot;
    this.#kind = kind;
    this.#probe = probe;
    this.#report = report;
    this.#verdict = kind === 'startup' ? null : kind === 'liveness';
  }

  start(): void {
    this.#again((this.#probe.initialDelaySeconds ?? 0) * 1000);
  }

  stop(): void {
    this.#isStopped = true;
    this.#node.simulation.cancel(this.#timer);
    this.#undisturbed?.();
  }

  #again(delayMs: number): void {
    this.#timer = this.#node.simulation.after(delayMs, () => this.#run(), null);
  }

  #run(): void {
    const { container } = this.#slot;
    if (this.#isStopped || !container?.isRunning) return;
    const { exec } = this.#probe;
    if (exec) this.#runExec(exec.command ?? []);
    else this.#take(this.#look());
  }

  #look(): Check {
    const { httpGet, tcpSocket, grpc, timeoutSeconds = 1 } = this.#probe;
    const { spec } = this.#slot;
    const { address } = this.#pod;
    const { network } = this.#node;
    if (httpGet) return checkHttp(httpGet, spec, this.#pod, network, timeoutSeconds * 1000);
    if (tcpSocket) return checkTcp(tcpSocket, spec, this.#pod, network);
    const port = portNumber(grpc?.port ?? 0, spec);
    const { failure, isSteady } = checkTcp({ port }, spec, this.#pod, network);
    if (failure === null) return { failure, isSteady };
    const sentence = `timeout: failed to connect service "${address}:${port}" within ${timeoutSeconds}s: context deadline exceeded`;
    return { failure: sentence, isSteady };
  }

  #runExec(command: readonly string[]): void {
    const { simulation } = this.#node;
    const { timeoutSeconds = 1 } = this.#probe;
    let output = '';
    const sink = callbackSink((text) => (output = (output + text).slice(0, outputMax)));
    const process = this.#slot.container!.exec(command, { stdout: sink, stderr: sink }, true);
    if (typeof process === 'string') {
      this.#unhealthy(
        `errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: ${process}: unknown`,
      );
      this.#again(this.#periodMs);
      return;
    }
    const timeout = simulation.after(timeoutSeconds * 1000, () => {
      process.kill(137);
      const failure = `command timed out: "${command.join(' ')}" timed out after ${timeoutSeconds}s`;
      this.#take({ failure, isSteady: false });
    });
    const { slowness } = this.#node;
    process.onExit((code) => {
      const settle = () => {
        if (timeout.run === null) return;
        simulation.cancel(timeout);
        this.#take({ failure: code === 0 ? null : output, isSteady: false });
      };
      if (slowness === 1) settle();
      else simulation.after(execMs * slowness, settle);
    });
  }

  /** Counts a result; a verdict changes only when its threshold is reached. */
  #take({ failure, isSteady }: Check): void {
    if (this.#isStopped) return;
    const isSuccess = failure === null;
    this.#successes = isSuccess ? this.#successes + 1 : 0;
    this.#failures = isSuccess ? 0 : this.#failures + 1;
    const { successThreshold = 1, failureThreshold = 3 } = this.#probe;
    const isDecided = isSuccess ? this.#successes >= successThreshold : this.#failures >= failureThreshold;
    if (isSuccess && isDecided && isSteady) this.#rest();
    else this.#again(this.#periodMs);
    if (failure !== null) this.#unhealthy(`failed: ${failure}`);
    if (!isDecided) return;
    if (this.#kind !== 'readiness' && !isSuccess) this.stop();
    if (isSuccess === this.#verdict) return;
    this.#verdict = isSuccess;
    this.#report(isSuccess);
  }

  /** Waits until somebody does something inside the container. */
  #rest(): void {
    this.#undisturbed = this.#slot.container!.whenDisturbed(() => {
      this.#undisturbed?.();
      this.#undisturbed = null;
      this.#again(this.#periodMs);
    });
  }

  get #periodMs(): number {
    return (this.#probe.periodSeconds ?? 10) * 1000;
  }

  #unhealthy(what: string): void {
    const kind = this.#kind[0]!.toUpperCase() + this.#kind.slice(1);
    this.#node.recorder.event(
      this.#pod.pod,
      'Warning',
      'Unhealthy',
      `${kind} probe ${what}`,
      this.#slot.fieldPath,
    );
  }
}
