// Upstream: pkg/kubelet/eviction/helpers.go evictionMessage
import { formatUnits, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Candidate } from './ranking.ts';
import { type Observations, quantityOf, resourceOf, type Threshold } from './thresholds.ts';

const format = (threshold: Threshold, amount: number) =>
  formatUnits(amount, threshold.signal === 'pid.available' ? 'DecimalSI' : 'BinarySI');

/** What a pod that is evicted is told; sentences end with a space, as upstream's do. */
export function evictionMessage(
  { usage }: Candidate,
  threshold: Threshold,
  observations: Observations,
): string {
  const resource = resourceOf(threshold.signal);
  const { available, capacity } = observations[threshold.signal];
  const quantity = format(threshold, quantityOf(threshold, capacity));
  let message = `The node was low on resource: ${resource}. Threshold quantity: ${quantity}, available: ${format(threshold, available)}. `;
  if (threshold.signal === 'pid.available') return message;
  for (const { spec, memory, disk } of usage.containers) {
    const used = resource === 'memory' ? memory : disk;
    const request = spec.resources?.requests?.[resource] ?? '0';
    if (used <= unitValue(request)) continue;
    message += `Container ${spec.name} was using ${format(threshold, used)}, request is ${request}, has larger consumption of ${resource}. `;
  }
  return message;
}
