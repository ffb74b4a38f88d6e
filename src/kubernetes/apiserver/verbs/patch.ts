// Upstream: apiserver/pkg/endpoints/handlers/patch.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
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

function applyPatch(object: KubeObject, { request }: Call): unknown {
  const { body, contentType } = request;
  if (contentType === 'application/merge-patch+json') return applyMergePatch(object, body);
  throw new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: application/merge-patch+json`,
  );
}
