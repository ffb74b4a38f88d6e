// Upstream: pkg/apis/certificates/validation/validation.go (validateConditions, validateCertificate, updates of both)
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { decodeBase64 } from '../base64.ts';
import { readPemBlocks } from '../pem.ts';
import { readCertificate } from '../x509.ts';

type Condition = NonNullable<CertificateSigningRequest['status']['conditions']>[number];

/** What the subresource `approval` decides. */
export const approvalTypes: readonly string[] = ['Approved', 'Denied'];
const finalTypes = [...approvalTypes, 'Failed'];
const field = 'status.conditions';
const exclusive = 'Approved and Denied conditions are mutually exclusive';

/** The conditions of a type. */
export function conditionsOf(
  request: Partial<CertificateSigningRequest>,
  type: string,
): readonly Condition[] {
  return (statusOf(request).conditions ?? []).filter((condition) => condition.type === type);
}

function statusOf({ status }: Partial<CertificateSigningRequest>): CertificateSigningRequest['status'] {
  return status ?? {};
}

/** What is wrong with the status of a request whose status was `old`'s. */
export function validateRequestStatus(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  subresource: string,
): FieldError[] {
  const { conditions = [], certificate = '' } = statusOf(request);
  const before = statusOf(old).certificate ?? '';
  const problem = certificate === before ? null : certificateProblem(certificate);
  const errors = validateConditions(conditions);
  if (problem !== null) errors.push(invalidValue('status.certificate', '<certificate data>', problem));
  const isFewer = (type: string) => conditionsOf(request, type).length < conditionsOf(old, type).length;
  const isMore = (type: string) => conditionsOf(request, type).length > conditionsOf(old, type).length;
  for (const type of finalTypes.filter(isFewer))
    errors.push(forbidden(field, `updates may not remove a condition of type "${type}"`));
  if (subresource !== 'approval')
    for (const type of approvalTypes.filter(isMore))
      errors.push(forbidden(field, `updates may not add a condition of type "${type}"`));
  if (certificate !== before && before !== '')
    errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
  return errors;
}

function validateConditions(conditions: readonly Condition[]): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  conditions.forEach(({ type, status }, index) => {
    const at = `${field}[${index}]`;
    const allowed = finalTypes.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (type === '') errors.push(required(`${at}.type`));
    if (!status) errors.push(required(`${at}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${at}.status`, status, allowed));
    const other = approvalTypes.includes(type) && approvalTypes.find((one) => one !== type);
    if (other && seen.has(other)) errors.push(invalidValue(field, type, exclusive));
    if (seen.has(type)) errors.push(duplicate(`${at}.type`, type));
    seen.add(type);
  });
  return errors;
}

/** Why base64 text is no chain of certificates in PEM; null where it is, or is nothing. */
function certificateProblem(encoded: string): string | null {
  if (encoded === '') return null;
  const blocks = readPemBlocks(String.fromCharCode(...(decodeBase64(encoded) ?? [])));
  for (const { label, hasHeaders, bytes } of blocks) {
    if (label !== 'CERTIFICATE')
      return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(label)}`;
    if (hasHeaders) return 'no PEM block headers are permitted';
    if (bytes.length === 0) return 'found CERTIFICATE PEM block containing 0 certificates';
    if (!isCertificate(bytes)) return 'x509: malformed certificate';
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : null;
}

function isCertificate(der: Uint8Array): boolean {
  try {
    readCertificate(der);
    return true;
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}
