import type { KubeObject } from '#kubernetes/api/object.ts';
import { type Etcd, prefixEnd } from '#kubernetes/etcd/etcd.ts';

/**
 * A digest of the whole state: the revision sequence and every stored object, byte for byte. Two sessions with
 * the same digest are the same cluster (D5).
 */
export function stateHash(etcd: Etcd<KubeObject>): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  const mix = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 15);
    }
  };
  mix(etcd.hash);
  const { kvs } = etcd.range({ from: '/', end: prefixEnd('/') });
  for (const { key, modRevision, value } of kvs) mix(`${key}@${modRevision}${JSON.stringify(value)}`);
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
