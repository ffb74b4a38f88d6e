// Upstream: apimachinery/pkg/runtime/conversion.go, strconv.ParseInt
import { badRequest } from '#kubernetes/apimachinery/statusError.ts';
import type { ApiRequest } from './request.ts';

const int64Max = 2n ** 63n - 1n;

/** A whole number of a query, undefined where it is absent. Throws BadRequest. */
export function queryNumber({ query }: ApiRequest, name: string): number | undefined {
  const text = query?.[name];
  return text === undefined ? undefined : parseInt64(text);
}

/** A number as Go reads it. Throws BadRequest with Go's sentence. */
function parseInt64(text: string): number {
  if (!/^[-+]?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > int64Max || value < -int64Max - 1n)
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  return Number(value);
}

/** A flag of a query, undefined where it is absent: whatever is not plainly false is true. */
export function queryBool({ query }: ApiRequest, name: string): boolean | undefined {
  const text = query?.[name];
  return text === undefined ? undefined : !/^(false|0)$/i.test(text);
}
