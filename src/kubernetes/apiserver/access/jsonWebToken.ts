// RFC 7515, RFC 7519
import { decodeBase64, encodeBase64Bytes } from '#kubernetes/api/base64.ts';
import { utf8 } from '#kubernetes/apimachinery/utf8.ts';
import {
  bytesOf,
  generateRsaKey,
  isSignedByRsa,
  type RsaKey,
  signRsa,
} from '#kubernetes/apimachinery/rsa.ts';
import { sha256 } from '#kubernetes/apimachinery/sha256.ts';

const algorithm = 'RS256';

/** A public key as clients read it. Upstream: pkg/serviceaccount/openidmetadata.go */
export interface JsonWebKey {
  readonly use: 'sig';
  readonly kty: 'RSA';
  readonly kid: string;
  readonly alg: typeof algorithm;
  readonly n: string;
  readonly e: string;
}

/** A key that tokens are signed with. It is made when first used: many a cluster never signs one. */
export class TokenKey {
  readonly #below: (bound: number) => number;
  #made: { readonly key: RsaKey; readonly publicKey: JsonWebKey } | null = null;

  /** `below` draws a whole number below its argument. */
  constructor(below: (bound: number) => number) {
    this.#below = below;
  }

  get #own() {
    if (this.#made === null) {
      const key = generateRsaKey(this.#below);
      const [n, e] = [key.modulus, key.exponent].map((value) => urlSafe(encodeBase64Bytes(bytesOf(value))));
      // RFC 7638: the key's name is the digest of what makes it one.
      const kid = urlSafe(encodeBase64Bytes(sha256(JSON.stringify({ e, kty: 'RSA', n }))));
      this.#made = { key, publicKey: { use: 'sig', kty: 'RSA', kid, alg: algorithm, n: n!, e: e! } };
    }
    return this.#made;
  }

  get publicKey(): JsonWebKey {
    return this.#own.publicKey;
  }

  /** `header.payload.signature` of claims, in the order in which they stand there. */
  sign(claims: object): string {
    const { key, publicKey } = this.#own;
    const signed = `${encode({ alg: algorithm, kid: publicKey.kid })}.${encode(claims)}`;
    return `${signed}.${urlSafe(encodeBase64Bytes(signRsa(utf8(signed), key)))}`;
  }

  /** The claims of a token that was signed with this key; undefined for any other text. */
  verify(token: string): unknown {
    const parts = token.split('.');
    if (parts.length !== 3) return undefined;
    const [header, payload, signature] = parts as [string, string, string];
    const bytes = bytesOfText(signature);
    if (bytes === undefined || !isSignedByRsa(utf8(`${header}.${payload}`), bytes, this.#own.key))
      return undefined;
    return decode(payload);
  }
}

function encode(value: object): string {
  return urlSafe(encodeBase64Bytes(utf8(JSON.stringify(value))));
}

function decode(text: string): unknown {
  const bytes = bytesOfText(text);
  if (bytes === undefined) return undefined;
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return JSON.parse(decodeURIComponent(escaped));
}

function bytesOfText(text: string) {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='));
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
