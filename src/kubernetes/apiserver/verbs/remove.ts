// Upstream: apiserver/pkg/registry/generic/registry/store.go Delete, apiserver/pkg/registry/rest/delete.go
import type { DeleteOptions } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { conflict } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionRequest, Call, ServerContext, Strategy } from '../context.ts';
import { selectObjects } from '../selection.ts';
import { isDryRun } from './create.ts';

/** Metav1.FinalizerOrphanDependents and FinalizerDeleteDependents. */
const propagationFinalizers = { Orphan: 'orphan', Foreground: 'foregroundDeletion' } as const;

/** DELETE of one object: gone at once, or marked and left to its kubelet or its finalizers. */
export function remove(call: Call, context: ServerContext): { object: KubeObject; gone: boolean } {
  const { stored, info } = call;
  const object = context.storage.read(stored, info.namespace, info.name);
  return removeObject(object, optionsOf(call), call, context);
}

/** DELETE of a collection: each object on its own, in key order. */
export function removeCollection(call: Call, context: ServerContext): KubeObject[] {
  const { items } = selectObjects(call, context);
  const options = optionsOf(call);
  return items.map((object) => removeObject(object, options, call, context).object);
}

/** Components send them as they are; what came over a wire has been read by now. */
function optionsOf({ request }: Call): Partial<DeleteOptions> {
  return request.body ?? {};
}

function removeObject(
  object: KubeObject,
  options: Partial<DeleteOptions>,
  call: Call,
  context: ServerContext,
): { object: KubeObject; gone: boolean } {
  const { stored, info, request } = call;
  checkPreconditions(object, options, call);
  const dryRun = isDryRun(request.query?.['dryRun']) || options.dryRun?.includes('All') === true;
  const admission: AdmissionRequest = {
    operation: 'DELETE',
    kind: stored,
    namespace: info.namespace,
    name: object.metadata.name,
    subresource: '',
    old: object,
    user: request.user,
    warnings: request.contentType === undefined ? undefined : call.warnings,
    dryRun,
  };
  for (const plugin of context.admission.chainOf(admission).validate)
    plugin.validate?.(undefined, admission, context);
  const next = markDeleted(object, options, call, context);
  if (dryRun) return { object: next ?? object, gone: next === null };
  if (next === null) {
    context.storage.remove(stored, object);
    return { object, gone: true };
  }
  return { object: next === object ? object : context.storage.put(stored, next, object), gone: false };
}

function checkPreconditions(
  object: KubeObject,
  { preconditions }: Partial<DeleteOptions>,
  { stored }: Call,
): void {
  const { uid, resourceVersion, name } = object.metadata;
  const checks = [
    ['UID', preconditions?.uid, uid, 'deleted and then recreated'],
    ['ResourceVersion', preconditions?.resourceVersion, resourceVersion, 'modified'],
  ] as const;
  for (const [what, wanted, found, might] of checks) {
    if (!wanted || wanted === found) continue;
    const why = `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${might}`;
    // Upstream names the kind here, where it else names the resource.
    throw conflict(stored.group, stored.kind, name, why);
  }
}

/** The object as a delete leaves it, or null when nothing holds it back. */
function markDeleted(
  object: KubeObject,
  options: Partial<DeleteOptions>,
  { stored }: Call,
  context: ServerContext,
): KubeObject | null {
  const strategy = context.strategyOf(stored);
  const asked = options.gracePeriodSeconds;
  const grace = strategy?.graceSeconds?.(object, asked) ?? 0;
  const finalizers = finalizersFor(object, options, strategy);
  const isHeld = finalizers.length > 0 || strategy?.isFinalized?.(object) === false;
  if (grace === 0 && !isHeld) return null;
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined) {
    const before = metadata.deletionGracePeriodSeconds ?? 0;
    if (grace >= before && sameList(finalizers, metadata.finalizers ?? [])) return object;
    const shorter = Math.min(grace, before);
    return withDeletion(object, metadata.deletionTimestamp, shorter, finalizers);
  }
  const begun = strategy?.beginDelete?.(object) ?? object;
  const atMs = context.simulation.nowMs + grace * 1000;
  const counted =
    metadata.generation === undefined
      ? begun
      : { ...begun, metadata: { ...begun.metadata, generation: metadata.generation + 1 } };
  return withDeletion(counted, timestampAt(atMs), grace, finalizers);
}

function timestampAt(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

function withDeletion(
  object: KubeObject,
  at: string,
  grace: number,
  finalizers: readonly string[],
): KubeObject {
  const { finalizers: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: at,
      deletionGracePeriodSeconds: grace,
      ...(finalizers.length > 0 && { finalizers }),
    },
  };
}

/** The finalizers that the propagation policy asks for, in place of those of another policy. */
function finalizersFor(
  object: KubeObject,
  options: Partial<DeleteOptions>,
  strategy: Strategy | undefined,
): readonly string[] {
  const given = object.metadata.finalizers ?? [];
  // A deletion that has begun is not begun again: its finalizers go one by one.
  const own = object.metadata.deletionTimestamp === undefined ? (strategy?.deletionFinalizers ?? []) : [];
  const present = own.length === 0 ? given : [...new Set([...given, ...own])];
  const policy = options.propagationPolicy ?? (options.orphanDependents ? 'Orphan' : undefined);
  if (policy === undefined) return present;
  const others = present.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion');
  const added = policy === 'Background' ? [] : [propagationFinalizers[policy as 'Orphan' | 'Foreground']];
  return [...others, ...added];
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i]);
}
