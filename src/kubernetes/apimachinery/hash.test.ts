import { expect, test } from 'vitest';
import { fnv32a, safeEncode, templateHash } from './hash.ts';

// The vectors of the FNV draft.
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('fnv32a of %j', (text, hash) => {
  expect(fnv32a(text)).toBe(hash);
});

test('wide characters are hashed by their bytes', () => {
  const byBytes = (bytes: number[]) =>
    bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), 2166136261) >>> 0;
  expect(fnv32a('é')).toBe(byBytes([0xc3, 0xa9]));
  expect(fnv32a('€')).toBe(byBytes([0xe2, 0x82, 0xac]));
  expect(fnv32a('😀')).toBe(byBytes([0xf0, 0x9f, 0x98, 0x80]));
});

// Upstream: apimachinery/pkg/util/rand/rand_test.go
test('the safe alphabet has no vowels', () => {
  expect(safeEncode('0123456789')).toBe('456789bcdf');
  expect(safeEncode('')).toBe('');
});

test('equal templates have equal hashes, others not', () => {
  const template = { spec: { containers: [{ name: 'a', image: 'b' }] }, metadata: { labels: { x: 'y' } } };
  const reordered = { metadata: { labels: { x: 'y' } }, spec: { containers: [{ image: 'b', name: 'a' }] } };
  expect(templateHash(reordered)).toBe(templateHash(template));
  expect(templateHash({ ...template, status: undefined })).toBe(templateHash(template));
  expect(templateHash({ ...template, extra: 1 })).not.toBe(templateHash(template));
  expect(templateHash(template, 0)).not.toBe(templateHash(template));
  expect(templateHash(template, 1)).not.toBe(templateHash(template, 0));
  expect(templateHash(template)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
});
