// Upstream: apiserver/pkg/endpoints/handlers/update.go, apiserver/pkg/registry/rest/update.go
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import { laterRulesOf } from '#kubernetes/api/laterRules.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { validateStatusUpdate, validateUpdate } from '#kubernetes/api/validation.ts';
import { share } from '#kubernetes/apimachinery/structure.ts';
import { type FieldError, invalid } from '#kubernetes/apimachinery/statusError.ts';
import { admit } from '../admission/reinvocation.ts';
import type { AdmissionRequest, Call, ServerContext } from '../context.ts';
import { decodeBody } from '../decode.ts';
import { mergeObjectMeta } from '../objectMeta.ts';
import { writesStatus } from '../requestInfo.ts';
import { noteOf, type Ownership, sentOwners } from '../managedFields/ownership.ts';
import { isDryRun, warn } from './create.ts';
import { asRequested } from './read.ts';

/** PUT of an object or of its status. */
export function update(call: Call, context: ServerContext): KubeObject {
  const { kind, stored, info } = call;
  const old = context.storage.read(stored, info.namespace, info.name);
  const body = decodeBody(call);
  return replaceObject(kind.defaults ? kind.defaults(body) : body, old, call, context);
}

/** How a write says whose the fields are, where it is not just its own. */
export interface Owning {
  /** The owners of what will be stored; undefined where they stay as they are. */
  ownersOf?(stored: KubeObject): Ownership | undefined;
  /** The call as which the write counts. */
  readonly writtenAs?: Call;
}

/**
 * Puts `next`, an object of the request's version, in place of `old`, the stored one: the parts that this path may
 * not change are taken from `old`, the rest goes through admission and validation. A change of nothing keeps the
 * revision (D4).
 */
export function replaceObject(
  next: KubeObject,
  present: KubeObject,
  call: Call,
  context: ServerContext,
  owning: Owning = {},
): KubeObject {
  const { kind, stored, info, request } = call;
  // A custom resource may have been stored in a version that was the stored one then.
  const old = stored.custom?.toVersion(present, true) ?? present;
  const isStatus = writesStatus(info.subresource);
  let object = mergeObjectMeta(kind.storage ? kind.storage.toStored(next) : next, old, call);
  const apiVersion = apiVersionOf(stored);
  if (object.apiVersion !== apiVersion || object.kind !== stored.kind)
    object = { ...object, apiVersion, kind: stored.kind };
  object = isStatus ? statusOnly(object, old, call) : specOnly(object, old, call);
  const admission: AdmissionRequest = {
    operation: 'UPDATE',
    kind: stored,
    namespace: info.namespace,
    name: info.name,
    subresource: info.subresource,
    old,
    user: request.user,
    warnings: request.contentType === undefined ? undefined : call.warnings,
    dryRun: isDryRun(request.query?.['dryRun']),
  };
  const chain = context.admission.chainOf(admission);
  const strategy = context.strategyOf(stored);
  const asked = object;
  if (!isStatus) {
    object = admit(object, admission, context, chain.admit);
    if (strategy?.beforeUpdate) object = strategy.beforeUpdate(object, old, context);
  } else if (strategy?.beforeStatusUpdate)
    object = strategy.beforeStatusUpdate(object, old, context, info.subresource);
  const isAsAsked = object === asked;
  object = share(object, old);
  if (object === old) object = present;
  const base = sentOwners(next, call, context);
  let owners = owning.ownersOf?.(object);
  if (object === present && owners === undefined) {
    // Who sends managed fields with an unchanged object may change those alone.
    if (base === undefined || context.fieldManager?.differs(base, present, call, context) !== true)
      return present;
  }
  owners ??= noteOf(
    { asked: isAsAsked ? null : asked, old: present, stored: object },
    base,
    owning.writtenAs ?? call,
    context,
  );
  if (!isStatus) object = countGeneration(object, old, stored);
  const errors = problemsOf(object, old, next, call);
  if (errors.length > 0) throw invalid(kind.group, kind.kind, info.name, errors);
  for (const plugin of chain.validate) plugin.validate?.(object, admission, context);
  if (!isStatus) warn(object, call, context);
  if (isDryRun(request.query?.['dryRun']))
    return context.fieldManager?.tried(object, present, owners, call, context) ?? object;
  if (isGone(object, call, context)) {
    context.storage.remove(stored, object);
    return object;
  }
  const written = context.storage.put(stored, object, present, context.keeping(strategy), owners);
  for (const plugin of chain.stored) plugin.stored?.(admission, context);
  return written;
}

/** What is wrong with an update; a custom resource is held to the schema of the version that it came in. */
function problemsOf(
  object: KubeObject,
  old: KubeObject,
  sent: KubeObject,
  call: Call,
): readonly FieldError[] {
  const { kind, stored, info } = call;
  const isStatus = writesStatus(info.subresource);
  if (kind.custom === undefined || kind === stored)
    return isStatus
      ? validateStatusUpdate(stored, object, old, info.subresource)
      : [...validateUpdate(stored, object, old), ...(kind.storage?.validateUpdate?.(object, old) ?? [])];
  const before = asRequested(old, call, true);
  const { metadata } = object;
  if (!isStatus) return validateUpdate(kind, { ...sent, metadata }, before);
  const { status } = sent as KubeObject & { status?: unknown };
  return validateStatusUpdate(kind, { ...before, metadata, status } as KubeObject, before);
}

/** A deleted object goes with its last finalizer, once its grace is over. */
function isGone(object: KubeObject, { stored }: Call, context: ServerContext): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (deletionTimestamp === undefined || (deletionGracePeriodSeconds ?? 0) > 0) return false;
  if (finalizers !== undefined && finalizers.length > 0) return false;
  return context.strategyOf(stored)?.isFinalized?.(object) ?? true;
}

/** Groups and kinds whose status is written without their metadata. Upstream: ResetObjectMetaForStatus in strategies */
const statusAlone = new Set([
  'admissionregistration.k8s.io',
  'customresourcedefinitions',
  'flowcontrol.apiserver.k8s.io',
  'volumeattachments',
]);
/** Metadata that a write of the status leaves as it is, where it may change the rest. */
const keptWithStatus: Readonly<Record<string, readonly (keyof KubeObject['metadata'])[]>> = {
  apiservices: ['labels', 'annotations', 'finalizers', 'ownerReferences'],
  deployments: ['labels'],
  pods: ['ownerReferences'],
};

/** What a write of the status changes: with most kinds metadata too, as any update does. */
function statusOnly(object: KubeObject, old: KubeObject, { stored }: Call): KubeObject {
  const { custom, group, plural } = stored;
  const { status } = object as KubeObject & { status?: unknown };
  if (custom && status === undefined) return withoutField(old, 'status');
  const isAlone = custom !== undefined || statusAlone.has(group) || statusAlone.has(plural);
  const metadata = isAlone
    ? old.metadata
    : withFieldsOf(object.metadata, old.metadata, keptWithStatus[plural] ?? []);
  return { ...old, metadata, status: status ?? {} } as KubeObject;
}

function withFieldsOf<T extends object>(object: T, old: T, fields: readonly (keyof T)[]): T {
  if (fields.every((field) => object[field] === old[field])) return object;
  const result = { ...object };
  for (const field of fields) {
    if (old[field] === undefined) delete result[field];
    else result[field] = old[field];
  }
  return result;
}

/** The object without a field of its root. */
function withoutField(object: KubeObject, field: string): KubeObject {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => name !== field),
  ) as unknown as KubeObject;
}

function specOnly(object: KubeObject, old: KubeObject, { stored }: Call): KubeObject {
  if (stored.custom && stored.hasStatus && !('status' in old)) return withoutField(object, 'status');
  const withStatus = stored.hasStatus
    ? ({ ...object, status: (old as KubeObject & { status?: unknown }).status } as KubeObject)
    : object;
  const prepared = laterRulesOf(stored)?.prepareForUpdate?.(withStatus, old) ?? withStatus;
  return stored.prepareForUpdate ? stored.prepareForUpdate(prepared, old) : prepared;
}

/** `metadata.generation` counts changes of anything but metadata and status; of a Deployment, of its annotations too. */
function countGeneration(object: KubeObject, old: KubeObject, { kind }: AnyKind): KubeObject {
  const { generation, annotations } = old.metadata;
  if (generation === undefined) return object;
  const changed =
    (kind === 'Deployment' && object.metadata.annotations !== annotations) ||
    Object.keys({ ...object, ...old }).some(
      (field) =>
        field !== 'metadata' &&
        field !== 'status' &&
        (object as unknown as Record<string, unknown>)[field] !==
          (old as unknown as Record<string, unknown>)[field],
    );
  return changed ? { ...object, metadata: { ...object.metadata, generation: generation + 1 } } : object;
}
