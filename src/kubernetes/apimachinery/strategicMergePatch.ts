// Upstream: apimachinery/pkg/util/strategicpatch/patch.go
import { formatGoValue, isObject } from './goValue.ts';
import {
  elementKind,
  findByKey,
  keyed,
  partition,
  senseless,
  weave,
  wrongType,
  type Fields,
  type List,
} from './mergeList.ts';
import { patchFieldOf, type PatchField, type PatchSchema } from './patchSchema.ts';
import { badRequest } from './statusError.ts';
import { deepEqual, share } from './structure.ts';

type Mutable = { [key: string]: unknown };

/**
 * `apply` merges a patch into an object. `combine` merges one patch into another: directives and deletions
 * are carried along instead of being obeyed.
 */
export type MergeMode = 'apply' | 'combine';

const deletionPrefix = '$deleteFromPrimitiveList';
const orderPrefix = '$setElementOrder';

/**
 * `object` with the strategic merge patch applied, sharing all that the patch did not touch; the object
 * itself where nothing changes. Throws a StatusError with upstream's words for a patch
 * that makes no sense: a BadRequest where the server calls it that, else one without a reason.
 */
export function applyStrategicMergePatch<T>(object: T, patch: unknown, schema: PatchSchema | undefined): T {
  if (patch === null) return object;
  if (!isObject(patch) || !isObject(object)) throw badRequest('invalid JSON document');
  return share(mergeFields(object, patch, schema, 'apply') as T, object);
}

/** The fields of `patch` merged into those of `original`; neither is changed. */
export function mergeFields(
  original: Fields,
  patch: Fields,
  schema: PatchSchema | undefined,
  mode: MergeMode,
): Fields {
  const directive = patch['$patch'];
  if (directive === 'replace') return omit(patch, '$patch');
  if (directive === 'delete') return {};
  if (directive !== undefined) throw unknownDirective(directive, patch);
  const target: Mutable = { ...original };
  const rest: Mutable = { ...patch };
  retainKeys(target, rest, mode);
  for (const key of Object.keys(rest))
    if (key.startsWith(orderPrefix)) mergeOrdered(target, rest, key, schema, mode);
  // Upstream takes the fields in no order; deletions come first here, so that what the patch adds stays.
  const isDeletion = ([key]: [string, unknown]) => key.startsWith(deletionPrefix);
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
  for (const [key, value] of fields.filter(isDeletion)) mergeField(target, key, value, schema, mode);
  for (const [key, value] of fields.filter((field) => !isDeletion(field)))
    mergeField(target, key, value, schema, mode);
  return target;
}

function unknownDirective(directive: unknown, fields: Fields): Error {
  return senseless(`unknown patch type: ${formatGoValue(directive)} in map: ${formatGoValue(fields)}`);
}

function omit(fields: Fields, key: string): Fields {
  const { [key]: _, ...rest } = fields;
  return rest;
}

/** Obeys `$retainKeys`: clears the fields that it does not name. */
function retainKeys(target: Mutable, patch: Mutable, mode: MergeMode): void {
  const list = patch['$retainKeys'];
  if (list === undefined) return;
  delete patch['$retainKeys'];
  if (mode === 'combine') {
    const known = target['$retainKeys'];
    if (known !== undefined && !deepEqual(known, list)) {
      const both = `${formatGoValue(known)} and ${formatGoValue(list)}`;
      throw badRequest(`${both} are not deep equal: this may happen when calculating the 3-way diff patch`);
    }
    target['$retainKeys'] = list;
    return;
  }
  const isDirective = (key: string) => key.startsWith(deletionPrefix) || key.startsWith(orderPrefix);
  const isRetained = (key: string) => Array.isArray(list) && list.includes(key);
  const allNamed = Object.entries(patch).every(
    ([key, value]) => value === null || isDirective(key) || isRetained(key),
  );
  if (!Array.isArray(list) || !allNamed) throw badRequest('invalid patch format of retainKeys');
  for (const key of Object.keys(target)) if (!isRetained(key)) delete target[key];
}

/** The field that a directive such as `$setElementOrder/containers` is about. */
function directedField(key: string, prefix: string, what: string): string {
  if (key.startsWith(`${prefix}/`)) return key.slice(prefix.length + 1);
  throw badRequest(`invalid patch format of ${what} list`);
}

/** Obeys one `$setElementOrder`, together with the list of the patch that it orders. */
function mergeOrdered(
  target: Mutable,
  patch: Mutable,
  directive: string,
  schema: PatchSchema | undefined,
  mode: MergeMode,
): void {
  const order = patch[directive];
  if (mode === 'combine') {
    const known = target[directive];
    if (known !== undefined && !deepEqual(known, order))
      throw badRequest('invalid patch format of setElementOrder list');
    target[directive] = order;
  }
  delete patch[directive];
  if (!Array.isArray(order)) throw wrongType('list', order);
  const key = directedField(directive, orderPrefix, 'setElementOrder');
  const before = listAt(target, key);
  const patched = listAt(patch, key);
  const field = patchFieldOf(schema, key);
  const mergeKey = field.mergeKey ?? '';
  if (patched) checkOrder(patched, order, mergeKey);
  const merged = before && patched ? mergeList(before, patched, field, mode) : (before ?? patched);
  if (!merged) return;
  elementKind(before ?? [], patched ?? []);
  target[key] = weave(
    partition(merged, order, mergeKey),
    order,
    serverOrder(before ?? [], merged, mergeKey),
    mergeKey,
  );
  delete patch[key];
}

/**
 * The order of the server's list. Upstream edits that list in place, so that new elements have moved into
 * the room that deleted ones left: they count as the server's last.
 */
function serverOrder(before: List, merged: List, mergeKey: string): List {
  const kept = partition(before, merged, mergeKey).inside;
  return [...kept, ...partition(merged, before, mergeKey).outside].slice(0, before.length);
}

function listAt(fields: Fields, key: string): List | undefined {
  const value = fields[key];
  if (value !== undefined && !Array.isArray(value)) throw wrongType('list', value);
  return value;
}

/** The patch's elements must stand in `$setElementOrder`, and in that order; deletions need not. */
function checkOrder(patched: List, order: List, mergeKey: string): void {
  if (order.length === 0) return;
  let at = 0;
  for (const element of patched) {
    const directive = isObject(element) ? element['$patch'] : undefined;
    if (directive === 'delete' || (directive !== undefined && at < order.length)) continue;
    while (at < order.length && !isSameElement(element, order[at], mergeKey)) at++;
    if (at >= order.length) {
      const [list, wanted] = [formatGoValue(patched), formatGoValue(order)];
      throw senseless(`The order in patch list:\n${list}\n doesn't match ${orderPrefix} list:\n${wanted}\n`);
    }
    at++;
  }
}

function isSameElement(element: unknown, other: unknown, mergeKey: string): boolean {
  if (mergeKey === '') return element === other;
  return keyed(element, mergeKey)[mergeKey] === keyed(other, mergeKey)[mergeKey];
}

function mergeField(
  target: Mutable,
  patchKey: string,
  value: unknown,
  schema: PatchSchema | undefined,
  mode: MergeMode,
): void {
  const isDeletion = patchKey.startsWith(deletionPrefix);
  if (isDeletion && mode === 'combine') {
    target[patchKey] = value;
    return;
  }
  const key = isDeletion ? directedField(patchKey, deletionPrefix, 'primitive') : patchKey;
  if (value === null) {
    delete target[key];
    if (mode === 'apply') return;
  }
  const before = target[key];
  if (isObject(before) && isObject(value)) {
    const field = patchFieldOf(schema, key);
    target[key] = field.strategy === 'replace' ? value : mergeFields(before, value, field.value, mode);
  } else if (Array.isArray(before) && Array.isArray(value)) {
    const field = patchFieldOf(schema, key);
    target[key] = isDeletion ? deleteFrom(before, value, field) : mergeList(before, value, field, mode);
  } else if (!isDeletion) {
    const kept = withoutDirectives(mode === 'apply' ? withoutNulls(value) : value);
    if (kept === undefined) delete target[key];
    else target[key] = kept;
  }
}

function deleteFrom(list: List, deleted: List, field: PatchField): List {
  if (field.strategy !== 'merge') return deleted;
  if (list.length + deleted.length > 0) elementKind(list, deleted);
  return list.filter((element) => !deleted.includes(element));
}

function mergeList(original: List, patch: List, field: PatchField, mode: MergeMode): List {
  if (field.strategy !== 'merge') return patch;
  if (original.length === 0 && patch.length === 0) return original;
  if (elementKind(original, patch) === 'scalar') {
    const merged = [...new Set([...original, ...patch])];
    return weave(partition(merged, patch, ''), patch, original, '');
  }
  const { mergeKey } = field;
  if (mergeKey === undefined) throw senseless('cannot merge lists without merge key for type struct');
  const { server, changes } = obeyElements(original, patch, mergeKey);
  const merged = [...server];
  for (const element of changes) {
    const value = keyed(element, mergeKey)[mergeKey];
    const at = findByKey(merged, mergeKey, value);
    if (at < 0) merged.push(element);
    else merged[at] = mergeFields(merged[at] as Fields, element, field.value, mode);
  }
  return weave(partition(merged, changes, mergeKey), changes, server, mergeKey);
}

/** Obeys the elements of a patch's list that are directives, and leaves the others. */
function obeyElements(
  original: List,
  patch: List,
  mergeKey: string,
): { server: List; changes: readonly Fields[] } {
  let server = original;
  let replaces = false;
  const changes: Fields[] = [];
  for (const element of patch as readonly Fields[]) {
    const directive = element['$patch'];
    if (directive === undefined) changes.push(element);
    else if (directive === 'replace') replaces = true;
    else if (directive === 'delete') {
      const value = keyed(element, mergeKey)[mergeKey];
      findByKey(server, mergeKey, undefined);
      server = server.filter((other) => (other as Fields)[mergeKey] !== value);
    } else if (directive === 'merge') throw senseless('merging lists cannot yet be specified in the patch');
    else throw unknownDirective(directive, element);
  }
  return replaces ? { server: changes, changes: [] } : { server, changes };
}

/** A value that is new to the target: fields that are null are as good as absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNulls(field)]));
}

/** A value that is new to the target: there is nothing that a `$patch` in it could be about. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((entry) => entry !== undefined);
  if (!isObject(value)) return value;
  if (value['$patch'] !== undefined) return undefined;
  const fields = Object.entries(value).map(([key, field]) => [key, withoutDirectives(field)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}
