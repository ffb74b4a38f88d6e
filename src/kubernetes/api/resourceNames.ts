// Upstream: validateResourceName and its kin in pkg/apis/core/validation/validation.go, pkg/apis/core/helper/helpers.go
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, validateNotNegativeQuantity } from './fieldChecks.ts';

const containerResources = ['cpu', 'memory', 'ephemeral-storage'];

/** Objects that a quota can count, each named in full or, where the kind is known to quotas, by its plural. */
const countedObjects = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
];

const quotaResources = [
  ...containerResources,
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  ...countedObjects,
];

/** What is counted in whole numbers. */
const integerResources = [...countedObjects];

const isHugePages = (name: string) => name.startsWith('hugepages-');

/** What a quota knows by itself. */
export function isQuotaResource(name: string): boolean {
  return quotaResources.includes(name) || isHugePages(name) || name.startsWith('requests.hugepages-');
}

function isContainerResource(name: string): boolean {
  return containerResources.includes(name) || isHugePages(name);
}

/** Names without a domain, or below kubernetes.io. */
function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** A resource that a device plugin or an administrator offers. */
export function isExtendedResource(name: string): boolean {
  if (isNative(name) || name.startsWith('requests.')) return false;
  return checkLabelKey(`requests.${name}`).length === 0;
}

/** What may be asked for beyond its request: all but extended resources and huge pages. */
export function isOvercommittable(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

/** A compute resource by its name: a known one, or one with a domain. */
export function validateResourceName(field: string, name: string): FieldError[] {
  const sentences = checkLabelKey(name);
  if (sentences.length > 0) return invalidFor(field, name, sentences);
  const isKnown = name.includes('/') || isQuotaResource(name) || name === 'storage';
  return isKnown ? [] : [invalidValue(field, name, 'must be a standard resource type or fully qualified')];
}

export function validateContainerResourceName(field: string, name: string): FieldError[] {
  const errors = validateResourceName(field, name);
  if (!name.includes('/')) {
    if (!isContainerResource(name))
      errors.push(invalidValue(field, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtendedResource(name)) {
    errors.push(invalidValue(field, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

export function validateQuotaResourceName(field: string, name: string): FieldError[] {
  const errors = validateResourceName(field, name);
  if (!name.includes('/') && !isQuotaResource(name))
    errors.push(invalidValue(field, name, 'must be a standard resource for quota'));
  return errors;
}

/** An amount of a resource: not negative, and whole where the resource comes in pieces. */
export function validateResourceAmount(field: string, name: string, amount: string | number): FieldError[] {
  const errors = validateNotNegativeQuantity(field, amount);
  const isWhole = integerResources.includes(name) || isExtendedResource(name);
  if (isWhole && parseQuantity(amount).nanos % 1_000_000_000n !== 0n)
    errors.push(invalidValue(field, parseQuantity(amount).text, 'must be an integer'));
  return errors;
}
