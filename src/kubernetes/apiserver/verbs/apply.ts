// Upstream: apiserver/pkg/endpoints/handlers/patch.go applyPatcher
import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { noFields } from '#kubernetes/apimachinery/fieldSet.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { badRequest, conflict, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { problemsText, validateTyped } from '#kubernetes/apimachinery/typedValidation.ts';
import type { Call, ServerContext } from '../context.ts';
import { decodeObject, yamlWarnings } from '../decode.ts';
import { type Applied, applyConfiguration, conflictError } from '../managedFields/applyConfiguration.ts';
import { allowedByLastApplied, withLastApplied } from '../managedFields/lastApplied.ts';
import { liveOwners } from '../managedFields/ownerHistory.ts';
import { schemaOf } from '../managedFields/objectFields.ts';
import { noOwners, type Owners, sameOwners } from '../managedFields/owners.ts';
import { queryFlag } from '../requestInfo.ts';
import { modifiedSince } from '../storage.ts';
import { storeNew } from './create.ts';
import { asRequested } from './read.ts';
import { replaceObject } from './update.ts';

/** PATCH with an applied configuration: the object is made where there is none. */
export function apply(call: Call, context: ServerContext): { object: KubeObject; isNew: boolean } {
  const { stored, info } = call;
  const config = readConfiguration(call);
  const old = context.storage.get(stored, info.namespace, info.name);
  return old === undefined
    ? { object: applyNew(config, call, context), isNew: true }
    : { object: applyTo(old, config, call, context), isNew: false };
}

/** The body as a configuration of the call's kind; its fields are checked later. */
export function readConfiguration({ request, kind, info }: Call): KubeObject {
  const { body } = request;
  if (!isObject(body)) {
    const type = Array.isArray(body) ? 'array' : typeof body;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
    );
  }
  const { apiVersion = '', kind: name = '', metadata } = body as Partial<KubeObject>;
  if (apiVersion !== apiVersionOf(kind) || name !== kind.kind)
    throw badRequest(`invalid object type: ${groupVersionKind(apiVersion, name)}`);
  if (metadata?.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const problems = validateTyped(schemaOf(kind), body);
  if (problems.length > 0) {
    const where = `${metadata?.namespace ?? info.namespace}/${metadata?.name ?? ''}`;
    const what = `${where}; ${groupVersionKind(apiVersion, name)}`;
    throw new StatusError(
      'Unknown',
      `failed to create typed patch object (${what}): ${problemsText(problems)}`,
    );
  }
  return { ...body, metadata: metadata ?? {} } as KubeObject;
}

function groupVersionKind(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

function applyNew(config: KubeObject, call: Call, context: ServerContext): KubeObject {
  const { kind, info } = call;
  if (info.subresource !== '') context.storage.read(call.stored, info.namespace, info.name);
  const { uid } = config.metadata;
  if (uid)
    throw conflict(
      kind.group,
      kind.plural,
      info.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  const live = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: {} } as KubeObject;
  const { object, owners } = merge(live, noOwners, config, call, context);
  return storeNew(decodeApplied(object, call), call, context, owners);
}

/** Applies to an object that is there; `writing` is the call as which it is stored, where that is another. */
export function applyTo(
  old: KubeObject,
  config: KubeObject,
  call: Call,
  context: ServerContext,
  writing: Call = call,
): KubeObject {
  const { kind, info } = call;
  const wanted = config.metadata.resourceVersion;
  if (wanted && wanted !== old.metadata.resourceVersion)
    throw conflict(kind.group, kind.plural, info.name, modifiedSince);
  const owners = liveOwners(old, call, context);
  const applied = merge(asRequested(old, call), owners, config, call, context);
  const object = decodeApplied(withLastApplied(applied.object, config, call), call);
  return replaceObject(kind.defaults ? kind.defaults(object) : object, old, writing, context, {
    // When nothing but times would change, nothing does.
    ownersOf: (next) => (next === old && sameOwners(applied.owners, owners) ? undefined : applied.owners),
  });
}

/** Merges, and refuses conflicts unless they are forced or a client-side apply is what they are with. */
function merge(
  live: KubeObject,
  owners: Owners,
  config: KubeObject,
  call: Call,
  context: ServerContext,
): Applied {
  const { request, kind, info } = call;
  const applied = applyConfiguration(
    {
      kind,
      live,
      config,
      owners,
      manager: request.query?.['fieldManager'] ?? '',
      subresource: info.subresource,
      time: context.timestamp(),
    },
    context,
  );
  if (applied.conflicts.length > 0 && !queryFlag(request, 'force')) {
    const conflicts = allowedByLastApplied(applied.conflicts, live, call);
    if (conflicts.some(({ fields }) => fields !== noFields)) throw conflictError(conflicts);
  }
  checkText(call);
  return applied;
}

/** Keys that the configuration's text has twice are looked for after all else, as upstream does. */
function checkText({ textErrors, request, warnings }: Call): void {
  const asked = request.query?.['fieldValidation'] || 'Warn';
  if (textErrors === undefined || asked === 'Ignore') return;
  if (asked === 'Strict')
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${textErrors.found[0]}`);
  warnings.push(...yamlWarnings(textErrors.found));
}

/** The merged object's fields; its configuration's text has been judged. */
function decodeApplied(object: KubeObject, call: Call): KubeObject {
  const { textErrors: _, ...judged } = call;
  return decodeObject(object, judged);
}
