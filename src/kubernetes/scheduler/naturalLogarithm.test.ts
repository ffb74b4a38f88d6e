import { expect, test } from 'vitest';
import { naturalLogarithm } from './naturalLogarithm.ts';

test('agrees with the engine to the last digits', () => {
  for (let x = 1; x < 20_000; x++) {
    const exact = Math.log(x);
    expect(Math.abs(naturalLogarithm(x) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 4e-16);
  }
});
