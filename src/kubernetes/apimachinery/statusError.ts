import type { Status, StatusCause, StatusDetails } from '#generated/types/meta.v1.ts';

/** metav1.StatusReason, with the HTTP code that goes with it. Upstream: apimachinery/pkg/api/errors. */
const codes = {
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  Invalid: 422,
  ServerTimeout: 500,
  Timeout: 504,
  TooManyRequests: 429,
  BadRequest: 400,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  InternalError: 500,
  ServiceUnavailable: 503,
  /** A failure without a reason: a 500 whose Status names none, as when etcd does not answer. */
  Unknown: 500,
} as const;

export type StatusReason = keyof typeof codes;

/** Kubernetes' own failure: what the API answers with a code of 400 or more. Its text is product. */
export class StatusError extends Error {
  override name = 'StatusError';
  readonly reason: StatusReason;
  readonly code: number;
  readonly details: StatusDetails | undefined;

  constructor(reason: StatusReason, message: string, details?: StatusDetails, code: number = codes[reason]) {
    super(message);
    this.reason = reason;
    this.details = details;
    this.code = code;
  }

  /** The Status object that goes over the wire. */
  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason !== 'Unknown' && { reason: this.reason }),
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }

  /** Reads a Status that came over the wire. */
  static from(status: Status): StatusError {
    const reason = (status.reason && status.reason in codes ? status.reason : 'Unknown') as StatusReason;
    return new StatusError(reason, status.message ?? '', status.details, status.code ?? 500);
  }
}

/** True for a StatusError of that reason: the way to ask "was it only not found?". */
export function isStatus(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}

/** A resource as error sentences name it: `pods`, `deployments.apps`. */
export function qualifiedResource(group: string, resource: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

export function notFound(group: string, resource: string, name: string): StatusError {
  return new StatusError('NotFound', `${qualifiedResource(group, resource)} "${name}" not found`, {
    name,
    ...(group && { group }),
    kind: resource,
  });
}

export function alreadyExists(group: string, resource: string, name: string): StatusError {
  return new StatusError('AlreadyExists', `${qualifiedResource(group, resource)} "${name}" already exists`, {
    name,
    ...(group && { group }),
    kind: resource,
  });
}

export function conflict(group: string, resource: string, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(group, resource)} "${name}": ${why}`;
  return new StatusError('Conflict', message, { name, ...(group && { group }), kind: resource });
}

export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', message);
}

/** One field error of a 422. Upstream: apimachinery/pkg/util/validation/field. */
export interface FieldError {
  readonly type:
    | 'FieldValueNotFound'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'InternalError';
  /** The path, such as `spec.containers[0].image`. */
  readonly field: string;
  /** The whole sentence after the path, such as `Required value` or `Invalid value: "A": …`. */
  readonly message: string;
}

/** 422: `Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be …`. */
export function invalid(
  group: string,
  kind: string,
  name: string,
  errors: readonly FieldError[],
): StatusError {
  // Upstream: field.ErrorList.ToAggregate says nothing twice; the causes do.
  const lines = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const list = lines.length === 1 ? lines[0]! : `[${lines.join(', ')}]`;
  const causes: StatusCause[] = errors.map((error) => ({
    reason: error.type,
    message: error.message,
    field: error.field,
  }));
  const message = `${qualifiedResource(group, kind)} "${name}" is invalid: ${list}`;
  return new StatusError('Invalid', message, {
    ...(name && { name }),
    ...(group && { group }),
    kind,
    causes,
  });
}
