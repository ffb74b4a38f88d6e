// Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer, pkg/kubelet/images/image_manager.go
import type { Container as ContainerSpec, Pod } from '#generated/types/core.v1.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { MountedFileSystem } from '#world/machine/mountedFileSystem.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import { type ImageReference, parseImageReference } from '#world/machine/image.ts';
import type { Host } from '#world/network/network.ts';
import { BackOff } from './backOff.ts';
import { commandLine } from './commandLine.ts';
import { Container } from './container.ts';
import type { ContainerSite, Mount, Neighbours } from './containerSite.ts';
import type { ResourceLimits } from './containerUsage.ts';
import { type FixedVariables, hostnameOf } from './environment.ts';
import { type ContainerSlot, terminatedState } from './containerSlot.ts';
import { formatDuration } from '#kubernetes/apimachinery/duration.ts';
import type { PresentImage, PullResult, RegistryCredentials } from './imageStore.ts';
import type { NodeContext } from './nodeContext.ts';
import { ContainerConfigError } from './startErrors.ts';
import { rootUser } from '#world/machine/machine.ts';

/** Creating a container and starting its process, on average. */
const createMs = 100;
/** The first look after a failed start: the new sandbox itself is news to the kubelet. */
const firstRetryMs = 1_000;
/** Upstream: backOffPeriod, jittered by half. A sync that failed is tried again after this. */
const resyncMs = 10_000;

/** Upstream: minimumGracePeriodInSeconds: what a container gets even when its preStop hook took all. */
const graceAfterHookMs = 2_000;

/** What the starter needs of the pod's worker. */
export interface StartedPod extends Host {
  readonly pod: Pod;
  readonly slots: readonly ContainerSlot[];
  readonly address: string;
  /** False once the pod is being ended: nothing is started any more. */
  readonly isWanted: boolean;
  started(slot: ContainerSlot): void;
  exited(container: Container): void;
}

/** Brings one container of a pod up: image, configuration, creation, start, each with its Events. */
export class ContainerStarter implements ContainerSite {
  readonly #node: NodeContext;
  readonly #worker: StartedPod;

  constructor(node: NodeContext, worker: StartedPod) {
    this.#node = node;
    this.#worker = worker;
  }

  /** Calls `done` when the container runs or has failed to; a failure is in `slot.waiting`. */
  start(slot: ContainerSlot, done: () => void): void {
    const image = slot.spec.image ?? '';
    const reference = parseImageReference(image);
    if (reference === null) {
      const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
      this.#event(slot, 'Warning', 'InspectFailed', message);
      this.#fail(slot, 'InvalidImageName', message, done);
      return;
    }
    const policy = slot.spec.imagePullPolicy ?? 'IfNotPresent';
    const { pod } = this.#worker;
    const credentials = pod.spec.imagePullSecrets?.length
      ? (this.#node.parts?.pullCredentials(pod, this.#node) ?? [])
      : [];
    const present = policy === 'Always' ? undefined : this.#node.images.get(reference, credentials);
    if (present !== undefined) {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      this.#event(slot, 'Normal', 'Pulled', message);
      this.#create(slot, present, done);
    } else if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      this.#event(slot, 'Warning', 'ErrImageNeverPull', message);
      this.#fail(slot, 'ErrImageNeverPull', message, done);
    } else this.#pull(slot, image, reference, credentials, done);
  }

  /** Ends a container: its preStop hook first, then SIGTERM, and SIGKILL when `graceMs` is over. */
  stop(slot: ContainerSlot, graceMs: number): void {
    const { container } = slot;
    if (!container?.isRunning || container.isStopping) return container?.stop(graceMs);
    const hook = slot.spec.lifecycle?.preStop;
    const runHook = this.#node.parts?.runHook;
    if (hook === undefined || runHook === undefined) return container.stop(graceMs);
    runHook(hook, container, this.#worker, this.#node.network, graceMs, (error, tookMs) => {
      if (error !== null) {
        this.#event(slot, 'Warning', 'FailedPreStopHook', `PreStopHook failed`);
      }
      container.stop(Math.max(graceMs - tookMs, graceAfterHookMs));
    });
  }

  get simulation(): Simulation {
    return this.#node.simulation;
  }

  get hardware(): NodeContext['hardware'] {
    return this.#node.hardware;
  }

  get slowness(): number {
    return this.#node.slowness;
  }

  get traffic(): NodeContext['traffic'] {
    return this.#node.traffic;
  }

  get hostname(): string {
    return hostnameOf(this.#worker.pod, this.#node.nodeName);
  }

  environment({ spec, image, variables }: Container): ReadonlyMap<string, string> {
    return this.#node.environment(this.#worker.pod, spec, image.image, variables);
  }

  mounts(container: Container): readonly Mount[] {
    const { pod, address } = this.#worker;
    return this.#node.mounts(pod, container.spec, address, this.environment(container));
  }

  get address(): string {
    return this.#worker.address;
  }

  networkStack(): NetworkStack {
    return this.#node.networkStack(this.#worker.pod, this.#worker.address);
  }

  neighbours(container: Container): Neighbours | null {
    const { pod, slots } = this.#worker;
    return this.#node.parts?.neighbours(pod, slots, container) ?? null;
  }

  enter({ spec }: Container, files: MountedFileSystem): ReturnType<ContainerSite['enter']> {
    files.diskBytes = this.#node.diskBytes;
    return this.#node.parts?.enter(this.#worker.pod, spec, files) ?? { files, user: rootUser };
  }

  furnish(
    container: Container,
    files: FileSystem,
    stack: NetworkStack,
  ): ReturnType<ContainerSite['furnish']> {
    this.#node.parts?.furnish(this.#worker.pod, container.spec, files, stack, this.hostname);
    return this.#node.exposeDevices(() => this.environment(container), files);
  }

  findScript(...asked: Parameters<ContainerSite['findScript']>): ReturnType<ContainerSite['findScript']> {
    return this.#node.parts?.findScript(...asked) ?? `stat ${asked[1][0]}: no such file or directory`;
  }

  limitsOf(spec: ContainerSpec): ResourceLimits {
    return this.#node.limitsOf(spec);
  }

  lastWords({ spec, exitCode, logs, files }: Container): string {
    return this.#node.parts?.terminationMessage(spec, exitCode ?? 0, logs, files) ?? '';
  }

  touch(): void {
    this.#node.touch();
  }

  exited(container: Container): void {
    this.#worker.exited(container);
  }

  #pull(
    slot: ContainerSlot,
    image: string,
    reference: ImageReference,
    credentials: readonly RegistryCredentials[],
    done: () => void,
  ): void {
    const { simulation, images } = this.#node;
    const { pull } = slot;
    if (pull !== null && simulation.nowMs - pull.failedMs < pull.backOff.delayMs) {
      const message = `Back-off pulling image "${image}"`;
      this.#event(slot, 'Normal', 'BackOff', message);
      this.#fail(slot, 'ImagePullBackOff', `${message}: ErrImagePull: ${pull.error}`, done);
      return;
    }
    this.#event(slot, 'Normal', 'Pulling', `Pulling image "${image}"`);
    images.pull(reference, credentials, (result) => {
      if (!this.#worker.isWanted) done();
      else if (result.image === null) this.#pullFailed(slot, image, result.error, done);
      else {
        slot.pull = null;
        this.#event(slot, 'Normal', 'Pulled', pulledMessage(image, result));
        this.#create(slot, result.image, done);
      }
    });
  }

  #pullFailed(slot: ContainerSlot, image: string, error: string, done: () => void): void {
    const { nowMs } = this.#node.simulation;
    const isFirst = slot.pull === null;
    slot.pull ??= { backOff: new BackOff(), failedMs: nowMs, error };
    slot.pull.backOff.next(nowMs, nowMs);
    slot.pull.failedMs = nowMs;
    slot.pull.error = error;
    this.#event(slot, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`);
    this.#fail(slot, 'ErrImagePull', error, done, isFirst ? firstRetryMs : undefined);
  }

  #create(slot: ContainerSlot, image: PresentImage, done: () => void): void {
    const { simulation } = this.#node;
    const { pod, address } = this.#worker;
    let variables: FixedVariables;
    try {
      variables = this.#node.fixVariables(pod, slot.spec, address);
      this.#node.parts?.checkContainer(pod, slot.spec, () =>
        this.#node.environment(pod, slot.spec, image.image, variables),
      );
    } catch (error) {
      if (!(error instanceof ContainerConfigError)) throw error;
      this.#fail(slot, error.reason, error.message, done);
      return;
    }
    simulation.after(createMs * this.slowness, () => {
      if (this.#worker.isWanted) this.#run(slot, image, variables);
      done();
    });
  }

  #run(slot: ContainerSlot, image: PresentImage, variables: FixedVariables): void {
    const { simulation } = this.#node;
    const { pod } = this.#worker;
    const { spec } = slot;
    if (slot.container !== null) {
      slot.last = terminatedState(slot.container);
      slot.previous = slot.container;
      slot.restartCount++;
    }
    const container = new Container(this, {
      id: newContainerId(this.#node),
      spec,
      image,
      args: commandLine(spec, image.image, () => this.#node.environment(pod, spec, image.image, variables)),
      variables,
    });
    slot.container = container;
    if (spec.securityContext || pod.spec.securityContext?.runAsUser !== undefined)
      slot.user = this.#node.parts?.userOf(pod, spec);
    this.#event(slot, 'Normal', 'Created', 'Container created');
    const failure = container.start();
    if (failure !== null) {
      this.#event(slot, 'Warning', 'Failed', `Error: ${failure}`);
      slot.waiting = { reason: 'RunContainerError', message: failure };
      slot.retryAtMs = simulation.nowMs + firstRetryMs;
      return;
    }
    this.#event(slot, 'Normal', 'Started', 'Container started');
    slot.waiting = null;
    this.#worker.started(slot);
    const hook = spec.lifecycle?.postStart;
    if (hook === undefined) return;
    this.#node.parts?.runHook(hook, container, this.#worker, this.#node.network, Infinity, (error) => {
      // What is being ended already has had its preStop.
      if (error === null || !container.isRunning || !this.#worker.isWanted) return;
      this.#event(slot, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
      this.#event(slot, 'Normal', 'Killing', 'FailedPostStartHook');
      this.stop(slot, (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
    });
  }

  #fail(slot: ContainerSlot, reason: string, message: string, done: () => void, retryMs?: number): void {
    const { simulation } = this.#node;
    const error = reason.startsWith('CreateContainer') ? message : reason;
    this.#event(slot, 'Warning', 'Failed', `Error: ${error}`);
    slot.waiting = { reason, message };
    const jitterMs = Math.floor((simulation.random('kubelet-resync').fraction() * resyncMs) / 2);
    slot.retryAtMs = simulation.nowMs + (retryMs ?? resyncMs + jitterMs);
    done();
  }

  #event(slot: ContainerSlot, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#node.recorder.event(this.#worker.pod, type, reason, message, slot.fieldPath);
  }
}

function pulledMessage(
  image: string,
  { pullMs, totalMs, sizeBytes }: PullResult & { image: PresentImage },
): string {
  return `Successfully pulled image "${image}" in ${formatDuration(pullMs)} (${formatDuration(totalMs)} including waiting). Image size: ${sizeBytes} bytes.`;
}

/** One flat string, which the pod's status shares. */
function newContainerId({ simulation }: NodeContext): string {
  const random = simulation.random('container-ids');
  const parts = ['containerd://'];
  for (let i = 0; i < 8; i++) parts.push(random.uint32().toString(16).padStart(8, '0'));
  return parts.join('');
}
