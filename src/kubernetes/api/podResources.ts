// Upstream: pkg/apis/core/helper/qos/qos.go
import type { PodSpec, PodStatus } from '#generated/types/core.v1.ts';
import { remembered } from './sharing.ts';

const counted = ['cpu', 'memory'] as const;

/** True unless a quantity is zero, in whatever unit it is written. */
function isPositive(quantity: string | number | undefined): boolean {
  return quantity !== undefined && /[1-9]/.test(String(quantity).replace(/[eE].*$/, ''));
}

/** The quality of service that a pod's requests and limits of cpu and memory earn. Remembered per spec. */
export const qosClass = remembered((spec: PodSpec): NonNullable<PodStatus['qosClass']> => {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  let isAnySet = false;
  let isGuaranteed = true;
  for (const { resources } of containers) {
    for (const name of counted) {
      const request = resources?.requests?.[name];
      const limit = resources?.limits?.[name];
      if (isPositive(request) || isPositive(limit)) isAnySet = true;
      // Quantities are normalised when they are decoded, so equal amounts are equal texts.
      if (!isPositive(limit) || (request !== undefined && String(request) !== String(limit)))
        isGuaranteed = false;
    }
  }
  if (!isAnySet) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
});
