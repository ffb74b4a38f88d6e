// Upstream: ValidateLimitRange in pkg/apis/core/validation/validation.go, SetDefaults_LimitRangeItem
import type { LimitRange, LimitRangeItem } from '#generated/types/core.v1.ts';
import { duplicate, forbidden, invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import { canonicalQuantity, compareQuantities, parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { column, nameColumn } from '../columns.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { isOvercommittable, validateContainerResourceName, validateResourceName } from '../resourceNames.ts';
import { mapList, withField } from '../sharing.ts';

export type { LimitRange };

type Quantities = NonNullable<LimitRangeItem['max']>;

/** Containers get limits and requests they do not name: the maximum, the limit, the minimum, in this order. */
function defaultItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits: Quantities = { ...item.max, ...item.default };
  const requests: Quantities = { ...item.min, ...limits, ...item.defaultRequest };
  let next = item;
  if (Object.keys(limits).some((name) => item.default?.[name] === undefined))
    next = withField(next, 'default', limits);
  if (Object.keys(requests).some((name) => item.defaultRequest?.[name] === undefined))
    next = withField(next, 'defaultRequest', requests);
  return next;
}

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];

function validateType(type: string): FieldError[] {
  const sentences = checkLabelKey(type);
  if (sentences.length === 0 && !type.includes('/') && !types.includes(type))
    sentences.push('must be a standard limit type or fully qualified');
  return invalidFor('type', type, sentences);
}

/** One pair of amounts of which the first must not be greater than the second; `value` is what is shown. */
function validateOrder(
  field: string,
  [low, lowName]: readonly [string | number | undefined, string],
  [high, highName]: readonly [string | number | undefined, string],
  value: string | number | undefined,
): FieldError[] {
  if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) return [];
  const why = `${lowName} value ${canonicalQuantity(low)} is greater than ${highName} value ${canonicalQuantity(high)}`;
  return [invalidValue(field, canonicalQuantity(value!), why)];
}

function validateRatio(item: LimitRangeItem, name: string): FieldError[] {
  const [ratio, min, max] = [item.maxLimitRequestRatio?.[name], item.min?.[name], item.max?.[name]];
  if (ratio === undefined) return [];
  const field = `maxLimitRequestRatio[${name}]`;
  const text = canonicalQuantity(ratio);
  const errors: FieldError[] = [];
  if (compareQuantities(ratio, 1) < 0) errors.push(invalidValue(field, text, `ratio ${text} is less than 1`));
  if (min === undefined || max === undefined) return errors;
  const limit = parseQuantity(max).millis / parseQuantity(min).millis;
  if (parseQuantity(ratio).millis / 1000 > limit)
    errors.push(invalidValue(field, text, `ratio ${text} is greater than max/min = ${limit.toFixed(6)}`));
  return errors;
}

/** What is wrong with the amounts of one resource, seen together. */
function validateAmounts(item: LimitRangeItem, name: string): FieldError[] {
  const min = [item.min?.[name], 'min'] as const;
  const max = [item.max?.[name], 'max'] as const;
  const isPod = item.type === 'Pod';
  const limit = [isPod ? undefined : item.default?.[name], 'default'] as const;
  const request = [isPod ? undefined : item.defaultRequest?.[name], 'default request'] as const;
  const limitOfRequest = [limit[0], 'default limit'] as const;
  const errors = [
    ...validateOrder(`min[${name}]`, min, max, min[0]),
    ...validateOrder(`defaultRequest[${name}]`, min, request, request[0]),
    ...validateOrder(`defaultRequest[${name}]`, request, max, request[0]),
    ...validateOrder(`defaultRequest[${name}]`, request, limitOfRequest, request[0]),
    ...validateOrder(`default[${name}]`, min, limit, min[0]),
    ...validateOrder(`default[${name}]`, limit, max, max[0]),
    ...validateRatio(item, name),
  ];
  const [a, b] = [limit[0], request[0]];
  if (!isOvercommittable(name) && a !== undefined && b !== undefined && compareQuantities(a, b) !== 0) {
    const why = `default value ${canonicalQuantity(a)} must equal to defaultRequest value ${canonicalQuantity(b)} in ${name}`;
    errors.push(invalidValue(`defaultRequest[${name}]`, canonicalQuantity(b), why));
  }
  return errors;
}

function validateItem(item: LimitRangeItem): FieldError[] {
  const { type } = item;
  const errors = validateType(type);
  const fields = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
  const check = type === 'Pod' || type === 'Container' ? validateContainerResourceName : validateResourceName;
  const names = new Set<string>();
  for (const field of fields) {
    const given = Object.keys(item[field] ?? {});
    if (type === 'Pod' && (field === 'default' || field === 'defaultRequest')) {
      if (given.length > 0) errors.push(forbidden(field, "may not be specified when `type` is 'Pod'"));
      continue;
    }
    for (const name of given) {
      errors.push(...check(`${field}[${name}]`, name));
      names.add(name);
    }
  }
  const hasStorage = item.min?.['storage'] !== undefined || item.max?.['storage'] !== undefined;
  if (type === 'PersistentVolumeClaim' && !hasStorage) {
    const why = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required('limits', why));
  }
  return [...errors, ...[...names].flatMap((name) => validateAmounts(item, name))];
}

function validateLimits(limits: readonly LimitRangeItem[]): FieldError[] {
  const seen = new Set<string>();
  return limits.flatMap((item, index) => {
    const errors = validateItem(item);
    if (seen.has(item.type)) errors.push(duplicate('type', item.type));
    seen.add(item.type);
    return under(`spec.limits[${index}]`, errors);
  });
}

export const limitRanges: Kind<LimitRange> = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.core.v1.LimitRange',
  hasStatus: false,
  defaults: (range) =>
    withField(range, 'spec', withField(range.spec, 'limits', mapList(range.spec.limits, defaultItem))),
  validate: ({ spec }) => validateLimits(spec.limits ?? []),
  columns: [nameColumn, column('Created At', ({ metadata }) => metadata.creationTimestamp, 'date')],
};
