import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { priorityClasses } from './priorityClass.ts';

test.each<[string, object, string[]]>([
  ['good', { value: 5 }, []],
  ['a system class', { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 }, []],
  [
    'a name that is reserved',
    { metadata: { name: 'system-x' }, value: 5 },
    [
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
    ],
  ],
  [
    'above all users',
    { value: 1_000_000_001 },
    ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(priorityClasses, manifest)).toEqual(errors);
});

test('the value stays', () => {
  expect(updateErrors(priorityClasses, { value: 5 }, { value: 6 })).toEqual([
    'value: Forbidden: may not be changed in an update.',
  ]);
});

test('columns', () => {
  expect(cells(priorityClasses, created(priorityClasses, { value: 5 }), true)).toEqual({
    Name: 'x',
    Value: 5,
    'Global-Default': false,
    Age: '60m',
    PreemptionPolicy: 'PreemptLowerPriority',
  });
});
