// Upstream: kubernetes-csi/external-snapshotter/pkg/sidecar-controller/snapshot_controller.go
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { DriverContext } from '../driver.ts';
import {
  snapshotAnnotations,
  snapshotFinalizers,
  snapshotGroup,
  volumeSnapshotClasses,
  type VolumeSnapshotContent,
  volumeSnapshotContents,
  withFinalizer,
} from './snapshotKinds.ts';

const workers = 10;
/** What the cloud takes to cut a snapshot, and then to have it where claims can be made of it. */
const cutMs = 1_000;
const uploadMs = 2_000;
const nanosecondsPerMs = 1_000_000;

/** Takes and deletes the snapshots of `driver`, as the VolumeSnapshotContents say. */
export function startSnapshotter(context: DriverContext, driver: string): () => void {
  const { simulation, client, informers, recorder, disks } = context;
  const contents = informers.of(volumeSnapshotContents);
  const classes = informers.of(volumeSnapshotClasses);
  const beganMs = new Map<string, number>();
  const queue = new WorkQueue({ simulation, client, workers, reconcile });
  contents.onChange((now, before) => {
    const { metadata, spec } = (now ?? before)!;
    if (spec.driver === driver) queue.add(metadata.name);
  });

  function reconcile(name: string): Again | void {
    const content = contents.get(name);
    if (content === undefined) return void beganMs.delete(name);
    if (isToBeDeleted(content)) return remove(content);
    const { source } = content.spec;
    const { status } = content;
    if (status?.readyToUse === true || status?.error) return;
    if (source.snapshotHandle) return adopt(content, source.snapshotHandle);
    return take(content, source.volumeHandle ?? '');
  }

  /** A snapshot that the cloud had before the cluster knew of it. */
  function adopt(content: VolumeSnapshotContent, handle: string): void {
    const found = disks.snapshot(handle);
    if (found !== undefined)
      return writeStatus(content, {
        snapshotHandle: handle,
        creationTime: found.createdMs * nanosecondsPerMs,
        readyToUse: true,
        restoreSize: found.sizeBytes,
      });
    fail(
      content,
      'SnapshotContentCheckandUpdateFailed',
      `Failed to check and update snapshot content: failed to list snapshot for content ${content.metadata.name}: "rpc error: code = NotFound desc = no such snapshot: ${handle}"`,
    );
  }

  function take(content: VolumeSnapshotContent, volumeHandle: string): Again | void {
    const { name, annotations } = content.metadata;
    const className = content.spec.volumeSnapshotClassName;
    if (!className || classes.get(className) === undefined) {
      const why = className
        ? `${volumeSnapshotClasses.singular}.${snapshotGroup} \\"${className}\\" not found`
        : `failed to take snapshot ${name} without a snapshot class`;
      return fail(
        content,
        'SnapshotCreationFailed',
        `Failed to create snapshot: failed to get input parameters to create snapshot for content ${name}: "${why}"`,
      );
    }
    const began = beganMs.get(name);
    if (began === undefined) {
      beganMs.set(name, simulation.nowMs);
      if (annotations?.[snapshotAnnotations.beingCreated] === undefined)
        annotate(content, snapshotAnnotations.beingCreated, 'yes');
      return { afterMs: cutMs };
    }
    const ageMs = simulation.nowMs - began;
    if (ageMs < cutMs) return { afterMs: cutMs - ageMs };
    const handle = content.spec.volumeSnapshotRef.uid!;
    const cut = disks.createSnapshot(`snap-${handle}`, volumeHandle);
    if (cut === undefined) {
      annotate(content, snapshotAnnotations.beingCreated, null);
      const why = `failed to take snapshot of the volume ${volumeHandle}: "rpc error: code = NotFound desc = no such disk"`;
      return fail(content, 'SnapshotCreationFailed', `Failed to create snapshot: ${why}`);
    }
    const readyToUse = ageMs >= cutMs + uploadMs;
    if (content.status === undefined || readyToUse)
      writeStatus(content, {
        snapshotHandle: cut.handle,
        creationTime: cut.createdMs * nanosecondsPerMs,
        readyToUse,
        restoreSize: cut.sizeBytes,
      });
    if (annotations?.[snapshotAnnotations.beingCreated] !== undefined)
      annotate(content, snapshotAnnotations.beingCreated, null);
    if (!readyToUse) return { afterMs: cutMs + uploadMs - ageMs };
    beganMs.delete(name);
  }

  /** The data goes where the policy says so; then nothing holds the content any more. */
  function remove(content: VolumeSnapshotContent): void {
    const { name } = content.metadata;
    const { snapshotHandle } = content.status ?? {};
    if (content.spec.deletionPolicy === 'Delete' && snapshotHandle) disks.deleteSnapshot(snapshotHandle);
    const finalizers = withFinalizer(content, snapshotFinalizers.content, false);
    if (finalizers === content.metadata.finalizers) return;
    client.patch(volumeSnapshotContents, '', name, {
      type: 'merge',
      body: { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } },
    });
  }

  function annotate({ metadata }: VolumeSnapshotContent, annotation: string, value: string | null): void {
    const body = { metadata: { annotations: { [annotation]: value } } };
    client.patch(volumeSnapshotContents, '', metadata.name, { type: 'merge', body });
  }

  function writeStatus(content: VolumeSnapshotContent, status: VolumeSnapshotContent['status']): void {
    const body = { status };
    const { name } = content.metadata;
    client.patch(volumeSnapshotContents, '', name, { type: 'merge', body, subresource: 'status' });
  }

  function fail(content: VolumeSnapshotContent, reason: string, message: string): void {
    const error = { message, time: formatTime(simulation.nowMs) };
    writeStatus(content, { ...content.status, error, readyToUse: false });
    recorder.event(content, 'Warning', reason, message);
    beganMs.delete(content.metadata.name);
  }

  return () => queue.stop();
}

/** A content that is to go stays until the snapshot that it belongs to does, unless its policy keeps the data. */
function isToBeDeleted({ metadata, spec }: VolumeSnapshotContent): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  const isOfSnapshot = spec.source.volumeHandle !== undefined || spec.volumeSnapshotRef.uid !== undefined;
  return !isOfSnapshot || metadata.annotations?.[snapshotAnnotations.beingDeleted] !== undefined;
}
