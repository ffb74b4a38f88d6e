// Upstream: validateContainerCommon in pkg/apis/core/validation/validation.go
import type {
  Container,
  ContainerPort,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  ResourceRequirements,
  SecurityContext,
} from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import {
  checkConfigMapKey,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkEnvVarName,
  checkLabelKey,
  checkPortName,
  checkPortNumber,
} from '#kubernetes/apimachinery/names.ts';
import { compareQuantities, parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, notNegative, under, validateEnum } from './fieldChecks.ts';
import { remembered } from './sharing.ts';

/** Fields of a pod that an environment variable may show, sorted as upstream lists them. */
const environmentFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** Fields that the downward API knows, but only volumes may show. */
const otherFields = [
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
];

const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

export const protocols = ['SCTP', 'TCP', 'UDP'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const terminationMessagePolicies = ['File', 'FallbackToLogsOnError'];

function validatePorts(ports: readonly ContainerPort[]): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, { name, containerPort, hostPort, protocol }] of ports.entries()) {
    const path = `ports[${index}]`;
    if (name) {
      const sentences = checkPortName(name);
      errors.push(...invalidFor(`${path}.name`, name, sentences));
      if (sentences.length === 0 && names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    if (!containerPort) errors.push(required(`${path}.containerPort`));
    else errors.push(...invalidFor(`${path}.containerPort`, containerPort, checkPortNumber(containerPort)));
    if (hostPort) errors.push(...invalidFor(`${path}.hostPort`, hostPort, checkPortNumber(hostPort)));
    errors.push(...validateEnum(`${path}.protocol`, protocol, protocols));
  }
  return errors;
}

function validateFieldRef({ apiVersion, fieldPath }: NonNullable<EnvVarSource['fieldRef']>): FieldError[] {
  if (!apiVersion) return [required('apiVersion')];
  if (!fieldPath) return [required('fieldPath')];
  const subscript = /^(.*)\['(.*)'\]$/.exec(fieldPath);
  if (subscript !== null) {
    const [, path = '', key = ''] = subscript;
    if (path === 'metadata.annotations') return invalidFor('', key, checkLabelKey(key.toLowerCase()));
    if (path === 'metadata.labels') return invalidFor('', key, checkLabelKey(key));
    return [invalidValue('', path, 'does not support subscript')];
  }
  if (environmentFields.includes(fieldPath)) return [];
  if (otherFields.includes(fieldPath)) return [notSupported('fieldPath', fieldPath, environmentFields)];
  const why = `error converting fieldPath: field label not supported: ${fieldPath}`;
  return [invalidValue('fieldPath', fieldPath, why)];
}

function validateKeyRef({ name = '', key }: { readonly name?: string; readonly key: string }): FieldError[] {
  return [
    ...invalidFor('name', name, checkDns1123Subdomain(name)),
    ...(key ? invalidFor('key', key, checkConfigMapKey(key)) : [required('key')]),
  ];
}

function validateValueFrom(source: EnvVarSource, hasValue: boolean): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  const errors: FieldError[] = [];
  if (fieldRef) errors.push(...under('fieldRef', validateFieldRef(fieldRef)));
  if (resourceFieldRef) {
    const { resource } = resourceFieldRef;
    if (!resource) errors.push(required('resourceFieldRef.resource'));
    else if (!containerResources.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
      errors.push(notSupported('resourceFieldRef.resource', resource, containerResources));
  }
  if (configMapKeyRef) errors.push(...under('configMapKeyRef', validateKeyRef(configMapKeyRef)));
  if (secretKeyRef) errors.push(...under('secretKeyRef', validateKeyRef(secretKeyRef)));
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean);
  if (sources.length === 0) {
    const list = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.push(invalidValue('', '', `must specify one of: ${list}`));
  } else if (hasValue) {
    errors.push(invalidValue('', '', 'may not be specified when `value` is not empty'));
  } else if (sources.length > 1) {
    errors.push(invalidValue('', '', 'may not have more than one field specified at a time'));
  }
  return errors;
}

function validateEnv(env: readonly EnvVar[]): FieldError[] {
  return env.flatMap(({ name, value, valueFrom }, index) => {
    const path = `env[${index}]`;
    return [
      ...(name ? invalidFor(`${path}.name`, name, checkEnvVarName(name)) : [required(`${path}.name`)]),
      ...(valueFrom ? under(`${path}.valueFrom`, validateValueFrom(valueFrom, Boolean(value))) : []),
    ];
  });
}

function validateEnvFrom(sources: readonly EnvFromSource[]): FieldError[] {
  return sources.flatMap(({ prefix, configMapRef, secretRef }, index) => {
    const path = `envFrom[${index}]`;
    const errors = prefix ? invalidFor(`${path}.prefix`, prefix, checkEnvVarName(prefix)) : [];
    for (const [field, ref] of Object.entries({ configMapRef, secretRef })) {
      if (ref === undefined) continue;
      if (!ref.name) errors.push(required(`${path}.${field}.name`));
      else errors.push(...invalidFor(`${path}.${field}.name`, ref.name, checkDns1123Subdomain(ref.name)));
    }
    if (!configMapRef && !secretRef)
      errors.push(invalidValue('envFrom', '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (configMapRef && secretRef)
      errors.push(invalidValue('envFrom', '', 'may not have more than one field specified at a time'));
    return errors;
  });
}

/** What may be asked for beyond its request: all but extended resources and huge pages. */
function isOvercommittable(name: string): boolean {
  return !name.startsWith('hugepages-') && (!name.includes('/') || name.startsWith('kubernetes.io/'));
}

function validateResourceName(path: string, name: string): FieldError[] {
  const sentences = checkLabelKey(name);
  if (sentences.length > 0) return invalidFor(path, name, sentences);
  if (name.includes('/') || /^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name)) return [];
  return invalidFor(path, name, [
    'must be a standard resource type or fully qualified',
    'must be a standard resource for containers',
  ]);
}

function validateAmount(path: string, name: string, amount: string | number): FieldError[] {
  const { nanos, millis } = parseQuantity(amount);
  if (nanos < 0n) return [invalidValue(path, String(amount), notNegative)];
  const isWhole = name.includes('/') && !name.startsWith('kubernetes.io/');
  return isWhole && millis % 1000 !== 0 ? [invalidValue(path, String(amount), 'must be an integer')] : [];
}

/** What is wrong with requests and limits; fields are relative to them. */
export function validateResources({ limits = {}, requests = {} }: ResourceRequirements): FieldError[] {
  const errors: FieldError[] = [];
  for (const [name, amount] of Object.entries(limits)) {
    const path = `limits[${name}]`;
    errors.push(...validateResourceName(path, name), ...validateAmount(path, name, amount));
  }
  for (const [name, amount] of Object.entries(requests)) {
    const path = `requests[${name}]`;
    errors.push(...validateResourceName(path, name), ...validateAmount(path, name, amount));
    const limit = limits[name];
    if (limit === undefined) {
      if (!isOvercommittable(name))
        errors.push(required('limits', 'Limit must be set for non overcommitable resources'));
      continue;
    }
    const difference = compareQuantities(amount, limit);
    if (difference !== 0 && !isOvercommittable(name))
      errors.push(invalidValue('requests', String(amount), `must be equal to ${name} limit of ${limit}`));
    else if (difference > 0)
      errors.push(
        invalidValue('requests', String(amount), `must be less than or equal to ${name} limit of ${limit}`),
      );
  }
  return errors;
}

/** A user or group id. Upstream: IsValidUserID. */
export function validateId(field: string, id: number | undefined): FieldError[] {
  return id !== undefined && id < 0
    ? [invalidValue(field, id, 'must be between 0 and 2147483647, inclusive')]
    : [];
}

function validateSecurityContext(context: SecurityContext): FieldError[] {
  const errors = [
    ...validateId('runAsUser', context.runAsUser),
    ...validateId('runAsGroup', context.runAsGroup),
  ];
  if (context.allowPrivilegeEscalation === false && context.privileged)
    errors.push(
      invalidValue('', context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'),
    );
  return errors;
}

/**
 * What is wrong with a container by itself: all but its mounts and probes, which the pod decides about.
 * Fields are relative to the container; remembered per container.
 */
export const validateContainer = remembered((container: Container): readonly FieldError[] => {
  const { name, image, terminationMessagePolicy, imagePullPolicy, resources, securityContext } = container;
  return [
    ...(name ? invalidFor('name', name, checkDns1123Label(name)) : [required('name')]),
    ...(image ? [] : [required('image')]),
    ...validateEnum('terminationMessagePolicy', terminationMessagePolicy, terminationMessagePolicies),
    ...validatePorts(container.ports ?? []),
    ...validateEnv(container.env ?? []),
    ...validateEnvFrom(container.envFrom ?? []),
    ...validateEnum('imagePullPolicy', imagePullPolicy, pullPolicies),
    ...(resources ? under('resources', validateResources(resources)) : []),
    ...(securityContext ? under('securityContext', validateSecurityContext(securityContext)) : []),
  ];
});

/** What only a pod, but not a template, refuses. Fields are relative to the container. */
export function validatePodContainer({ image = '' }: Container): FieldError[] {
  return image === image.trim()
    ? []
    : [invalidValue('image', image, 'must not have leading or trailing whitespace')];
}

/** The restart policy of a container of its own: any for containers, Always alone makes a sidecar. */
export function validateContainerRestartPolicy({
  restartPolicy,
  restartPolicyRules,
}: Container): FieldError[] {
  if (restartPolicy === undefined)
    return restartPolicyRules?.length
      ? [required('restartPolicy', 'must specify restartPolicy when restart rules are used')]
      : [];
  const values = ['Always', 'Never', 'OnFailure'];
  return values.includes(restartPolicy) ? [] : [notSupported('restartPolicy', restartPolicy, values)];
}

/** Ephemeral containers come through their own subresource only. */
export function forbidEphemeral(list: readonly unknown[] | undefined, why: string): FieldError[] {
  return list?.length ? [forbidden('ephemeralContainers', why)] : [];
}
