import type {
  Container as ContainerSpec,
  ContainerStateTerminated,
  ContainerStatus,
} from '#generated/types/core.v1.ts';
import { isSidecar } from '#kubernetes/api/podStatus.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import type { BackOff } from './backOff.ts';
import type { Container } from './container.ts';
import type { Prober } from './prober.ts';
import { sharedTime } from './sharedTimes.ts';

/** Why a container is not running, as `state.waiting` shows it. */
export interface Waiting {
  readonly reason: string;
  readonly message?: string;
}

/** What most slots never have, kept apart from them: there are as many as containers in the cluster. */
interface Troubles {
  previous: Container | null;
  last: ContainerStateTerminated | undefined;
  waiting: Waiting | null;
  retryAtMs: number;
  pull: { readonly backOff: BackOff; failedMs: number; error: string } | null;
  crash: BackOff | null;
  failedProbe: 'liveness' | 'startup' | null;
  user: ContainerStatus['user'];
}

const none: Troubles = {
  previous: null,
  last: undefined,
  waiting: null,
  retryAtMs: 0,
  pull: null,
  crash: null,
  failedProbe: null,
  user: undefined,
};

/** By the list of the pod's spec that it stands in. */
type SlotKind = 'init' | 'main' | 'ephemeral';

/** One container of a pod, over all its restarts. */
export class ContainerSlot {
  /** As it is allocated: what the next container is made from. */
  spec: ContainerSpec;
  readonly kind: SlotKind;
  /** The newest one; null until the first is created. */
  container: Container | null = null;
  restartCount = 0;
  isReady = false;
  isStarted = false;
  /** Only where the spec has probes. */
  prober: Prober | null = null;
  #troubles = none;

  constructor(spec: ContainerSpec, kind: SlotKind) {
    this.spec = spec;
    this.kind = kind;
  }

  get isInit(): boolean {
    return this.kind === 'init';
  }

  /** An init container that goes on beside the pod's containers. */
  get isSidecar(): boolean {
    return this.isInit && isSidecar(this.spec);
  }

  /** The one before the newest, for `kubectl logs --previous`. */
  get previous(): Troubles['previous'] {
    return this.#troubles.previous;
  }

  set previous(value: Troubles['previous']) {
    this.#note('previous', value);
  }

  /** How the one before the newest ended. */
  get last(): Troubles['last'] {
    return this.#troubles.last;
  }

  set last(value: Troubles['last']) {
    this.#note('last', value);
  }

  /** Set while something keeps it from running that `kubectl` should name. */
  get waiting(): Troubles['waiting'] {
    return this.#troubles.waiting;
  }

  set waiting(value: Troubles['waiting']) {
    this.#note('waiting', value);
  }

  /** Not tried again before this. */
  get retryAtMs(): Troubles['retryAtMs'] {
    return this.#troubles.retryAtMs;
  }

  set retryAtMs(value: Troubles['retryAtMs']) {
    this.#note('retryAtMs', value);
  }

  /** Of its image, while pulls fail. */
  get pull(): Troubles['pull'] {
    return this.#troubles.pull;
  }

  set pull(value: Troubles['pull']) {
    this.#note('pull', value);
  }

  /** Of its restarts, once it has ended by itself. */
  get crash(): Troubles['crash'] {
    return this.#troubles.crash;
  }

  set crash(value: Troubles['crash']) {
    this.#note('crash', value);
  }

  /** The probe that has failed for good. */
  get failedProbe(): Troubles['failedProbe'] {
    return this.#troubles.failedProbe;
  }

  set failedProbe(value: Troubles['failedProbe']) {
    this.#note('failedProbe', value);
  }

  /** What its processes run as, where that is not root. */
  get user(): Troubles['user'] {
    return this.#troubles.user;
  }

  set user(value: Troubles['user']) {
    this.#note('user', value);
  }

  #note<F extends keyof Troubles>(field: F, value: Troubles[F]): void {
    if (this.#troubles[field] === value) return;
    if (this.#troubles === none) this.#troubles = { ...none };
    this.#troubles[field] = value;
  }

  get state(): 'new' | 'running' | 'exited' {
    if (this.container === null) return 'new';
    return this.container.isRunning ? 'running' : 'exited';
  }

  get exitCode(): number {
    return this.container?.exitCode ?? 0;
  }

  /** `spec.containers{nginx}`: where Events point. */
  get fieldPath(): string {
    const { kind, spec } = this;
    if (kind === 'ephemeral') return `spec.ephemeralContainers{${spec.name}}`;
    return kind === 'init' ? initPath(spec) : mainPath(spec);
  }
}

const initPath = remembered(({ name }: ContainerSpec) => `spec.initContainers{${name}}`);
const mainPath = remembered(({ name }: ContainerSpec) => `spec.containers{${name}}`);

/** The `terminated` state of a container that has ended. */
export function terminatedState(container: Container): ContainerStateTerminated {
  const { id, exitCode, reason, message, startedMs, finishedMs } = container;
  return {
    exitCode: exitCode ?? 0,
    reason,
    ...(message !== '' && { message }),
    startedAt: sharedTime(reason === 'StartError' ? 0 : startedMs),
    finishedAt: sharedTime(finishedMs),
    containerID: id,
  };
}

/** How a container ended that was there before its node lost power. */
export function unlocated(status: ContainerStatus, nowMs: number): ContainerStateTerminated | undefined {
  const { state, containerID } = status;
  if (state?.terminated) return state.terminated;
  if (!state?.running) return status.lastState?.terminated;
  return {
    exitCode: 255,
    reason: 'Unknown',
    ...(state.running.startedAt && { startedAt: state.running.startedAt }),
    finishedAt: sharedTime(nowMs),
    ...(containerID && { containerID }),
  };
}
