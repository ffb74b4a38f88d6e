// Upstream: apimachinery/pkg/api/validation/objectmeta.go, pkg/apis/core/validation/validation.go
import type { ObjectMeta, OwnerReference } from '#generated/types/meta.v1.ts';
import { forbidden, invalidValue, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { type Labels, validateLabels } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label, checkLabelKey, maskTrailingDash } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, joined, validateImmutable, validateNotNegative } from './fieldChecks.ts';
import { remembered } from './sharing.ts';

/** Upstream: TotalAnnotationSizeLimitB. Counted in characters here. */
const annotationsLengthMax = 256 * 1024;

/** Finalizers that need no domain before their name. */
const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** All that must hold of a new object's metadata. `checkName` answers with sentences, as in names.ts. */
export function validateObjectMeta(
  meta: Partial<ObjectMeta>,
  namespaced: boolean,
  checkName: (name: string) => string[],
): readonly FieldError[] {
  const { name, generateName, namespace } = meta;
  const errors: FieldError[] = [];
  if (generateName)
    errors.push(
      ...invalidFor('metadata.generateName', generateName, checkName(maskTrailingDash(generateName))),
    );
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'));
  else errors.push(...invalidFor('metadata.name', name, checkName(name)));
  if (namespaced) {
    if (!namespace) errors.push(required('metadata.namespace'));
    else errors.push(...invalidFor('metadata.namespace', namespace, checkDns1123Label(namespace)));
  } else if (namespace) {
    errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  }
  return joined(errors, validateChangeable(meta));
}

/** All that must hold of an update's metadata: what the server owns stays as it is. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta): readonly FieldError[] {
  // Most writes of a status bring the metadata that is stored.
  if (meta === old) return [];
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    const added = (meta.finalizers ?? []).filter((name) => !old.finalizers?.includes(name));
    if (added.length > 0) {
      const list = added.map((name) => JSON.stringify(name)).join(', ');
      const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
      errors.push(forbidden('metadata.finalizers', why));
    }
  }
  if (!meta.resourceVersion)
    errors.push(invalidValue('metadata.resourceVersion', '', 'must be specified for an update'));
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const)
    errors.push(...validateImmutable(`metadata.${field}`, meta[field], old[field]));
  return joined(errors, validateChangeable(meta));
}

// A status update brings the very labels and owners that are stored already (D4): they are checked once.
const checkedLabels = remembered((labels: Labels) => validateLabels(labels, 'metadata.labels'));
const checkedAnnotations = remembered((annotations: Labels) =>
  validateAnnotations(annotations, 'metadata.annotations'),
);
const checkedOwners = remembered(validateOwnerReferences);
const checkedFinalizers = remembered(validateFinalizers);

function validateChangeable(meta: Partial<ObjectMeta>): readonly FieldError[] {
  const { generation, labels, annotations, ownerReferences, finalizers } = meta;
  let errors: readonly FieldError[] = validateNotNegative('metadata.generation', generation);
  if (labels) errors = joined(errors, checkedLabels(labels));
  if (annotations) errors = joined(errors, checkedAnnotations(annotations));
  if (ownerReferences) errors = joined(errors, checkedOwners(ownerReferences));
  return finalizers ? joined(errors, checkedFinalizers(finalizers)) : errors;
}

/** The keys of annotations are like labels', but may have capitals; their values may be anything but too long. */
export function validateAnnotations(annotations: ObjectMeta['annotations'], field: string): FieldError[] {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  let length = 0;
  for (const [key, value] of Object.entries(annotations)) {
    errors.push(...invalidFor(field, key, checkLabelKey(key.toLowerCase())));
    length += key.length + value.length;
  }
  if (length > annotationsLengthMax) errors.push(tooLong(field, annotationsLengthMax));
  return errors;
}

function validateOwnerReferences(references: readonly OwnerReference[]): FieldError[] {
  const field = 'metadata.ownerReferences';
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const reference of references) {
    if (!reference.apiVersion)
      errors.push(invalidValue(`${field}.apiVersion`, '', 'version must not be empty'));
    for (const part of ['kind', 'name', 'uid'] as const)
      if (!reference[part]) errors.push(invalidValue(`${field}.${part}`, '', 'must not be empty'));
    if (reference.apiVersion === 'v1' && reference.kind === 'Event')
      errors.push(invalidValue(field, reference, '/v1, Kind=Event is disallowed from being an owner'));
    if (!reference.controller) continue;
    if (controller === undefined) controller = reference.name;
    else
      errors.push(
        invalidValue(
          field,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${reference.name}`,
        ),
      );
  }
  return errors;
}

function validateFinalizers(finalizers: readonly string[]): FieldError[] {
  const field = 'metadata.finalizers';
  const errors = finalizers.flatMap((name) => invalidFor(field, name, checkLabelKey(name)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(
      invalidValue(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'),
    );
  return errors;
}

/**
 * What built-in kinds want of finalizers beside: custom resources, and their definitions, may have any names.
 * Upstream: pkg/apis/core/validation/validation.go ValidateObjectMeta
 */
export function validateQualifiedFinalizers({ finalizers }: Partial<ObjectMeta>): FieldError[] {
  return finalizers === undefined ? [] : checkedQualified(finalizers);
}

const checkedQualified = remembered((finalizers: readonly string[]) =>
  finalizers.flatMap((name, index) => validateKnownFinalizer(`metadata.finalizers[${index}]`, name)),
);

function validateKnownFinalizer(field: string, name: string): FieldError[] {
  if (name.includes('/') || standardFinalizers.includes(name)) return [];
  return [invalidValue(field, name, 'name is neither a standard finalizer name nor is it fully qualified')];
}

/** What must hold of a finalizer in the spec of a namespace. Upstream: core/validation validateFinalizerName */
export function validateFinalizerName(field: string, name: string): FieldError[] {
  return [...invalidFor(field, name, checkLabelKey(name)), ...validateKnownFinalizer(field, name)];
}
