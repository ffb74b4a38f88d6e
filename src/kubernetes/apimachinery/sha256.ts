import { utf8 } from './utf8.ts';

const roundConstants = firstPrimes(64).map((prime) => fractionBits(prime, 3));
const initialState = firstPrimes(8).map((prime) => fractionBits(prime, 2));

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

/** The first 32 bits behind the point of a root, found by bisection on whole numbers. */
function fractionBits(value: number, root: 2 | 3): number {
  const target = BigInt(value) << BigInt(32 * root);
  let low = 0n;
  let high = BigInt(value) << 32n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(root) <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffff_ffffn);
}

/** The SHA-256 of a text's UTF-8, 32 bytes. */
export function sha256(text: string): Uint8Array {
  return sha256Bytes(utf8(text));
}

/** The SHA-256 of bytes, 32 bytes. */
export function sha256Bytes(message: ArrayLike<number>): Uint8Array {
  const blocks = Math.ceil((message.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(padded.length - 4, (message.length << 3) >>> 0);
  const state = Uint32Array.from(initialState);
  const words = new Uint32Array(64);
  for (let block = 0; block < blocks; block++) mixBlock(state, words, view, block * 64);
  const digest = new Uint8Array(32);
  state.forEach((word, at) => new DataView(digest.buffer).setUint32(at * 4, word));
  return digest;
}

const rotate = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits));

function mixBlock(state: Uint32Array, words: Uint32Array, view: DataView, from: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(from + i * 4);
  for (let i = 16; i < 64; i++) {
    const a = words[i - 15]!;
    const b = words[i - 2]!;
    const small = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const large = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    words[i] = words[i - 16]! + small + words[i - 7]! + large;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < 64; i++) {
    const choice = (e & f) ^ (~e & g);
    const first =
      (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + roundConstants[i]! + words[i]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = state[i]! + word));
}

const blockLength = 64;

/** The HMAC-SHA-256 of bytes, 32 bytes. Upstream: RFC 2104 */
export function hmacSha256(key: Uint8Array, message: ArrayLike<number>): Uint8Array {
  const block = new Uint8Array(blockLength);
  block.set(key.length > blockLength ? sha256Bytes(key) : key);
  const masked = (mask: number, rest: ArrayLike<number>) => {
    const bytes = new Uint8Array(blockLength + rest.length);
    bytes.set(block.map((byte) => byte ^ mask));
    bytes.set(rest, blockLength);
    return bytes;
  };
  return sha256Bytes(masked(0x5c, sha256Bytes(masked(0x36, message))));
}

/** Bytes as hexadecimal digits, in capitals. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
