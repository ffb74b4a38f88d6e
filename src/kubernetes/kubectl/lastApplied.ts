// Upstream: kubectl/pkg/util/apply.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { sortKeys, toCompactJson } from './output/json.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** What was applied last, as text, or undefined when the object was made some other way. */
export function lastAppliedOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[lastAppliedAnnotation];
}

/** The object without the annotation, with annotations that are there even when empty. */
export function withoutLastApplied(object: KubeObject): KubeObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The object with itself in the annotation, which is what `apply` sends. */
export function withLastApplied(object: KubeObject): KubeObject {
  const bare = withoutLastApplied(object);
  const annotations = {
    ...bare.metadata.annotations,
    [lastAppliedAnnotation]: `${toCompactJson(sortKeys(bare))}\n`,
  };
  return { ...bare, metadata: { ...bare.metadata, annotations } };
}
