// Upstream: apiserver/pkg/quota/v1/interfaces.go
import type { ScopedResourceSelectorRequirement } from '#generated/types/core.v1.ts';
import type { KubeObject } from '../object.ts';

export type Quantities = Readonly<Record<string, string | number>>;

/** What a kind of object costs where quotas are kept. */
export interface QuotaEvaluator {
  /** Whether updates are charged too, as those that make something larger. */
  readonly countsUpdates: boolean;
  /** Whether it measures a resource that a quota names. */
  measures(resource: string): boolean;
  /** What the object uses; what has ended uses less. */
  usage(object: KubeObject, nowMs: number): Quantities;
  /** Whether the object is of those that the scope means. */
  isInScope(scope: ScopedResourceSelectorRequirement, object: KubeObject): boolean;
  /** The sentence on what the object leaves open of `required`, without which its use cannot be told; or null. */
  missing(required: readonly string[], object: KubeObject): string | null;
}
