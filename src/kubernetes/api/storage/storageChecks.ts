// Upstream: pkg/apis/storage/validation/validation.go
import { invalidValue, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain, checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor } from '../fieldChecks.ts';

/** Upstream: maxProvisionerParameterLen and maxProvisionerParameterSize, counted in characters here. */
const parametersMax = 512;
const parametersLengthMax = 256 * 1024;
const driverNameLengthMax = 63;

/** The name of what makes volumes, such as `kubernetes.io/aws-ebs`. */
export function validateProvisioner(field: string, provisioner = ''): FieldError[] {
  if (provisioner === '') return [required(field)];
  return invalidFor(field, provisioner, checkLabelKey(provisioner.toLowerCase()));
}

/** What is handed to a driver as it is. */
export function validateParameters(
  parameters: { readonly [key: string]: string } | undefined,
  mayBeEmpty: boolean,
): FieldError[] {
  const entries = Object.entries(parameters ?? {});
  if (entries.length > parametersMax) return [tooLong('parameters', parametersMax)];
  const errors = entries
    .filter(([key]) => key === '')
    .map(([key]) => invalidValue('parameters', key, 'field can not be empty.'));
  const length = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (length > parametersLengthMax) errors.push(tooLong('parameters', parametersLengthMax));
  if (entries.length === 0 && !mayBeEmpty)
    errors.push(required('parameters', 'must contain at least one key/value pair'));
  return errors;
}

/** The name of a CSI driver, such as `ebs.csi.aws.com`. */
export function validateDriverName(field: string, name = ''): FieldError[] {
  if (name === '') return [required(field)];
  const errors = name.length > driverNameLengthMax ? [tooLong(field, driverNameLengthMax)] : [];
  return [...errors, ...invalidFor(field, name, checkDns1123Subdomain(name.toLowerCase()))];
}
