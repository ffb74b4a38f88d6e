import { utf8 } from '#kubernetes/apimachinery/utf8.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The base64 of a text's UTF-8 bytes, padded. */
export function encodeBase64(text: string): string {
  return encodeBase64Bytes(utf8(text));
}

/** The base64 of bytes, padded. */
export function encodeBase64Bytes(bytes: ArrayLike<number>): string {
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first, second, third] = [bytes[at]!, bytes[at + 1], bytes[at + 2]];
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    encoded += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
    encoded += second === undefined ? '=' : alphabet[(group >> 6) & 63]!;
    encoded += third === undefined ? '=' : alphabet[group & 63]!;
  }
  return encoded;
}

/** The bytes that a padded base64 text stands for, undefined when it is not base64. */
export function decodeBase64(encoded: string): Uint8Array | undefined {
  const compact = encoded.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((compact.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < compact.length; at += 4) {
    let group = 0;
    for (let i = 0; i < 4; i++) group = (group << 6) | Math.max(0, alphabet.indexOf(compact[at + i]!));
    for (let shift = 16; shift >= 0 && to < bytes.length; shift -= 8) bytes[to++] = (group >> shift) & 255;
  }
  return bytes;
}
