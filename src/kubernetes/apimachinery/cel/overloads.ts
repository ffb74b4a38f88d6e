// Upstream: cel-go/common/stdlib/standard.go
import {
  bool,
  bytes,
  type CelType,
  double,
  duration,
  dyn,
  int,
  isAssignable,
  isDyn,
  joined,
  listOf,
  string,
  timestamp,
  uint,
} from './types.ts';

type Binary = readonly [left: CelType, right: CelType, result: CelType];

const numbers = [int, uint, double];
const alike = (types: readonly CelType[], result?: CelType): Binary[] =>
  types.map((type) => [type, type, result ?? type]);

const ordered: Binary[] = [
  ...alike([bool, string, bytes, timestamp, duration], bool),
  ...numbers.flatMap((left) => numbers.map((right): Binary => [left, right, bool])),
];

const binaries: Readonly<Record<string, readonly Binary[]>> = {
  '<': ordered,
  '<=': ordered,
  '>': ordered,
  '>=': ordered,
  '+': [
    ...alike([...numbers, string, bytes, duration]),
    [timestamp, duration, timestamp],
    [duration, timestamp, timestamp],
  ],
  '-': [...alike([...numbers, duration]), [timestamp, timestamp, duration], [timestamp, duration, timestamp]],
  '*': alike(numbers),
  '/': alike(numbers),
  '%': alike([int, uint]),
  '&&': alike([bool]),
  '||': alike([bool]),
};

/** The one type that all results are, else `dyn`; undefined where there are none. */
export function commonResult(results: readonly CelType[]): CelType | undefined {
  if (results.length === 0) return undefined;
  return results.every((type) => type === results[0]) ? results[0] : dyn;
}

/** What `left op right` is, undefined where the operator has no overload for them. */
export function binaryResult(op: string, left: CelType, right: CelType): CelType | undefined {
  if (op === '==' || op === '!=') return joined(left, right) && bool;
  if (op === 'in') {
    if (isDyn(right)) return bool;
    const held = right.kind === 'list' ? right.element : right.kind === 'map' ? right.key : undefined;
    return held && joined(held, left) && bool;
  }
  const results = binaries[op]!.filter(([a, b]) => isAssignable(a, left) && isAssignable(b, right)).map(
    ([, , result]) => result,
  );
  if (op === '+' && left.kind !== right.kind && (isDyn(left) || isDyn(right))) results.push(dyn);
  if (op === '+' && left.kind === 'list' && right.kind === 'list') {
    const element = joined(left.element, right.element);
    return element && listOf(element);
  }
  return commonResult(results);
}
