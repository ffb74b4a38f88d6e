// Upstream: kubernetes-csi/external-snapshotter/pkg/common-controller/snapshot_controller.go getPreprovisionedContentFromStore, checkandBindSnapshotContent
import type { SnapshotContext } from './snapshotContext.ts';
import {
  contentNameOf,
  type VolumeSnapshot,
  type VolumeSnapshotContent,
  volumeSnapshotContents,
} from './snapshotKinds.ts';
import { SnapshotError } from './snapshotStatus.ts';

/** The content of a snapshot, if there is one that may be its. Throws SnapshotError. */
export function contentOf(
  { informers }: SnapshotContext,
  snapshot: VolumeSnapshot,
): VolumeSnapshotContent | undefined {
  const named = snapshot.spec.source.volumeSnapshotContentName;
  const name = named ?? contentNameOf(snapshot);
  const content = informers.of(volumeSnapshotContents).get(name);
  if (content === undefined) return undefined;
  const { source, volumeSnapshotRef } = content.spec;
  if (named !== undefined && source.snapshotHandle === undefined)
    throw new SnapshotError(
      'SnapshotContentMismatch',
      'VolumeSnapshotContent is dynamically provisioned while expecting a pre-provisioned one',
    );
  if (named === undefined && source.volumeHandle === undefined)
    throw new SnapshotError(
      'SnapshotContentMismatch',
      `VolumeSnapshotContent ${name} is pre-provisioned while expecting a dynamically provisioned one`,
    );
  const { metadata } = snapshot;
  const isOwn =
    volumeSnapshotRef.name === metadata.name &&
    volumeSnapshotRef.namespace === metadata.namespace &&
    (volumeSnapshotRef.uid ?? metadata.uid) === metadata.uid;
  if (isOwn) return content;
  throw new SnapshotError(
    'SnapshotContentMisbound',
    `VolumeSnapshotContent [${name}] is bound to a different snapshot`,
  );
}

/** Writes into a content that an administrator made which snapshot has it now. */
export function bindContent(
  { client }: SnapshotContext,
  { metadata, spec }: VolumeSnapshot,
  content: VolumeSnapshotContent,
): VolumeSnapshotContent {
  const { volumeSnapshotRef, volumeSnapshotClassName } = content.spec;
  if (volumeSnapshotRef.uid !== undefined) return content;
  const className = volumeSnapshotClassName ?? spec.volumeSnapshotClassName;
  return client.update(volumeSnapshotContents, {
    ...content,
    spec: {
      ...content.spec,
      ...(className !== undefined && { volumeSnapshotClassName: className }),
      volumeSnapshotRef: { ...volumeSnapshotRef, uid: metadata.uid },
    },
  });
}
