// Upstream: apimachinery/pkg/util/intstr/intstr.go

/** A number, or a percentage of `total` rounded up or down; 0 when unset. */
export function scaledValue(value: string | number | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = Number(value.replace(/%$/, ''));
  // Whole percents of whole numbers: the product is exact, so the division rounds right.
  const scaled = (percent * total) / 100;
  return round === 'up' ? Math.ceil(scaled) : Math.floor(scaled);
}
