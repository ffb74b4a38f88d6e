import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import type { Kind } from './kind.ts';
import type { KubeObject } from './object.ts';

/** What else holds for a kind that a cluster starts with, beyond what its own first objects need. */
export type LaterRules<T extends KubeObject> = Pick<
  Kind<T>,
  'prepareForUpdate' | 'validateUpdate' | 'validateStatusUpdate' | 'warnings'
> & {
  /** What else the server fills in. Asked by `pods` alone, of a pod with resources of its own. */
  completed?(object: T): T;
  /** What is wrong with a created or updated object. */
  validate?(object: T): FieldError[];
};

/** By the kind itself: what a subresource makes of a kind has its own rules. */
const rulesOf = new Map<Kind, LaterRules<KubeObject>>();

/** Adds rules to a kind. They come before anybody but the cluster's own components writes. */
export function addLaterRules<T extends KubeObject>(kind: Kind<T>, rules: LaterRules<T>): void {
  rulesOf.set(kind, rules);
}

export function laterRulesOf(kind: Kind): LaterRules<KubeObject> | undefined {
  return rulesOf.get(kind);
}

/** What a write of this object is warned of. */
export function warningsOf(kind: Kind, object: KubeObject): readonly string[] {
  return kind.warnings?.(object) ?? laterRulesOf(kind)?.warnings?.(object) ?? [];
}
