// Upstream: kubectl/pkg/util/hash/hash.go
import { hex, sha256 } from '#kubernetes/apimachinery/sha256.ts';
import { bool } from '../../flags.ts';
import { toCompactJson } from '../../output/json.ts';

export const appendHashFlag = bool('append-hash', 'Append a hash of what is inside to the name.');

/** Letters that stand for digits and vowels, so that a hash spells no word. */
const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
const hashLength = 10;

/** The name of a ConfigMap or Secret with the hash of its contents behind it. */
export function hashedName(object: {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: object;
  readonly type?: string;
}): string {
  const { kind, metadata, data, type } = object;
  const { name } = metadata;
  const hashed = { data: data ?? null, kind, name, ...(kind === 'Secret' && { type: type ?? '' }) };
  const digest = hex(sha256(toCompactJson(hashed)))
    .toLowerCase()
    .slice(0, hashLength);
  return `${name}-${digest.replaceAll(/[013ae]/g, (letter) => letters[letter]!)}`;
}
