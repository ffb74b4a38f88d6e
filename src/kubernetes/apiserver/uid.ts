import type { RandomStream } from '#sim/random.ts';

const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const dash = '-'.charCodeAt(0);
const template = 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx';
const codes = Array.from(template, (letter) => letter.charCodeAt(0));
/** Where a digit by chance stands, in order. */
const places = Array.from(template, (letter, place) =>
  letter === '-' || letter === '4' ? -1 : place,
).filter((place) => place >= 0);
const variantPlace = template.indexOf('y');

/**
 * A random version 4 UUID. It is made of character codes in one go: a text pieced together from parts would keep
 * the parts alive, at several times the memory for as long as the object lives.
 */
export function newUid(random: RandomStream): string {
  let bits = 0;
  for (let i = 0; i < places.length; i++) {
    if ((i & 7) === 0) bits = random.uint32();
    const place = places[i]!;
    const nibble = bits & 15;
    bits >>>= 4;
    codes[place] = digits[place === variantPlace ? 8 + (nibble & 3) : nibble]!;
  }
  return String.fromCharCode(...codes);
}

const uidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** What a digit is worth, by its character code. */
const nibbles = new Uint8Array(128);
for (const [worth, code] of digits.entries()) nibbles[code] = worth;

const byteCodes: number[] = Array.from({ length: 16 }, () => 0);

/** A UID as sixteen bytes, in a text; undefined for what is not written as ours are. */
export function packUid(uid: string): string | undefined {
  if (!uidPattern.test(uid)) return undefined;
  for (let byte = 0, at = 0; byte < 16; byte++, at += 2) {
    if (uid.charCodeAt(at) === dash) at++;
    byteCodes[byte] = (nibbles[uid.charCodeAt(at)]! << 4) | nibbles[uid.charCodeAt(at + 1)]!;
  }
  return String.fromCharCode(...byteCodes);
}

/** Of `unpackUid`. */
const textCodes = codes.slice();

/** The inverse of `packUid`. */
export function unpackUid(bytes: string): string {
  for (let byte = 0, at = 0; byte < 16; byte++, at += 2) {
    if (template[at] === '-') textCodes[at++] = dash;
    const value = bytes.charCodeAt(byte);
    textCodes[at] = digits[value >> 4]!;
    textCodes[at + 1] = digits[value & 15]!;
  }
  return String.fromCharCode(...textCodes);
}
