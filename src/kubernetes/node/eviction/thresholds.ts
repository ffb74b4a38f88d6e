// Upstream: pkg/kubelet/eviction/{api/types.go,helpers.go}, pkg/kubelet/apis/config/v1beta1/defaults_linux.go

/** What is watched. */
export type Signal = 'memory.available' | 'nodefs.available' | 'imagefs.available' | 'pid.available';

export type Pressure = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';

export interface Threshold {
  readonly signal: Signal;
  /** Met when less than so much is available: bytes or processes, or hundredths of the capacity. */
  readonly value: number | { readonly percent: number };
  /** How long it is met before pods are evicted; 0 for a hard one. */
  readonly graceMs: number;
  /** Once met, so much more has to be free. */
  readonly reclaim: number;
}

export interface Observation {
  readonly available: number;
  readonly capacity: number;
}

export type Observations = Readonly<Record<Signal, Observation>>;

const hard = (signal: Signal, value: Threshold['value']): Threshold => ({
  signal,
  value,
  graceMs: 0,
  reclaim: 0,
});

/** Upstream's defaults; there is no soft one among them, and none for processes. */
export const defaultThresholds: readonly Threshold[] = [
  hard('imagefs.available', { percent: 15 }),
  hard('memory.available', 100 * 1024 * 1024),
  hard('nodefs.available', { percent: 10 }),
];

/** Upstream: evictionPressureTransitionPeriod: so long a condition stays when its cause is gone. */
export const pressureTransitionMs = 300_000;

const facts: Readonly<Record<Signal, { readonly pressure: Pressure; readonly resource: string }>> = {
  'memory.available': { pressure: 'MemoryPressure', resource: 'memory' },
  'nodefs.available': { pressure: 'DiskPressure', resource: 'ephemeral-storage' },
  'imagefs.available': { pressure: 'DiskPressure', resource: 'ephemeral-storage' },
  'pid.available': { pressure: 'PIDPressure', resource: 'pids' },
};

export const pressureOf = (signal: Signal): Pressure => facts[signal].pressure;
export const resourceOf = (signal: Signal): string => facts[signal].resource;

/** The quantity that a threshold stands for on a node. */
export function quantityOf({ value }: Threshold, capacity: number): number {
  return typeof value === 'number' ? value : Math.floor((capacity * value.percent) / 100);
}

/** The thresholds that are met now, memory first; what was met before stays so until enough is free. */
export function thresholdsMet(
  thresholds: readonly Threshold[],
  observations: Observations,
  before: readonly Threshold[],
): readonly Threshold[] {
  const met = thresholds.filter((threshold) => {
    const { available, capacity } = observations[threshold.signal];
    const more = before.includes(threshold) ? threshold.reclaim : 0;
    return available < quantityOf(threshold, capacity) + more;
  });
  const rank = ({ signal }: Threshold) => (signal === 'memory.available' ? 0 : 1);
  return met.sort((a, b) => rank(a) - rank(b));
}
