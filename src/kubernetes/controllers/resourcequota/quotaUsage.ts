// Upstream: apiserver/pkg/quota/v1/resources.go CalculateUsage
import type { ResourceQuota } from '#generated/types/core.v1.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Quantities } from '#kubernetes/api/quota/evaluator.ts';
import { evaluatorOf, isInScopes } from '#kubernetes/api/quota/quotas.ts';
import { addQuantities } from '#kubernetes/apimachinery/quantity.ts';

/** The kinds whose objects a quota counts. */
export function kindsCountedBy({ spec }: ResourceQuota, kinds: KindSet): readonly AnyKind[] {
  const resources = Object.keys(spec.hard ?? {});
  return kinds.all.filter((kind) => {
    const evaluator = kind.storage === undefined ? evaluatorOf(kind) : undefined;
    return evaluator !== undefined && resources.some((resource) => evaluator.measures(resource));
  });
}

/** What there is of each resource that a quota limits, by the objects that `list` finds. */
export function calculateUsage(
  quota: ResourceQuota,
  kinds: KindSet,
  list: (kind: AnyKind) => Iterable<KubeObject>,
  nowMs: number,
): Quantities {
  const used: Record<string, string | number> = {};
  const resources = Object.keys(quota.spec.hard ?? {});
  for (const kind of kindsCountedBy(quota, kinds)) {
    const evaluator = evaluatorOf(kind)!;
    const measured = resources.filter((resource) => evaluator.measures(resource));
    for (const resource of measured) used[resource] ??= '0';
    for (const object of list(kind)) {
      if (!isInScopes(quota, evaluator, object)) continue;
      const usage = evaluator.usage(object, nowMs);
      for (const resource of measured) {
        if (usage[resource] !== undefined) used[resource] = addQuantities(used[resource]!, usage[resource]);
      }
    }
  }
  return used;
}
