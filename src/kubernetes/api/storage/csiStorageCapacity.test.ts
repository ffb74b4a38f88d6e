import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { csiStorageCapacities } from './csiStorageCapacity.ts';

test.each<[string, object, string[]]>([
  ['good', { storageClassName: 'fast', capacity: '1Gi' }, []],
  [
    'less than nothing',
    { storageClassName: 'fast', capacity: '-1Gi', maximumVolumeSize: '-1' },
    [
      'capacity: Invalid value: "-1Gi": must be greater than or equal to 0',
      'maximumVolumeSize: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ],
  [
    'a broken selector',
    { storageClassName: 'fast', nodeTopology: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
    [
      "nodeTopology.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(csiStorageCapacities, manifest)).toEqual(errors);
});

test('what it is about stays', () => {
  expect(updateErrors(csiStorageCapacities, { storageClassName: 'a' }, { storageClassName: 'b' })).toEqual([
    'storageClassName: Invalid value: "b": field is immutable',
  ]);
});

test('columns have no age', () => {
  const capacity = created(csiStorageCapacities, { storageClassName: 'fast', capacity: '1024Mi' });
  expect(cells(csiStorageCapacities, capacity)).toEqual({
    Name: 'x',
    StorageClassName: 'fast',
    Capacity: '1Gi',
  });
});
