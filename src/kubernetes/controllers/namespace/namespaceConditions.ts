// Upstream: pkg/controller/namespace/deletion/status_condition_utils.go
import type { Namespace } from '#generated/types/core.v1.ts';
import { withCondition } from '#kubernetes/api/podStatus.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';

/** What one look at a namespace's content found. */
export interface Remains {
  /** How many objects are left, by resource: `pods.`, `deployments.apps`. */
  readonly resources: ReadonlyMap<string, number>;
  /** How many of them each finalizer keeps. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** Why content could not be deleted. */
  readonly failures: readonly string[];
}

/** The conditions that tell why a namespace is still there; those that hinder nothing say so. */
export function withDeletionConditions(namespace: Namespace, remains: Remains, nowMs: number): Namespace {
  const lastTransitionTime = formatTime(nowMs);
  const found: readonly (readonly [string, string | null, string, string, string])[] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      null,
      '',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      null,
      '',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      failureMessage(remains.failures),
      'ContentDeletionFailed',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
    [
      'NamespaceContentRemaining',
      countMessage(
        'Some resources are remaining: ',
        remains.resources,
        (name, count) => `${name} has ${count}`,
      ),
      'SomeResourcesRemain',
      'ContentRemoved',
      'All content successfully removed',
    ],
    [
      'NamespaceFinalizersRemaining',
      countMessage(
        'Some content in the namespace has finalizers remaining: ',
        remains.finalizers,
        (name, count) => `${name} in ${count}`,
      ),
      'SomeFinalizersRemain',
      'ContentHasNoFinalizers',
      'All content-preserving finalizers finished',
    ],
  ];
  let { conditions } = namespace.status;
  for (const [type, hindrance, hinderedReason, reason, message] of found) {
    const next =
      hindrance === null
        ? { type, status: 'False', reason, message, lastTransitionTime }
        : { type, status: 'True', reason: hinderedReason, message: hindrance, lastTransitionTime };
    conditions = withCondition(conditions, next);
  }
  if (conditions === namespace.status.conditions) return namespace;
  return { ...namespace, status: { ...namespace.status, conditions: conditions! } };
}

function failureMessage(failures: readonly string[]): string | null {
  if (failures.length === 0) return null;
  const list = failures.toSorted().join(', ');
  return `Failed to delete all resource types, ${failures.length} remaining: ${list}`;
}

function countMessage(
  intro: string,
  counts: ReadonlyMap<string, number>,
  describe: (name: string, count: number) => string,
): string | null {
  if (counts.size === 0) return null;
  const parts = [...counts].map(([name, count]) => `${describe(name, count)} resource instances`);
  return intro + parts.sort().join(', ');
}
