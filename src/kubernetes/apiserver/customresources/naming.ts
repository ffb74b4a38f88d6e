// Upstream: apiextensions-apiserver/pkg/controller/{status/naming_controller,establish/establishing_controller}.go
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
} from '#generated/types/apiextensions.v1.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { conditionOf, isTrue, withCondition } from './conditions.ts';

/**
 * The definition with the names that it may have, beside `others` of its group, and what is said of that. Once all are
 * accepted it is established: served from then on, whatever becomes of its names later. The very same when nothing
 * changes.
 */
export function withAcceptedNames(
  definition: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
  timestamp: string,
): CustomResourceDefinition {
  const { spec, status } = definition;
  if (deepEqual(spec.names, status.acceptedNames) && isTrue(definition, 'Established')) return definition;
  const { names, condition } = acceptNames(definition, others);
  let next: CustomResourceDefinition = { ...definition, status: { ...status, acceptedNames: names } };
  next = withCondition(next, condition, timestamp);
  if (!isTrue(definition, 'Established')) {
    next = withCondition(next, established(condition.status === 'True'), timestamp);
  }
  const isSame =
    deepEqual(names, status.acceptedNames) &&
    deepEqual(conditionOf(definition, 'NamesAccepted'), conditionOf(next, 'NamesAccepted'));
  return isSame && deepEqual(status.conditions, next.status.conditions) ? definition : next;
}

function established(accepted: boolean): CustomResourceDefinitionCondition {
  return accepted
    ? {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      }
    : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}

function acceptNames(
  { spec, status }: CustomResourceDefinition,
  others: readonly CustomResourceDefinition[],
): { names: CustomResourceDefinitionNames; condition: CustomResourceDefinitionCondition } {
  const taken = others.map((other) => other.status.acceptedNames).filter((names) => names !== undefined);
  const resources = new Set(
    taken.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(taken.flatMap(({ kind, listKind = '' }) => [kind, listKind]));
  const had = status.acceptedNames ?? { plural: '', kind: '' };
  const problems: { reason: string; message: string }[] = [];
  const take = (
    field: 'plural' | 'singular' | 'kind' | 'listKind',
    used: ReadonlySet<string>,
    reason: string,
  ): string => {
    const wanted = spec.names[field] ?? '';
    if (wanted === had[field] || !used.has(wanted)) return wanted;
    problems.push({ reason, message: `${JSON.stringify(wanted)} is already in use` });
    return had[field] ?? '';
  };
  const plural = take('plural', resources, 'PluralConflict');
  const singular = take('singular', resources, 'SingularConflict');
  const clashing = (spec.names.shortNames ?? []).filter(
    (name) => resources.has(name) && !had.shortNames?.includes(name),
  );
  if (clashing.length > 0) {
    const each = clashing.map((name) => `${JSON.stringify(name)} is already in use`);
    problems.push({
      reason: 'ShortNamesConflict',
      message: each.length === 1 ? each[0]! : `[${each.join(', ')}]`,
    });
  }
  const shortNames = clashing.length > 0 ? had.shortNames : spec.names.shortNames;
  const kind = take('kind', kinds, 'KindConflict');
  const listKind = take('listKind', kinds, 'ListKindConflict');
  const { categories } = spec.names;
  return {
    names: {
      plural,
      singular,
      ...(shortNames && { shortNames }),
      kind,
      listKind,
      ...(categories && { categories }),
    },
    condition: {
      type: 'NamesAccepted',
      // Upstream tells the last of them.
      ...(problems.length === 0
        ? { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }
        : { status: 'False', ...problems.at(-1)! }),
    },
  };
}
