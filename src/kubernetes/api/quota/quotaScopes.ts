// Upstream: pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc
import type { Pod, PodAffinityTerm, ScopedResourceSelectorRequirement } from '#generated/types/core.v1.ts';
import { qosClass } from '../podResources.ts';

/** Whether a scope by name and values, such as PriorityClass, means an object that has `value`, or none. */
export function isScopeOfValue(
  { operator, values = [] }: ScopedResourceSelectorRequirement,
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'Exists':
      return Boolean(value);
    case 'DoesNotExist':
      return !value;
    case 'In':
      return Boolean(value) && values.includes(value!);
    case 'NotIn':
      return !value || !values.includes(value);
    default:
      return false;
  }
}

function isTerminating({ spec }: Pod): boolean {
  return spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
}

function affinityTerms({ spec }: Pod): readonly PodAffinityTerm[] {
  return [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity].flatMap((affinity) => [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm,
    ),
  ]);
}

function crossesNamespaces({ namespaces = [], namespaceSelector }: PodAffinityTerm): boolean {
  return namespaces.length > 0 || namespaceSelector !== undefined;
}

/** Whether a scope means a pod. */
export function isPodInScope(scope: ScopedResourceSelectorRequirement, pod: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating(pod);
    case 'NotTerminating':
      return !isTerminating(pod);
    case 'BestEffort':
      return qosClass(pod.spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(pod.spec) !== 'BestEffort';
    case 'PriorityClass':
      return isScopeOfValue(scope, pod.spec.priorityClassName);
    case 'CrossNamespacePodAffinity':
      return affinityTerms(pod).some(crossesNamespaces);
    default:
      return false;
  }
}
