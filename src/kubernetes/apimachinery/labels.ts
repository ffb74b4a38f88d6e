// Upstream: apimachinery/pkg/labels/selector.go and pkg/apis/meta/v1/helpers.go
import type { LabelSelector } from '#generated/types/meta.v1.ts';
import { invalidValue, forbidden, required } from './fieldErrors.ts';
import { checkLabelKey, checkLabelValue } from './names.ts';
import { badRequest, type FieldError } from './statusError.ts';

export type Labels = { readonly [key: string]: string };

export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  /** Sorted, without repetition; empty for `exists` and `!`. */
  readonly values: readonly string[];
}

/** What a selector in either form compiles to: all of its requirements must hold. */
export class Selector {
  readonly requirements: readonly Requirement[];
  readonly #tests: readonly ((labels: Labels) => boolean)[];

  constructor(requirements: readonly Requirement[]) {
    this.requirements = requirements;
    this.#tests = requirements.map(compile);
  }

  /** True where it selects everything. */
  get empty(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels | undefined): boolean {
    for (const test of this.#tests) if (!test(labels ?? noLabels)) return false;
    return true;
  }

  /** The one value that `key` must have, undefined where several would do: lets a caller use an index. */
  exactValue(key: string): string | undefined {
    const requirement = this.requirements.find((entry) => entry.key === key);
    if (!requirement || !/^(==?|in)$/.test(requirement.operator)) return undefined;
    return requirement.values.length === 1 ? requirement.values[0] : undefined;
  }

  /** The form that `parseSelector` reads. */
  toString(): string {
    return this.requirements.map(formatRequirement).join(',');
  }
}

class NothingSelector extends Selector {
  override get empty(): boolean {
    return false;
  }

  override matches(): boolean {
    return false;
  }
}

const noLabels: Labels = {};
export const everything = new Selector([]);
export const nothing: Selector = new NothingSelector([]);

function compile({ key, operator, values }: Requirement): (labels: Labels) => boolean {
  const [only] = values;
  switch (operator) {
    case '=':
    case '==':
      return (labels) => labels[key] === only;
    case '!=':
      return (labels) => labels[key] !== only;
    case 'in':
      return (labels) => values.includes(labels[key]!);
    case 'notin':
      return (labels) => !values.includes(labels[key]!);
    case 'exists':
      return (labels) => Object.hasOwn(labels, key);
    case '!':
      return (labels) => !Object.hasOwn(labels, key);
    case '>':
      return (labels) => compareIntegers(labels[key], only) > 0;
    case '<':
      return (labels) => compareIntegers(labels[key], only) < 0;
  }
}

/** NaN, which no comparison matches, where either is not an integer. */
function compareIntegers(a = '', b = ''): number {
  if (!isInteger(a) || !isInteger(b)) return Number.NaN;
  const difference = BigInt(a.replace('+', '')) - BigInt(b.replace('+', ''));
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Whether strconv.ParseInt would take it as an int64. */
export function isInteger(text: string): boolean {
  if (!/^[-+]?\d+$/.test(text)) return false;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value;
}

function formatRequirement({ key, operator, values }: Requirement): string {
  const list = values.join(',');
  if (operator === 'exists') return key;
  if (operator === '!') return `!${key}`;
  if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${list})`;
  return `${key}${operator}${list}`;
}

/** Requirements in the order of their keys, so that equal selectors read the same. */
export function sortRequirements(requirements: readonly Requirement[]): readonly Requirement[] {
  return requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** The selector that wants each of these labels; everything for none. */
export function selectorFromSet(set: Labels | undefined): Selector {
  const keys = Object.keys(set ?? noLabels).sort();
  if (keys.length === 0) return everything;
  return new Selector(keys.map((key) => ({ key, operator: '=', values: [set![key]!] })));
}

/** Whether `labels` has each label of `set`: how a Service or a nodeSelector selects, which none never do. */
export function matches(set: Labels | undefined, labels: Labels | undefined): boolean {
  if (!set) return true;
  for (const key in set) if (labels?.[key] !== set[key]) return false;
  return true;
}

const compiled = new WeakMap<LabelSelector, Selector>();
const operators: { readonly [operator: string]: Operator } = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/**
 * A LabelSelector, compiled once per object. None selects nothing, an empty one everything.
 * Throws a StatusError for one that `validateLabelSelector` refuses.
 */
export function selectorOf(selector: LabelSelector | undefined): Selector {
  if (!selector) return nothing;
  let result = compiled.get(selector);
  if (!result) compiled.set(selector, (result = compileSelector(selector)));
  return result;
}

function compileSelector(selector: LabelSelector): Selector {
  const requirements = [...selectorFromSet(selector.matchLabels).requirements];
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = operators[operator];
    if (!known) throw badRequest(`${JSON.stringify(operator)} is not a valid label selector operator`);
    const [error] = validateRequirement({ key, operator, ...(values && { values }) }, '');
    if (error) throw badRequest(`${error.field}: ${error.message}`);
    requirements.push({ key, operator: known, values: [...new Set(values)].sort() });
  }
  return requirements.length === 0 ? everything : new Selector(sortRequirements(requirements));
}

/** As describe and wide columns print a selector. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  return selectorOf(selector).toString() || '<none>';
}

/** As describe and `--show-labels` print labels. */
export function formatLabels(labels: Labels | undefined): string {
  return selectorFromSet(labels).toString() || '<none>';
}

export function validateLabels(labels: Labels | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? noLabels).flatMap(([key, value]) => [
    ...checkLabelKey(key).map((sentence) => invalidValue(field, key, sentence)),
    ...checkLabelValue(value).map((sentence) => invalidValue(field, value, sentence)),
  ]);
}

export function validateLabelSelector(selector: LabelSelector | undefined, field: string): FieldError[] {
  return [
    ...validateLabels(selector?.matchLabels, `${field}.matchLabels`),
    ...(selector?.matchExpressions ?? []).flatMap((requirement, index) =>
      validateRequirement(requirement, `${field}.matchExpressions[${index}].`),
    ),
  ];
}

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

/** `prefix` is the path up to and with its last dot. */
function validateRequirement({ key, operator, values = [] }: Expression, prefix: string): FieldError[] {
  const errors: FieldError[] = [];
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be specified when `operator` is 'In' or 'NotIn'";
    if (values.length === 0) errors.push(required(`${prefix}values`, why));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) errors.push(forbidden(`${prefix}values`, why));
  } else {
    errors.push(invalidValue(`${prefix}operator`, operator, 'not a valid selector operator'));
  }
  errors.push(...checkLabelKey(key).map((sentence) => invalidValue(`${prefix}key`, key, sentence)));
  for (const [index, value] of values.entries()) {
    const sentences = checkLabelValue(value);
    errors.push(...sentences.map((sentence) => invalidValue(`${prefix}values[${index}]`, value, sentence)));
  }
  return errors;
}
