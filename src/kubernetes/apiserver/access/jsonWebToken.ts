// RFC 7515, RFC 7519
import { decodeBase64, encodeBase64Bytes } from '#kubernetes/api/base64.ts';
import { utf8 } from '#kubernetes/apimachinery/utf8.ts';
import { hmacSha256 } from '#kubernetes/apimachinery/sha256.ts';

/** Tokens are signed with a key that only the server has: HMAC, where upstream has an RSA key pair. */
const algorithm = 'HS256';

/** `header.payload.signature` of claims, in the order in which they stand there. */
export function signToken(claims: object, key: Uint8Array, keyId: string): string {
  const signed = `${encode({ alg: algorithm, kid: keyId })}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, key)}`;
}

/** The claims of a token that was signed with `key`; undefined for any other text. */
export function verifyToken(token: string, key: Uint8Array): unknown {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const [header, payload, signature] = parts as [string, string, string];
  if (signature !== signatureOf(`${header}.${payload}`, key)) return undefined;
  return decode(payload);
}

function signatureOf(text: string, key: Uint8Array): string {
  return urlSafe(encodeBase64Bytes(hmacSha256(key, utf8(text))));
}

function encode(value: object): string {
  return urlSafe(encodeBase64Bytes(utf8(JSON.stringify(value))));
}

function decode(text: string): unknown {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='));
  if (bytes === undefined) return undefined;
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return JSON.parse(decodeURIComponent(escaped));
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
