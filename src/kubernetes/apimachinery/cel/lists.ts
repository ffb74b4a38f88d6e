// Upstream: apiserver/pkg/cel/library/lists.go, cel-go/ext/{lists,sets,math}.go
import type { Environment } from '@marcbachmann/cel-js';
import { deepEqual } from '../structure.ts';
import { addNamespace } from './namespace.ts';

/** Values of which one can be less than another. */
type Ordered = bigint | number | string | boolean;

/** Upstream: cel-go/ext/lists.go. */
const flattenDepthMax = 100n;
const rangeMax = 1000n;

function isLess(a: Ordered, b: Ordered): boolean {
  return a.valueOf() < b.valueOf();
}

function extreme(
  list: readonly Ordered[],
  isBetter: (a: Ordered, b: Ordered) => boolean,
  name: string,
): Ordered {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, entry) => (isBetter(entry, best) ? entry : best));
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  if (list.length === 0) return 0n;
  return list.slice(1).reduce((total, entry) => (total as number) + (entry as number), list[0]!);
}

function flatten(list: readonly unknown[], depth: bigint): unknown[] {
  if (depth < 0n) throw new Error('level must be non-negative');
  return list.flatMap((entry) =>
    Array.isArray(entry) && depth > 0n ? flatten(entry as unknown[], depth - 1n) : [entry],
  );
}

function distinct(list: readonly unknown[]): unknown[] {
  return list.filter((entry, index) => !list.slice(0, index).some((earlier) => deepEqual(earlier, entry)));
}

function slice(list: readonly unknown[], from: bigint, to: bigint): unknown[] {
  if (from < 0n || to > BigInt(list.length) || from > to)
    throw new Error(`cannot slice(${from}, ${to}), list is length ${list.length}`);
  return list.slice(Number(from), Number(to));
}

function range(size: bigint): bigint[] {
  if (size > rangeMax) throw new Error(`lists.range(${size}) is too long`);
  return Array.from({ length: Number(size) }, (_, index) => BigInt(index));
}

const contains = (list: readonly unknown[], others: readonly unknown[]): boolean =>
  others.every((other) => list.some((entry) => deepEqual(entry, other)));

/** What Kubernetes' CEL knows of lists beyond the language. */
export function addListFunctions(environment: Environment): void {
  addNamespace(environment, 'lists', 'Lists');
  addNamespace(environment, 'sets', 'Sets');
  addNamespace(environment, 'math', 'Mathematics');
  environment
    .registerFunction('list.isSorted(): bool', (list: Ordered[]) =>
      list.every((entry, index) => index === 0 || !isLess(entry, list[index - 1]!)),
    )
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.min(): dyn', (list: Ordered[]) => extreme(list, isLess, 'min'))
    .registerFunction('list.max(): dyn', (list: Ordered[]) => extreme(list, (a, b) => isLess(b, a), 'max'))
    .registerFunction('list.indexOf(dyn): int', (list: unknown[], wanted: unknown) =>
      BigInt(list.findIndex((entry) => deepEqual(entry, wanted))),
    )
    .registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], wanted: unknown) =>
      BigInt(list.findLastIndex((entry) => deepEqual(entry, wanted))),
    )
    .registerFunction('list.slice(int, int): list', slice)
    .registerFunction('list.flatten(): list', (list: unknown[]) => flatten(list, 1n))
    .registerFunction('list.flatten(int): list', (list: unknown[], depth: bigint) =>
      flatten(list, depth > flattenDepthMax ? flattenDepthMax : depth),
    )
    .registerFunction('list.distinct(): list', distinct)
    .registerFunction('list.reverse(): list', (list: unknown[]) => [...list].reverse())
    .registerFunction('list.sort(): list', (list: Ordered[]) =>
      [...list].sort((a, b) => (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0)),
    )
    .registerFunction('Lists.range(int): list', (_lists: object, size: bigint) => range(size))
    .registerFunction('Sets.contains(list, list): bool', (_sets: object, a: unknown[], b: unknown[]) =>
      contains(a, b),
    )
    .registerFunction(
      'Sets.equivalent(list, list): bool',
      (_sets: object, a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a),
    )
    .registerFunction('Sets.intersects(list, list): bool', (_sets: object, a: unknown[], b: unknown[]) =>
      b.some((other) => contains(a, [other])),
    );
  for (const [name, isBetter] of [
    ['greatest', (a: Ordered, b: Ordered) => isLess(b, a)],
    ['least', isLess],
  ] as const) {
    environment.registerFunction(`Mathematics.${name}(list): dyn`, (_math: object, list: Ordered[]) =>
      extreme(list, isBetter, name),
    );
    environment.registerFunction(
      `Mathematics.${name}(dyn, dyn): dyn`,
      (_math: object, ...values: Ordered[]) => extreme(values, isBetter, name),
    );
    environment.registerFunction(
      `Mathematics.${name}(dyn, dyn, dyn): dyn`,
      (_math: object, ...values: Ordered[]) => extreme(values, isBetter, name),
    );
  }
}
