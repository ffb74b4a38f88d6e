import { expect, test } from 'vitest';
import { type FieldSet, fieldSetOf, noFields, pathsOf, union } from './fieldSet.ts';
import { pathText } from './fieldsV1.ts';
import { compare, fieldsOf, UniqueListChanged, writtenOut } from './typedCompare.ts';
import { mergeTyped, removeFields, withNamedFields } from './typedMerge.ts';
import { nameElement, type TypedSchema } from './typedSchema.ts';
import { problemsText, validateTyped } from './typedValidation.ts';

const string: TypedSchema = { is: 'scalar', of: 'string' };
const number: TypedSchema = { is: 'scalar', of: 'numeric' };

function list(type: 'atomic' | 'set' | 'map', of: TypedSchema, ...keys: string[]): TypedSchema {
  const keyDefault = (name: string) => (name === 'protocol' ? 'TCP' : undefined);
  return { is: 'list', type, of, keys, keyDefault, unique: false };
}

function struct(fields: Readonly<Record<string, TypedSchema>>, atomic = false, present = ''): TypedSchema {
  const all = Object.entries(fields).map(
    ([name, schema]) =>
      [name, { key: nameElement(name), schema, present: present.split(' ').includes(name) }] as const,
  );
  return {
    is: 'struct',
    atomic,
    field: (name) => all.find(([own]) => own === name)?.[1],
    presentFields: () => all.filter(([, field]) => field.present),
  };
}

const item = struct({ name: string, value: number, protocol: string });
const ips: TypedSchema = { ...list('map', struct({ ip: string }), 'ip'), unique: true } as TypedSchema;
const schema = struct(
  {
    numeric: number,
    string,
    bool: { is: 'scalar', of: 'boolean' },
    setStr: list('set', string),
    atomic: list('atomic', string),
    items: list('map', item, 'name'),
    ports: list('map', item, 'name', 'protocol'),
    map: { is: 'map', atomic: false, of: string },
    whole: { is: 'map', atomic: true, of: string },
    selector: struct({ a: string }, true),
    inner: struct({ a: string, items: list('map', item, 'name') }),
    value: struct({ a: string }),
    any: { is: 'deduced' },
    ips,
  },
  false,
  'value',
);

function textOf(set: FieldSet): string {
  return pathsOf(set).map(pathText).join(' ');
}

// Upstream: structured-merge-diff/typed/toset_test.go
test.each<readonly [value: unknown, claimed: string]>([
  [{ numeric: 1 }, '.numeric'],
  [{ string: null }, '.string'],
  [{ setStr: ['a', 'b'] }, '.setStr[="a"] .setStr[="b"]'],
  [{ setStr: [] }, ''],
  [{ atomic: ['a'] }, '.atomic'],
  [{ items: [{ name: 'a', value: 1 }] }, '.items[name="a"] .items[name="a"].name .items[name="a"].value'],
  [{ ports: [{ name: 'a' }] }, '.ports[name="a",protocol="TCP"] .ports[name="a",protocol="TCP"].name'],
  [{ map: { x: '1' } }, '.map.x'],
  [{ map: {} }, '.map'],
  [{ whole: { x: '1' } }, '.whole'],
  [{ selector: { a: '1' } }, '.selector'],
  [{ inner: { a: '1' } }, '.inner.a'],
  [{ any: { a: { b: 1 }, c: [1] } }, '.any.a .any.a.b .any.c'],
])('who applies %j claims %s', (value, claimed) => expect(textOf(fieldsOf(schema, value))).toBe(claimed));

// Upstream: structured-merge-diff/typed/symdiff_test.go
test.each<readonly [before: unknown, after: unknown, changed: string, removed: string]>([
  [{ numeric: 1 }, { numeric: 1 }, '', ''],
  [{ numeric: 1 }, { numeric: 2 }, '.numeric', ''],
  [{}, { string: 'a' }, '.string', ''],
  [{ string: 'a' }, {}, '', '.string'],
  [{ setStr: ['a', 'b'] }, { setStr: ['b', 'c'] }, '.setStr[="c"]', '.setStr[="a"]'],
  [{ atomic: ['a'] }, { atomic: ['a', 'b'] }, '.atomic', ''],
  [{}, { map: { x: '1' } }, '.map .map.x', ''],
  [{ map: { x: '1' } }, {}, '', '.map .map.x'],
  [{ map: { x: '1', y: '1' } }, { map: { x: '2' } }, '.map.x', '.map.y'],
  [{ whole: { x: '1' } }, { whole: { x: '2' } }, '.whole', ''],
  [{ selector: { a: '1' } }, { selector: { a: '1' } }, '', ''],
  [
    { items: [{ name: 'a', value: 1 }, { name: 'b' }] },
    { items: [{ name: 'b', value: 2 }, { name: 'c' }] },
    '.items[name="b"].value .items[name="c"] .items[name="c"].name',
    '.items[name="a"] .items[name="a"].name .items[name="a"].value',
  ],
  [
    { items: [{ name: 'a', value: 1 }] },
    { items: [{ name: 'a', value: 2 }, { name: 'b' }] },
    '.items[name="a"].value .items[name="b"] .items[name="b"].name',
    '',
  ],
  // Items of one key are one.
  [{ setStr: ['a'] }, { setStr: ['a', 'a'] }, '.setStr[="a"]', ''],
  // A pointer's struct is itself new, one that Go always writes is not.
  [{}, { inner: { a: '1' } }, '.inner .inner.a', ''],
  [{}, { value: { a: '1' } }, '.value.a', ''],
  [{ value: { a: '1' } }, {}, '', '.value.a'],
])('from %j to %j', (before, after, changed, removed) => {
  const comparison = compare(schema, before, after);
  expect([textOf(comparison.changed), textOf(comparison.removed)]).toEqual([changed, removed]);
});

test('items that each object has for itself are named by their place until they change', () => {
  const one = { ips: [{ ip: '10.0.0.1' }] };
  const { changed } = compare(schema, {}, one);
  expect(compare(schema, {}, { ips: [{ ip: '10.0.0.2' }] }).changed).toBe(changed);
  expect(textOf(writtenOut(schema, changed, one))).toBe('.ips .ips[ip="10.0.0.1"] .ips[ip="10.0.0.1"].ip');
  const other = { ips: [{ ip: '10.0.0.2' }] };
  expect(() => compare(schema, one, other)).toThrow(UniqueListChanged);
  expect(textOf(compare(schema, one, other, true).removed)).toBe(
    '.ips[ip="10.0.0.1"] .ips[ip="10.0.0.1"].ip',
  );
});

// Upstream: structured-merge-diff/typed/merge_test.go, "associative list" orders among them
test.each<readonly [live: unknown, applied: unknown, merged: unknown]>([
  [{ numeric: 1 }, { string: 'a' }, { numeric: 1, string: 'a' }],
  [{ numeric: 1 }, { numeric: 2 }, { numeric: 2 }],
  [{ atomic: ['a'] }, { atomic: ['b'] }, { atomic: ['b'] }],
  [{ whole: { a: '1' } }, { whole: { b: '1' } }, { whole: { b: '1' } }],
  [{ selector: { a: '1' } }, { selector: {} }, { selector: {} }],
  [{ map: { a: '1' } }, { map: { b: '1' } }, { map: { a: '1', b: '1' } }],
  [{ setStr: ['a', 'b'] }, { setStr: ['c'] }, { setStr: ['a', 'b', 'c'] }],
  [{ setStr: ['a', 'b', 'c'] }, { setStr: ['c', 'b'] }, { setStr: ['a', 'c', 'b'] }],
  [{ setStr: ['a', 'b', 'c', 'd'] }, { setStr: ['d', 'a'] }, { setStr: ['b', 'c', 'd', 'a'] }],
  [{ setStr: ['1', '2', '3'] }, { setStr: ['1', 'x', '3'] }, { setStr: ['1', '2', 'x', '3'] }],
  [
    { items: [{ name: 'a', value: 1 }, { name: 'b' }] },
    { items: [{ name: 'b', value: 2 }] },
    {
      items: [
        { name: 'a', value: 1 },
        { name: 'b', value: 2 },
      ],
    },
  ],
  [{ any: { a: { b: 1 } } }, { any: { a: { c: 1 } } }, { any: { a: { b: 1, c: 1 } } }],
])('%j with %j', (live, applied, merged) => expect(mergeTyped(schema, live, applied)).toEqual(merged));

// Upstream: structured-merge-diff/typed/remove_test.go
test.each<readonly [value: unknown, paths: readonly string[], left: unknown]>([
  [{ numeric: 1, string: 'a' }, ['f:numeric'], { string: 'a' }],
  [{ numeric: 1 }, ['f:numeric'], undefined],
  [{ map: { a: '1' } }, ['f:map/f:a'], { map: null }],
  [{ map: { a: '1' }, numeric: 1 }, ['f:map/f:a'], { map: null, numeric: 1 }],
  [{ map: { a: '1' } }, ['f:map'], undefined],
  [{ setStr: ['a', 'b'] }, ['f:setStr/v:"a"'], { setStr: ['b'] }],
  [{ setStr: ['a'] }, ['f:setStr/v:"a"'], { setStr: null }],
  [{ setStr: ['a'] }, ['f:setStr/v:"b"'], { setStr: ['a'] }],
  [{ setStr: ['a'] }, ['f:setStr'], undefined],
  [
    { items: [{ name: 'a', value: 1 }, { name: 'b' }] },
    ['f:items/k:{"name":"a"}/f:value', 'f:items/k:{"name":"b"}'],
    { items: [{ name: 'a' }] },
  ],
  [{ atomic: ['a'] }, ['f:atomic/v:"a"'], { atomic: ['a'] }],
])('%j without %j', (value, paths, left) => {
  const set = paths.map((path) => fieldSetOf(...path.split('/'))).reduce(union, noFields);
  expect(removeFields(schema, value, set, true)).toEqual(left);
});

test('pruning may take the struct fields above what it takes, but not names in maps', () => {
  const set = union(fieldSetOf('f:inner', 'f:a'), fieldSetOf('f:map', 'f:x'));
  expect(textOf(withNamedFields(schema, set))).toBe('.inner .inner.a .map .map.x');
  expect(textOf(withNamedFields(schema, fieldSetOf('f:any', 'f:a', 'f:b')))).toBe('.any .any.a.b');
});

// Upstream: structured-merge-diff/typed/{validate,helpers}.go
test.each<readonly [value: unknown, problems: readonly string[]]>([
  [{ numeric: 1, string: 'a', bool: true, setStr: ['a'], any: { x: [] } }, []],
  [{ nope: 1 }, ['.nope: field not declared in schema']],
  [{ numeric: '1' }, ['.numeric: expected numeric (int or float), got string']],
  [{ string: 1 }, ['.string: expected string, got &value.valueUnstructured{Value:1}']],
  [{ bool: 'x' }, ['.bool: expected boolean, got &{x}']],
  [{ map: ['a'] }, ['.map: expected map, got &{[a]}']],
  [{ setStr: { a: 1 } }, ['.setStr: expected list, got &{map[a:1]}']],
  [{ setStr: ['a', 'a'] }, ['.setStr: duplicate entries for key [="a"]']],
  [{ items: [{ name: 'a' }, { name: 'a' }] }, ['.items: duplicate entries for key [name="a"]']],
  [
    { items: [{ value: 1 }] },
    [
      '.items: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
    ],
  ],
  [{ items: ['a'] }, ['.items: element 0: associative list with keys may not have non-map elements']],
  [{ items: [{ name: 'a', size: 1 }] }, ['.items[name="a"].size: field not declared in schema']],
])('%j is checked', (value, problems) => expect(validateTyped(schema, value)).toEqual(problems));

test('several problems are lines of one sentence', () => {
  expect(problemsText(['a: b', 'c: d'])).toBe('errors:\n  a: b\n  c: d');
});
