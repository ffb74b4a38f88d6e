// Upstream: defaultHugePagePodLimits and defaultPodRequests in pkg/apis/core/v1/defaults.go
import type { PodSpec } from '#generated/types/core.v1.ts';
import { containerQuantities, type Quantities } from './podQuantities.ts';
import { rememberedCompletion } from './sharing.ts';

const overcommittable = ['cpu', 'memory'];

const isHugePages = (name: string) => name.startsWith('hugepages-');

/** What a pod may say of all of its containers together. */
export function isPodLevel(name: string): boolean {
  return overcommittable.includes(name) || isHugePages(name);
}

function only(quantities: Quantities, isCounted: (name: string) => boolean): Quantities {
  return Object.fromEntries(Object.entries(quantities).filter(([name]) => isCounted(name)));
}

/**
 * Completes what a pod says of its own resources, where it says something: huge pages are limited to what the
 * containers may use, and where there are limits, requests are what the containers ask for, else the limits.
 * Remembered per spec.
 */
export const completeResources = rememberedCompletion((spec: PodSpec): PodSpec => {
  const { resources } = spec;
  const { requests: asked = {}, limits: limited = {} } = resources ?? {};
  if (Object.keys({ ...asked, ...limited }).length === 0) return spec;
  const ofContainers = containerQuantities(spec);
  const pages = only(ofContainers.limits, (name) => isHugePages(name) && asked[name] === undefined);
  const limits = { ...pages, ...limited };
  if (Object.keys(limits).length === 0) return spec;
  const requests = {
    ...only(limits, isPodLevel),
    ...only(ofContainers.requests, (name) => overcommittable.includes(name)),
    ...asked,
  };
  const isComplete =
    Object.keys(limits).length === Object.keys(limited).length &&
    Object.keys(requests).length === Object.keys(asked).length;
  return isComplete ? spec : { ...spec, resources: { ...resources, limits, requests } };
});
