import type { KubeObject } from '#kubernetes/api/object.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { applyJsonPatch } from '#kubernetes/apimachinery/jsonPatch.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { applyStrategicMergePatch } from '#kubernetes/apimachinery/strategicMergePatch.ts';

export type LocalPatchType = 'json' | 'merge' | 'strategic';

/** What a patch makes of an object, without the server: `--local` and client-side dry runs. */
export function patchLocally(object: KubeObject, patch: unknown, type: LocalPatchType): KubeObject {
  if (type === 'json') return applyJsonPatch(object, patch);
  if (type === 'merge') return applyMergePatch(object, patch);
  const kind = builtInKinds.findKind(object.apiVersion, object.kind);
  return applyStrategicMergePatch(object, patch, kind && patchSchemaOf(kind.schema));
}
