/** Powers of the series below; more do not change a double any more. */
const terms = 18;

/**
 * ln(x) for x >= 1, from additions, multiplications and divisions alone: the same on every engine, which
 * Math.log does not promise.
 */
export function naturalLogarithm(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa >= 2) {
    mantissa /= 2;
    exponent++;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let k = terms; k >= 0; k--) sum = sum * z * z + 1 / (2 * k + 1);
  return exponent * Math.LN2 + 2 * z * sum;
}
