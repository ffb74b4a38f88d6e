// Upstream: validateNodeSelectorMutation and validateNodeAffinityMutation in pkg/apis/core/validation/validation.go
import type { NodeSelectorTerm, PodSpec } from '#generated/types/core.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { internalForm } from './internalForm.ts';

const termsField =
  'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

function termsOf({ affinity }: PodSpec): readonly NodeSelectorTerm[] {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
}

const shownTerm = (term: NodeSelectorTerm | undefined) => internalForm('core.v1.NodeSelectorTerm', term);

/** True where a term keeps what it asked for, and may ask for more after it; one that asks for nothing stays. */
function onlyAdds(next: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const;
  if (lists.every((list) => !old[list]?.length)) return lists.every((list) => !next[list]?.length);
  return lists.every((list) => {
    const kept = old[list] ?? [];
    return deepEqual((next[list] ?? []).slice(0, kept.length), kept);
  });
}

function validateTerms(next: readonly NodeSelectorTerm[], old: readonly NodeSelectorTerm[]): FieldError[] {
  if (old.length === 0) return [];
  if (next.length !== old.length) {
    const why = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return [invalidValue(termsField, next.length === 0 ? null : next.map(shownTerm), why)];
  }
  const why = 'only additions are allowed (no mutations or deletions)';
  return next.flatMap((term, index) =>
    onlyAdds(term, old[index]!) ? [] : [invalidValue(`${termsField}[${index}]`, shownTerm(term), why)],
  );
}

/** What a pod that waits for its gates may not change about the nodes it asks for: it may only ask for more. */
export function validatePlacementUpdate(next: PodSpec, old: PodSpec): FieldError[] {
  const { nodeSelector } = next;
  const keepsSelector = Object.entries(old.nodeSelector ?? {}).every(
    ([label, value]) => nodeSelector?.[label] === value,
  );
  const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return [
    ...(keepsSelector ? [] : [invalidValue('spec.nodeSelector', nodeSelector ?? null, why)]),
    ...(old.affinity?.nodeAffinity ? validateTerms(termsOf(next), termsOf(old)) : []),
  ];
}

/** `next` with the nodes that `old` asks for. */
export function withPlacementOf(next: PodSpec, old: PodSpec): PodSpec {
  const affinity = { ...next.affinity, nodeAffinity: old.affinity?.nodeAffinity };
  const hasAny = old.affinity !== undefined || Object.values(affinity).some((kind) => kind !== undefined);
  return {
    ...next,
    nodeSelector: old.nodeSelector!,
    affinity: hasAny ? affinity : undefined!,
  };
}
