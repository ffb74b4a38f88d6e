// Upstream: kubectl/pkg/cmd/set/helper.go CalculatePatches
import type { KubeObject } from '#kubernetes/api/object.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { createMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { createTwoWayStrategicPatch } from '#kubernetes/apimachinery/strategicMergeDiff.ts';

type Fields = { readonly [key: string]: unknown };

/** The patch from one state of an object to another: strategic where the kind is built in. */
export function patchBetween(
  before: KubeObject,
  after: KubeObject,
): { patch: Fields; type: 'strategic' | 'merge' } {
  const [from, to] = [before, after] as unknown as [Fields, Fields];
  const kind = builtInKinds.findKind(before.apiVersion, before.kind);
  if (!kind) return { patch: createMergePatch(from, to), type: 'merge' };
  return { patch: createTwoWayStrategicPatch(from, to, patchSchemaOf(kind.schema)), type: 'strategic' };
}
