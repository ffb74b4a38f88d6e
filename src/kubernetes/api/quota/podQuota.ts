// Upstream: pkg/quota/v1/evaluator/core/pods.go
import type { Container, Pod } from '#generated/types/core.v1.ts';
import { podQuantities } from '../podQuantities.ts';
import { isPodTerminal } from '../podStatus.ts';
import type { Quantities, QuotaEvaluator } from './evaluator.ts';
import { isPodInScope } from './quotaScopes.ts';

/** Resources that a quota also counts under their bare name. */
const plain = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** Where a quota names these, every container must say what it asks for. */
const mustBeSaid = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
]);
const measured = new Set([
  'count/pods',
  'pods',
  ...plain,
  ...[...plain].flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);

function isHugePages(resource: string): boolean {
  return resource.startsWith('hugepages-');
}

/** Devices and the like, which have a domain in front. */
function isExtended(resource: string): boolean {
  return resource.includes('/') && !resource.split('/')[0]!.endsWith('kubernetes.io');
}

function measures(resource: string): boolean {
  if (measured.has(resource) || isHugePages(resource)) return true;
  const requested = /^requests\.(.+)$/.exec(resource)?.[1];
  return requested !== undefined && (isHugePages(requested) || isExtended(requested));
}

/** Requests and limits under the names that quotas have for them. */
function computeUsage(requests: Quantities, limits: Quantities): Record<string, string | number> {
  const usage: Record<string, string | number> = {};
  for (const name in requests) {
    if (plain.has(name) || isHugePages(name)) usage[name] = requests[name]!;
    if (plain.has(name) || isHugePages(name) || isExtended(name)) usage[`requests.${name}`] = requests[name]!;
  }
  for (const name in limits) if (plain.has(name)) usage[`limits.${name}`] = limits[name]!;
  return usage;
}

/** A pod that has ended, or is still there a whole grace after the end of its grace, uses nothing any more. */
function isOver(pod: Pod, nowMs: number): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  if (isPodTerminal(pod)) return true;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return nowMs > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function saidBy({ resources }: Container): Quantities {
  return computeUsage(resources?.requests ?? {}, resources?.limits ?? {});
}

export const podQuota: QuotaEvaluator = {
  countsUpdates: false,
  measures,
  usage(object, nowMs) {
    const pod = object as Pod;
    if (isOver(pod, nowMs)) return { 'count/pods': 1 };
    const { requests, limits } = podQuantities(pod.spec);
    return { 'count/pods': 1, pods: 1, ...computeUsage(requests, limits) };
  },
  isInScope: (scope, object) => isPodInScope(scope, object as Pod),
  missing(required, object) {
    const { spec } = object as Pod;
    const saidByPod = computeUsage(spec.resources?.requests ?? {}, spec.resources?.limits ?? {});
    const sentences = required
      .filter((resource) => mustBeSaid.has(resource) && saidByPod[resource] === undefined)
      .toSorted()
      .flatMap((resource) => {
        const silent = [...spec.containers, ...(spec.initContainers ?? [])]
          .filter((container) => saidBy(container)[resource] === undefined)
          .map(({ name }) => name);
        return silent.length === 0 ? [] : [`${resource} for: ${[...new Set(silent)].sort().join(',')}`];
      });
    return sentences.length === 0 ? null : `must specify ${sentences.join('; ')}`;
  },
};
