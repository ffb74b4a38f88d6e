// Upstream: pkg/registry/core/pod/rest/log.go, pkg/apis/core/validation/validation.go ValidatePodLogOptions
import { queryBool, queryNumber } from '#kubernetes/api/queryValues.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { forbidden, invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { type FieldError, invalid } from '#kubernetes/apimachinery/statusError.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';

/** Which part of a log is asked for, and how it shall look. */
export interface PodLogOptions {
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number | undefined;
  readonly limitBytes?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly sinceTime?: number | undefined;
}

/** The options in a request's query. Throws BadRequest for what cannot be read, Invalid for what makes no sense. */
export function readPodLogOptions(request: ApiRequest, podName: string): PodLogOptions {
  const sinceTime = request.query?.['sinceTime'];
  const options: PodLogOptions = {
    follow: queryBool(request, 'follow') ?? false,
    previous: queryBool(request, 'previous') ?? false,
    timestamps: queryBool(request, 'timestamps') ?? false,
    tailLines: queryNumber(request, 'tailLines'),
    limitBytes: queryNumber(request, 'limitBytes'),
    sinceSeconds: queryNumber(request, 'sinceSeconds'),
    sinceTime: sinceTime ? parseTime(sinceTime) : undefined,
  };
  const errors = validatePodLogOptions(options);
  if (errors.length > 0) throw invalid('', 'PodLogOptions', podName, errors);
  return options;
}

function validatePodLogOptions(options: PodLogOptions): FieldError[] {
  const { tailLines = 0, limitBytes = 1, sinceSeconds, sinceTime } = options;
  const errors: FieldError[] = [];
  if (tailLines < 0) errors.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes < 1) errors.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    // Upstream names no field here.
    errors.push(forbidden('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    errors.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  return errors;
}
