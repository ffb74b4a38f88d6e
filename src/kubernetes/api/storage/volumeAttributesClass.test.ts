import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { volumeAttributesClasses } from './volumeAttributesClass.ts';

const good = { driverName: 'ebs.csi.aws.com', parameters: { iops: '3000' } };

test.each<[string, object, string[]]>([
  ['good', good, []],
  [
    'nothing',
    {},
    ['driverName: Required value', 'parameters: Required value: must contain at least one key/value pair'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(volumeAttributesClasses, manifest)).toEqual(errors);
});

test('it stays; columns', () => {
  expect(updateErrors(volumeAttributesClasses, good, { driverName: 'a.b', parameters: { a: 'b' } })).toEqual([
    'driverName: Forbidden: updates to driverName are forbidden.',
    'parameters: Forbidden: updates to parameters are forbidden.',
  ]);
  expect(cells(volumeAttributesClasses, created(volumeAttributesClasses, good))).toEqual({
    Name: 'x',
    DriverName: 'ebs.csi.aws.com',
    Age: '60m',
  });
});
