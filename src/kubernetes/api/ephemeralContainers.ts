// Upstream: validateEphemeralContainers and ValidatePodEphemeralContainersUpdate in pkg/apis/core/validation/validation.go
import type { Container, EphemeralContainer, Pod, PodSpec } from '#generated/types/core.v1.ts';
import { duplicate, forbidden, notFoundValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { validateContainer, validatePodContainer } from './containerValidation.ts';
import { under } from './fieldChecks.ts';
import { validateMounts } from './volumeValidation.ts';

/** What a container that only visits its pod may have. */
const allowed = [
  'name',
  'image',
  'command',
  'args',
  'workingDir',
  'env',
  'envFrom',
  'resizePolicy',
  'volumeMounts',
  'volumeDevices',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'imagePullPolicy',
  'securityContext',
  'stdin',
  'stdinOnce',
  'tty',
  'targetContainerName',
];

const why = 'cannot be set for an Ephemeral Container';

function isSet(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function validateOwn(container: EphemeralContainer, spec: PodSpec): FieldError[] {
  const { targetContainerName: target, volumeMounts = [] } = container;
  const common = container as Container;
  const errors = [
    ...validateContainer(common),
    ...validateMounts(common, spec.volumes ?? []),
    ...validatePodContainer(common),
  ];
  const others = [...spec.containers, ...(spec.initContainers ?? [])];
  if (target && others.every(({ name }) => name !== target))
    errors.push(notFoundValue('targetContainerName', target));
  for (const [field, value] of Object.entries(container))
    if (!allowed.includes(field) && isSet(value)) errors.push(forbidden(field, why));
  for (const [index, mount] of volumeMounts.entries())
    for (const field of ['subPath', 'subPathExpr'] as const)
      if (mount[field]) errors.push(forbidden(`volumeMounts[${index}].${field}`, why));
  return errors;
}

/** What is wrong with a pod's ephemeral containers. */
export function checkEphemeralContainers(spec: PodSpec): FieldError[] {
  const { ephemeralContainers = [] } = spec;
  if (ephemeralContainers.length === 0) return [];
  const names = new Set([...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name));
  return ephemeralContainers.flatMap((container, index) => {
    const errors = validateOwn(container, spec);
    if (names.has(container.name)) errors.push(duplicate('name', container.name));
    names.add(container.name);
    return under(`ephemeralContainers[${index}]`, errors);
  });
}

/** Ephemeral containers come and stay: none is changed or taken away. */
export function validateEphemeralUpdate({ spec }: Pod, { metadata, spec: old }: Pod): FieldError[] {
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return [forbidden('', 'static pods do not support ephemeral containers')];
  return (old.ephemeralContainers ?? []).flatMap((container) => {
    const next = spec.ephemeralContainers?.find(({ name }) => name === container.name);
    if (next !== undefined && deepEqual(next, container)) return [];
    const what = next === undefined ? 'removed' : 'changed';
    const named = JSON.stringify(container.name);
    return [
      forbidden('spec.ephemeralContainers', `existing ephemeral containers ${named} may not be ${what}\n`),
    ];
  });
}
