// Upstream: validatePodResourceClaims, validatePodResources, validateResizePolicy, validateOverhead and
// validateSleepAction in pkg/apis/core/validation/validation.go
import type { Container, PodSpec, ResourceRequirements } from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label, checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import { canonicalQuantity, compareQuantities, parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { validateDivisor } from './containerResourceRef.ts';
import { invalidFor, under } from './fieldChecks.ts';
import { internalForm } from './internalForm.ts';
import { isPodLevel } from './podLevelResources.ts';
import { containerQuantities } from './podQuantities.ts';
import { validateContainerResourceName, validateResourceAmount } from './resourceNames.ts';

const resizable = ['cpu', 'memory'];

function validateClaims({ resourceClaims = [] }: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return resourceClaims.flatMap((claim, index) => {
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const errors: FieldError[] = [];
    if (!name) errors.push(required('name'));
    else if (seen.has(name)) errors.push(duplicate('name', name));
    else errors.push(...invalidFor('name', name, checkDns1123Label(name)));
    seen.add(name);
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      const why = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      errors.push(invalidValue('', internalForm('core.v1.PodResourceClaim', claim), why));
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      const why = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      errors.push(invalidValue('', internalForm('core.v1.PodResourceClaim', claim), why));
    }
    for (const [field, value] of Object.entries({ resourceClaimName, resourceClaimTemplateName }))
      if (value !== undefined) errors.push(...invalidFor(field, value, checkDns1123Subdomain(value)));
    return under(`resourceClaims[${index}]`, errors);
  });
}

/** The claims that a container uses must be those of its pod. */
function validateUsedClaims(
  claims: NonNullable<ResourceRequirements['claims']>,
  names: readonly string[],
): FieldError[] {
  const seen = new Set<string>();
  return claims.flatMap(({ name, request }, index) => {
    const field = `resources.claims[${index}]`;
    if (!name) return [required(field)];
    const errors: FieldError[] = [];
    const key = request ? `${name}/${request}` : name;
    if (seen.has(name) || seen.has(key)) errors.push(duplicate(field, seen.has(name) ? name : key));
    else if (request) errors.push(...invalidFor(`${field}.request`, request, checkDns1123Label(request)));
    seen.add(key);
    if (names.includes(name)) return errors;
    const list = names.length === 0 ? ' which is empty' : `: ${[...names].sort().join(', ')}`;
    const message = `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${list}`;
    return [...errors, { type: 'FieldValueNotFound', field, message }];
  });
}

/** Upstream names no index in the paths of some of these. */
function validateResizePolicy({ resizePolicy = [] }: Container, { restartPolicy }: PodSpec): FieldError[] {
  const seen = new Set<string>();
  const field = 'resizePolicy';
  const policies = ['NotRequired', 'RestartContainer'];
  return resizePolicy.flatMap(({ resourceName, restartPolicy: policy }, index) => {
    const errors: FieldError[] = [];
    if (seen.has(resourceName)) errors.push(duplicate(`${field}[${index}]`, resourceName));
    seen.add(resourceName);
    if (!resourceName) errors.push(required(field));
    else if (!resizable.includes(resourceName)) errors.push(notSupported(field, resourceName, resizable));
    if (!policy) errors.push(required(field));
    else if (!policies.includes(policy)) errors.push(notSupported(field, policy, policies));
    if (restartPolicy === 'Never' && policy !== 'NotRequired')
      errors.push(invalidValue(field, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    return errors;
  });
}

function validateHugePages({ limits = {}, requests = {} }: ResourceRequirements): FieldError[] {
  const errors: FieldError[] = [];
  for (const [list, amounts] of Object.entries({ limits, requests }))
    for (const [name, amount] of Object.entries(amounts)) {
      if (!name.startsWith('hugepages-')) continue;
      const size = parseQuantity(name.slice('hugepages-'.length)).nanos;
      if (size > 0n && parseQuantity(amount).nanos % size === 0n) continue;
      const why = `${canonicalQuantity(amount)} is not positive integer multiple of ${name}`;
      errors.push(invalidValue(`${list}[${name}]`, canonicalQuantity(amount), why));
    }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  const hasPages = names.some((name) => name.startsWith('hugepages-'));
  if (hasPages && !names.some((name) => resizable.includes(name)))
    errors.push(forbidden('', 'HugePages require cpu or memory'));
  return errors;
}

/** A hook that sleeps has to be done before the pod's grace is over. */
function validateSleeps({ lifecycle = {} }: Container, grace: number | undefined): FieldError[] {
  return (['postStart', 'preStop'] as const).flatMap((hook) => {
    const seconds = lifecycle[hook]?.sleep?.seconds;
    if (seconds === undefined || grace === undefined || seconds < 0 || seconds <= grace) return [];
    const why = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
    return [invalidValue(`lifecycle.${hook}.sleep`, seconds, why)];
  });
}

function validateDivisors({ env = [] }: Container): FieldError[] {
  return env.flatMap(({ valueFrom }, index) =>
    valueFrom?.resourceFieldRef
      ? under(`env[${index}].valueFrom.resourceFieldRef`, validateDivisor(valueFrom.resourceFieldRef))
      : [],
  );
}

/** A file that a variable is read from lies in a volume of the pod, at a path inside of it. */
function validateFileKeys({ env = [] }: Container, { volumes = [] }: PodSpec): FieldError[] {
  return env.flatMap(({ valueFrom }, index) => {
    const source = valueFrom?.fileKeyRef;
    if (source === undefined) return [];
    const errors: FieldError[] = [];
    const volume = volumes.find(({ name }) => name === source.volumeName);
    if (!source.volumeName) errors.push(required('volumeName'));
    else if (volume === undefined)
      errors.push({
        type: 'FieldValueNotFound',
        field: 'volumeName',
        message: `Not found: ${JSON.stringify(source.volumeName)}`,
      });
    else if (!volume.emptyDir)
      errors.push(
        invalidValue('volumeName', source.volumeName, 'referenced volume must be of type emptyDir'),
      );
    for (const field of ['path', 'key'] as const) if (!source[field]) errors.push(required(field));
    return under(`env[${index}].valueFrom.fileKeyRef`, errors);
  });
}

/** What a pod asks for as a whole must have room for what its containers ask for. */
function validatePodResources(spec: PodSpec): FieldError[] {
  const { resources, containers } = spec;
  if (resources === undefined) return [];
  const errors: FieldError[] = [];
  if (resources.claims) errors.push(forbidden('claims', 'claims cannot be set for Resources at pod-level'));
  for (const list of ['limits', 'requests'] as const)
    for (const name of Object.keys(resources[list] ?? {}))
      if (!isPodLevel(name))
        errors.push(notSupported(`${list}[${name}]`, name, ['cpu', 'hugepages-', 'memory']));
  for (const [name, sum] of Object.entries(containerQuantities(spec).requests)) {
    const own = resources.requests?.[name] ?? '0';
    if (!isPodLevel(name) || compareQuantities(sum, own) <= 0) continue;
    const why = `must be greater than or equal to aggregate container requests of ${canonicalQuantity(sum)}`;
    errors.push(invalidValue(`requests[${name}]`, canonicalQuantity(own), why));
  }
  for (const [index, container] of containers.entries())
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const own = resources.limits?.[name];
      if (own === undefined || compareQuantities(limit, own) <= 0) continue;
      const why = `must be less than or equal to pod limits of ${canonicalQuantity(own)}`;
      errors.push(invalidValue(`containers[${index}][${name}].limits`, canonicalQuantity(limit), why));
    }
  return under('resources', errors);
}

function validateOverhead({ overhead = {} }: PodSpec): FieldError[] {
  return Object.entries(overhead).flatMap(([name, amount]) =>
    under(`overhead.limits[${name}]`, [
      ...validateContainerResourceName('', name),
      ...validateResourceAmount('', name, amount),
    ]),
  );
}

/** What is wrong with resources, claims and hooks. */
export function checkResources(spec: PodSpec): FieldError[] {
  const names = (spec.resourceClaims ?? []).map(({ name }) => name);
  return [
    ...validateClaims(spec),
    ...(['containers', 'initContainers'] as const).flatMap((list) =>
      (spec[list] ?? []).flatMap((container, index) =>
        under(`${list}[${index}]`, [
          ...validateDivisors(container),
          ...validateFileKeys(container, spec),
          ...under('resources', validateHugePages(container.resources ?? {})),
          ...validateUsedClaims(container.resources?.claims ?? [], names),
          ...validateResizePolicy(container, spec),
          ...validateSleeps(container, spec.terminationGracePeriodSeconds),
        ]),
      ),
    ),
    ...validatePodResources(spec),
    ...validateOverhead(spec),
  ];
}
