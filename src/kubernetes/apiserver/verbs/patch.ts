// Upstream: apiserver/pkg/endpoints/handlers/patch.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { applyJsonPatch } from '#kubernetes/apimachinery/jsonPatch.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { applyStrategicMergePatch } from '#kubernetes/apimachinery/strategicMergePatch.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import type { Call, ServerContext } from '../context.ts';
import { decodeObject } from '../decode.ts';
import { asRequested } from './read.ts';
import { replaceObject } from './update.ts';

/** PATCH of an object or of its status, by the body's content type. */
export function patch(call: Call, context: ServerContext): KubeObject {
  const { kind, stored, info } = call;
  const old = context.storage.read(stored, info.namespace, info.name);
  const shown = asRequested(old, call);
  const patched = applyPatch(shown, call);
  if (patched === shown) return old;
  const object = decodeObject(patched as Partial<KubeObject>, call);
  const defaulted = kind.defaults ? kind.defaults(object) : object;
  return replaceObject(kind.storage ? kind.storage.toStored(defaulted) : defaulted, old, call, context);
}

function applyPatch(object: KubeObject, { request, kind }: Call): unknown {
  const { body, contentType } = request;
  switch (contentType) {
    case 'application/merge-patch+json':
      return applyMergePatch(object, body);
    case 'application/strategic-merge-patch+json':
      return applyStrategicMergePatch(object, body, patchSchemaOf(kind.schema));
    case 'application/json-patch+json':
      return applyJsonPatchOrRefuse(object, body);
    default:
      throw new StatusError(
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json`,
      );
  }
}

/** The server does not say which operation failed, only that one did. */
function applyJsonPatchOrRefuse(object: KubeObject, patch: unknown): KubeObject {
  try {
    return applyJsonPatch(object, patch);
  } catch (error) {
    if (!isStatus(error, 'Invalid')) throw error;
    throw new StatusError('Invalid', 'the server rejected our request due to an error in our request', {});
  }
}
