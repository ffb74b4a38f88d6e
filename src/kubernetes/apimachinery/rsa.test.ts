import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { Simulation } from '#sim/simulation.ts';
import { bytesOf, generateRsaKey, isSignedByRsa, numberOf, signRsa } from './rsa.ts';

const random = new Simulation({ seed: 'rsa', startMs: 0 }).random('key');
const key = generateRsaKey((bound) => random.below(bound));
const message = new TextEncoder().encode('a message');

test('what it signs, others verify', () => {
  const base64 = (value: bigint) => Buffer.from(bytesOf(value)).toString('base64url');
  const jwk = { kty: 'RSA', n: base64(key.modulus), e: base64(key.exponent) };
  const signature = signRsa(message, key);
  expect(verify('sha256', message, createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true);
  expect(isSignedByRsa(message, signature, key)).toBe(true);
});

test('another message, signature or key is told from it', () => {
  const signature = signRsa(message, key);
  const other = generateRsaKey((bound) => random.below(bound));
  const changed = Uint8Array.from(signature, (byte, i) => (i === 5 ? byte ^ 1 : byte));
  expect(isSignedByRsa(new TextEncoder().encode('another'), signature, key)).toBe(false);
  expect(isSignedByRsa(message, changed, key)).toBe(false);
  expect(isSignedByRsa(message, signature, other)).toBe(false);
  expect(isSignedByRsa(message, signature.slice(1), key)).toBe(false);
  expect(isSignedByRsa(message, bytesOf(key.modulus), key)).toBe(false);
});

test('numbers and bytes are the same', () => {
  expect(numberOf(bytesOf(0x01_02n))).toBe(0x01_02n);
  expect([...bytesOf(0x01_02n, 4)]).toEqual([0, 0, 1, 2]);
  expect(key.modulus.toString(2)).toHaveLength(1024);
});
