import { keyOf } from '#kubernetes/api/object.ts';
import { formatUnits } from '#kubernetes/apimachinery/quantity.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import { type VolumeSnapshot, type VolumeSnapshotContent, volumeSnapshots } from './snapshotKinds.ts';

const nanosecondsPerMs = 1_000_000;

/** A snapshot cannot be had as it is asked for: why, for its status and an Event of this reason. */
export class SnapshotError extends Error {
  override name = 'SnapshotError';
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export function isReady({ status }: VolumeSnapshot): boolean {
  return status?.readyToUse === true && status.boundVolumeSnapshotContentName !== undefined;
}

type Status = NonNullable<VolumeSnapshot['status']>;

/** Tells of an error, once. */
export function failSnapshot(
  context: SnapshotContext,
  snapshot: VolumeSnapshot,
  { reason, message }: SnapshotError,
): void {
  if (snapshot.status?.error?.message === message) return;
  const error = { message, time: formatTime(context.simulation.nowMs) };
  write(context, snapshot, { ...snapshot.status, error, readyToUse: false });
  context.recorder.event(snapshot, 'Warning', reason, message);
}

/** Takes over what the driver says of the content. */
export function updateSnapshotStatus(
  context: SnapshotContext,
  snapshot: VolumeSnapshot,
  { metadata, status: of = {} }: VolumeSnapshotContent,
): void {
  const { status: before = {} } = snapshot;
  const readyToUse = of.readyToUse === true;
  const created = of.creationTime === undefined ? undefined : formatTime(of.creationTime / nanosecondsPerMs);
  const creationTime = before.creationTime ?? created;
  const restoreSize =
    before.restoreSize ??
    (of.restoreSize === undefined ? undefined : formatUnits(of.restoreSize, 'BinarySI'));
  const error = readyToUse ? undefined : (of.error ?? before.error);
  const next: Status = {
    boundVolumeSnapshotContentName: metadata.name,
    ...(creationTime !== undefined && { creationTime }),
    readyToUse,
    ...(restoreSize !== undefined && { restoreSize }),
    ...(error && { error }),
  };
  if (JSON.stringify(sorted(next)) === JSON.stringify(sorted(before))) return;
  write(context, snapshot, next);
  const key = keyOf(snapshot);
  if (before.creationTime === undefined && creationTime !== undefined) {
    const message = `Snapshot ${key} was successfully created by the CSI driver.`;
    context.recorder.event(snapshot, 'Normal', 'SnapshotCreated', message);
  }
  if (before.readyToUse !== true && readyToUse)
    context.recorder.event(snapshot, 'Normal', 'SnapshotReady', `Snapshot ${key} is ready to use.`);
}

const sorted = (status: Status) => Object.entries(status).sort(([a], [b]) => (a < b ? -1 : 1));

function write({ client }: SnapshotContext, snapshot: VolumeSnapshot, status: Status): void {
  client.updateStatus(volumeSnapshots, { ...snapshot, status });
}
