// Upstream: kubernetes-csi/external-snapshotter/pkg/common-controller/{snapshot_controller,snapshot_controller_base}.go
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { type Again, WorkQueue } from '#kubernetes/client/workQueue.ts';
import { bindContent, contentOf } from './boundContent.ts';
import { claimOf } from './claimOf.ts';
import { chooseClass } from './snapshotClass.ts';
import type { SnapshotContext } from './snapshotContext.ts';
import {
  contentNameOf,
  snapshotAnnotations,
  snapshotFinalizers,
  type VolumeSnapshot,
  volumeSnapshotClasses,
  type VolumeSnapshotContent,
  volumeSnapshotContents,
  volumeSnapshots,
  withFinalizer,
} from './snapshotKinds.ts';
import { failSnapshot, isReady, SnapshotError, updateSnapshotStatus } from './snapshotStatus.ts';
import { createContent, isBeingRestored, releaseClaim } from './sourceClaim.ts';

/** Upstream: --retry-interval-start, --retry-interval-max. */
const retryMinMs = 1_000;
const retryMaxMs = 300_000;
/** While no pod runs the controller, nothing happens at all. */
const stoppedMs = 2_000;
const workers = 10;

/** Binds snapshots to their contents: made for them, or made known by an administrator. */
export function startSnapshotController(context: SnapshotContext): () => void {
  const { simulation, client, informers } = context;
  const snapshots = informers.of(volumeSnapshots);
  const contents = informers.of(volumeSnapshotContents);
  // These are asked for by what takes the snapshots: they begin to fill now.
  informers.of(persistentVolumeClaims);
  informers.of(persistentVolumes);
  informers.of(storageClasses);
  informers.of(volumeSnapshotClasses);
  const failures = new Map<string, number>();
  const queue = new WorkQueue({ simulation, client, workers, reconcile: whileRunning(syncSnapshot) });
  const contentQueue = new WorkQueue({ simulation, client, workers, reconcile: whileRunning(syncContent) });
  snapshots.onChange((now, before) => queue.add(keyOf((now ?? before)!)));
  contents.onChange((now, before) => {
    const { metadata, spec } = (now ?? before)!;
    contentQueue.add(metadata.name);
    queue.add(`${spec.volumeSnapshotRef.namespace}/${spec.volumeSnapshotRef.name}`);
  });

  function whileRunning(sync: (key: string) => Again | void) {
    return (key: string): Again | void => {
      if (!context.isRunning()) return { afterMs: stoppedMs };
      return sync(key);
    };
  }

  /** Keeps a content from being deleted under the sidecar's hands, and lets it go with its snapshot. */
  function syncContent(name: string): void {
    const content = contents.get(name);
    if (content === undefined) return;
    const { deletionTimestamp } = content.metadata;
    if (deletionTimestamp === undefined) {
      const finalizers = withFinalizer(content, snapshotFinalizers.content, true);
      if (finalizers !== content.metadata.finalizers)
        client.patch(volumeSnapshotContents, '', name, { type: 'merge', body: { metadata: { finalizers } } });
    }
    const { volumeSnapshotRef } = content.spec;
    const snapshot = snapshots.get(`${volumeSnapshotRef.namespace}/${volumeSnapshotRef.name}`);
    if (snapshot?.metadata.deletionTimestamp !== undefined && snapshot.metadata.uid === volumeSnapshotRef.uid)
      markDeleted(content);
  }

  function syncSnapshot(key: string): Again | void {
    const snapshot = snapshots.get(key);
    if (snapshot === undefined) return void failures.delete(key);
    try {
      releaseClaim(context, snapshot);
      if (snapshot.metadata.deletionTimestamp !== undefined && !isBeingTaken(snapshot))
        return deleteSnapshot(snapshot);
      if (isReady(snapshot)) checkBound(snapshot);
      else bind(snapshot);
      failures.delete(key);
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      failSnapshot(context, snapshot, error);
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      return { afterMs: Math.min(retryMinMs * 2 ** Math.min(count, 20), retryMaxMs) };
    }
  }

  function isBeingTaken(snapshot: VolumeSnapshot): boolean {
    const claim = claimOf(context, snapshot);
    return claim?.metadata.finalizers?.includes(snapshotFinalizers.claim) === true && !isReady(snapshot);
  }

  function bind(snapshot: VolumeSnapshot): void {
    const { volumeSnapshotContentName } = snapshot.spec.source;
    const chosen = volumeSnapshotContentName ? snapshot : chooseClass(context, snapshot);
    if (chosen !== snapshot) return;
    const content = contentOf(context, snapshot);
    if (protect(snapshot, content)) return;
    if (volumeSnapshotContentName && content === undefined)
      throw new SnapshotError('SnapshotContentMissing', 'VolumeSnapshotContent is missing');
    if (content !== undefined)
      return updateSnapshotStatus(context, snapshot, bindContent(context, snapshot, content));
    updateSnapshotStatus(context, snapshot, createContent(context, snapshot));
  }

  /** Its finalizers; true where they were written, and the snapshot comes again. */
  function protect(snapshot: VolumeSnapshot, content: VolumeSnapshotContent | undefined): boolean {
    const { asSource, bound } = snapshotFinalizers;
    const { finalizers: before = [] } = snapshot.metadata;
    const isBound = before.includes(bound) || content?.spec.deletionPolicy === 'Delete';
    const wanted = [asSource, ...(isBound ? [bound] : [])].filter((name) => !before.includes(name));
    if (wanted.length === 0) return false;
    writeFinalizers(snapshot, [...before, ...wanted]);
    return true;
  }

  function checkBound(snapshot: VolumeSnapshot): void {
    const content = contents.get(snapshot.status?.boundVolumeSnapshotContentName ?? '');
    if (content === undefined)
      throw new SnapshotError('SnapshotContentMissing', 'VolumeSnapshotContent is missing');
    protect(snapshot, content);
    if (content.spec.volumeSnapshotRef.uid !== snapshot.metadata.uid)
      throw new SnapshotError(
        'SnapshotMisbound',
        'VolumeSnapshotContent is not bound to the VolumeSnapshot correctly',
      );
  }

  function deleteSnapshot(snapshot: VolumeSnapshot): Again | void {
    const name = snapshot.status?.boundVolumeSnapshotContentName ?? contentNameOf(snapshot);
    const found = contents.get(name);
    const content = found?.spec.volumeSnapshotRef.uid === snapshot.metadata.uid ? found : undefined;
    if (content !== undefined && isBeingRestored(context, snapshot)) {
      const message = 'Snapshot is being used to restore a PVC';
      context.recorder.event(snapshot, 'Warning', 'SnapshotDeletePending', message);
      return { afterMs: retryMinMs };
    }
    if (content !== undefined) markDeleted(content);
    const goesToo = content?.spec.deletionPolicy === 'Delete';
    if (goesToo && content.metadata.deletionTimestamp === undefined)
      client.delete(volumeSnapshotContents, '', name);
    const left = (snapshot.metadata.finalizers ?? []).filter(
      (finalizer) =>
        finalizer !== snapshotFinalizers.asSource && (goesToo || finalizer !== snapshotFinalizers.bound),
    );
    if (left.length !== snapshot.metadata.finalizers?.length) writeFinalizers(snapshot, left);
  }

  function writeFinalizers({ metadata }: VolumeSnapshot, finalizers: readonly string[]): void {
    const body = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
    client.patch(volumeSnapshots, metadata.namespace ?? '', metadata.name, { type: 'merge', body });
  }

  /** Tells the sidecar that it may delete the content when the API server wants it gone. */
  function markDeleted({ metadata }: VolumeSnapshotContent): void {
    const { beingDeleted } = snapshotAnnotations;
    if (metadata.annotations?.[beingDeleted] !== undefined) return;
    const body = { metadata: { annotations: { [beingDeleted]: 'yes' } } };
    try {
      client.patch(volumeSnapshotContents, '', metadata.name, { type: 'merge', body });
    } catch (error) {
      // It has gone meanwhile.
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error;
    }
  }

  return () => {
    queue.stop();
    contentQueue.stop();
  };
}
