// Upstream: validateIndexesFormat and parseIndexInterval in pkg/apis/batch/validation/validation.go
import { badRequest } from '#kubernetes/apimachinery/statusError.ts';

function parseIndex(text: string, completions: number): number {
  if (!/^[-+]?\d+$/.test(text))
    throw badRequest(`cannot convert string to integer for index: ${JSON.stringify(text)}`);
  const index = Number(text);
  if (index >= completions) throw badRequest(`too large index: ${JSON.stringify(text)}`);
  return index;
}

function parseInterval(text: string, completions: number): readonly [first: number, last: number] {
  const limits = text.split('-');
  if (limits.length > 2) {
    const why = "violates the requirement that an index interval can have at most two parts separated by '-'";
    throw badRequest(`the fragment ${JSON.stringify(text)} ${why}`);
  }
  const first = parseIndex(limits[0]!, completions);
  if (limits[1] === undefined) return [first, first];
  const last = parseIndex(limits[1], completions);
  if (first >= last) throw badRequest(`non-increasing order, previous: ${first}, current: ${last}`);
  return [first, last];
}

/** Reads `1,3-5` as intervals of indexes below `completions`. Throws a BadRequest in upstream's words. */
export function parseIndexes(text: string, completions: number): (readonly [first: number, last: number])[] {
  if (text === '') return [];
  let previous: number | undefined;
  return text.split(',').map((part) => {
    const interval = parseInterval(part, completions);
    if (previous !== undefined && previous >= interval[0])
      throw badRequest(`non-increasing order, previous: ${previous}, current: ${interval[0]}`);
    previous = interval[1];
    return interval;
  });
}

/** How many indexes a list such as `1,3-5` names. Throws as `parseIndexes` does. */
export function countIndexes(text: string, completions: number): number {
  return parseIndexes(text, completions).reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
