// Upstream: pkg/scheduler/apis/config/validation/validation_pluginargs.go
import type { NodeSelectorTerm } from '#generated/types/core.v1.ts';
import { invalidFor, joinPath } from '#kubernetes/api/fieldChecks.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import type { PluginArgs } from './configuration.ts';

type Validator<Name extends keyof PluginArgs> = (path: string, args: PluginArgs[Name]) => FieldError[];

/** By plugin, what is wrong with what it is told. */
export const argsValidators: { readonly [Name in keyof PluginArgs]: Validator<Name> } = {
  DefaultPreemption(path, { minCandidateNodesPercentage: percentage, minCandidateNodesAbsolute: absolute }) {
    const [percentPath, absolutePath] = ['minCandidateNodesPercentage', 'minCandidateNodesAbsolute'].map(
      (name) => joinPath(path, name),
    ) as [string, string];
    const errors: FieldError[] = [];
    if (percentage < 0 || percentage > 100)
      errors.push(invalidValue(percentPath, percentage, 'not in valid range [0, 100]'));
    if (absolute < 0) errors.push(invalidValue(absolutePath, absolute, 'not in valid range [0, inf)'));
    if (percentage === 0 && absolute === 0) {
      const same = 'cannot be zero at the same time as';
      errors.push(invalidValue(percentPath, 0, `${same} minCandidateNodesAbsolute`));
      errors.push(invalidValue(absolutePath, 0, `${same} minCandidateNodesPercentage`));
    }
    return errors;
  },

  InterPodAffinity: (path, { hardPodAffinityWeight: weight }) =>
    weight < 0 || weight > 100
      ? [invalidValue(joinPath(path, 'hardPodAffinityWeight'), weight, 'not in valid range [0, 100]')]
      : [],

  NodeAffinity(path, { addedAffinity = {} }) {
    const own = joinPath(path, 'addedAffinity');
    const {
      requiredDuringSchedulingIgnoredDuringExecution: must,
      preferredDuringSchedulingIgnoredDuringExecution: may,
    } = addedAffinity;
    return [
      ...(must?.nodeSelectorTerms ?? []).flatMap((term, i) =>
        validateTerm(`${own}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`, term),
      ),
      ...(may ?? []).flatMap(({ preference }, i) =>
        validateTerm(`${own}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`, preference),
      ),
    ];
  },

  NodeResourcesBalancedAllocation: (path, { resources }) =>
    resources.flatMap(({ resource, weight }, i) => [
      ...(resources.findIndex((other) => other.resource === resource) < i
        ? [duplicate(joinPath(path, `resources[${i}].name`), resource)]
        : []),
      ...(weight === 1 ? [] : [invalidValue(joinPath(path, `resources[${i}].weight`), weight, 'must be 1')]),
    ]),

  NodeResourcesFit(path, { ignoredResources = [], ignoredResourceGroups = [], scoringStrategy }) {
    const { type, resources, requestedToCapacityRatio: ratio } = scoringStrategy;
    const at = (name: string) => joinPath(path, name);
    const errors = ignoredResources.flatMap((name, i) => validateLabel(at(`ignoredResources[${i}]`), name));
    for (const [i, name] of ignoredResourceGroups.entries()) {
      const own = at(`ignoredResourceGroups[${i}]`);
      if (name.includes('/')) errors.push(invalidValue(own, name, "resource group name can't contain '/'"));
      errors.push(...validateLabel(own, name));
    }
    if (!strategies.includes(type)) errors.push(notSupported(at('scoringStrategy.type'), type, strategies));
    for (const [i, { resource, weight }] of resources.entries())
      if (weight <= 0 || weight > 100) {
        const detail = `resource weight of ${resource} not in valid range (0, 100]`;
        errors.push(invalidValue(at(`scoringStrategy.resources[${i}].weight`), weight, detail));
      }
    const own = at('scoringStrategy.requestedToCapacityRatio');
    if (type !== 'RequestedToCapacityRatio')
      return ratio === undefined
        ? errors
        : [...errors, forbidden(own, 'must be nil when type is not RequestedToCapacityRatio')];
    if (ratio === undefined)
      return [...errors, required(own, 'must be specified when type is RequestedToCapacityRatio')];
    return [...errors, ...validateShape(`${own}.shape`, ratio.shape)];
  },

  PodTopologySpread(path, { defaultConstraints = [], defaultingType }) {
    const own = joinPath(path, 'defaultConstraints');
    const errors = validateDefaulting(
      joinPath(path, 'defaultingType'),
      defaultingType,
      defaultConstraints.length,
    );
    for (const [
      i,
      { maxSkew, topologyKey, whenUnsatisfiable: action, labelSelector },
    ] of defaultConstraints.entries()) {
      const at = `${own}[${i}]`;
      if (!(maxSkew > 0))
        errors.push(invalidValue(`${at}.maxSkew`, maxSkew ?? 0, 'not in valid range (0, inf)'));
      if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
      else errors.push(...validateLabel(`${at}.topologyKey`, topologyKey));
      if (!action) errors.push(required(`${at}.whenUnsatisfiable`, 'can not be empty'));
      else if (!actions.includes(action))
        errors.push(notSupported(`${at}.whenUnsatisfiable`, action, actions));
      if (labelSelector !== undefined) {
        const detail = 'constraint must not define a selector, as they deduced for each pod';
        errors.push(forbidden(`${at}.labelSelector`, detail));
      }
      const isLike = (other: (typeof defaultConstraints)[number]) =>
        other.topologyKey === topologyKey && other.whenUnsatisfiable === action;
      if (defaultConstraints.findIndex(isLike) < i) errors.push(duplicate(at, `{${topologyKey}, ${action}}`));
    }
    return errors;
  },

  VolumeBinding: (path, { bindTimeoutSeconds: seconds }) =>
    seconds < 0
      ? [
          invalidValue(
            joinPath(path, 'bindTimeoutSeconds'),
            seconds,
            'invalid BindTimeoutSeconds, should not be a negative value',
          ),
        ]
      : [],
};

const strategies = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];
const actions = ['DoNotSchedule', 'ScheduleAnyway'];
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

function validateLabel(field: string, value: string): FieldError[] {
  return invalidFor(field, value, checkLabelKey(value));
}

function validateDefaulting(field: string, type: string, count: number): FieldError[] {
  if (type !== 'System' && type !== 'List') return [notSupported(field, type, ['System', 'List'])];
  return type === 'System' && count > 0
    ? [invalidValue(field, type, 'when .defaultConstraints are not empty')]
    : [];
}

function validateShape(
  path: string,
  shape: readonly { readonly utilization: number; readonly score: number }[] = [],
): FieldError[] {
  if (shape.length === 0) return [required(path, 'at least one point must be specified')];
  const errors: FieldError[] = [];
  const unsorted = shape.findIndex(({ utilization }, i) => i > 0 && shape[i - 1]!.utilization >= utilization);
  if (unsorted > 0)
    errors.push(
      invalidValue(
        `${path}[${unsorted}].utilization`,
        shape[unsorted]!.utilization,
        'values must be sorted in increasing order',
      ),
    );
  for (const [i, { utilization, score }] of shape.entries()) {
    if (utilization < 0 || utilization > 100)
      errors.push(invalidValue(`${path}[${i}].utilization`, utilization, 'not in valid range [0, 100]'));
    if (score < 0 || score > 10)
      errors.push(invalidValue(`${path}[${i}].score`, score, 'not in valid range [0, 10]'));
  }
  return errors;
}

function validateTerm(path: string, { matchExpressions = [] }: NodeSelectorTerm): FieldError[] {
  return matchExpressions.flatMap(({ key, operator, values = [] }, i) => {
    const at = `${path}.matchExpressions[${i}]`;
    if (!operators.includes(operator))
      return [invalidValue(`${at}.operator`, operator, 'not a valid selector operator')];
    if (['In', 'NotIn'].includes(operator) && values.length === 0)
      return [invalidValue(`${at}.values`, [], "for 'in', 'notin' operators, values set can't be empty")];
    return validateLabel(`${at}.key`, key);
  });
}
