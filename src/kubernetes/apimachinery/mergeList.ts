// Upstream: apimachinery/pkg/util/strategicpatch/patch.go, the part about lists
import { formatGoValue, goTypeOf, isObject } from './goValue.ts';
import { badRequest, StatusError } from './statusError.ts';

export type List = readonly unknown[];
export type Fields = { readonly [key: string]: unknown };

/** What the elements of these lists all are. Throws where they differ, or are lists themselves. */
export function elementKind(...lists: List[]): 'object' | 'scalar' {
  let type: string | undefined;
  for (const element of lists.flat()) {
    const elementType = goTypeOf(element);
    if (type !== undefined && type !== elementType) {
      const shown = lists.map((list) => formatGoValue(list)).join(' ');
      throw senseless(`list element types are not identical: [${shown}]`);
    }
    if (Array.isArray(element)) throw badRequest('lists of lists are not supported');
    type = elementType;
  }
  if (type === undefined) throw senseless('no elements in any of the given slices');
  return type.startsWith('map') ? 'object' : 'scalar';
}

/** A merge that cannot be done; the server passes these on as errors without a reason. */
export function senseless(message: string): StatusError {
  return new StatusError('Unknown', message);
}

export function wrongType(wanted: 'list' | 'object', got: unknown): Error {
  const type = wanted === 'list' ? '[]interface {}' : 'map[string]interface {}';
  return senseless(`expected a ${type}, but received a ${goTypeOf(got)}`);
}

/** The element as an object with a merge key. Throws where it has none. */
export function keyed(element: unknown, mergeKey: string): Fields {
  if (!isObject(element)) throw wrongType('object', element);
  if (element[mergeKey] === undefined) {
    const shown = formatGoValue(element);
    throw senseless(`map: ${shown} does not contain declared merge key: ${mergeKey}`);
  }
  return element;
}

/** Where the element with that key stands, -1 for nowhere. */
export function findByKey(list: List, mergeKey: string, value: unknown): number {
  for (const [index, element] of list.entries()) {
    if (!isObject(element)) throw senseless(`value for key ${index} is not a map`);
    if (element[mergeKey] !== undefined && element[mergeKey] === value) return index;
  }
  return -1;
}

/** What identifies an element: its merge key's value, or the scalar itself. */
function identity(element: unknown, mergeKey: string): unknown {
  return isObject(element) ? element[mergeKey] : element;
}

/** The elements that `order` has, and those that it has not. */
export function partition(list: List, order: List, mergeKey: string): { inside: List; outside: List } {
  const known = new Set(order.map((element) => identity(element, mergeKey)));
  if (mergeKey !== '') {
    for (const element of list) keyed(element, mergeKey);
    if (list.length > 0) findByKey(order, mergeKey, undefined);
  }
  const isInside = (element: unknown) => known.has(identity(element, mergeKey));
  return { inside: list.filter(isInside), outside: list.filter((element) => !isInside(element)) };
}

/**
 * Puts together what a patch and the server have of one list: the patch's elements in the order of
 * `patchOrder`, the server's own in that of `serverOrder`, interleaved as the server had them.
 */
export function weave(
  { inside, outside }: { inside: List; outside: List },
  patchOrder: List,
  serverOrder: List,
  mergeKey: string,
): List {
  const patched = sortBy(inside, patchOrder, mergeKey);
  const serverOnly = sortBy(outside, serverOrder, mergeKey);
  const places = placesIn(serverOrder, mergeKey);
  const result: unknown[] = [];
  let next = 0;
  for (const element of serverOnly) {
    const place = places.get(identity(element, mergeKey)) ?? -1;
    while (next < patched.length) {
      const other = places.get(identity(patched[next], mergeKey)) ?? -1;
      if (place >= 0 && other >= 0 && place < other) break;
      result.push(patched[next++]);
    }
    result.push(element);
  }
  return [...result, ...patched.slice(next)];
}

function placesIn(order: List, mergeKey: string): Map<unknown, number> {
  const places = new Map<unknown, number>();
  for (const [index, element] of order.entries()) {
    const id = identity(element, mergeKey);
    if (!places.has(id)) places.set(id, index);
  }
  return places;
}

/** Sorts by the order of another list; deletions go last. */
export function sortBy(list: List, order: List, mergeKey: string): List {
  if (mergeKey !== '') for (const element of [...list, ...order]) keyed(element, mergeKey);
  const places = placesIn(order, mergeKey);
  const isDeletion = (element: unknown) => isObject(element) && element['$patch'] === 'delete';
  const sorted: unknown[] = [];
  // Upstream's comparison puts what the order does not know before everything it is compared to.
  for (const element of list.filter((entry) => !isDeletion(entry))) {
    const place = places.get(identity(element, mergeKey));
    let at = sorted.length;
    for (; at > 0; at--) {
      const before = places.get(identity(sorted[at - 1], mergeKey));
      if (place !== undefined && before !== undefined && place >= before) break;
    }
    sorted.splice(at, 0, element);
  }
  return [...sorted, ...list.filter(isDeletion)];
}
