// Upstream: validateContainerResourceFieldSelector in pkg/apis/core/validation/validation.go
import type { EnvVarSource } from '#generated/types/core.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { canonicalQuantity, parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';

type ResourceRef = NonNullable<EnvVarSource['resourceFieldRef']>;

const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

const units = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** By what follows `limits.` or `requests.`: in which units it can be shown, and what upstream calls it. */
function divisorsOf(resource: string): readonly [values: readonly string[], name: string] | undefined {
  const name = resource.replace(/^(limits|requests)\./, '');
  if (name === 'cpu') return [['1m', '1'], 'cpu'];
  if (name === 'memory') return [units, 'memory'];
  if (name === 'ephemeral-storage') return [units, 'local ephemeral storage'];
  return name.startsWith('hugepages-') ? [units, 'hugepages'] : undefined;
}

/** What is wrong with the unit in which a resource is shown; fields are relative to the reference. */
export function validateDivisor({ resource, divisor }: ResourceRef): FieldError[] {
  if (divisor === undefined || parseQuantity(divisor).nanos === 0n) return [];
  const [values, name] = divisorsOf(resource ?? '') ?? [];
  if (values === undefined || values.includes(canonicalQuantity(divisor))) return [];
  const list = name === 'cpu' ? '1m and 1' : values.join(', ');
  return [
    invalidValue(
      'divisor',
      resource,
      `only divisor's values ${list} are supported with the ${name} resource`,
    ),
  ];
}

/** What is wrong with a reference to a container's resources. A volume has to say which container it means. */
export function validateContainerResource(reference: ResourceRef, inVolume: boolean): FieldError[] {
  const { resource, containerName } = reference;
  const divisor = validateDivisor(reference);
  if (inVolume && !containerName) return [required('containerName'), ...divisor];
  if (!resource) return [required('resource'), ...divisor];
  const isKnown = containerResources.includes(resource) || /^(requests|limits)\.hugepages-/.test(resource);
  return isKnown ? divisor : [notSupported('resource', resource, containerResources), ...divisor];
}
