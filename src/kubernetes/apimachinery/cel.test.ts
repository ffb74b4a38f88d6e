import { expect, test } from 'vitest';
import { celErrorText, celValue, checkCel, compileCel, jsonValue } from './cel.ts';

const pods = [
  { metadata: { name: 'a', labels: { app: 'web' } }, status: { phase: 'Running', restarts: 2 } },
  { metadata: { name: 'b', labels: {} }, status: { phase: 'Pending' } },
];

test.each([
  ['pods.size() == 2', true],
  ['pods.exists(p, p.metadata.name == "b" && p.status.phase == "Pending")', true],
  ['pods.filter(p, has(p.status.restarts)).map(p, p.status.restarts + 1) == [3]', true],
  ['pods.all(p, has(p.metadata.labels.app))', false],
  ['"web" in pods[0].metadata.labels.map(k, pods[0].metadata.labels[k])', true],
])('%s is %s', (text, expected) => {
  expect(compileCel(text)({ pods: celValue(pods) })).toBe(expected);
});

test('a missing field and a broken expression say so', () => {
  expect(() => compileCel('pods[1].status.restarts > 0')({ pods: celValue(pods) })).toThrow('restarts');
  expect(() => compileCel('pods.exists(p, ')).toThrow();
});

test('an object is converted once', () => {
  expect(celValue(pods[0])).toBe(celValue(pods[0]));
});

const deployment = {
  metadata: { name: 'web', labels: { app: 'web', tier: 'front' } },
  spec: { replicas: 3, template: { spec: { containers: [{ image: 'nginx:1.27' }, { image: 'envoy:v1' }] } } },
};

test.each<[string, unknown]>([
  // Lists.
  ['[1, 2, 2].isSorted() && !["b", "a"].isSorted()', true],
  ['[1, 2, 3].sum()', 6n],
  ['[3, 1, 2].min() + [3, 1, 2].max()', 4n],
  ['["a", "b", "a"].indexOf("a") == 0 && ["a", "b", "a"].lastIndexOf("a") == 2', true],
  ['[1, 2, 3].slice(1, 3) == [2, 3]', true],
  ['[[1], [2, 3]].flatten()', [1n, 2n, 3n]],
  ['[3, 1, 3].distinct().sort()', [1n, 3n]],
  ['sets.contains([1, 2], [2]) && sets.equivalent([1], [1, 1]) && !sets.intersects([1], [2])', true],
  ['math.greatest(1, 3, 2) == 3 && math.least([4, 2]) == 2', true],
  // Texts.
  ['"abc 123".find("[0-9]*$")', '123'],
  ['"123 abc 456".findAll("[0-9]+")', ['123', '456']],
  ['"%s has %d of %.2f, %b%%".format(["a", 3, 1.5, 5])', 'a has 3 of 1.50, 101%'],
  ['"%s".format([[1, "a", {"k": true}]])', '[1, a, {k: true}]'],
  ['"hello".charAt(4) + "hello".replace("l", "L", 1) + "ab".reverse()', 'oheLloba'],
  ['"a,b".split(",").join("-")', 'a-b'],
  // Quantities and versions.
  ['quantity("1Gi").isGreaterThan(quantity("1G"))', true],
  ['quantity("500m").add(quantity("500m")) == quantity("1")', true],
  ['isQuantity("20Mi") && !isQuantity("20Mo") && quantity("1k").asInteger() == 1000', true],
  ['quantity("-1").sign() == -1 && quantity("50k").sub(20) == quantity("49980")', true],
  ['semver("1.2.3-rc.1").isLessThan(semver("1.2.3")) && semver("v1.2", true).minor() == 2', true],
  // The network.
  ['ip("127.0.0.1").isLoopback() && ip("::1").family() == 6 && !isIP("10.0.0")', true],
  ['cidr("10.0.0.0/8").containsIP("10.1.2.3") && cidr("10.0.0.0/8").containsCIDR(cidr("10.1.0.0/16"))', true],
  ['string(cidr("10.1.2.3/8").masked()) + string(cidr("10.1.2.3/8").ip())', '10.0.0.0/810.1.2.3'],
  ['url("https://a.io:8443/x?k=v&k=w").getPort() + url("https://a.io:8443/x").getHostname()', '8443a.io'],
  ['url("https://a.io/x?k=v&k=w").getQuery()["k"] == ["v", "w"] && !isURL("a b")', true],
  // Formats.
  ['format.dns1123Label().validate("web").hasValue()', false],
  ['format.named("dns1123Label").value().validate("We_b").value().size()', 1n],
  // Two variables.
  ['[1, 2].all(i, v, i < v) && {"a": 1}.exists(k, v, k == "a" && v == 1)', true],
  ['["a", "b"].transformList(i, v, i > 0, v)', ['b']],
  ['{"a": 1, "b": 2}.transformMap(k, v, v * 2)', { a: 2n, b: 4n }],
  ['object.metadata.labels.all(k, v, k.matches("^[a-z]+$") && v != "")', true],
  // Regular expressions are Go's, and linear.
  ['"Abc".matches("(?i)^a") && ["x1"].all(x, x.matches("\\\\d\\\\z"))', true],
  ['"😀1 b2".findAll("[a-z😀]\\\\d")', ['😀1', 'b2']],
  [`"${'a'.repeat(5_000)}!".matches("^(a+)+$")`, false],
  // Optionals and bindings.
  ['object.?spec.?missing.orValue(7)', 7n],
  ['object.?spec.?replicas.optMap(n, n + 1).orValue(0)', 4n],
  ['object.?spec.?missing.optMap(n, n + 1).orValue(0)', 0n],
  ['object.?spec.optFlatMap(s, s.?replicas).hasValue()', true],
  ['cel.bind(c, object.spec.template.spec.containers, c.all(x, x.image.contains(":")))', true],
  ['jsonpatch.escapeKey("k8s.io/my~label")', 'k8s.io~1my~0label'],
  // Messages.
  [
    'Object{spec: Object.spec{replicas: object.spec.replicas + 1, paused: true}}',
    { spec: { replicas: 4n, paused: true } },
  ],
  [
    '[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b"), value: "{x: y}"},]',
    [{ op: 'add', path: '/metadata/labels/a~1b', value: '{x: y}' }],
  ],
])('%s', (text, expected) => {
  expect(compileCel(text, ['object'])({ object: celValue(deployment) })).toEqual(expected);
});

test.each([
  ['object.spec.missing > 1', 'no such key: missing'],
  [
    'quantity("x").isInteger()',
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  ['1 / 0 == 1', 'division by zero'],
  ['"a".matches("(?=a)")', 'Illegal regex: error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
])('%s fails with %s', (text, why) => {
  let found = '';
  try {
    compileCel(text, ['object'])({ object: celValue(deployment) });
  } catch (error) {
    found = celErrorText(error);
  }
  expect(found).toBe(why);
});

test.each([
  ['object.spec.replicas <= 5', ['bool'], undefined],
  [
    'variables.x',
    ['bool'],
    "compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in container '')\n | variables.x\n | ^",
  ],
  [
    'true &&\n  foo',
    ['bool'],
    "compilation failed: ERROR: <input>:2:3: undeclared reference to 'foo' (in container '')\n |   foo\n | ..^",
  ],
  ['"a"', ['bool'], 'must evaluate to bool'],
  ['1', ['string', 'null_type'], 'must evaluate to one of [string null_type]'],
])('%s is checked', (text, types, why) => {
  expect(checkCel(text, ['object'], types)).toBe(why);
});

test('an evaluation has a bound', () => {
  const items = celValue(Array.from({ length: 1000 }, (_, index) => index));
  const nested = 'items.all(a, items.all(b, items.all(c, a + b + c >= 0)))';
  expect(() => compileCel(nested)({ items })).toThrow('operation cancelled: actual cost limit exceeded');
  expect(
    compileCel('items.all(a, items.exists(b, a == b))')({ items: (items as unknown[]).slice(0, 100) }),
  ).toBe(true);
  const two = 'items.all(i, a, items.all(j, b, items.all(k, c, a + b + c >= 0)))';
  expect(() => compileCel(two)({ items })).toThrow('operation cancelled: actual cost limit exceeded');
});

test('what an expression answers becomes JSON', () => {
  expect(jsonValue({ a: [1n, 2.5, 'x', null], b: new Map([['c', 3n]]) })).toEqual({
    a: [1, 2.5, 'x', null],
    b: { c: 3 },
  });
});
