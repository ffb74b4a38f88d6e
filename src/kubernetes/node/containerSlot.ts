import type {
  Container as ContainerSpec,
  ContainerStateTerminated,
  ContainerStatus,
} from '#generated/types/core.v1.ts';
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

/** One container of a pod, over all its restarts. */
export class ContainerSlot {
  readonly spec: ContainerSpec;
  readonly isInit: boolean;
  /** The newest one; null until the first is created. */
  container: Container | null = null;
  /** The one before the newest, for `kubectl logs --previous`. */
  previous: Container | null = null;
  restartCount = 0;
  /** How the one before the newest ended. */
  last: ContainerStateTerminated | undefined = undefined;
  /** Set while something keeps it from running that `kubectl` should name. */
  waiting: Waiting | null = null;
  /** Not tried again before this. */
  retryAtMs = 0;
  /** Of its image, while pulls fail. */
  pull: { readonly backOff: BackOff; failedMs: number; error: string } | null = null;
  /** Of its restarts, once it has ended by itself. */
  crash: BackOff | null = null;
  isReady = false;
  isStarted = false;
  failedProbe: 'liveness' | 'startup' | null = null;
  /** Only where the spec has probes. */
  prober: Prober | null = null;

  constructor(spec: ContainerSpec, isInit: boolean) {
    this.spec = spec;
    this.isInit = isInit;
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
    return this.isInit ? initPath(this.spec) : mainPath(this.spec);
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
