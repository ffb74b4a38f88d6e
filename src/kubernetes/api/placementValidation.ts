// Upstream: validateAffinity, ValidateTolerations and validateTopologySpreadConstraints in pkg/apis/core/validation
import type {
  Affinity,
  NodeSelectorTerm,
  PodAffinityTerm,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkLabelKey, checkLabelValue } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from './fieldChecks.ts';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

type Requirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];

function validateRequirement({ key, operator, values = [] }: Requirement): FieldError[] {
  const errors: FieldError[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(required('values', "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(forbidden('values', "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      errors.push(required('values', "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else {
    errors.push(invalidValue('operator', operator, 'not a valid selector operator'));
  }
  return [...errors, ...invalidFor('key', key, checkLabelKey(key))];
}

/** What is wrong with one term of a node selector; fields are relative to it. */
export function validateNodeTerm({ matchExpressions }: NodeSelectorTerm): FieldError[] {
  return (matchExpressions ?? []).flatMap((requirement, index) =>
    under(`matchExpressions[${index}]`, validateRequirement(requirement)),
  );
}

function validateWeight(weight: number): FieldError[] {
  return weight >= 1 && weight <= 100 ? [] : [invalidValue('weight', weight, 'must be in the range 1-100')];
}

function validateNodeAffinity(affinity: NonNullable<Affinity['nodeAffinity']>): FieldError[] {
  const terms = affinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const required_ = 'requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const errors: FieldError[] = [];
  if (affinity.requiredDuringSchedulingIgnoredDuringExecution && !terms?.length)
    errors.push(required(required_, 'must have at least one node selector term'));
  for (const [index, term] of (terms ?? []).entries())
    errors.push(...under(`${required_}[${index}]`, validateNodeTerm(term)));
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const [index, { weight, preference }] of preferred.entries()) {
    const path = `preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    errors.push(...under(path, validateWeight(weight)));
    errors.push(...under(`${path}.preference`, validateNodeTerm(preference)));
  }
  return errors;
}

function validatePodTerm({ labelSelector, namespaceSelector, topologyKey }: PodAffinityTerm): FieldError[] {
  return [
    ...validateLabelSelector(labelSelector, 'labelSelector'),
    ...validateLabelSelector(namespaceSelector, 'namespaceSelector'),
    ...(topologyKey
      ? invalidFor('topologyKey', topologyKey, checkLabelKey(topologyKey))
      : [required('topologyKey', 'can not be empty')]),
  ];
}

function validatePodAffinity(affinity: NonNullable<Affinity['podAffinity']>): FieldError[] {
  const required_ = affinity.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...required_.flatMap((term, index) =>
      under(`requiredDuringSchedulingIgnoredDuringExecution[${index}]`, validatePodTerm(term)),
    ),
    ...preferred.flatMap(({ weight, podAffinityTerm }, index) =>
      under(`preferredDuringSchedulingIgnoredDuringExecution[${index}]`, [
        ...validateWeight(weight),
        ...under('podAffinityTerm', validatePodTerm(podAffinityTerm)),
      ]),
    ),
  ];
}

/** What is wrong with affinities; fields are relative to them. */
export function validateAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity): FieldError[] {
  return [
    ...(nodeAffinity ? under('nodeAffinity', validateNodeAffinity(nodeAffinity)) : []),
    ...(podAffinity ? under('podAffinity', validatePodAffinity(podAffinity)) : []),
    ...(podAntiAffinity ? under('podAntiAffinity', validatePodAffinity(podAntiAffinity)) : []),
  ];
}

function validateTolerationValue({ operator, value = '' }: Toleration): FieldError[] {
  switch (operator || 'Equal') {
    case 'Equal': {
      const sentences = checkLabelValue(value);
      return sentences.length > 0 ? [invalidValue('operator', value, sentences.join(';'))] : [];
    }
    case 'Exists':
      return value
        ? [invalidValue('operator', value, "value must be empty when `operator` is 'Exists'")]
        : [];
    default:
      return [notSupported('operator', operator, ['Equal', 'Exists'])];
  }
}

/** What is wrong with tolerations; fields are relative to the list. */
export function validateTolerations(tolerations: readonly Toleration[]): FieldError[] {
  return tolerations.flatMap((toleration, index) => {
    const { key, operator = '', effect = '', tolerationSeconds } = toleration;
    const errors = key ? invalidFor('key', key, checkLabelKey(key)) : [];
    if (!key && operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalidValue('operator', operator, why));
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(
        invalidValue('effect', effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      );
    errors.push(...validateTolerationValue(toleration));
    if (effect && !taintEffects.includes(effect)) errors.push(notSupported('effect', effect, taintEffects));
    return under(`[${index}]`, errors);
  });
}

/** What is wrong with a node's taints; fields are relative to the list. */
export function validateTaints(taints: readonly Taint[]): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap(({ key, value = '', effect }, index) => {
    const errors = invalidFor('key', key, checkLabelKey(key));
    const sentences = checkLabelValue(value);
    if (sentences.length > 0) errors.push(invalidValue('value', value, sentences.join(';')));
    if (!effect) errors.push(required('effect'));
    else if (!taintEffects.includes(effect)) errors.push(notSupported('effect', effect, taintEffects));
    if (seen.has(`${effect}/${key}`)) {
      const taint = { Key: key, Value: value, Effect: effect, TimeAdded: null };
      errors.push({
        ...duplicate('', taint),
        message: `${duplicate('', taint).message}: taints must be unique by key and effect pair`,
      });
    }
    seen.add(`${effect}/${key}`);
    return under(`[${index}]`, errors);
  });
}

const spreadActions = ['DoNotSchedule', 'ScheduleAnyway'];

/** What is wrong with topology spread constraints; fields are relative to the list. */
export function validateSpread(constraints: readonly TopologySpreadConstraint[]): FieldError[] {
  const seen = new Set<string>();
  return constraints.flatMap((constraint, index) => {
    const { maxSkew, topologyKey, whenUnsatisfiable, labelSelector, minDomains } = constraint;
    const errors: FieldError[] = [];
    if (maxSkew <= 0) errors.push(invalidValue('maxSkew', maxSkew, 'must be greater than zero'));
    if (!topologyKey) errors.push(required('topologyKey', 'can not be empty'));
    else errors.push(...invalidFor('topologyKey', topologyKey, checkLabelKey(topologyKey)));
    if (!spreadActions.includes(whenUnsatisfiable))
      errors.push(notSupported('whenUnsatisfiable', whenUnsatisfiable, spreadActions));
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
    if (seen.has(pair)) errors.push(duplicate('{topologyKey, whenUnsatisfiable}', pair));
    seen.add(pair);
    if (minDomains !== undefined && minDomains <= 0)
      errors.push(invalidValue('minDomains', minDomains, 'must be greater than zero'));
    errors.push(...validateLabelSelector(labelSelector, 'labelSelector'));
    return under(`[${index}]`, errors);
  });
}
