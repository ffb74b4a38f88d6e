// Upstream: pkg/apis/storage/validation/validation.go
import type { CSIStorageCapacity } from '#generated/types/storage.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import { canonicalQuantity, compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { column, nameColumn } from '../columns.ts';
import { invalidFor, notNegative, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';

export type { CSIStorageCapacity };

function validateAmount(field: string, amount: string | number | undefined): FieldError[] {
  return amount !== undefined && compareQuantities(amount, 0) < 0
    ? [invalidValue(field, String(amount), notNegative)]
    : [];
}

export const csiStorageCapacities: Kind<CSIStorageCapacity> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  singular: 'csistoragecapacity',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.storage.v1.CSIStorageCapacity',
  hasStatus: false,
  validate: ({ nodeTopology, storageClassName, capacity, maximumVolumeSize }) => [
    ...validateLabelSelector(nodeTopology, 'nodeTopology'),
    ...invalidFor('storageClassName', storageClassName ?? '', checkDns1123Subdomain(storageClassName ?? '')),
    ...validateAmount('capacity', capacity),
    ...validateAmount('maximumVolumeSize', maximumVolumeSize),
  ],
  validateUpdate: (capacity, old) => [
    ...validateImmutable('nodeTopology', capacity.nodeTopology, old.nodeTopology),
    ...validateImmutable('storageClassName', capacity.storageClassName, old.storageClassName),
  ],
  columns: [
    nameColumn,
    column('StorageClassName', ({ storageClassName }) => storageClassName),
    column('Capacity', ({ capacity }) => (capacity === undefined ? '<unset>' : canonicalQuantity(capacity))),
  ],
};
