// Upstream: pkg/apis/certificates/{v1/defaults.go,validation/validation.go}, pkg/registry/certificates/certificates/strategy.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { forbidden, invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain, checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { decodeBase64 } from '../base64.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { readPem } from '../pem.ts';
import { readCertificateRequest } from '../x509.ts';

export type { CertificateSigningRequest };

const secondsMin = 600;
const decisions = ['Approved', 'Denied', 'Failed'];

/** What a request asks to be signed: whose name, and which key. Null for what is no PKCS #10 request in PEM. */
export function requestedCertificate({
  spec,
}: CertificateSigningRequest): ReturnType<typeof readCertificateRequest> | null {
  const bytes = decodeBase64(spec.request ?? '');
  const der = bytes && readPem('CERTIFICATE REQUEST', String.fromCharCode(...bytes));
  if (der === undefined) return null;
  try {
    return readCertificateRequest(der);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

/** True when a condition of that type is there. */
export function hasDecision({ status = {} }: Partial<CertificateSigningRequest>, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type) ?? false;
}

function validateSignerName(name: string): FieldError[] {
  const field = 'spec.signerName';
  if (name === '') return [required(field)];
  const slash = name.indexOf('/');
  const refuse = (why: string) => [invalidValue(field, name, why)];
  if (name === 'kubernetes.io/legacy-unknown')
    return refuse('the legacy signerName is not allowed via this API version');
  if (slash < 0 || name.indexOf('/', slash + 1) >= 0)
    return refuse("must be a fully qualified domain and path of the form 'example.com/signer-name'");
  return checkDns1123Subdomain(name.slice(0, slash)).flatMap(refuse);
}

function certificateOf({ status = {} }: Partial<CertificateSigningRequest>): string {
  return status.certificate ?? '';
}

function conditionText(request: CertificateSigningRequest): string {
  const state = hasDecision(request, 'Denied')
    ? 'Denied'
    : hasDecision(request, 'Approved')
      ? 'Approved'
      : 'Pending';
  const failed = hasDecision(request, 'Failed') ? ',Failed' : '';
  return state + failed + (certificateOf(request) === '' ? '' : ',Issued');
}

export const certificateSigningRequests: Kind<CertificateSigningRequest> = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.certificates.v1.CertificateSigningRequest',
  hasStatus: true,
  checkName: checkPathSegment,
  countsGenerations: false,
  validate(request) {
    const { usages = [], expirationSeconds, signerName } = request.spec;
    const errors: FieldError[] = [];
    if (requestedCertificate(request) === null)
      errors.push(
        invalidValue(
          'spec.request',
          request.spec.request ?? '',
          'PEM block type must be CERTIFICATE REQUEST',
        ),
      );
    if (usages.length === 0) errors.push(required('spec.usages'));
    const twice = usages.findIndex((usage, i) => usages.indexOf(usage) !== i);
    if (twice >= 0)
      errors.push({
        type: 'FieldValueDuplicate',
        field: `spec.usages[${twice}]`,
        message: `Duplicate value: ${JSON.stringify(usages[twice])}`,
      });
    if (expirationSeconds !== undefined && expirationSeconds < secondsMin)
      errors.push(
        invalidValue(
          'spec.expirationSeconds',
          expirationSeconds,
          'may not specify a duration less than 600 seconds (10 minutes)',
        ),
      );
    return [...errors, ...validateSignerName(signerName ?? '')];
  },
  validateUpdate: ({ spec }, old) =>
    deepEqual(spec, old.spec) ? [] : validateImmutable('spec', spec, old.spec),
  validateStatusUpdate(request, old) {
    const errors: FieldError[] = [];
    for (const type of decisions) {
      if (hasDecision(old, type) && !hasDecision(request, type))
        errors.push(forbidden('status.conditions', `updates may not remove a condition of type "${type}"`));
    }
    for (const type of ['Approved', 'Denied']) {
      if (!hasDecision(old, type) && hasDecision(request, type))
        errors.push(forbidden('status.conditions', `updates may not add a condition of type "${type}"`));
    }
    const certificate = certificateOf(old);
    if (certificate !== '' && certificate !== certificateOf(request))
      errors.push(forbidden('status.certificate', 'updates may not change an issued certificate'));
    return errors;
  },
  selectableFields: ['spec.signerName'],
  fieldValue: ({ spec }) => spec.signerName ?? '',
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', ({ spec }) => spec.signerName || '<none>'),
    column('Requestor', ({ spec }) => spec.username ?? ''),
    column('RequestedDuration', ({ spec }) =>
      spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
    ),
    column('Condition', conditionText),
  ],
};
