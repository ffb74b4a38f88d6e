import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';

/** An object that says what it is: items of a list do not. */
export function typed(
  resource: { readonly group: string; readonly version: string; readonly kind: string },
  object: KubeObject,
): KubeObject {
  return object.kind ? object : { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
}
