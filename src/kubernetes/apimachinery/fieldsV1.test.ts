import { expect, test } from 'vitest';
import { pathsOf } from './fieldSet.ts';
import { decodeFields, encodeFields, pathText } from './fieldsV1.ts';

// Upstream: structured-merge-diff/fieldpath/serialize_test.go
test('what is read is written the same, in upstream’s order', () => {
  const fields = {
    'f:spec': {
      'v:"b"': {},
      'k:{"name":"c"}': { '.': {}, 'f:image': {} },
      'f:ports': { 'k:{"protocol":"TCP","containerPort":80}': {} },
      'f:replicas': {},
    },
  };
  const set = decodeFields(fields)!;
  expect(JSON.stringify(encodeFields(set))).toBe(
    '{"f:spec":{"f:ports":{"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{}},"f:replicas":{},"k:{\\"name\\":\\"c\\"}":{".":{},"f:image":{}},"v:\\"b\\"":{}}}',
  );
  expect(decodeFields(JSON.parse(JSON.stringify(encodeFields(set))))).toBe(set);
  // Upstream: fieldpath/element.go PathElement.String
  expect(pathsOf(set).map(pathText)).toEqual([
    '.spec.ports[containerPort=80,protocol="TCP"]',
    '.spec.replicas',
    '.spec[name="c"]',
    '.spec[name="c"].image',
    '.spec[="b"]',
  ]);
});

test.each<readonly [what: string, fields: unknown]>([
  ['no object', []],
  ['a leaf that is none', { 'f:a': 1 }],
  ['an element of no kind', { a: {} }],
  ['a key that is no JSON', { 'k:{': {} }],
  ['a key that is no object', { 'k:1': {} }],
  ['an index that is no number', { 'i:x': {} }],
  ['one element twice', { 'k:{"a":1}': {}, 'k:{ "a": 1 }': {} }],
])('%s is no set', (_, fields) => expect(decodeFields(fields)).toBeUndefined());

test('a set nested without end is none', () => {
  let fields: object = {};
  for (let i = 0; i < 100_000; i++) fields = { 'f:a': fields };
  expect(decodeFields(fields)).toBeUndefined();
});
