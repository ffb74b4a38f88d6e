// Upstream: pkg/controller/controller_utils.go ComputeHash and apimachinery/pkg/util/rand
import { formatGoJson } from './goJson.ts';

const fnvOffset = 2166136261;
const fnvPrime = 16777619;
/** No vowels, and nothing that reads like a vowel: no hash spells a word. */
const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** FNV-1a of a text's UTF-8, as an unsigned 32-bit integer. */
export function fnv32a(text: string): number {
  let hash = fnvOffset;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) hash = mix(hash, code);
    else {
      const tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      hash = mix(hash, (code >> (6 * tail)) | [0, 0xc0, 0xe0, 0xf0][tail]!);
      for (let rest = tail - 1; rest >= 0; rest--) hash = mix(hash, ((code >> (6 * rest)) & 0x3f) | 0x80);
    }
  }
  return hash >>> 0;
}

function mix(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, fnvPrime);
}

/** A text in upstream's safe alphabet, character for character. Upstream: rand.SafeEncodeString. */
export function safeEncode(text: string): string {
  return Array.from(text, (char) => safeAlphabet.charAt(char.charCodeAt(0) % safeAlphabet.length)).join('');
}

/**
 * The hash that names what was made of a template, such as `pod-template-hash`: equal values have equal
 * hashes. Upstream hashes Go's dump of the struct, so its hashes look alike but are not the same.
 * `collisionCount` is raised until the name is free.
 */
export function templateHash(template: unknown, collisionCount?: number): string {
  const suffix = collisionCount === undefined ? '' : String(collisionCount);
  return safeEncode(String(fnv32a(formatGoJson(template) + suffix)));
}
