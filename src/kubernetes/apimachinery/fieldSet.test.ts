import { expect, test } from 'vitest';
import {
  difference,
  type FieldSet,
  fieldSet,
  fieldSetOf,
  gather,
  intersection,
  leaf,
  noFields,
  pathsOf,
  recursiveDifference,
  union,
} from './fieldSet.ts';

/** `a/b c` is the set of the paths a, b and c. */
function setOf(text: string): FieldSet {
  const paths = text.split(' ').filter((path) => path !== '');
  return paths.map((path) => fieldSetOf(...path.split('/'))).reduce(union, noFields);
}

function textOf(set: FieldSet): string {
  return pathsOf(set)
    .map((path) => path.join('/'))
    .join(' ');
}

// Upstream: structured-merge-diff/fieldpath/set_test.go TestSetIntersectionDifference and its neighbours
test.each<readonly [a: string, b: string, all: string, both: string, left: string, deep: string]>([
  ['a b/c', 'b/c d', 'a b/c d', 'b/c', 'a', 'a'],
  ['a a/b a/c', 'a', 'a a/b a/c', 'a', 'a/b a/c', ''],
  ['a/b', 'a', 'a a/b', '', 'a/b', ''],
  ['a/b/c a/b/d', 'a/b/d a/e', 'a/b/c a/b/d a/e', 'a/b/d', 'a/b/c', 'a/b/c'],
  ['', 'a', 'a', '', '', ''],
  ['a', '', 'a', '', 'a', 'a'],
])('{%s} and {%s}', (a, b, all, both, left, deep) => {
  const [first, second] = [setOf(a), setOf(b)];
  expect(textOf(union(first, second))).toBe(all);
  expect(textOf(intersection(first, second))).toBe(both);
  expect(textOf(difference(first, second))).toBe(left);
  expect(textOf(recursiveDifference(first, second))).toBe(deep);
});

test('equal sets are one object, and what changes nothing returns its argument', () => {
  const set = setOf('a b/c b/d');
  expect(setOf('b/d a b/c')).toBe(set);
  expect(union(set, setOf('b/c'))).toBe(set);
  expect(difference(set, setOf('x b'))).toBe(set);
  expect(intersection(set, set)).toBe(set);
  expect(fieldSet(false, [], [])).toBe(noFields);
  expect(fieldSet(true, [], [])).toBe(leaf);
});

test('gathering in any order makes the same set, and gathering again makes nothing new', () => {
  const one = gather.with('b', leaf).with('a', leaf).with('none', noFields);
  expect(one.set()).toBe(setOf('a b'));
  expect(gather.with('a', leaf).with('b', leaf).set()).toBe(one.set());
  expect(gather.with('b', leaf).with('a', leaf)).toBe(one);
  expect(textOf(one.set(true))).toBe(' a b');
  // Many ways on from one place are looked up, not searched.
  const many = Array.from({ length: 40 }, (_, i) => gather.with(`k${i}`, leaf));
  expect(many.map((step, i) => gather.with(`k${i}`, leaf) === step)).not.toContain(false);
});
