// Upstream: apimachinery/pkg/apis/meta/internalversion/validation/validation.go, apiserver/pkg/storage/util.go
import { queryBool, queryNumber } from '#kubernetes/api/queryValues.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { forbidden, notSupported } from '#kubernetes/apimachinery/fieldErrors.ts';
import { badRequest, type FieldError, invalid, StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** The options of a list, watch or collection delete, apart from its selectors. */
export interface ListOptions {
  /** 0 for all. */
  readonly limit: number;
  /** `''` for the first page. */
  readonly continueToken: string;
  /** `''` where none is asked for. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
  /** 0 where the server decides. */
  readonly timeoutSeconds: number;
}

const match = 'resourceVersionMatch';

/** Reads and checks the options of a request. Throws BadRequest for values that cannot be read, Invalid for bad ones. */
export function readListOptions(request: ApiRequest, watches: boolean): ListOptions {
  const { query } = request;
  const options: ListOptions = {
    limit: Math.max(0, queryNumber(request, 'limit') ?? 0),
    continueToken: query?.['continue'] ?? '',
    resourceVersion: query?.['resourceVersion'] ?? '',
    resourceVersionMatch: query?.[match] ?? '',
    allowWatchBookmarks: queryBool(request, 'allowWatchBookmarks') ?? false,
    sendInitialEvents: queryBool(request, 'sendInitialEvents'),
    timeoutSeconds: Math.max(0, queryNumber(request, 'timeoutSeconds') ?? 0),
  };
  const errors = watches ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalid('meta.k8s.io', 'ListOptions', '', errors);
  return options;
}

function listErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = [];
  const asked = options.resourceVersionMatch;
  if (asked !== '') {
    if (options.resourceVersion === '')
      errors.push(forbidden(match, `${match} is forbidden unless resourceVersion is provided`));
    if (options.continueToken !== '')
      errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
    if (asked !== 'Exact' && asked !== 'NotOlderThan')
      errors.push(notSupported(match, asked, ['Exact', 'NotOlderThan', '']));
    if (asked === 'Exact' && options.resourceVersion === '0')
      errors.push(forbidden(match, `${match} "exact" is forbidden for resourceVersion "0"`));
  }
  if (options.sendInitialEvents !== undefined)
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return errors;
}

function watchErrors(options: ListOptions): FieldError[] {
  const errors: FieldError[] = [];
  const asked = options.resourceVersionMatch;
  if (options.sendInitialEvents !== undefined && asked !== 'NotOlderThan')
    errors.push(forbidden(match, `sendInitialEvents requires setting ${match} to NotOlderThan`));
  if (asked !== '') {
    if (options.sendInitialEvents === undefined)
      errors.push(forbidden(match, `${match} is forbidden for watch unless sendInitialEvents is provided`));
    if (asked !== 'NotOlderThan') errors.push(notSupported(match, asked, ['NotOlderThan']));
    if (options.continueToken !== '')
      errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
  }
  return errors;
}

/** A revision as a client names it; 0 for `''`. Throws BadRequest. */
export function parseResourceVersion(text: string): number {
  if (text === '') return 0;
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n) {
    const why = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax';
    const value = JSON.stringify(text);
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: ${why}`,
    );
  }
  return Number(text);
}

/** Upstream: apiserver/pkg/storage/errors.go NewTooLargeResourceVersionError */
export function tooLargeResourceVersion(asked: string, current: number): StatusError {
  return new StatusError('Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
