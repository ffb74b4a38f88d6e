// Upstream: ValidatePersistentVolumeClaim* in pkg/apis/core/validation/validation.go
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label, checkDns1123Subdomain, checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import { compareQuantities } from '#kubernetes/apimachinery/quantity.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import {
  invalidFor,
  under,
  validateImmutable,
  validateNotNegativeQuantity,
  validatePositiveQuantity,
} from './fieldChecks.ts';
import { storageClassAnnotation, validateAccessModes, validateVolumeMode } from './persistentVolumes.ts';

type DataSource = NonNullable<PersistentVolumeClaimSpec['dataSource']>;
type DataSourceRef = NonNullable<PersistentVolumeClaimSpec['dataSourceRef']>;

function validateDataSource({ name, kind, apiGroup }: DataSource | DataSourceRef): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required('name'));
  if (!kind) errors.push(required('kind'));
  if (!apiGroup && kind !== 'PersistentVolumeClaim')
    errors.push(
      invalidValue('', kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"),
    );
  if (apiGroup) errors.push(...invalidFor('apiGroup', apiGroup, checkDns1123Subdomain(apiGroup)));
  return errors;
}

function validateDataSources({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (dataSource) errors.push(...under('dataSource', validateDataSource(dataSource)));
  if (dataSourceRef) {
    errors.push(...under('dataSourceRef', validateDataSource(dataSourceRef)));
    const { namespace } = dataSourceRef;
    if (namespace)
      errors.push(...invalidFor('dataSourceRef.namespace', namespace, checkDns1123Label(namespace)));
  }
  if (!dataSource || !dataSourceRef) return errors;
  if (dataSourceRef.namespace) {
    const why = 'may not be specified when dataSourceRef.namespace is specified';
    errors.push(invalidValue('', 'dataSource', why));
  } else if (!deepEqual({ ...dataSource }, { ...dataSourceRef, namespace: undefined })) {
    errors.push(invalidValue('', 'dataSource', 'must match dataSourceRef'));
  }
  return errors;
}

/** What is wrong with the spec of a claim, in a claim or in a pod's ephemeral volume. Fields are relative to it. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec): FieldError[] {
  const { accessModes = [], selector, resources, storageClassName, volumeAttributesClassName } = spec;
  const errors: FieldError[] = [];
  if (accessModes.length === 0) errors.push(required('accessModes', 'at least 1 access mode is required'));
  if (selector) errors.push(...validateLabelSelector(selector, 'selector'));
  errors.push(...validateAccessModes(accessModes));
  const storage = resources?.requests?.['storage'];
  if (storage === undefined) errors.push(required('resources[storage]'));
  else errors.push(...validatePositiveQuantity('resources[storage]', storage));
  if (storageClassName)
    errors.push(...invalidFor('storageClassName', storageClassName, checkDns1123Subdomain(storageClassName)));
  errors.push(...validateVolumeMode(spec.volumeMode), ...validateDataSources(spec));
  if (volumeAttributesClassName) {
    const sentences = checkDns1123Subdomain(volumeAttributesClassName);
    errors.push(...invalidFor('volumeAttributesClassName', volumeAttributesClassName, sentences));
  }
  return errors;
}

/** A class may be named once where there was none, or moved from the annotation into the field. */
function mayNameClass(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const before = old.metadata.annotations?.[storageClassAnnotation];
  const name = claim.spec.storageClassName;
  return (
    name !== undefined && old.spec.storageClassName === undefined && (before === undefined || before === name)
  );
}

/** `claim` with what may change taken from `old`: what then still differs may not. */
function withUpdatableOf(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  const isBound = claim.status.phase === 'Bound';
  const { volumeName, storageClassName, volumeAttributesClassName, resources } = old.spec;
  const storage = resources?.requests?.['storage'];
  const next: PersistentVolumeClaimSpec = {
    ...claim.spec,
    ...(!volumeName && { volumeName: volumeName! }),
    ...(mayNameClass(claim, old) && { storageClassName: storageClassName! }),
    ...(isBound &&
      claim.spec.volumeAttributesClassName !== undefined && {
        volumeAttributesClassName: volumeAttributesClassName!,
      }),
  };
  const requests = next.resources?.requests;
  if (!isBound || requests === undefined || storage === undefined) return next;
  return { ...next, resources: { ...next.resources, requests: { ...requests, storage } } };
}

function validateSizeUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const size = claim.spec.resources?.requests?.['storage'] ?? 0;
  if (compareQuantities(size, old.spec.resources?.requests?.['storage'] ?? 0) >= 0) return [];
  // A claim may shrink back to what it has, so that an expansion that failed can be given up.
  if (compareQuantities(size, old.status.capacity?.['storage'] ?? 0) > 0) return [];
  return [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')];
}

function validateAttributesClassUpdate(
  { volumeAttributesClassName: next }: PersistentVolumeClaimSpec,
  { volumeAttributesClassName: old }: PersistentVolumeClaimSpec,
): FieldError[] {
  if (old === undefined || next === old || next) return [];
  const to = next === undefined ? 'nil' : 'an empty string';
  return [forbidden('spec.volumeAttributesClassName', `update from non-nil value to ${to} is forbidden`)];
}

/** A claim stays as it is, but may grow once it is bound. */
export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const [next, before] = [claim, old].map(({ metadata }) => metadata.annotations?.[storageClassAnnotation]);
  if (next !== before && !mayNameClass(claim, old))
    errors.push(
      invalidValue(`metadata.annotations[${storageClassAnnotation}]`, next ?? '', 'field is immutable'),
    );
  if (!deepEqual(withUpdatableOf(claim, old), old.spec)) {
    const why =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden('spec', why));
  }
  return [
    ...errors,
    ...validateSizeUpdate(claim, old),
    ...validateImmutable('volumeMode', claim.spec.volumeMode, old.spec.volumeMode),
    ...validateAttributesClassUpdate(claim.spec, old.spec),
  ];
}

const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

function validateResourceKey(field: string, name: string): FieldError[] {
  const sentences = checkLabelKey(name);
  if (sentences.length > 0) return invalidFor(field, name, sentences);
  const isNative = !name.includes('/') || name.includes('kubernetes.io/');
  return isNative && name !== 'storage' ? [notSupported(field, name, ['storage'])] : [];
}

/** What the status of a claim may not say. */
export function validateClaimStatusUpdate({ spec, status }: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.accessModes?.length) errors.push(required('Spec.accessModes'));
  for (const [name, amount] of Object.entries(status.capacity ?? {}))
    errors.push(...validateNotNegativeQuantity(`status.capacity[${name}]`, amount));
  for (const [name, value] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    const field = `status.allocatedResourceStatus[${name}]`;
    errors.push(...validateResourceKey(field, name));
    if (!resizeStatuses.includes(value)) errors.push(notSupported(field, name, resizeStatuses));
  }
  for (const [name, amount] of Object.entries(status.allocatedResources ?? {})) {
    const field = `status.allocatedResources[${name}]`;
    const wrongKey = validateResourceKey(field, name);
    errors.push(...(wrongKey.length > 0 ? wrongKey : validateNotNegativeQuantity(field, amount)));
  }
  return errors;
}
