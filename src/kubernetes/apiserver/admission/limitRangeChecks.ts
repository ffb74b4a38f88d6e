// Upstream: plugin/pkg/admission/limitranger/admission.go PodValidateLimitFunc, PersistentVolumeClaimValidateLimitFunc
import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, PodSpec } from '#generated/types/core.v1.ts';
import { podQuantities } from '#kubernetes/api/podQuantities.ts';
import { limitsOf } from './limitRangeDefaults.ts';
import { canonicalQuantity, compareQuantities, parseQuantity } from '#kubernetes/apimachinery/quantity.ts';

type Quantity = string | number;
type Quantities = Readonly<Record<string, Quantity>>;

/** What something asks for, and the most it may use. */
interface Resources {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

function checkMin(what: string, bound: Quantity, request: Quantity | undefined, limit: Quantity | undefined) {
  const sentence = `minimum ${what} is ${canonicalQuantity(bound)}`;
  if (request === undefined) return `${sentence}.  No request is specified`;
  if (compareQuantities(request, bound) < 0)
    return `${sentence}, but request is ${canonicalQuantity(request)}`;
  if (limit !== undefined && compareQuantities(limit, bound) < 0)
    return `${sentence}, but limit is ${canonicalQuantity(limit)}`;
  return null;
}

function checkMax(what: string, bound: Quantity, request: Quantity | undefined, limit: Quantity | undefined) {
  const sentence = `maximum ${what} is ${canonicalQuantity(bound)}`;
  if (limit === undefined) return `${sentence}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${sentence}, but limit is ${canonicalQuantity(limit)}`;
  if (request !== undefined && compareQuantities(request, bound) > 0)
    return `${sentence}, but request is ${canonicalQuantity(request)}`;
  return null;
}

function checkRatio(
  what: string,
  bound: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
) {
  const sentence = `${what} is ${canonicalQuantity(bound)}`;
  if (request === undefined || parseQuantity(request).nanos === 0n)
    return `${sentence}, but no request is specified or request is 0`;
  if (limit === undefined || parseQuantity(limit).nanos === 0n)
    return `${sentence}, but no limit is specified or limit is 0`;
  const ratio = parseQuantity(limit).millis / parseQuantity(request).millis;
  if (ratio * 1000 <= parseQuantity(bound).millis) return null;
  return `${sentence}, but provided ratio is ${ratio.toFixed(6)}`;
}

/** Calls `check` for each bound, in the order of the resources' names. */
function checkEach(
  bounds: Quantities | undefined,
  check: (resource: string, bound: Quantity) => string | null,
): string[] {
  return Object.keys(bounds ?? {})
    .sort()
    .map((resource) => check(resource, bounds![resource]!))
    .filter((sentence) => sentence !== null);
}

function checkItem(item: LimitRangeItem, { requests, limits }: Resources): string[] {
  const per = `usage per ${item.type}`;
  return [
    ...checkEach(item.min, (name, bound) => checkMin(`${name} ${per}`, bound, requests[name], limits[name])),
    ...checkEach(item.max, (name, bound) => checkMax(`${name} ${per}`, bound, requests[name], limits[name])),
    ...checkEach(item.maxLimitRequestRatio, (name, bound) => {
      const what = `${name} max limit to request ratio per ${item.type}`;
      return checkRatio(what, bound, requests[name], limits[name]);
    }),
  ];
}

/** What a pod spec has against a limit range; a sentence for each bound that it does not keep. */
export function podViolations(spec: PodSpec, range: LimitRange): readonly string[] {
  return limitsOf(range).flatMap((item) => {
    if (item.type === 'Pod') return checkItem(item, podQuantities(spec));
    if (item.type !== 'Container') return [];
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      checkItem(item, { requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }),
    );
  });
}

/** The same of a claim, whose size is a request. */
export function claimViolations({ spec }: PersistentVolumeClaim, range: LimitRange): readonly string[] {
  const requests: Quantities = spec.resources?.requests ?? {};
  return limitsOf(range)
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap(({ min, max, type }) => [
      ...checkEach(min, (name, bound) =>
        checkMin(`${name} usage per ${type}`, bound, requests[name], undefined),
      ),
      ...checkEach(max, (name, bound) => {
        const request = requests[name];
        const sentence = `maximum ${name} usage per ${type} is ${canonicalQuantity(bound)}`;
        if (request === undefined) return `${sentence}.  No request is specified`;
        return compareQuantities(request, bound) > 0
          ? `${sentence}, but request is ${canonicalQuantity(request)}`
          : null;
      }),
    ]);
}
