// Upstream: apiserver/pkg/endpoints/handlers/delete.go, apimachinery/pkg/apis/meta/v1/validation/validation.go
import { queryBool, queryNumber } from '#kubernetes/api/queryValues.ts';
import type { DeleteOptions } from '#generated/types/meta.v1.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { invalidValue, notSupported } from '#kubernetes/apimachinery/fieldErrors.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { badRequest, type FieldError, invalid, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { dryRunErrors } from './writeOptions.ts';

const policies = ['Foreground', 'Background', 'Orphan'];

/**
 * What a delete asks for: its body says, and only where it has none its query. Throws BadRequest for what cannot be read,
 * Invalid with every cause for what is wrong.
 */
export function readDeleteOptions(request: ApiRequest): Partial<DeleteOptions> {
  const options =
    request.body === undefined || request.body === null ? fromQuery(request) : fromBody(request.body);
  const errors = [...policyErrors(options), ...dryRunErrors(options.dryRun)];
  if (errors.length > 0) throw invalid('meta.k8s.io', 'DeleteOptions', '', errors);
  // Upstream: apiserver/pkg/registry/rest/delete.go: less than nothing is the shortest grace there is.
  return (options.gracePeriodSeconds ?? 0) < 0 ? { ...options, gracePeriodSeconds: 1 } : options;
}

function fromQuery(request: ApiRequest): Partial<DeleteOptions> {
  const gracePeriodSeconds = queryNumber(request, 'gracePeriodSeconds');
  const orphanDependents = queryBool(request, 'orphanDependents');
  const propagationPolicy = request.query?.['propagationPolicy'];
  const dryRun = request.query?.['dryRun'];
  return {
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(dryRun !== undefined && { dryRun: [dryRun] }),
  };
}

const fieldTypes: Readonly<Record<string, string>> = {
  gracePeriodSeconds: 'number',
  orphanDependents: 'boolean',
  propagationPolicy: 'string',
  kind: 'string',
};

function fromBody(body: unknown): Partial<DeleteOptions> {
  if (!isObject(body))
    throw new StatusError('Unknown', 'decoded object cannot be converted to DeleteOptions');
  const fields = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  for (const [field, value] of fields) {
    const type = Object.hasOwn(fieldTypes, field) ? fieldTypes[field] : undefined;
    if (type !== undefined && typeof value !== type) throw unreadable(field, value, type);
  }
  const { dryRun, preconditions } = body;
  if (dryRun !== undefined && dryRun !== null && !(Array.isArray(dryRun) && dryRun.every(isText)))
    throw unreadable('dryRun', dryRun, '[]string');
  if (preconditions !== undefined && preconditions !== null && !isObject(preconditions))
    throw unreadable('preconditions', preconditions, 'v1.Preconditions');
  const { kind } = body;
  if (kind !== undefined && kind !== 'DeleteOptions' && kind !== null && kind !== '')
    throw new StatusError('Unknown', 'decoded object cannot be converted to DeleteOptions');
  return Object.fromEntries(fields);
}

const isText = (value: unknown) => typeof value === 'string';

function unreadable(field: string, value: unknown, type: string): StatusError {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return badRequest(
    `DeleteOptions in version "v1" cannot be handled as a DeleteOptions: json: cannot unmarshal ${found} into Go struct field DeleteOptions.${field} of type ${type === 'number' ? 'int64' : type === 'boolean' ? 'bool' : type}`,
  );
}

function policyErrors({ propagationPolicy: policy, orphanDependents }: Partial<DeleteOptions>): FieldError[] {
  if (policy === undefined) return [];
  if (orphanDependents !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    return [invalidValue('propagationPolicy', policy, why)];
  }
  // As recorded: `delete/bad propagation`.
  return policies.includes(policy) ? [] : [notSupported('propagationPolicy', policy, [...policies, 'nil'])];
}
