// Upstream: pkg/apis/storage/{v1/defaults.go,validation/validation.go}
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { duplicate, forbidden, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under, validateEnum, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults } from '../sharing.ts';
import { validateParameters, validateProvisioner } from './storageChecks.ts';

export type { StorageClass };

type Topology = NonNullable<StorageClass['allowedTopologies']>[number];
type Requirement = NonNullable<Topology['matchLabelExpressions']>[number];

/** The annotation that makes a class the one that claims get without asking. */
export const defaultStorageClassAnnotation = 'storageclass.kubernetes.io/is-default-class';
const betaDefaultAnnotation = 'storageclass.beta.kubernetes.io/is-default-class';

/** Whether claims without a class get this one. Upstream: pkg/volume/util IsDefaultAnnotation. */
export function isDefaultStorageClass({ metadata: { annotations } }: StorageClass): boolean {
  return (
    annotations?.[defaultStorageClassAnnotation] === 'true' || annotations?.[betaDefaultAnnotation] === 'true'
  );
}

function validateTopology({ matchLabelExpressions = [] }: Topology): FieldError[] {
  const keys = new Set<string>();
  return matchLabelExpressions.flatMap((requirement, index) => {
    const { key = '', values = [] } = requirement as Partial<Requirement>;
    const path = `matchLabelExpressions[${index}]`;
    const errors = values.length === 0 ? [required(`${path}.values`)] : [];
    const seen = new Set<string>();
    for (const [valueIndex, value] of values.entries()) {
      if (seen.has(value)) errors.push(duplicate(`${path}.values[${valueIndex}]`, value));
      seen.add(value);
    }
    errors.push(...invalidFor(`${path}.key`, key, checkLabelKey(key)));
    if (keys.has(key)) errors.push(duplicate(`${path}.key`, key));
    keys.add(key);
    return errors;
  });
}

export const storageClasses: Kind<StorageClass> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.StorageClass',
  hasStatus: false,
  defaults: (storageClass) =>
    withDefaults(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: ({ provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies = [] }) => [
    ...validateProvisioner('provisioner', provisioner),
    ...validateParameters(parameters, true),
    ...validateEnum('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']),
    ...validateEnum('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
    ...allowedTopologies.flatMap((topology, index) =>
      under(`allowedTopologies[${index}]`, validateTopology(topology)),
    ),
  ],
  validateUpdate(storageClass, old) {
    const fixed = (['parameters', 'provisioner', 'reclaimPolicy'] as const).filter(
      (field) => !deepEqual(storageClass[field], old[field]),
    );
    return [
      ...fixed.map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
      ...validateImmutable('volumeBindingMode', storageClass.volumeBindingMode, old.volumeBindingMode),
    ];
  },
  columns: [
    {
      ...nameColumn,
      value: (storageClass) =>
        isDefaultStorageClass(storageClass)
          ? `${storageClass.metadata.name} (default)`
          : storageClass.metadata.name,
    },
    column('Provisioner', ({ provisioner }) => provisioner),
    column('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    column('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    column('AllowVolumeExpansion', ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
    ageColumn,
  ],
};
