import { expect, test } from 'vitest';
import type { JsonSchema } from './jsonSchema.ts';
import { validateStructure } from './structuralSchema.ts';

const integer: JsonSchema = { type: 'integer' };
const string: JsonSchema = { type: 'string' };

const spec: JsonSchema = {
  type: 'object',
  properties: {
    size: integer,
    min: integer,
    max: integer,
    ratio: { type: 'number' },
    name: string,
    on: { type: 'boolean' },
    port: { 'x-kubernetes-int-or-string': true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    any: { 'x-kubernetes-preserve-unknown-fields': true },
    until: { type: 'string', format: 'date-time' },
    wait: { type: 'string', format: 'duration' },
    namespace: string,
    'x-prop': string,
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: string },
    numbers: { type: 'array', items: integer },
    labels: { type: 'object', additionalProperties: string },
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['id'],
      items: { type: 'object', required: ['id'], properties: { id: string, amount: integer } },
    },
  },
};

function problems(rule: object): string[] {
  const root: JsonSchema = {
    type: 'object',
    properties: { spec: { ...spec, 'x-kubernetes-validations': [rule as { rule: string }] } },
  };
  const at = 'schema.properties[spec].x-kubernetes-validations[0].';
  return validateStructure(root, 'schema').map(
    ({ field, message }) => `${field.replace(at, '')}: ${message.replace(/Invalid value: \{.*?\}: /, '')}`,
  );
}

/** Rules of upstream's documentation and tests: nothing that it lets pass may be refused. */
test.each([
  'self.min <= self.size && self.size <= self.max',
  'has(self.name) == has(self.__namespace__) || !has(self.size)',
  "self.tags.exists(t, t.startsWith('a')) && self.tags.all(t, size(t) < 10)",
  "'a' in self.tags || 'k' in self.labels",
  'self.labels.all(k, k != self.labels[k]) && self.labels.size() < 3',
  "self.parts.exists_one(p, p.id == 'x' && p.amount > 1)",
  "self.parts.map(p, p.amount).all(a, a > 0) && self.parts.filter(p, p.id.matches('^a')).size() > 0",
  'self.parts.map(p, p.amount > 1, p.id).size() == 1 && self.numbers.sum() > 3',
  'self.numbers.isSorted() && self.numbers.indexOf(3) < self.numbers.max()',
  "self.port == 80 || self.port == 'http' || type(self.port) == int",
  'self.__namespace__ == self.x__dash__prop',
  'self.ratio > 1.5 && self.ratio >= 1 && double(self.size) == self.ratio && self.ratio * 2.0 > self.ratio',
  "self.until > timestamp('2026-01-01T00:00:00Z') && self.until - self.until < duration('1h')",
  "self.wait < duration('1h') && self.wait.getSeconds() > 1",
  "self.on ? self.size > 1 : self.name == 'x'",
  "self.size == oldSelf.size && (self.name == '' || self.name != oldSelf.name)",
  "self.?name.orValue('x') == 'x' && self.?size.hasValue()",
  "self.?name.optMap(n, n.size()).orValue(0) < 3 && self.labels[?'a'].orValue('b') != ''",
  "quantity(self.name).isGreaterThan(quantity('1Gi')) && isQuantity(self.name)",
  "url(self.name).getHost() == 'a' && ip('10.0.0.1').family() == 4 && !cidr('10.0.0.0/8').containsIP('1.1.1.1')",
  "'%s is %d'.format([self.name, self.size]) == self.name + string(self.size)",
  'self.numbers + [1, 2] == self.numbers && self.tags + self.tags == self.tags',
  'math.greatest(self.size, 3) > 2 && sets.contains(self.tags, self.tags)',
  'cel.bind(n, self.size, n > 1 && n < self.max)',
  'self.parts.all(i, p, i < 3 && p.amount > i) && self.labels.transformList(k, v, k + v).size() < 3',
  'self.parts[0].amount + -self.size % 2 > 1 && !self.on',
  'self != null && (self.parts.size() == 0 || self.parts[0] != null)',
  "self.name.split(',').all(n, n.lowerAscii().trim().substring(1).contains('a'))",
  "{'a': 1}['a'] == 1 && {'a': self.size}.a == 1 && [1, 2][0] == 1 && dyn(self.name) == 1",
])('the rule %s is let pass', (rule) => {
  expect(problems({ rule })).toEqual([]);
});

const issue = (column: number, sentence: string, rule: string) =>
  `compilation failed: ERROR: <input>:1:${column}: ${sentence}\n | ${rule}\n | ${'.'.repeat(column - 1)}^`;

test.each([
  ['self.nothing > 1', 5, "undefined field 'nothing'"],
  ['has(self.nothing)', 9, "undefined field 'nothing'"],
  ['self.free.x == 1', 10, "undefined field 'x'"],
  ['self.any == 1', 5, "undefined field 'any'"],
  ['self.parts.all(p, p.size > 1)', 20, "undefined field 'size'"],
  ['self.name.first == 1', 10, "type 'string' does not support field selection"],
  ["self.size > 'a'", 11, "found no matching overload for '_>_' applied to '(int, string)'"],
  ['self.size == self.name', 11, "found no matching overload for '_==_' applied to '(int, string)'"],
  ['self.ratio == 1', 12, "found no matching overload for '_==_' applied to '(double, int)'"],
  ['self.size + self.ratio > 1', 11, "found no matching overload for '_+_' applied to '(int, double)'"],
  ['self.name && self.on', 11, "found no matching overload for '_&&_' applied to '(string, bool)'"],
  ['!self.size', 1, "found no matching overload for '!_' applied to '(int)'"],
  ['1 in self.tags', 3, "found no matching overload for '@in' applied to '(int, list(string))'"],
  ["self.tags['a'] == 'a'", 10, "found no matching overload for '_[_]' applied to '(list(string), string)'"],
  [
    "self.labels[1] == 'a'",
    12,
    "found no matching overload for '_[_]' applied to '(map(string, string), int)'",
  ],
  ["self.on ? 1 : 'a'", 9, "found no matching overload for '_?_:_' applied to '(bool, int, string)'"],
  ['size(self.size) > 1', 5, "found no matching overload for 'size' applied to '(int)'"],
  ['self.name.startsWith(1)', 21, "found no matching overload for 'startsWith' applied to 'string.(int)'"],
  ['self.name.begins("a")', 17, "undeclared reference to 'begins' (in container '')"],
  ['slef.name == "a"', 1, "undeclared reference to 'slef' (in container '')"],
  [
    'self.size.all(x, x > 1)',
    5,
    "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
  ],
  ["[1, 'a'].size() > 1", 5, "expected type 'int' but found 'string'"],
  ['self > 1', 6, "found no matching overload for '_>_' applied to '(selfType1, int)'"],
  ['self.parts[0] > 1', 15, "found no matching overload for '_>_' applied to '(selfType1.parts.@idx, int)'"],
])('the rule %s is refused at %i: %s', (rule, column, sentence) => {
  expect(problems({ rule })).toEqual([`rule: ${issue(column, sentence, rule)}`]);
});

test('every issue of a rule is told', () => {
  const rule = "self.size > '1' && self.nothing == 1";
  const [first, second] = [
    issue(11, "found no matching overload for '_>_' applied to '(int, string)'", rule),
    issue(24, "undefined field 'nothing'", rule).replace('compilation failed: ', ''),
  ];
  expect(problems({ rule })).toEqual([`rule: ${first}\n${second}`]);
});

test.each<[object, string]>([
  [{ rule: 'self.size' }, 'rule: cel expression must evaluate to a bool'],
  [
    { rule: 'self.on', messageExpression: 'self.size' },
    'messageExpression: messageExpression must evaluate to a string',
  ],
  [
    { rule: 'self.on', messageExpression: 'self.x' },
    `messageExpression: messageExpression ${issue(5, "undefined field 'x'", 'self.x')}`,
  ],
  [
    { rule: 'self.size >= oldSelf.orValue(1)', optionalOldSelf: true },
    `rule: ${issue(29, "found no matching overload for 'orValue' applied to 'optional_type(selfType1).(int)'", 'self.size >= oldSelf.orValue(1)')}`,
  ],
])('%o is refused', (rule, message) => {
  expect(problems(rule)).toEqual([message]);
});

test('a rule of a whole resource knows its name, and nothing else of its metadata', () => {
  const check = (rule: string) =>
    validateStructure(
      { type: 'object', properties: { spec }, 'x-kubernetes-validations': [{ rule }] },
      'schema',
    );
  expect(check("self.metadata.name.startsWith('a') && self.kind == 'Widget' && self.spec.size > 1")).toEqual(
    [],
  );
  expect(check("self.metadata.labels['a'] == 'b'")[0]!.message).toContain("undefined field 'labels'");
});

test('elements of a list without keys have no former selves', () => {
  const rule = { rule: 'self == oldSelf' };
  const tags: JsonSchema = { type: 'array', items: { ...string, 'x-kubernetes-validations': [rule] } };
  expect(validateStructure({ type: 'object', properties: { tags } }, 'schema')).toEqual([
    {
      type: 'FieldValueInvalid',
      field: 'schema.properties[tags].items.x-kubernetes-validations[0].rule',
      message:
        'Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within schema.properties[tags]',
    },
  ]);
});

test('a rule is shown in the form that upstream keeps it in', () => {
  const [error] = validateStructure(
    { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.a', message: 'no' }] },
    'schema',
  );
  expect(error!.message).toContain(
    'Invalid value: {"Rule":"self.a","Message":"no","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: ',
  );
});
