import { Environment } from '@marcbachmann/cel-js';

/** A compiled expression: variables by name, already through `celValue`. It throws where CEL has an error. */
export type CelExpression = (variables: Record<string, unknown>) => unknown;

const environment = new Environment({ unlistedVariablesAreDyn: true });
const converted = new WeakMap<object, unknown>();

/** Reads a CEL expression. Throws an Error whose message points at the place. */
export function compileCel(text: string): CelExpression {
  return environment.parse(text);
}

/** A JSON value as CEL sees it: whole numbers are ints. Objects that never change are converted once. */
export function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  let known = converted.get(value);
  if (known === undefined) {
    known = Array.isArray(value)
      ? value.map(celValue)
      : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, celValue(entry)]));
    converted.set(value, known);
  }
  return known;
}
