import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { joined } from './fieldChecks.ts';
import type { Kind } from './kind.ts';
import { laterRulesOf } from './laterRules.ts';
import type { KubeObject } from './object.ts';
import { validateObjectMeta, validateObjectMetaUpdate, validateQualifiedFinalizers } from './objectMeta.ts';

/** What is wrong with a new object: its metadata, then what its kind says. */
export function validateCreate<T extends KubeObject>(kind: Kind<T>, object: T): readonly FieldError[] {
  const checkName = kind.checkName ?? checkDns1123Subdomain;
  let errors = validateObjectMeta(object.metadata, kind.namespaced, checkName);
  errors = joined(errors, validateFinalizers(kind, object));
  errors = joined(errors, kind.validate?.(object));
  errors = joined(errors, laterRulesOf(kind)?.validate?.(object));
  return joined(errors, kind.validateNew?.(object));
}

/** What is wrong with an object that shall replace `old`. Both are of the kind; a field is reported once. */
export function validateUpdate<T extends KubeObject>(kind: Kind<T>, object: T, old: T): FieldError[] {
  const later = laterRulesOf(kind);
  return withoutRepetition([
    ...validateObjectMetaUpdate(object.metadata, old.metadata),
    ...validateFinalizers(kind, object),
    ...(kind.validate?.(object) ?? []),
    ...(later?.validate?.(object) ?? []),
    ...(kind.validateUpdate?.(object, old) ?? []),
    ...(later?.validateUpdate?.(object, old) ?? []),
  ]);
}

/** What is wrong with an object whose status shall replace `old`'s. */
export function validateStatusUpdate<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  old: T,
  subresource = 'status',
): readonly FieldError[] {
  let errors = validateObjectMetaUpdate(object.metadata, old.metadata);
  errors = joined(errors, validateFinalizers(kind, object));
  errors = joined(errors, kind.validateStatusUpdate?.(object, old, subresource));
  return joined(errors, laterRulesOf(kind)?.validateStatusUpdate?.(object, old, subresource));
}

function validateFinalizers<T extends KubeObject>({ group, custom }: Kind<T>, object: T): FieldError[] {
  const isFree = custom !== undefined || group === 'apiextensions.k8s.io';
  return isFree ? [] : validateQualifiedFinalizers(object.metadata);
}

function withoutRepetition(errors: FieldError[]): FieldError[] {
  return errors.filter(
    (error, index) =>
      errors.findIndex(({ field, message }) => field === error.field && message === error.message) === index,
  );
}
