import type { RandomStream } from '#sim/random.ts';

const digits = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const dash = '-'.charCodeAt(0);
const template = 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx';
const codes = Array.from(template, (letter) => letter.charCodeAt(0));

/**
 * A random version 4 UUID. It is made of character codes in one go: a text pieced together from parts would keep
 * the parts alive, at several times the memory for as long as the object lives.
 */
export function newUid(random: RandomStream): string {
  let bits = 0;
  let left = 0;
  for (let i = 0; i < codes.length; i++) {
    const letter = template[i];
    if (letter === '-' || letter === '4') {
      codes[i] = letter === '-' ? dash : letter.charCodeAt(0);
      continue;
    }
    if (left === 0) {
      bits = random.uint32();
      left = 8;
    }
    const nibble = bits & 15;
    bits >>>= 4;
    left--;
    codes[i] = digits[letter === 'y' ? 8 + (nibble & 3) : nibble]!;
  }
  return String.fromCharCode(...codes);
}
