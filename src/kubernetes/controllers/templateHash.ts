// Upstream: pkg/controller/controller_utils.go ComputeHash, apimachinery/pkg/util/rand SafeEncodeString
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';

export const templateHashLabel = 'pod-template-hash';

/** The letters of generated names: none that reads as another, no vowels. */
const safeLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for a template. Upstream hashes its Go structs: equal templates get equal names, not the same. */
export function templateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  let hash = 0x811c9dc5;
  const text = canonical(template) + (collisionCount === undefined ? '' : String(collisionCount));
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  let encoded = '';
  for (const digit of String(hash >>> 0)) {
    encoded += safeLetters[digit.charCodeAt(0) % safeLetters.length]!;
  }
  return encoded;
}

/** JSON in which the order of fields does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Whether two templates make the same pods: all but the hash label counts. */
export function isSameTemplate(a: PodTemplateSpec | undefined, b: PodTemplateSpec | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return deepEqual(a.spec, b.spec) && deepEqual(comparedMeta(a), comparedMeta(b));
}

function comparedMeta({ metadata = {} }: PodTemplateSpec): unknown {
  const { [templateHashLabel]: _hash, ...labels } = metadata.labels ?? {};
  return { ...metadata, labels };
}
