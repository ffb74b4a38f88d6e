// Upstream: apiserver/pkg/quota/v1/generic/evaluator.go objectCountEvaluator, pkg/quota/v1/evaluator/core/registry.go
import type { AnyKind } from '../kind.ts';
import type { QuotaEvaluator } from './evaluator.ts';

/** Kinds whose number has a name of its own, older than `count/…`. */
const aliases = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** `count/deployments.apps` */
export function countName({ group, plural }: Pick<AnyKind, 'group' | 'plural'>): string {
  return `count/${plural}${group === '' ? '' : `.${group}`}`;
}

/** Counts objects of a kind, whatever they are. */
export function objectQuota(kind: Pick<AnyKind, 'group' | 'plural'>): QuotaEvaluator {
  const count = countName(kind);
  const alias = kind.group === '' && aliases.has(kind.plural) ? kind.plural : count;
  const usage = { [count]: 1, [alias]: 1 };
  return {
    countsUpdates: false,
    measures: (resource) => resource === count || resource === alias,
    usage: () => usage,
    isInScope: () => false,
    missing: () => null,
  };
}
