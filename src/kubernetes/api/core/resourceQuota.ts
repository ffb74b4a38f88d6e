// Upstream: ValidateResourceQuota in pkg/apis/core/validation/validation.go, printResourceQuota
import type { ResourceQuota, ResourceQuotaSpec, ResourceQuotaStatus } from '#generated/types/core.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { isQuotaResource, validateQuotaResourceName, validateResourceAmount } from '../resourceNames.ts';

export type { ResourceQuota };

const scopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];

/** What the scopes about a pod's class of service or deadline can count: pods and what they ask for. */
const podResources = [
  'pods',
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
];

/** Whether a quota of that scope can count a resource. */
function isCountable(scope: string, resource: string): boolean {
  switch (scope) {
    case 'BestEffort':
      return resource === 'pods';
    case 'Terminating':
    case 'NotTerminating':
    case 'NotBestEffort':
    case 'PriorityClass':
    case 'CrossNamespacePodAffinity':
      return podResources.includes(resource);
    case 'VolumeAttributesClass':
      return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
    default:
      return true;
  }
}

const conflicts = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function validateConflicts(field: string, present: readonly string[], shown: unknown): FieldError[] {
  return conflicts
    .filter((pair) => pair.every((scope) => present.includes(scope)))
    .map(() => invalidValue(field, shown, 'conflicting scopes'));
}

function validateScope(field: string, scope: string, shown: unknown, spec: ResourceQuotaSpec): FieldError[] {
  return Object.keys(spec.hard ?? {})
    .sort()
    .filter((resource) => isQuotaResource(resource) && !isCountable(scope, resource))
    .map(() => invalidValue(field, shown, 'unsupported scope applied to resource'));
}

function validateScopes(spec: ResourceQuotaSpec): FieldError[] {
  const present = spec.scopes ?? [];
  if (present.length === 0) return [];
  const field = 'spec.scopes';
  const errors = present.flatMap((scope) => [
    ...(scopes.includes(scope) ? [] : [invalidValue(field, present, 'unsupported scope')]),
    ...validateScope(field, scope, present, spec),
  ]);
  return [...errors, ...validateConflicts(field, present, present)];
}

const existsOnly =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

type Expression = NonNullable<NonNullable<ResourceQuotaSpec['scopeSelector']>['matchExpressions']>[number];

function validateExpression(
  field: string,
  { scopeName, operator, values = [] }: Expression,
  spec: ResourceQuotaSpec,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!scopes.includes(scopeName))
    errors.push(invalidValue(`${field}.scopeName`, scopeName, 'unsupported scope'));
  errors.push(...validateScope(field, scopeName, spec.scopeSelector, spec));
  const takesValues = scopeName === 'PriorityClass' || scopeName === 'VolumeAttributesClass';
  if (scopes.includes(scopeName) && !takesValues && operator !== 'Exists')
    errors.push(invalidValue(`${field}.operator`, operator, existsOnly));
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    if (values.length === 0) errors.push(required(`${field}.values`, why));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values.length > 0) errors.push(invalidValue(`${field}.values`, values, why));
  } else {
    errors.push(invalidValue(`${field}.operator`, operator, 'not a valid selector operator'));
  }
  return errors;
}

function validateScopeSelector(spec: ResourceQuotaSpec): FieldError[] {
  const expressions = spec.scopeSelector?.matchExpressions ?? [];
  const field = 'spec.scopeSelector.matchExpressions';
  const present = expressions.map(({ scopeName }) => scopeName);
  return [
    ...expressions.flatMap((expression) => validateExpression(field, expression, spec)),
    ...validateConflicts(field, present, spec.scopes ?? null),
  ];
}

function validateAmounts(field: string, amounts: ResourceQuotaSpec['hard']): FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, amount]) => {
    const path = `${field}[${name}]`;
    return [...validateQuotaResourceName(path, name), ...validateResourceAmount(path, name, amount)];
  });
}

function validateStatus({ hard, used }: ResourceQuotaStatus): FieldError[] {
  return [...validateAmounts('status.hard', hard), ...validateAmounts('status.used', used)];
}

/** `requests.cpu: 1/2, pods: 3/10` of the resources that `matches` wants, sorted. */
function formatAmounts({ status }: ResourceQuota, isLimit: boolean): string {
  return Object.keys(status.hard ?? {})
    .filter((name) => name.includes('limits') === isLimit)
    .sort()
    .map((name) => {
      const used = status.used?.[name] ?? 0;
      return `${name}: ${canonicalQuantity(used)}/${canonicalQuantity(status.hard![name]!)}`;
    })
    .join(', ');
}

export const resourceQuotas: Kind<ResourceQuota> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.ResourceQuota',
  hasStatus: true,
  countsGenerations: false,
  prepareForCreate: (quota) => ({ ...quota, status: {} }),

  validate: ({ spec, status }) => [
    ...validateAmounts('spec.hard', spec.hard),
    ...validateScopes(spec),
    ...validateScopeSelector(spec),
    ...validateStatus(status ?? {}),
  ],
  validateUpdate({ spec }, { spec: old }) {
    // The order in which scopes are named means nothing.
    const sorted = ({ scopes: names = [] }: ResourceQuotaSpec) => [...new Set(names)].sort();
    return validateImmutable('spec.scopes', sorted(spec), sorted(old)).map((error) => ({
      ...error,
      ...invalidValue('spec.scopes', spec.scopes ?? null, 'field is immutable'),
    }));
  },
  validateStatusUpdate: ({ status }) => validateStatus(status),

  columns: [
    nameColumn,
    column(
      'Request',
      (quota) => formatAmounts(quota, false),
      'string',
      'Request represents a minimum amount of cpu/memory that a container may consume.',
    ),
    column(
      'Limit',
      (quota) => formatAmounts(quota, true),
      'string',
      'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    ),
    ageColumn,
  ],
};
