// Upstream: pkg/apis/storage/validation/validation.go
import type { VolumeAttributesClass } from '#generated/types/storage.v1.ts';
import { forbidden } from '#kubernetes/apimachinery/fieldErrors.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { validateParameters, validateProvisioner } from './storageChecks.ts';

export type { VolumeAttributesClass };

const defaultAnnotation = 'volumeattributesclass.alpha.kubernetes.io/is-default-class';

export const volumeAttributesClasses: Kind<VolumeAttributesClass> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  singular: 'volumeattributesclass',
  shortNames: ['vac'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.VolumeAttributesClass',
  hasStatus: false,
  validate: ({ driverName, parameters }) => [
    ...validateProvisioner('driverName', driverName),
    ...validateParameters(parameters, false),
  ],
  validateUpdate: (attributes, old) =>
    (['driverName', 'parameters'] as const)
      .filter((field) => !deepEqual(attributes[field], old[field]))
      .map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
  columns: [
    {
      ...nameColumn,
      value: ({ metadata }) =>
        metadata.annotations?.[defaultAnnotation] === 'true' ? `${metadata.name} (default)` : metadata.name,
    },
    column('DriverName', ({ driverName }) => driverName),
    ageColumn,
  ],
};
