import { ToolError } from '../tool.ts';

/** Operators on numbers, assignments' included. */
export const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => divide(a, b, 'division by zero'),
  '%': (a, b) => a % divide(b, 1, ''),
  '^': integerPower,
  '**': integerPower,
};

function divide(a: number, b: number, message: string): number {
  if (b === 0) throw new ToolError(message, 2);
  return a / b;
}

/** Powers with whole exponents; others would depend on the engine's mathematics. */
function integerPower(base: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(base);
  if (!Number.isInteger(exponent)) throw new ToolError('powers with a fraction are not simulated yet', 2);
  let result = 1;
  for (let count = 0; count < Math.min(Math.abs(exponent), 2_000); count++) result *= base;
  return exponent < 0 ? 1 / result : result;
}

/** What the order of two values says. */
export const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};
