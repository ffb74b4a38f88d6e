import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { configMaps } from './configMap.ts';

test.each<[string, object, string[]]>([
  ['good', { data: { a: '1', 'b.c-d_e': '2' } }, []],
  [
    'a key with a slash',
    { data: { 'a/b': 'x' } },
    [
      "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    ],
  ],
  [
    'a label that ends in a dash',
    { metadata: { labels: { a: '-bad-' } } },
    [
      "metadata.labels: Invalid value: \"-bad-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ],
  [
    'no name',
    { metadata: { name: '' } },
    ['metadata.name: Required value: name or generateName is required'],
  ],
  [
    'more than fits',
    { data: { a: 'x'.repeat(1024 * 1024 + 1) } },
    ['[]: Too long: may not be more than 1048576 bytes'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(configMaps, manifest)).toEqual(errors);
});

test('what is immutable stays', () => {
  const manifest = { immutable: true, data: { a: '1' } };
  expect(updateErrors(configMaps, manifest, { immutable: true, data: { a: '2' } })).toEqual([
    'data: Forbidden: field is immutable when `immutable` is set',
  ]);
  expect(updateErrors(configMaps, manifest, { data: { a: '1' } })).toEqual([
    'immutable: Forbidden: field is immutable when `immutable` is set',
  ]);
});

test('columns count text and binary data', () => {
  const configMap = created(configMaps, { data: { a: '1' }, binaryData: { b: 'AA==' } });
  expect(cells(configMaps, configMap)).toEqual({ Name: 'x', Data: 2, Age: '60m' });
});
