// Upstream: apiserver/pkg/cel/library/{quantity,semverlib}.go
import type { Environment } from '@marcbachmann/cel-js';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  parseQuantity,
  subtractQuantities,
} from '../quantity.ts';

/** A resource quantity such as `200Mi`, in CEL. */
class Quantity {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return canonicalQuantity(this.text);
  }
}

const nanosPerUnit = 1_000_000_000n;

function readQuantity(text: string): Quantity {
  try {
    parseQuantity(text);
  } catch {
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return new Quantity(text);
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

const isWhole = ({ text }: Quantity) => parseQuantity(text).nanos % nanosPerUnit === 0n;

function asInteger(quantity: Quantity): bigint {
  if (!isWhole(quantity)) throw new Error('cannot convert value to integer');
  return parseQuantity(quantity.text).nanos / nanosPerUnit;
}

const compare = (a: Quantity, b: Quantity) => compareQuantities(a.text, b.text);

function addQuantityFunctions(environment: Environment): void {
  environment
    .registerType('Quantity', Quantity)
    .registerFunction('quantity(string): Quantity', readQuantity)
    .registerFunction('isQuantity(string): bool', isQuantity)
    .registerFunction('string(Quantity): string', (quantity: Quantity) => quantity.toString())
    .registerFunction('Quantity.isInteger(): bool', isWhole)
    .registerFunction('Quantity.asInteger(): int', asInteger)
    .registerFunction(
      'Quantity.asApproximateFloat(): double',
      ({ text }: Quantity) => Number(parseQuantity(text).nanos) / Number(nanosPerUnit),
    )
    .registerFunction('Quantity.sign(): int', ({ text }: Quantity) =>
      BigInt(Math.sign(Number(parseQuantity(text).nanos))),
    )
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) =>
      BigInt(compare(a, b)),
    )
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Quantity, b: Quantity) => compare(a, b) < 0)
    .registerFunction(
      'Quantity.isGreaterThan(Quantity): bool',
      (a: Quantity, b: Quantity) => compare(a, b) > 0,
    )
    .registerOperator('Quantity == Quantity', (a: Quantity, b: Quantity) => compare(a, b) === 0);
  for (const [name, combine] of [
    ['add', addQuantities],
    ['sub', subtractQuantities],
  ] as const) {
    environment
      .registerFunction(
        `Quantity.${name}(Quantity): Quantity`,
        (a: Quantity, b: Quantity) => new Quantity(combine(a.text, b.text)),
      )
      .registerFunction(
        `Quantity.${name}(int): Quantity`,
        (a: Quantity, b: bigint) => new Quantity(combine(a.text, String(b))),
      );
  }
}

/** A version such as `1.2.3-rc.1`, in CEL. */
class Semver {
  readonly numbers: readonly bigint[];
  readonly pre: readonly string[];
  constructor(numbers: readonly bigint[], pre: readonly string[]) {
    this.numbers = numbers;
    this.pre = pre;
  }
}

const semverPattern =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z.-]+)?$/;

/** Adds what a lenient version leaves out: `v1.2` is 1.2.0. */
function normalized(text: string): string {
  const [, core = '', rest = ''] = /^v?([\d.]*)(.*)$/.exec(text) ?? [];
  const parts = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return parts.join('.') + rest;
}

function readSemver(text: string): Semver | undefined {
  const match = semverPattern.exec(text);
  if (match === null) return undefined;
  return new Semver(match.slice(1, 4).map(BigInt), match[4]?.split('.') ?? []);
}

function semver(text: string): Semver {
  const found = readSemver(text);
  if (found === undefined) throw new Error(`No Major.Minor.Patch elements found`);
  return found;
}

function comparePart(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  const [left, right] = aIsNumber ? [BigInt(a), BigInt(b)] : [a, b];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareSemver(a: Semver, b: Semver): bigint {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index]!;
    if (number !== other) return number < other ? -1n : 1n;
  }
  // A version before a release is less than the release.
  if (a.pre.length === 0 || b.pre.length === 0) return BigInt(Math.sign(b.pre.length - a.pre.length));
  for (let index = 0; index < Math.min(a.pre.length, b.pre.length); index++) {
    const difference = comparePart(a.pre[index]!, b.pre[index]!);
    if (difference !== 0) return BigInt(difference);
  }
  return BigInt(Math.sign(a.pre.length - b.pre.length));
}

function addSemverFunctions(environment: Environment): void {
  environment
    .registerType('Semver', Semver)
    .registerFunction('semver(string): Semver', semver)
    .registerFunction('semver(string, bool): Semver', (text: string, isLenient: boolean) =>
      semver(isLenient ? normalized(text) : text),
    )
    .registerFunction('isSemver(string): bool', (text: string) => readSemver(text) !== undefined)
    .registerFunction(
      'isSemver(string, bool): bool',
      (text: string, isLenient: boolean) => readSemver(isLenient ? normalized(text) : text) !== undefined,
    )
    .registerFunction('Semver.compareTo(Semver): int', compareSemver)
    .registerFunction('Semver.isLessThan(Semver): bool', (a: Semver, b: Semver) => compareSemver(a, b) < 0n)
    .registerFunction(
      'Semver.isGreaterThan(Semver): bool',
      (a: Semver, b: Semver) => compareSemver(a, b) > 0n,
    )
    .registerOperator('Semver == Semver', (a: Semver, b: Semver) => compareSemver(a, b) === 0n);
  for (const [index, name] of ['major', 'minor', 'patch'].entries())
    environment.registerFunction(`Semver.${name}(): int`, ({ numbers }: Semver) => numbers[index]!);
}

/** Quantities and versions. */
export function addMeasures(environment: Environment): void {
  addQuantityFunctions(environment);
  addSemverFunctions(environment);
}
