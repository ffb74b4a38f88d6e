// Upstream: apimachinery/pkg/apis/meta/v1/validation/validation.go
import { queryBool } from '#kubernetes/api/queryValues.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import {
  forbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { type FieldError, invalid } from '#kubernetes/apimachinery/statusError.ts';

const fieldManagerLengthMax = 128;
const applyType = 'application/apply-patch+yaml';
const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
};

/** Checks the query of a create, update or patch. Throws Invalid with every cause. */
export function checkWriteOptions(request: ApiRequest): void {
  if (request.query === undefined && request.method !== 'PATCH') return;
  const errors = [
    ...dryRunErrors(request.query?.['dryRun']),
    ...fieldManagerErrors(request.query?.['fieldManager'] ?? ''),
    ...(request.method === 'PATCH' ? patchErrors(request) : []),
    ...fieldValidationErrors(request.query?.['fieldValidation'] ?? ''),
  ];
  if (errors.length > 0) throw invalid('meta.k8s.io', optionKinds[request.method]!, '', errors);
}

/** Of a `dryRun`, from the query or from delete options. */
export function dryRunErrors(dryRun: string | readonly string[] | undefined): FieldError[] {
  if (dryRun === undefined) return [];
  const values = typeof dryRun === 'string' ? [dryRun] : dryRun;
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}

function patchErrors(request: ApiRequest): FieldError[] {
  if (request.contentType?.startsWith(applyType)) {
    return request.query?.['fieldManager'] ? [] : [required('fieldManager', 'is required for apply patch')];
  }
  return queryBool(request, 'force') === undefined
    ? []
    : [forbidden('force', 'may not be specified for non-apply patch')];
}

function fieldManagerErrors(manager: string): FieldError[] {
  const errors: FieldError[] = [];
  if (manager.length > fieldManagerLengthMax) errors.push(tooLong('fieldManager', fieldManagerLengthMax));
  let at = 0;
  for (const char of manager) {
    if (/[^\P{C}]|[\p{Zl}\p{Zp}]/u.test(char) || (/\p{Zs}/u.test(char) && char !== ' ')) {
      const code = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalidValue('fieldManager', manager, `invalid character U+${code} (at position ${at})`));
    }
    at += char.codePointAt(0)! < 0x80 ? 1 : char.codePointAt(0)! < 0x800 ? 2 : char.length === 2 ? 4 : 3;
  }
  return errors;
}

function fieldValidationErrors(asked: string): FieldError[] {
  const known = ['Ignore', 'Strict', 'Warn'];
  return asked === '' || known.includes(asked) ? [] : [notSupported('fieldValidation', asked, known)];
}
