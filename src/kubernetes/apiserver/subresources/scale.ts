// Upstream: pkg/registry/apps/deployment/storage/storage.go ScaleREST, apimachinery/pkg/util/managedfields/scalehandler.go
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type { ManagedFieldsEntry } from '#generated/types/meta.v1.ts';
import { scales } from '#kubernetes/api/autoscaling/scale.ts';
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { badRequest, conflict, invalid } from '#kubernetes/apimachinery/statusError.ts';
import type { Call, ServerContext } from '../context.ts';
import { decodeObject } from '../decode.ts';
import { modifiedSince } from '../storage.ts';
import { applyTo, readConfiguration } from '../verbs/apply.ts';
import { applyPatch, patchedBy, refusePatch } from '../verbs/patch.ts';
import { replaceObject } from '../verbs/update.ts';
import { presentObject } from '../wire/presentation.ts';
import type { Subresource } from './subresource.ts';

/** GET, PUT and PATCH of NAME/scale: one number of any kind that can be scaled. */
export const scale: Subresource = {
  serves: ({ info, kind }) => info.subresource === 'scale' && kind.scale !== undefined,
  serve(call, context) {
    const { request, info, stored } = call;
    const object = context.storage.read(stored, info.namespace, info.name);
    if (request.method === 'GET') return { status: 200, body: shownScale(object, call, context) };
    const scaled =
      request.contentType === applyPatch
        ? applyScale(object, call, context)
        : replaceScale(object, call, context);
    return { status: 200, body: shownScale(scaled, call, context) };
  },
};

/** The Scale as the client would rather have it. */
function shownScale(object: KubeObject, call: Call, context: ServerContext): unknown {
  const scale = scaleOf(object, call, context);
  return call.request.inProcess ? scale : presentObject(scale, aboutScale(call), context);
}

/** The call as one about the Scale itself. */
function aboutScale(call: Call): Call {
  return { ...call, kind: scales, stored: scales };
}

function replaceScale(object: KubeObject, call: Call, context: ServerContext): KubeObject {
  const { info, kind, stored } = call;
  const asked = requestedScale(scaleOf(object, call, context), aboutScale(call), context);
  const { name, resourceVersion } = asked.metadata;
  if (name && name !== info.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  if (resourceVersion && resourceVersion !== object.metadata.resourceVersion)
    throw conflict(kind.group, kind.plural, info.name, modifiedSince);
  const replicas = checkReplicas(asked, info.name);
  const next = setPath(object, stored.scale!.specReplicas, replicas) as KubeObject;
  return replaceObject(next, object, ofParent(call), context, { writtenAs: call });
}

/** The call as one that writes the scaled object. */
function ofParent(call: Call): Call {
  return { ...call, kind: call.stored, info: { ...call.info, subresource: '' } };
}

function requestedScale(shown: Scale, call: Call, context: ServerContext): Scale & KubeObject {
  const { request } = call;
  const read = (body: unknown) =>
    request.method === 'PUT'
      ? decodeObject(body as Partial<KubeObject>, call)
      : decodeObject(body as Partial<KubeObject>, call, (why) => refusePatch(why, body, request));
  const body = request.method === 'PUT' ? request.body : patchedBy(shown, call, context);
  return read(body) as Scale & KubeObject;
}

/** An applied Scale owns the one field of the scaled object that it is about. */
function applyScale(object: KubeObject, call: Call, context: ServerContext): KubeObject {
  const { info, stored } = call;
  const asked = readConfiguration(aboutScale(call)) as Scale & KubeObject;
  const { name, resourceVersion } = asked.metadata;
  const replicas = asked.spec?.replicas === undefined ? undefined : checkReplicas(asked, info.name);
  const config = {
    apiVersion: apiVersionOf(stored),
    kind: stored.kind,
    metadata: { name, ...(resourceVersion && { resourceVersion }) },
  };
  const full = replicas === undefined ? config : setPath(config, stored.scale!.specReplicas, replicas);
  const own = { ...call, kind: stored };
  return applyTo(object, full as KubeObject, own, context, ofParent(call));
}

/** Throws Invalid. Upstream: pkg/apis/autoscaling/validation ValidateScale */
function checkReplicas({ spec }: Scale, name: string): number {
  const replicas = spec?.replicas ?? 0;
  if (replicas >= 0) return replicas;
  throw invalid('autoscaling', 'Scale', name, [
    invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
  ]);
}

function scaleOf(object: KubeObject, call: Call, context: ServerContext): Scale {
  const paths = call.stored.scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const metadata = { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: withOwners(metadata, object, call, context),
    spec: { replicas: numberAt(object, paths.specReplicas) },
    status: { replicas: numberAt(object, paths.statusReplicas), selector: paths.selector(object) },
  };
}

/** Who owns the number of replicas, for who asks over a wire. */
function withOwners<T extends object>(
  metadata: T,
  object: KubeObject,
  { request, stored }: Call,
  context: ServerContext,
): T {
  if (request.inProcess || context.fieldManager === undefined) return metadata;
  const shown = context.fieldManager.show(object, object, stored, context);
  const entries = (shown.metadata.managedFields ?? []).flatMap((entry) => ownReplicas(entry, stored));
  return entries.length === 0 ? metadata : { ...metadata, managedFields: entries };
}

function ownReplicas(entry: ManagedFieldsEntry, { scale: paths }: AnyKind): ManagedFieldsEntry[] {
  let at: unknown = entry.fieldsV1;
  for (const field of paths!.specReplicas)
    at = (at as Readonly<Record<string, unknown>> | undefined)?.[`f:${field}`];
  return at === undefined
    ? []
    : [{ ...entry, apiVersion: 'autoscaling/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }];
}

function numberAt(object: unknown, path: readonly string[]): number {
  const value = path.reduce<unknown>(
    (at, field) => (at as Record<string, unknown> | undefined)?.[field],
    object,
  );
  return typeof value === 'number' ? value : 0;
}

function setPath(object: unknown, path: readonly string[], value: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return value;
  const record = (object ?? {}) as Record<string, unknown>;
  return { ...record, [field]: setPath(record[field], rest, value) };
}
