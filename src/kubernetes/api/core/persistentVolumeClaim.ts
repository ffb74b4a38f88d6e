// Upstream: ValidatePersistentVolumeClaim in pkg/apis/core/validation/validation.go, pkg/apis/core/v1/defaults.go
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '#generated/types/core.v1.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../columns.ts';
import { validateClaimSpec, validateClaimStatusUpdate, validateClaimUpdate } from '../claimValidation.ts';
import { under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { formatAccessModes, storageClassAnnotation } from '../persistentVolumes.ts';
import { withDefaults, withField } from '../sharing.ts';

export type { PersistentVolumeClaim };

/** What the server fills into the spec of a claim, in a claim or in a template. */
export function defaultClaimSpec(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  return withDefaults(spec, { volumeMode: 'Filesystem' });
}

/** As the server completes a claim, also one that stands in a StatefulSet. */
export function defaultClaim(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const status = withDefaults(claim.status ?? {}, { phase: 'Pending' });
  return withField(withField(claim, 'spec', defaultClaimSpec(claim.spec ?? {})), 'status', status);
}

/** A source can be named in two fields, of which the newer can say more: each is filled from the other. */
function withBothSources(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) return { ...spec, dataSourceRef: dataSource };
  if (!dataSource && dataSourceRef && !dataSourceRef.namespace) return { ...spec, dataSource: dataSourceRef };
  return spec;
}

function phaseOf({ metadata, status }: PersistentVolumeClaim): string {
  return metadata.deletionTimestamp === undefined ? (status.phase ?? '') : 'Terminating';
}

/** A column that says nothing before the claim has its volume. */
function ofBound(value: (claim: PersistentVolumeClaim) => string): (claim: PersistentVolumeClaim) => string {
  return (claim) => (claim.spec.volumeName ? value(claim) : '');
}

export const persistentVolumeClaims: Kind<PersistentVolumeClaim> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.PersistentVolumeClaim',
  hasStatus: true,
  countsGenerations: false,

  defaults: defaultClaim,
  prepareForCreate: (claim) => ({
    ...claim,
    spec: withBothSources(claim.spec),
    status: { phase: 'Pending' },
  }),

  validate: ({ spec }) => under('spec', validateClaimSpec(spec)),
  validateUpdate: validateClaimUpdate,
  validateStatusUpdate: validateClaimStatusUpdate,

  columns: [
    nameColumn,
    column('Status', phaseOf),
    column('Volume', ({ spec }) => spec.volumeName ?? ''),
    column(
      'Capacity',
      ofBound(({ status }) => String(status.capacity?.['storage'] ?? '0')),
    ),
    column(
      'Access Modes',
      ofBound(({ status }) => formatAccessModes(status.accessModes)),
    ),
    column(
      'StorageClass',
      ({ metadata, spec }) => metadata.annotations?.[storageClassAnnotation] ?? spec.storageClassName ?? '',
      'string',
      'StorageClass of the pvc',
    ),
    column(
      'VolumeAttributesClass',
      ({ spec }) => spec.volumeAttributesClassName ?? '<unset>',
      'string',
      'VolumeAttributesClass of the pvc',
    ),
    ageColumn,
    wideColumn('VolumeMode', ({ spec }) => spec.volumeMode ?? '<unset>'),
  ],
};
