import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { hex, hmacSha256, sha256 } from './sha256.ts';

test.each(['', 'abc', 'é😀', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'y'.repeat(100_000)])(
  'the digest of %.10s… is what Node says',
  (text) => {
    expect(hex(sha256(text))).toBe(createHash('sha256').update(text).digest('hex').toUpperCase());
  },
);

test.each([0, 5, 64, 100])('a message authenticated with a key of %i bytes', (length) => {
  const key = Uint8Array.from({ length }, (_, i) => i * 37);
  const message = Uint8Array.from({ length: 200 }, (_, i) => i);
  const expected = createHmac('sha256', key).update(message).digest('hex').toUpperCase();
  expect(hex(hmacSha256(key, message))).toBe(expected);
});
