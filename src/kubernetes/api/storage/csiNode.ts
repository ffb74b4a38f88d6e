// Upstream: pkg/apis/storage/validation/validation.go
import type { CSINode, CSINodeDriver, CSINodeSpec } from '#generated/types/storage.v1.ts';
import { duplicate, invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under, validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateDriverName } from './storageChecks.ts';

export type { CSINode };

const nodeIdLengthMax = 256;

function validateDriver({ name, nodeID, allocatable, topologyKeys = [] }: CSINodeDriver): FieldError[] {
  const errors = validateDriverName('name', name);
  if (nodeID === '') errors.push(required('nodeID'));
  if (nodeID.length > nodeIdLengthMax)
    errors.push(invalidValue('nodeID', nodeID, `must be ${nodeIdLengthMax} characters or less`));
  errors.push(...validateNotNegative('allocatable.count', allocatable?.count));
  const seen = new Set<string>();
  for (const key of topologyKeys) {
    if (seen.has(key)) errors.push(duplicate('topologyKeys', key));
    seen.add(key);
    errors.push(...invalidFor('topologyKeys', key, checkLabelKey(key)));
  }
  return errors;
}

export const csiNodes: Kind<CSINode> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  singular: 'csinode',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.storage.v1.CSINode',
  hasStatus: false,
  validate({ spec }) {
    const { drivers = [] } = spec as Partial<CSINodeSpec>;
    const names = new Set<string>();
    return drivers.flatMap((driver, index) => {
      const path = `spec.drivers[${index}]`;
      const errors = under(path, validateDriver(driver));
      if (names.has(driver.name)) errors.push(duplicate(`${path}.name`, driver.name));
      names.add(driver.name);
      return errors;
    });
  },
  validateUpdate({ spec }, { spec: old }) {
    // A driver may come and go; one that stays is what it was, its allocatable count apart.
    return (old.drivers ?? []).flatMap((before) => {
      const after = (spec.drivers ?? []).find(({ name }) => name === before.name);
      if (after === undefined || deepEqual({ ...after, allocatable: null }, { ...before, allocatable: null }))
        return [];
      return [invalidValue('spec.drivers', after, 'field is immutable')];
    });
  },
  columns: [nameColumn, column('Drivers', ({ spec }) => spec.drivers?.length ?? 0, 'integer'), ageColumn],
};
