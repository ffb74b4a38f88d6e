// Upstream: apiserver/pkg/endpoints/handlers/patch.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { DecodeError } from '#kubernetes/api/schema.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { formatGoJson } from '#kubernetes/apimachinery/goJson.ts';
import { formatGoValue, isObject } from '#kubernetes/apimachinery/goValue.ts';
import { badRequest, invalid, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { applyStrategicMergePatch } from '#kubernetes/apimachinery/strategicMergePatch.ts';
import { patchSchemaOf } from '#kubernetes/api/mergeKeys.ts';
import type { Call, ServerContext } from '../context.ts';
import { decodeObject } from '../decode.ts';
import { asRequested } from './read.ts';
import { replaceObject } from './update.ts';

const strategicMerge = 'application/strategic-merge-patch+json';
export const applyPatch = 'application/apply-patch+yaml';

/** PATCH of an object or of its status, by the body's content type; only an applied configuration makes a new one. */
export function patch(call: Call, context: ServerContext): { object: KubeObject; isNew: boolean } {
  if (call.request.contentType === applyPatch && context.fieldManager)
    return context.fieldManager.apply(call, context);
  return { object: patchOld(call, context), isNew: false };
}

function patchOld(call: Call, context: ServerContext): KubeObject {
  const { kind, stored, info } = call;
  const old = context.storage.read(stored, info.namespace, info.name);
  const shown = namesManagedFields(call.request)
    ? withManagedFields(old, call, context)
    : asRequested(old, call);
  const patched = patchedBy(shown, call, context);
  if (patched === shown) return old;
  const object = decodeObject(patched as Partial<KubeObject>, call, (why) =>
    refusePatch(why, patched, call.request),
  );
  return replaceObject(kind.defaults ? kind.defaults(object) : object, old, call, context);
}

function withManagedFields(old: KubeObject, call: Call, context: ServerContext): KubeObject {
  const shown = asRequested(old, call);
  return context.fieldManager?.show(old, shown, call.kind, context) ?? shown;
}

/** True for a JSON patch that needs the managed fields to be there; other patches replace them whole. */
function namesManagedFields({ body, contentType }: Call['request']): boolean {
  if (contentType !== 'application/json-patch+json' || !Array.isArray(body)) return false;
  return body.some(
    (step: unknown) => isObject(step) && String(step['path']).startsWith('/metadata/managedFields'),
  );
}

/**
 * A patch after which the object does not fit its schema. The server names the patch itself where it merged
 * fields, and the whole object where it had to read that again.
 */
export function refusePatch(
  why: DecodeError,
  patched: unknown,
  { body, contentType }: Call['request'],
): StatusError {
  const merged = contentType === strategicMerge;
  const value = merged ? formatGoValue(body) : formatGoJson(patched);
  return invalid('', '', '', [invalidValue('patch', value, merged ? why.conversion : why.message)]);
}

/** What a patch makes of an object of the call's kind. Throws StatusError. */
export function patchedBy(
  object: KubeObject,
  { request, kind }: Call,
  { extensions }: ServerContext,
): unknown {
  const { body, contentType } = request;
  switch (contentType) {
    case 'application/merge-patch+json':
      if (!isObject(body)) throw notAnObject(body, 'error decoding patch: ');
      return applyMergePatch(object, body);
    case strategicMerge:
      if (kind.custom) throw unknownFormat(false);
      if (!isObject(body)) throw notAnObject(body, '');
      return applyStrategicMergePatch(object, body, patchSchemaOf(kind.schema));
  }
  const further = extensions.patches.get(contentType ?? '');
  if (further === undefined) throw unknownFormat(kind.custom === undefined);
  return further(object, body);
}

/** Custom resources know no strategic merge: nothing says by which key their lists would be merged. */
function unknownFormat(takesStrategicMerge: boolean): StatusError {
  const types = ['application/json-patch+json', 'application/merge-patch+json'];
  if (takesStrategicMerge) types.push(strategicMerge);
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
}

function notAnObject(body: unknown, prefix: string): StatusError {
  const type = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body;
  return badRequest(`${prefix}json: cannot unmarshal ${type} into Go value of type map[string]interface {}`);
}
