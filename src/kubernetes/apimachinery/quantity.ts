// Upstream: apimachinery/pkg/api/resource/quantity.go
import { badRequest } from './statusError.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact amount. Upstream too keeps nothing finer than a nano. */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
  /** In thousandths, and in whole units; both rounded away from zero, exact up to 2^53. */
  readonly millis: number;
  readonly units: number;
  /** The canonical form, which is what the server stores. */
  readonly text: string;
}

const nanosPerUnit = 1_000_000_000n;
const nanosPerMilli = 1_000_000n;
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** The most that a quantity with a binary suffix can say: 2^63 - 1. */
const binaryMax = (2n ** 63n - 1n) * nanosPerUnit;
/** Exponents beyond are refused: upstream keeps them unexpanded, and nobody has 1e1000 of anything. */
const exponentMax = 1000;

const formatMessage =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericMessage = 'unable to parse numeric part of quantity';
const suffixMessage = "unable to parse quantity's suffix";

const parsed = new Map<string, Quantity>();
/** How many parsed quantities are kept; manifests repeat few. */
const parsedMax = 4096;

/**
 * Reads `100m`, `1.5Gi`, `1e3` or a plain number. The result is remembered, so that parsing the same text
 * again is a look-up. Throws a BadRequest with upstream's sentence.
 */
export function parseQuantity(value: string | number): Quantity {
  const text = String(value);
  let quantity = parsed.get(text);
  if (!quantity) {
    quantity = parse(text);
    if (parsed.size >= parsedMax) parsed.clear();
    parsed.set(text, quantity);
  }
  return quantity;
}

function parse(text: string): Quantity {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (!match || text === '') throw badRequest(formatMessage);
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const { base, exponent, format } = readSuffix(suffix);
  // A bare suffix is zero, but for those that upstream's fast path cannot hold.
  if (whole + fraction === '' && base === 2 && exponent >= 50) throw badRequest(numericMessage);
  const digits = BigInt(whole + fraction);
  const scaled = base === 2 ? digits * 2n ** BigInt(exponent) : digits;
  const nanos = shiftRoundingUp(scaled, (base === 10 ? exponent : 0) + 9 - fraction.length);
  const capped = format === 'BinarySI' && nanos > binaryMax ? binaryMax : nanos;
  const tooSmall = format === 'BinarySI' && capped > 0n && capped < nanosPerUnit;
  const keepsText = isCanonical(whole.replace(/^0+/, '') || '0', fraction, exponent, format);
  return quantityOf(
    sign === '-' ? -capped : capped,
    tooSmall ? 'DecimalSI' : format,
    keepsText ? text : undefined,
  );
}

function readSuffix(suffix: string): { base: 2 | 10; exponent: number; format: QuantityFormat } {
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { base: 10, exponent: decimal * 3 - 9, format: 'DecimalSI' };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { base: 2, exponent: binary * 10, format: 'BinarySI' };
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > exponentMax) throw badRequest(suffixMessage);
  return { base: 10, exponent: Number(exponent), format: 'DecimalExponent' };
}

/** `value` × 10^`places`; what would be lost rounds the magnitude up. */
function shiftRoundingUp(value: bigint, places: number): bigint {
  return places >= 0 ? value * 10n ** BigInt(places) : divideRoundingUp(value, 10n ** BigInt(-places));
}

/** Rounds away from zero. */
function divideRoundingUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (quotient * divisor === value) return quotient;
  return value > 0n ? quotient + 1n : quotient - 1n;
}

/** Whether upstream's parser takes the text as canonical already, and keeps it as it stands (`1E3`, `+1`). */
function isCanonical(whole: string, fraction: string, exponent: number, format: QuantityFormat): boolean {
  if (format === 'BinarySI') {
    const precision = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1;
    return fraction === '' && precision >= 0 && (BigInt(whole) & 7n) !== 0n;
  }
  const digits = whole + fraction;
  const scale = exponent - fraction.length;
  if (digits.length > 18 || scale < -9 || scale % 3 !== 0) return false;
  return !digits.endsWith('000') && !digits.startsWith('0');
}

function quantityOf(nanos: bigint, format: QuantityFormat, text = canonical(nanos, format)): Quantity {
  return {
    nanos,
    format,
    millis: Number(divideRoundingUp(nanos, nanosPerMilli)),
    units: Number(divideRoundingUp(nanos, nanosPerUnit)),
    text,
  };
}

function canonical(nanos: bigint, format: QuantityFormat): string {
  if (nanos === 0n) return '0';
  if (format === 'BinarySI' && nanos % nanosPerUnit === 0n) {
    const units = nanos / nanosPerUnit;
    if (units <= -1024n || units >= 1024n) {
      const binary = binaryText(units);
      if (binary !== undefined) return binary;
    }
  }
  return decimalText(nanos, format === 'DecimalExponent');
}

function binaryText(units: bigint): string | undefined {
  let mantissa = units;
  let step = 0;
  for (; mantissa % 1024n === 0n; step++) mantissa /= 1024n;
  return step < binarySuffixes.length ? `${mantissa}${binarySuffixes[step]}` : undefined;
}

function decimalText(nanos: bigint, asExponent: boolean): string {
  let mantissa = nanos;
  let exponent = -9;
  for (; mantissa % 1000n === 0n; exponent += 3) mantissa /= 1000n;
  const suffix = asExponent ? undefined : decimalSuffixes[exponent / 3 + 3];
  if (suffix !== undefined) return `${mantissa}${suffix}`;
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
}

/** The canonical text of a quantity: `1024Mi` is `1Gi`, `0.5` is `500m`. Canonical text comes back as it is. */
export function canonicalQuantity(value: string | number): string {
  return parseQuantity(value).text;
}

/** In thousandths, rounded up: millicores for CPU. */
export function milliValue(value: string | number | undefined): number {
  return value === undefined ? 0 : parseQuantity(value).millis;
}

/** In whole units, rounded up: bytes for memory, a count for pods. */
export function unitValue(value: string | number | undefined): number {
  return value === undefined ? 0 : parseQuantity(value).units;
}

/** Negative, zero or positive, as `a` is less than, equal to or more than `b`. */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = parseQuantity(a).nanos - parseQuantity(b).nanos;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The sum, in the format of `a`, or of `b` where `a` is zero. */
export function addQuantities(a: string | number, b: string | number): string {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  if (right.nanos === 0n) return left.text;
  return canonical(left.nanos + right.nanos, left.nanos === 0n ? right.format : left.format);
}

/** The difference, in the format of `a`, or of `b` where `a` is zero. */
export function subtractQuantities(a: string | number, b: string | number): string {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  return canonical(left.nanos - right.nanos, left.nanos === 0n ? right.format : left.format);
}

/** The canonical text of a whole number of thousandths, such as millicores: `250m`, `2`. */
export function formatMillis(millis: number): string {
  return canonical(BigInt(millis) * nanosPerMilli, 'DecimalSI');
}

/** The canonical text of a whole number of units: bytes in BinarySI (`128Mi`), counts in DecimalSI (`110`). */
export function formatUnits(units: number, format: QuantityFormat): string {
  return canonical(BigInt(units) * nanosPerUnit, format);
}
