// Upstream: apiserver/pkg/endpoints/handlers/patch.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError, badRequest } from '#kubernetes/apimachinery/statusError.ts';
import { applyJsonPatch, type JsonPatchOperation } from '#kubernetes/apimachinery/jsonPatch.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { applyStrategicMergePatch } from '#kubernetes/apimachinery/strategicMergePatch.ts';
import { patchMetaOf } from '#kubernetes/api/mergeKeys.ts';
import type { Call, ServerContext } from '../context.ts';
import { typedObject } from '../decode.ts';
import { asRequested } from './read.ts';
import { replaceObject } from './update.ts';

/** PATCH of an object or of its status, by the body's content type. */
export function patch(call: Call, context: ServerContext): KubeObject {
  const { kind, stored, info, request } = call;
  const old = context.storage.read(stored, info.namespace, info.name);
  const shown = asRequested(old, call);
  const patched = applyPatch(shown, call);
  if (patched === shown) return old;
  const object = typedObject(patched as Partial<KubeObject>, {
    ...call,
    request: { ...request, body: patched },
  });
  const defaulted = kind.defaults ? kind.defaults(object) : object;
  return replaceObject(kind.storage ? kind.storage.toStored(defaulted) : defaulted, old, call, context);
}

function applyPatch(object: KubeObject, { request, kind }: Call): unknown {
  const { body } = request;
  switch (request.contentType) {
    case 'application/json-patch+json':
      if (!Array.isArray(body))
        throw badRequest(
          'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
        );
      return applyJsonPatch(object, body as JsonPatchOperation[]);
    case 'application/merge-patch+json':
      return applyMergePatch(object, body);
    case 'application/strategic-merge-patch+json':
      return applyStrategicMergePatch(object, body, patchMetaOf(kind.schema));
    default:
      throw new StatusError(
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml`,
      );
  }
}
