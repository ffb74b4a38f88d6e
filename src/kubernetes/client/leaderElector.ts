// Upstream: client-go/tools/leaderelection/leaderelection.go
import type { Lease } from '#generated/types/coordination.v1.ts';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatMicroTime } from '#kubernetes/apimachinery/time.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Client } from './client.ts';
import type { EventRecorder } from './eventRecorder.ts';

/** Upstream: component-base/config/v1alpha1, --leader-elect-lease-duration, -renew-deadline and -retry-period. */
const leaseDurationMs = 15_000;
const renewDeadlineMs = 10_000;
const retryPeriodMs = 2_000;
/** Upstream: JitterFactor: who does not lead asks after one to so many periods and one. */
const jitterFactor = 1.2;

const namespace = 'kube-system';

/** A renewal that is written again as it was, without a request, as long as nothing stands against it. */
export interface RepeatedRenewal {
  again(): boolean;
  objects(): readonly Lease[];
}

export interface LeaderElectorOptions {
  readonly simulation: Simulation;
  readonly client: Client;
  readonly recorder: EventRecorder;
  /** The lease's name, in kube-system. */
  readonly name: string;
  /** Who it is among the candidates: `control-plane_UUID`. */
  readonly identity: string;
  /** It has led all along, from before there was a lease. */
  readonly isLeading: boolean;
  /** Whether it gives the lease back when it is told to stop. */
  readonly releasesOnStop: boolean;
  /** Prints a line of the component's log, without its header. */
  log(severity: 'I' | 'E', source: string, line: string): void;
  /** Begins to repeat a renewal; null where each must be a request. */
  repeat(lease: Lease): RepeatedRenewal | null;
  startedLeading(): void;
  /** The lease is lost: the process that led must end. */
  stoppedLeading(): void;
}

/** One of those who want to lead. At most one of them holds the lease, and it has to say so again and again. */
export class LeaderElector {
  readonly #options: LeaderElectorOptions;
  #timer: Timer | null = null;
  #isLeading: boolean;
  /** The lease as it was last seen or written, and when it was first seen so, by this candidate's own clock. */
  #observed: Lease | null = null;
  #observedMs = 0;
  #renewedMs: number;
  #repeated: RepeatedRenewal | null = null;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    this.#isLeading = options.isLeading;
    this.#renewedMs = options.simulation.nowMs;
  }

  start(): void {
    this.#log('I', 258, '"Attempting to acquire leader lease..."');
    if (this.#isLeading) this.#logAcquired();
    this.#tick();
  }

  /** The process ends. */
  stop(): void {
    this.#options.simulation.cancel(this.#timer);
    if (this.#isLeading && this.#options.releasesOnStop) this.#release();
    this.#isLeading = false;
  }

  #tick(): void {
    const { simulation } = this.#options;
    const holds = this.#tryAcquireOrRenew();
    if (holds) this.#renewedMs = simulation.nowMs;
    if (holds && !this.#isLeading) {
      this.#isLeading = true;
      this.#logAcquired();
      this.#tell('became leader');
      this.#options.startedLeading();
    }
    if (this.#isLeading && simulation.nowMs - this.#renewedMs >= renewDeadlineMs) {
      this.#isLeading = false;
      this.#log('I', 299, '"Failed to renew lease"', 'err="context deadline exceeded"');
      this.#tell('stopped leading');
      this.#options.stoppedLeading();
      return;
    }
    const jitter = this.#isLeading ? 0 : simulation.random('leader-election').fraction() * jitterFactor;
    this.#timer = simulation.after(Math.round(retryPeriodMs * (1 + jitter)), () => this.#tick(), null);
  }

  /** True when the lease is this candidate's, from now on or still. */
  #tryAcquireOrRenew(): boolean {
    if (this.#repeated?.again() === true) return true;
    this.#repeated = null;
    try {
      const lease = this.#read();
      if (lease === null) return this.#create();
      if (!this.#mayTake(lease)) return false;
      return this.#update(lease);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#logError(error);
      return false;
    }
  }

  #log(severity: 'I' | 'E', line: number, message: string, more = ''): void {
    const { log, name } = this.#options;
    log(severity, `leaderelection.go:${line}`, `${message} lock="${namespace}/${name}"${more && ` ${more}`}`);
  }

  #logAcquired(): void {
    this.#log('I', 272, '"Successfully acquired lease"');
  }

  #logError({ message }: StatusError): void {
    const { log, name } = this.#options;
    const address = /^dial tcp (\S+): /.exec(message)?.[1];
    const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}?timeout=5s`;
    const why = address === undefined ? message : `Get "https://${address}${path}": ${message}`;
    const err = JSON.stringify(why);
    log('E', 'leaderelection.go:452', `"Error retrieving lease lock" err=${err} lock="${namespace}/${name}"`);
  }

  #read(): Lease | null {
    const { client, name } = this.#options;
    try {
      return client.get(leases, namespace, name);
    } catch (error) {
      if (isStatus(error, 'NotFound')) return null;
      throw error;
    }
  }

  #create(): boolean {
    const { client, name } = this.#options;
    const spec = this.#spec({ leaseTransitions: 0, acquireTime: this.#now() });
    this.#observe(client.create(leases, { metadata: { name, namespace }, spec }));
    // Who led before there was a lease says so now.
    if (this.#isLeading) this.#tell('became leader');
    return true;
  }

  /** Another's lease may be taken when nobody holds it, or when it has stood as it is for its whole time. */
  #mayTake(lease: Lease): boolean {
    const { simulation, identity } = this.#options;
    if (this.#observed?.metadata.resourceVersion !== lease.metadata.resourceVersion) this.#observe(lease);
    const { holderIdentity = '', leaseDurationSeconds = 0 } = lease.spec;
    if (holderIdentity === '' || holderIdentity === identity) return true;
    return simulation.nowMs - this.#observedMs >= leaseDurationSeconds * 1000;
  }

  #update(lease: Lease): boolean {
    const { client, identity, repeat } = this.#options;
    const { holderIdentity, leaseTransitions = 0, acquireTime } = lease.spec;
    const isMine = holderIdentity === identity;
    const spec = this.#spec({
      leaseTransitions: isMine ? leaseTransitions : leaseTransitions + 1,
      acquireTime: isMine ? acquireTime : this.#now(),
    });
    const written = client.update(leases, { ...lease, spec: { ...lease.spec, ...spec } });
    this.#observe(written);
    this.#repeated = isMine ? repeat(written) : null;
    return true;
  }

  #spec(spec: Pick<Lease['spec'], 'leaseTransitions' | 'acquireTime'>): Lease['spec'] {
    const { identity } = this.#options;
    return {
      ...spec,
      holderIdentity: identity,
      leaseDurationSeconds: leaseDurationMs / 1000,
      renewTime: this.#now(),
    };
  }

  #release(): void {
    const { client, identity } = this.#options;
    try {
      const lease = this.#read();
      if (lease?.spec.holderIdentity !== identity) return;
      const now = this.#now();
      const spec = {
        ...lease.spec,
        holderIdentity: '',
        leaseDurationSeconds: 1,
        renewTime: now,
        acquireTime: now,
      };
      this.#observe(client.update(leases, { ...lease, spec }));
      this.#tell('stopped leading');
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #observe(lease: Lease): void {
    this.#observed = lease;
    this.#observedMs = this.#options.simulation.nowMs;
  }

  #tell(what: string): void {
    const { recorder, identity } = this.#options;
    if (this.#observed === null) return;
    recorder.event(this.#observed, 'Normal', 'LeaderElection', `${identity} ${what}`);
  }

  #now(): string {
    return formatMicroTime(this.#options.simulation.nowMs);
  }
}
