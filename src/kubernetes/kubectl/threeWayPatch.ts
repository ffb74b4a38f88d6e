// Upstream: kubectl/pkg/cmd/apply/patcher.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { createThreeWayMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { createThreeWayStrategicPatch } from '#kubernetes/apimachinery/strategicMergeDiff.ts';
import { lastAppliedOf } from './lastApplied.ts';

type Fields = { readonly [key: string]: unknown };

/** Fields that name the object and never belong in a patch. */
const identity = ['apiVersion', 'kind'] as const;

/**
 * The patch that brings `current` to `modified`, removing what the last applied configuration had and
 * `modified` has not: strategic for built-in kinds, a JSON merge patch for all others.
 */
export function threeWayPatch(
  modified: KubeObject,
  current: KubeObject,
): { patch: Fields; type: 'strategic' | 'merge' } {
  const text = lastAppliedOf(current);
  const original = text === undefined ? {} : (JSON.parse(text) as Fields);
  const [after, before] = [modified, current] as unknown as [Fields, Fields];
  const kind = builtInKinds.findKind(modified.apiVersion, modified.kind);
  if (!kind) return { patch: createThreeWayMergePatch(original, after, before), type: 'merge' };
  const schema = patchSchemaOf(kind.schema);
  return {
    patch: withoutIdentity(createThreeWayStrategicPatch(original, after, before, schema)),
    type: 'strategic',
  };
}

function withoutIdentity(patch: Fields): Fields {
  if (!identity.some((field) => field in patch)) return patch;
  const { apiVersion: _version, kind: _kind, ...rest } = patch;
  return rest;
}
