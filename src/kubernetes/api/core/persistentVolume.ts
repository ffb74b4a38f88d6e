// Upstream: ValidatePersistentVolume in pkg/apis/core/validation/validation.go, pkg/apis/core/v1/defaults.go
import type { PersistentVolume, PersistentVolumeSpec } from '#generated/types/core.v1.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../columns.ts';
import { under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { formatAccessModes, storageClassAnnotation } from '../persistentVolumes.ts';
import { validateVolumeSpec, validateVolumeUpdate } from '../persistentVolumeValidation.ts';
import { withDefaults, withField } from '../sharing.ts';

export type { PersistentVolume };

function defaultSpec(spec: PersistentVolumeSpec): PersistentVolumeSpec {
  const next = withDefaults(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  const { hostPath, iscsi, rbd, azureDisk, scaleIO } = next;
  const withSources = {
    hostPath: hostPath && withDefaults(hostPath, { type: '' }),
    iscsi: iscsi && withDefaults(iscsi, { iscsiInterface: 'default' }),
    rbd: rbd && withDefaults(rbd, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
    azureDisk:
      azureDisk &&
      withDefaults(azureDisk, { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }),
    scaleIO: scaleIO && withDefaults(scaleIO, { storageMode: 'ThinProvisioned', fsType: 'xfs' }),
  };
  let defaulted = next;
  for (const name of ['hostPath', 'iscsi', 'rbd', 'azureDisk', 'scaleIO'] as const)
    defaulted = withField(defaulted, name, withSources[name]);
  return defaulted;
}

function phaseOf({ metadata, status }: PersistentVolume): string {
  return metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating';
}

function formatClaim({ spec }: PersistentVolume): string {
  return spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '';
}

export const persistentVolumes: Kind<PersistentVolume> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  hasStatus: true,
  countsGenerations: false,

  defaults: (volume) =>
    withField(
      withField(volume, 'spec', defaultSpec(volume.spec)),
      'status',
      withDefaults(volume.status ?? {}, { phase: 'Pending' }),
    ),
  prepareForCreate: (volume) => ({ ...volume, status: { phase: 'Pending' } }),

  validate: ({ spec }) => under('spec', validateVolumeSpec(spec)),
  validateUpdate: ({ spec }, old) => validateVolumeUpdate(spec, old.spec),

  columns: [
    nameColumn,
    column('Capacity', ({ spec }) => String(spec.capacity?.['storage'] ?? '0')),
    column('Access Modes', ({ spec }) => formatAccessModes(spec.accessModes)),
    column('Reclaim Policy', ({ spec }) => spec.persistentVolumeReclaimPolicy ?? ''),
    column('Status', phaseOf),
    column('Claim', formatClaim),
    column(
      'StorageClass',
      ({ metadata, spec }) => metadata.annotations?.[storageClassAnnotation] ?? spec.storageClassName ?? '',
      'string',
      'StorageClass of the pv',
    ),
    column(
      'VolumeAttributesClass',
      ({ spec }) => spec.volumeAttributesClassName ?? '<unset>',
      'string',
      'VolumeAttributesClass of the pv',
    ),
    column('Reason', ({ status }) => status.reason ?? ''),
    ageColumn,
    wideColumn('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
};
