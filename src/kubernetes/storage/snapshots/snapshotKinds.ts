import type { ObjectReference } from '#generated/types/core.v1.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';

/** The kinds are custom resources: an administrator installs their definitions, see decision 11. */
export const snapshotGroup = 'snapshot.storage.k8s.io';

interface SnapshotError {
  readonly time: string;
  readonly message: string;
}

export type DeletionPolicy = 'Delete' | 'Retain';

/** What a user asks for: a copy of a claim's data, or of what an administrator has made known. */
export interface VolumeSnapshot extends KubeObject {
  readonly spec: {
    readonly volumeSnapshotClassName?: string;
    readonly source: {
      readonly persistentVolumeClaimName?: string;
      readonly volumeSnapshotContentName?: string;
    };
  };
  readonly status?: {
    readonly boundVolumeSnapshotContentName?: string;
    readonly creationTime?: string;
    readonly readyToUse?: boolean;
    /** A quantity. */
    readonly restoreSize?: string;
    readonly error?: SnapshotError;
  };
}

/** The copy itself, as the cluster knows it. */
export interface VolumeSnapshotContent extends KubeObject {
  readonly spec: {
    readonly driver: string;
    readonly deletionPolicy: DeletionPolicy;
    readonly volumeSnapshotClassName?: string;
    readonly volumeSnapshotRef: ObjectReference;
    readonly sourceVolumeMode?: string;
    readonly source: { readonly volumeHandle?: string; readonly snapshotHandle?: string };
  };
  readonly status?: {
    readonly snapshotHandle?: string;
    /** Nanoseconds. */
    readonly creationTime?: number;
    readonly readyToUse?: boolean;
    /** Bytes. */
    readonly restoreSize?: number;
    readonly error?: SnapshotError;
  };
}

export interface VolumeSnapshotClass extends KubeObject {
  readonly driver: string;
  readonly deletionPolicy: DeletionPolicy;
}

const custom = { group: snapshotGroup, version: 'v1', categories: [], schema: '', columns: [] } as const;

export const volumeSnapshots: Kind<VolumeSnapshot> = {
  ...custom,
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  singular: 'volumesnapshot',
  shortNames: ['vs'],
  namespaced: true,
  hasStatus: true,
};

export const volumeSnapshotContents: Kind<VolumeSnapshotContent> = {
  ...custom,
  kind: 'VolumeSnapshotContent',
  plural: 'volumesnapshotcontents',
  singular: 'volumesnapshotcontent',
  shortNames: ['vsc', 'vscs'],
  namespaced: false,
  hasStatus: true,
};

export const volumeSnapshotClasses: Kind<VolumeSnapshotClass> = {
  ...custom,
  kind: 'VolumeSnapshotClass',
  plural: 'volumesnapshotclasses',
  singular: 'volumesnapshotclass',
  shortNames: ['vsclass', 'vsclasses'],
  namespaced: false,
  hasStatus: false,
};

export const snapshotKinds: readonly Kind[] = [
  volumeSnapshots,
  volumeSnapshotContents,
  volumeSnapshotClasses,
];

const prefix = 'snapshot.storage.kubernetes.io';

export const snapshotFinalizers = {
  /** On a snapshot, while claims may be made of it. */
  asSource: `${prefix}/volumesnapshot-as-source-protection`,
  /** On a snapshot whose content goes with it. */
  bound: `${prefix}/volumesnapshot-bound-protection`,
  content: `${prefix}/volumesnapshotcontent-bound-protection`,
  /** On a claim of which a snapshot is being taken. */
  claim: `${prefix}/pvc-as-source-protection`,
} as const;

export const snapshotAnnotations = {
  isDefault: `${prefix}/is-default-class`,
  beingCreated: `${prefix}/volumesnapshot-being-created`,
  beingDeleted: `${prefix}/volumesnapshot-being-deleted`,
} as const;

/** What the controller calls the content of a snapshot that it has taken. */
export const contentNameOf = ({ metadata }: VolumeSnapshot) => `snapcontent-${metadata.uid}`;

/** Finalizers with one more, or without it; the same list where nothing changes. */
export function withFinalizer(object: KubeObject, name: string, isWanted: boolean): readonly string[] {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(name) === isWanted) return finalizers;
  return isWanted ? [...finalizers, name] : finalizers.filter((other) => other !== name);
}
