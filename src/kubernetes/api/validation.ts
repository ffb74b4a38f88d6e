import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import type { Kind } from './kind.ts';
import { laterRulesOf } from './laterRules.ts';
import type { KubeObject } from './object.ts';
import { validateObjectMeta, validateObjectMetaUpdate, validateQualifiedFinalizers } from './objectMeta.ts';

/** What is wrong with a new object: its metadata, then what its kind says. */
export function validateCreate<T extends KubeObject>(kind: Kind<T>, object: T): FieldError[] {
  const checkName = kind.checkName ?? checkDns1123Subdomain;
  return [
    ...validateObjectMeta(object.metadata, kind.namespaced, checkName),
    ...validateFinalizers(kind, object),
    ...(kind.validate?.(object) ?? []),
    ...(laterRulesOf(kind)?.validate?.(object) ?? []),
    ...(kind.validateNew?.(object) ?? []),
  ];
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
export function validateStatusUpdate<T extends KubeObject>(kind: Kind<T>, object: T, old: T): FieldError[] {
  return [
    ...validateObjectMetaUpdate(object.metadata, old.metadata),
    ...validateFinalizers(kind, object),
    ...(kind.validateStatusUpdate?.(object, old) ?? []),
    ...(laterRulesOf(kind)?.validateStatusUpdate?.(object, old) ?? []),
  ];
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
