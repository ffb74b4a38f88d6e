import { expect, test } from 'vitest';
import { Jsonpath } from './jsonpath.ts';
import recorded from './testdata/jsonpath.json' with { type: 'json' };

interface Recorded {
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

const [{ object }, ...cases] = recorded as unknown as [{ object: unknown }, ...Recorded[]];

// Recorded from `kubectl patch --local -o jsonpath=…` 1.33.
test.each(cases)('$template', ({ template, output, error }) => {
  const print = () => new Jsonpath(template).print(object, { allowMissingKeys: true });
  if (error === undefined) expect(print()).toBe(output);
  else expect(print).toThrow(expect.objectContaining({ reason: 'BadRequest', message: error }));
});

const types = {
  bools: [true, false, true, false],
  floats: [1, 2.2, 3.3, 4],
  maps: [
    { name: 'one', value: 1 },
    { name: 'two', value: 2.02 },
    { name: 'three', value: 3.03 },
  ],
};

// Upstream: client-go/util/jsonpath/jsonpath_test.go
test.each([
  ['{ .bools }', '[true,false,true,false]'],
  ['{ .bools[-1] }', 'false'],
  ['{ .bools[:4:2] }', 'true true'],
  ['{ .floats[-2] }', '3.3'],
  ['{ .maps[0:2] }', '{"name":"one","value":1} {"name":"two","value":2.02}'],
  ['{ .maps[::2] }', '{"name":"one","value":1} {"name":"three","value":3.03}'],
  ['{ .maps[1::2] }', '{"name":"two","value":2.02}'],
  ['{range .maps[*]}{ "{" }{ @.* }{ "} " }{end}', '{one 1} {two 2.02} {three 3.03} '],
])('%s', (template, output) => {
  expect(new Jsonpath(template).print(types)).toBe(output);
});

test('missing keys are an error unless they are allowed', () => {
  const template = new Jsonpath('before-{.hello}after');
  expect(template.print({}, { allowMissingKeys: true })).toBe('before-after');
  expect(() => template.print({})).toThrow('hello is not found');
  expect(new Jsonpath('{[?(@.z)].id}').print([{ id: 1 }, { id: 2, z: 0 }])).toBe('2');
  expect(() => new Jsonpath('{.constructor}').print({})).toThrow('constructor is not found');
});

test('results can be had as values, and as JSON', () => {
  const template = new Jsonpath('{.maps[*].name}{.nope}');
  expect(template.find(types, { allowMissingKeys: true })).toEqual([['one', 'two', 'three'], []]);
  expect(template.print(types, { allowMissingKeys: true, asJson: true })).toBe(
    '[\n    "one",\n    "two",\n    "three"\n]\n[]\n',
  );
});

test('a template that finds too much is stopped', () => {
  let deep: unknown = 'x';
  for (let depth = 0; depth < 300; depth++) deep = [deep];
  expect(() => new Jsonpath('{...*...*...*}').print(deep)).toThrow('more than 1000000 results');
});
