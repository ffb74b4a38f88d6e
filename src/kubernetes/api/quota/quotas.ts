// Upstream: apiserver/pkg/quota/v1/resources.go, pkg/quota/v1/install/registry.go
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '#generated/types/core.v1.ts';
import type { AnyKind } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { claimQuota } from './claimQuota.ts';
import type { QuotaEvaluator } from './evaluator.ts';
import { objectQuota } from './objectQuota.ts';
import { podQuota } from './podQuota.ts';
import { serviceQuota } from './serviceQuota.ts';

const own: Readonly<Record<string, QuotaEvaluator>> = {
  pods: podQuota,
  services: serviceQuota,
  persistentvolumeclaims: claimQuota,
};
const evaluators = new WeakMap<AnyKind, QuotaEvaluator>();

/** What measures a kind; undefined for kinds without a namespace, and for events, which nobody counts. */
export function evaluatorOf(kind: AnyKind): QuotaEvaluator | undefined {
  if (!kind.namespaced || kind.plural === 'events') return undefined;
  let evaluator = evaluators.get(kind);
  if (evaluator === undefined) {
    evaluator = (kind.group === '' ? own[kind.plural] : undefined) ?? objectQuota(kind);
    evaluators.set(kind, evaluator);
  }
  return evaluator;
}

/** The scopes of a quota, in one form. */
function scopesOf({ spec }: ResourceQuota): readonly ScopedResourceSelectorRequirement[] {
  const named = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' as const }));
  return [...named, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

/** Whether a quota is about the object: all its scopes mean it. */
export function isInScopes(quota: ResourceQuota, evaluator: QuotaEvaluator, object: KubeObject): boolean {
  return scopesOf(quota).every((scope) => evaluator.isInScope(scope, object));
}
