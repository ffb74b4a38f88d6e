// Upstream: apiserver/pkg/registry/rest/{create,update,meta}.go, apiserver/pkg/storage/names/generate.go
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import {
  badRequest,
  conflict,
  qualifiedResource,
  StatusError,
} from '#kubernetes/apimachinery/statusError.ts';
import type { RandomStream } from '#sim/random.ts';
import type { Call, ServerContext } from './context.ts';
import { modifiedSince, storagePrefix } from './storage.ts';

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const nameLengthMax = 63;
/** Upstream: apiserver/pkg/registry/generic/registry/store.go, since 1.30. */
const createAttemptsMax = 8;

/** A name from `generateName`: the base cut to leave room, and five random letters. */
function generatedName(base: string, random: RandomStream): string {
  let name = base.slice(0, nameLengthMax - suffixLength);
  for (let i = 0; i < suffixLength; i++) name += suffixAlphabet[random.below(suffixAlphabet.length)]!;
  return name;
}

/** A new object with what the server sets: name, namespace, uid, creation time, first generation. */
export function fillObjectMeta(object: KubeObject, call: Call, context: ServerContext): KubeObject {
  const { kind, stored, info } = call;
  const given = object.metadata;
  if (kind.namespaced && given.namespace && given.namespace !== info.namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  // It is the storage that refuses, which a dry run does not ask.
  if (given.resourceVersion && !call.request.query?.['dryRun'])
    throw new StatusError('Unknown', 'resourceVersion should not be set on objects to be created');
  let name = given.name ?? '';
  if (!name && given.generateName) {
    const random = context.simulation.random(`names/${kind.plural}`);
    for (let attempt = 1; ; attempt++) {
      name = generatedName(given.generateName, random);
      if (context.storage.get(stored, info.namespace, name) === undefined) break;
      if (attempt === createAttemptsMax) throw noNameLeft(kind, name);
    }
  }
  const uid = context.newUid();
  const creationTimestamp = context.timestamp();
  const { namespace } = info;
  const isCounted = countsGenerations(kind, object);
  // So are Events, of which there are the most.
  if (kind.namespaced && !isCounted && hasOnlyName(given)) {
    return { ...object, metadata: { name, namespace, uid, creationTimestamp } as KubeObject['metadata'] };
  }
  const { namespace: _namespace, selfLink: _selfLink, managedFields: _managed, ...rest } = given;
  return {
    ...object,
    metadata: {
      ...rest,
      name,
      ...(kind.namespaced && { namespace }),
      uid,
      creationTimestamp,
      ...(isCounted && { generation: 1 }),
    },
  };
}

function hasOnlyName(metadata: object): boolean {
  for (const field in metadata) if (field !== 'name' && field !== 'namespace') return false;
  return true;
}

/** Pods count generations since 1.33, like most other kinds that have a spec. */
function countsGenerations(kind: AnyKind, object: KubeObject): boolean {
  return kind.countsGenerations ?? (kind.custom !== undefined || (kind.hasStatus && 'spec' in object));
}

/** Throws Conflict where a write is meant for an object that had the name before this one. */
export function checkUid(
  uid: string | undefined,
  { metadata }: KubeObject,
  { kind, stored, info }: Call,
): void {
  if (!uid || uid === metadata.uid) return;
  const key = `${storagePrefix(stored, info.namespace)}${info.name}`;
  const why = `UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  throw conflict(
    kind.group,
    kind.plural,
    info.name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${why}`,
  );
}

/**
 * An update's metadata: what the server owns is taken from `old`, and the version that the writer read must be
 * the present one.
 */
export function mergeObjectMeta(object: KubeObject, old: KubeObject, call: Call): KubeObject {
  const { kind, info } = call;
  const given = object.metadata;
  if (given === old.metadata) return object;
  if (given.name && given.name !== info.name) {
    throw badRequest(
      `the name of the object (${given.name}) does not match the name on the URL (${info.name})`,
    );
  }
  if (kind.namespaced && given.namespace && given.namespace !== info.namespace) {
    throw badRequest(
      `the namespace of the object (${given.namespace}) does not match the namespace on the request (${info.namespace})`,
    );
  }
  checkUid(given.uid, old, call);
  if (given.resourceVersion && given.resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(kind.group, kind.plural, info.name, modifiedSince);
  }
  const { name, namespace, uid, creationTimestamp, resourceVersion, generation } = old.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds, generateName } = old.metadata;
  const {
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    generation: _generation,
    managedFields: _managed,
    ...rest
  } = given;
  return {
    ...object,
    metadata: {
      ...rest,
      name,
      ...(namespace !== undefined && { namespace }),
      ...(generateName !== undefined && { generateName }),
      uid,
      creationTimestamp,
      resourceVersion,
      ...(generation !== undefined && { generation }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
      ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
    },
  };
}

/** Upstream: apimachinery/pkg/api/errors NewGenerateNameConflict */
function noNameLeft({ group, plural }: AnyKind, name: string): StatusError {
  return new StatusError(
    'AlreadyExists',
    `${qualifiedResource(group, plural)} "${name}" already exists, the server was not able to generate a unique name for the object`,
    { name, ...(group && { group }), kind: plural, retryAfterSeconds: 1 },
  );
}
