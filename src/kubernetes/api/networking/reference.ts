// Upstream: validateIngressTypedLocalObjectReference in pkg/apis/networking/validation/validation.go
import { required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain, checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor } from '../fieldChecks.ts';

/** What is wrong with a pointer at an object of any kind; fields are relative to it. */
export function validateReference({
  apiGroup,
  kind,
  name,
}: {
  readonly apiGroup?: string;
  readonly kind?: string;
  readonly name?: string;
}): FieldError[] {
  return [
    ...(apiGroup === undefined ? [] : invalidFor('apiGroup', apiGroup, checkDns1123Subdomain(apiGroup))),
    ...(kind ? invalidFor('kind', kind, checkPathSegment(kind)) : [required('kind')]),
    ...(name ? invalidFor('name', name, checkPathSegment(name)) : [required('name')]),
  ];
}
