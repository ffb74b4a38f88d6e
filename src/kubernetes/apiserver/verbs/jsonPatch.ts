import type { KubeObject } from '#kubernetes/api/object.ts';
import { applyJsonPatch } from '#kubernetes/apimachinery/jsonPatch.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** Upstream: apiserver/pkg/endpoints/handlers/patch.go maxJSONPatchOperations */
const operationsMax = 10_000;

/** What a JSON patch makes of an object. The server does not say which operation failed, only that one did. */
export function jsonPatch(object: KubeObject, patch: unknown): KubeObject {
  if (Array.isArray(patch) && patch.length > operationsMax)
    throw new StatusError(
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${operationsMax}, got ${patch.length}`,
    );
  try {
    return applyJsonPatch(object, patch);
  } catch (error) {
    if (!isStatus(error, 'Invalid')) throw error;
    throw new StatusError('Invalid', 'the server rejected our request due to an error in our request', {});
  }
}
