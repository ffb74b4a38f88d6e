// RFC 8017: RSASSA-PKCS1-v1_5 with SHA-256
import { sha256Bytes } from './sha256.ts';

/** What everybody may know of a key. */
export interface RsaPublicKey {
  readonly modulus: bigint;
  readonly exponent: bigint;
}

/** A key that signs; by its primes, with which that takes a quarter of the time. */
export interface RsaKey extends RsaPublicKey {
  readonly p: bigint;
  readonly q: bigint;
  readonly privateExponent: bigint;
}

const exponent = 65_537n;
/** Half of what clusters have: a longer key takes a page noticeably long to find. */
const primeBits = 512;
const smallPrimes = firstPrimes(200);
/** DER of a SHA-256 DigestInfo, without the digest. */
const digestInfo = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

/** Makes a key of 1024 bits; `below` draws a whole number below its argument. */
export function generateRsaKey(below: (bound: number) => number): RsaKey {
  for (;;) {
    const p = findPrime(below);
    const q = findPrime(below);
    const phi = (p - 1n) * (q - 1n);
    if (p !== q && phi % exponent !== 0n)
      return { modulus: p * q, exponent, p, q, privateExponent: inverse(exponent, phi) };
  }
}

/** The signature of a message, as many bytes as the modulus has. */
export function signRsa(message: ArrayLike<number>, key: RsaKey): Uint8Array {
  const { p, q, privateExponent, modulus } = key;
  const value = encoded(message, byteLength(modulus));
  const [byP, byQ] = [p, q].map((prime) => power(value % prime, privateExponent % (prime - 1n), prime)) as [
    bigint,
    bigint,
  ];
  const difference = (((byP - byQ) * inverse(q, p)) % p) + p;
  return bytesOf(byQ + (difference % p) * q, byteLength(modulus));
}

export function isSignedByRsa(
  message: ArrayLike<number>,
  signature: ArrayLike<number>,
  { modulus, exponent: open }: RsaPublicKey,
): boolean {
  const length = byteLength(modulus);
  if (signature.length !== length) return false;
  const value = numberOf(signature);
  return value < modulus && power(value, open, modulus) === encoded(message, length);
}

/** The big-endian bytes of a number, without zeros in front unless a length asks for them. */
export function bytesOf(value: bigint, length = byteLength(value)): Uint8Array {
  const digits = value.toString(16).padStart(length * 2, '0');
  return Uint8Array.from({ length }, (_, i) => parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

export function numberOf(bytes: ArrayLike<number>): bigint {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return BigInt(`0x${digits || '0'}`);
}

function byteLength(value: bigint): number {
  return Math.ceil(value.toString(16).length / 2);
}

/** The message's digest in the form that is signed. */
function encoded(message: ArrayLike<number>, length: number): bigint {
  const digest = [...digestInfo, ...sha256Bytes(message)];
  const padding = Array.from({ length: length - digest.length - 3 }, () => 0xff);
  return numberOf([0, 1, ...padding, 0, ...digest]);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

/** The inverse of `value` modulo `modulus`, by Euclid's algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b, x, y] = [b - quotient * a, a, y - quotient * x, x];
  }
  return ((y % modulus) + modulus) % modulus;
}

function findPrime(below: (bound: number) => number): bigint {
  const bytes = Array.from({ length: primeBits / 8 }, () => below(256));
  // The two highest bits are set, so that the product of two such primes has all its bits; the lowest, to be odd.
  bytes[0]! |= 0xc0;
  let candidate = numberOf(bytes) | 1n;
  while (!isPrime(candidate)) candidate += 2n;
  return candidate;
}

function isPrime(candidate: bigint): boolean {
  if (smallPrimes.some((prime) => candidate % prime === 0n)) return false;
  return smallPrimes.slice(0, 12).every((base) => isProbablyPrime(candidate, base));
}

/** Miller and Rabin's test. */
function isProbablyPrime(candidate: bigint, base: bigint): boolean {
  const last = candidate - 1n;
  let odd = last;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  let value = power(base, odd, candidate);
  if (value === 1n || value === last) return true;
  for (let i = 1; i < twos; i++) {
    value = (value * value) % candidate;
    if (value === last) return true;
  }
  return false;
}

function firstPrimes(count: number): bigint[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map(BigInt);
}
