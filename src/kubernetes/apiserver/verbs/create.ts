// Upstream: apiserver/pkg/endpoints/handlers/create.go, apiserver/pkg/registry/generic/registry/store.go
import { warningsOf } from '#kubernetes/api/laterRules.ts';
import { joined } from '#kubernetes/api/fieldChecks.ts';
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { validateCreate } from '#kubernetes/api/validation.ts';
import { StatusError, alreadyExists, badRequest, invalid } from '#kubernetes/apimachinery/statusError.ts';
import { admit } from '../admission/reinvocation.ts';
import type { AdmissionRequest, Call, ServerContext } from '../context.ts';
import { decodeBody } from '../decode.ts';
import { fillObjectMeta } from '../objectMeta.ts';
import { noteOf, type Ownership, sentOwners } from '../managedFields/ownership.ts';
import type { Keeping } from '../storage.ts';

/** POST to a collection. Returns what was stored, as the requested version shows it. */
export function create(call: Call, context: ServerContext): KubeObject {
  const { kind, info } = call;
  if (info.name !== '')
    throw new StatusError(
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    );
  const body = decodeBody(call);
  if (kind.namespaced && info.namespace === '') {
    throw badRequest('an empty namespace may not be set during creation');
  }
  return storeNew(body, call, context);
}

/** Stores a new object, if the request is no dry run; `owners` where they are known and not just who writes it. */
export function storeNew(
  body: KubeObject,
  call: Call,
  context: ServerContext,
  owners?: Ownership,
): KubeObject {
  const { object, asked, keeping, admission } = createObject(body, call, context);
  const note =
    owners ??
    noteOf({ asked, old: undefined, stored: object }, sentOwners(body, call, context), call, context);
  if (isDryRun(call.request.query?.['dryRun']))
    return context.fieldManager?.tried(object, undefined, note, call, context) ?? object;
  const written = context.storage.put(call.stored, object, undefined, keeping, note);
  for (const plugin of context.admission.chainOf(admission).stored) plugin.stored?.(admission, context);
  return written;
}

export function isDryRun(value: string | undefined): boolean {
  if (value === undefined) return false;
  if (value === 'All') return true;
  throw new StatusError('Invalid', `Invalid value: "${value}": supported values: "All"`);
}

/** All that happens to a new object up to the transaction; `asked` is what it was before admission. */
function createObject(
  body: KubeObject,
  call: Call,
  context: ServerContext,
): {
  object: KubeObject;
  asked: KubeObject | null;
  keeping: Keeping;
  admission: AdmissionRequest;
} {
  const { kind, stored, info, request } = call;
  const sent = kind.defaults ? kind.defaults(body) : body;
  let object = sent;
  if (kind.storage) object = kind.storage.toStored(object);
  object = withoutStatus(object, call);
  object = fillObjectMeta(object, call, context);
  const asked = object;
  const admission: AdmissionRequest = {
    operation: 'CREATE',
    kind: stored,
    namespace: info.namespace,
    name: object.metadata.name,
    subresource: '',
    old: undefined,
    user: request.user,
    warnings: request.contentType === undefined ? undefined : call.warnings,
    dryRun: isDryRun(request.query?.['dryRun']),
  };
  const chain = context.admission.chainOf(admission);
  object = admit(object, admission, context, chain.admit);
  // A Job's selector is made of its metadata, a pod's quality of service of what admission left.
  if (stored.prepareForCreate) object = stored.prepareForCreate(object);
  const strategy = context.strategyOf(stored);
  if (strategy?.beforeCreate) object = strategy.beforeCreate(object, context, request.user);
  // A custom resource is held to the schema of the version that it came in.
  const errors = kind.custom
    ? validateCreate(kind, kind === stored ? object : { ...sent, metadata: object.metadata })
    : joined(validateCreate(stored, object), kind.storage?.validateNew?.(object));
  if (errors.length > 0) throw invalid(kind.group, kind.kind, object.metadata.name, errors);
  for (const plugin of chain.validate) plugin.validate?.(object, admission, context);
  if (context.storage.get(stored, info.namespace, object.metadata.name) !== undefined) {
    throw alreadyExists(kind.group, kind.plural, object.metadata.name);
  }
  warn(object, call, context);
  return {
    object,
    asked: object === asked ? null : asked,
    keeping: context.keeping(strategy),
    admission,
  };
}

/** What a client that came over a wire should know of what it wrote; components know it already. */
export function warn(object: KubeObject, { request, stored, warnings }: Call, context: ServerContext): void {
  if (request.contentType === undefined) return;
  warnings.push(...warningsOf(stored, object), ...context.unsimulated(stored, object));
}

/** A create never sets the status of a kind whose status is a subresource. */
function withoutStatus(object: KubeObject, { stored }: Call): KubeObject {
  const typed =
    object.apiVersion === apiVersionOf(stored)
      ? object
      : { ...object, apiVersion: apiVersionOf(stored), kind: stored.kind };
  if (!stored.hasStatus) return typed;
  if (stored.custom) {
    const { status: _, ...rest } = typed as KubeObject & { status?: unknown };
    return rest;
  }
  return { ...typed, status: {} } as KubeObject;
}
