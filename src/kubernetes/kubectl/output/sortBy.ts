// Upstream: kubectl/pkg/cmd/get/sorter.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { Jsonpath } from '#kubernetes/apimachinery/jsonpath.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { CommandError } from '../errors.ts';
import { compareNaturally } from './naturalOrder.ts';
import { relaxedPath } from './relaxedPath.ts';

function amountOf(text: string): bigint | undefined {
  try {
    return parseQuantity(text).nanos;
  } catch {
    return undefined;
  }
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== 'string' || typeof b !== 'string') return 0;
  const [left, right] = [amountOf(a), amountOf(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  return compareNaturally(a, b);
}

function sortWith<T>(list: readonly T[], field: string, objectOf: (one: T) => unknown): T[] {
  const expression = relaxedPath(field);
  const path = new Jsonpath(expression);
  const keyed = list.map((one) => ({
    one,
    key: path.find(objectOf(one), { allowMissingKeys: true }).flat()[0],
  }));
  if (list.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw new CommandError(
      `couldn't find any field with path ${JSON.stringify(expression)} in the list of objects`,
    );
  }
  // To upstream whatever has no value comes before everything, the last of them first.
  const without = keyed.filter(({ key }) => key === undefined).reverse();
  const others = keyed.filter(({ key }) => key !== undefined).sort((a, b) => compare(a.key, b.key));
  return [...without, ...others].map(({ one }) => one);
}

/** Objects by the value that a JSONPath finds in each: numbers, quantities, or texts in natural order. */
export function sortObjects(objects: readonly KubeObject[], field: string): KubeObject[] {
  return sortWith(objects, field, (object) => object);
}

/** A table's rows by their objects. */
export function sortRows<T extends { readonly object: unknown }>(rows: readonly T[], field: string): T[] {
  return sortWith(rows, field, ({ object }) => object);
}
