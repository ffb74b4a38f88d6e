// Upstream: pkg/apis/certificates/{v1/defaults.go,validation/validation.go}, pkg/registry/certificates/certificates/strategy.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { humanDuration } from '#kubernetes/apimachinery/duration.ts';
import { duplicate, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain, checkPathSegment } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { decodeBase64 } from '../base64.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { readPem } from '../pem.ts';
import { readCertificateRequest } from '../x509.ts';
import { conditionsOf, validateRequestStatus } from './certificateConditions.ts';

export type { CertificateSigningRequest };

const secondsMin = 600;
const validUsages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

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
export function hasDecision(request: Partial<CertificateSigningRequest>, type: string): boolean {
  return conditionsOf(request, type).length > 0;
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
    usages.forEach((usage, index) => {
      if (!validUsages.includes(usage))
        errors.push(notSupported(`spec.usages[${index}]`, usage, validUsages));
    });
    usages.forEach((usage, index) => {
      if (usages.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage));
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
  prepareForUpdate: (request, old) => (request.spec === old.spec ? request : { ...request, spec: old.spec }),
  validateStatusUpdate: validateRequestStatus,
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
