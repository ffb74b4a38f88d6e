// Upstream: pkg/apis/core/helper/qos/qos.go
import type { PodSpec, PodStatus } from '#generated/types/core.v1.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import { remembered } from './sharing.ts';

const counted = ['cpu', 'memory'] as const;

/** True unless a quantity is zero, in whatever unit it is written. */
function isPositive(quantity: string | number | undefined): boolean {
  return quantity !== undefined && /[1-9]/.test(String(quantity).replace(/[eE].*$/, ''));
}

/** The quality of service that a pod's own requests and limits of cpu and memory earn, else its containers'. Remembered per spec. */
export const qosClass = remembered((spec: PodSpec): NonNullable<PodStatus['qosClass']> => {
  const { requests, limits } = spec.resources ?? {};
  const isOfPod = Object.keys({ ...requests, ...limits }).length > 0;
  const owners = isOfPod ? [spec] : [...spec.containers, ...(spec.initContainers ?? [])];
  let isAnySet = false;
  let isGuaranteed = true;
  for (const { resources } of owners) {
    for (const name of counted) {
      const request = resources?.requests?.[name];
      const limit = resources?.limits?.[name];
      if (isPositive(request) || isPositive(limit)) isAnySet = true;
      if (!isPositive(limit) || (request !== undefined && compareQuantities(request, limit!) !== 0))
        isGuaranteed = false;
    }
  }
  if (!isAnySet) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
});
