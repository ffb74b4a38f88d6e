import { expect, test } from 'vitest';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { readPodLogOptions } from './podLogOptions.ts';

function read(query: Record<string, string>): unknown {
  try {
    return readPodLogOptions({ method: 'GET', path: '', user: { name: 'u', groups: [] }, query }, 'web');
  } catch (error) {
    return error instanceof StatusError ? [error.code, error.message] : error;
  }
}

const notOk = 'PodLogOptions "web" is invalid: ';

// Facts: pkg/apis/core/validation/validation_test.go TestValidatePodLogOptions
test.each([
  [{ tailLines: '-1' }, 422, `${notOk}tailLines: Invalid value: -1: must be greater than or equal to 0`],
  [{ limitBytes: '0' }, 422, `${notOk}limitBytes: Invalid value: 0: must be greater than 0`],
  [{ sinceSeconds: '0' }, 422, `${notOk}sinceSeconds: Invalid value: 0: must be greater than 0`],
  [
    { sinceSeconds: '1', sinceTime: '1970-01-01T00:00:02Z' },
    422,
    `${notOk}: Forbidden: at most one of \`sinceTime\` or \`sinceSeconds\` may be specified`,
  ],
  [{ tailLines: 'abc' }, 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
])('log options %j are refused', (query, code, message) => {
  expect(read(query)).toEqual([code, message]);
});

test('a flag is true unless it is plainly false', () => {
  expect(read({ follow: '1', previous: 'false', timestamps: 'yes', tailLines: '0' })).toMatchObject({
    follow: true,
    previous: false,
    timestamps: true,
    tailLines: 0,
  });
  expect(read({ sinceTime: '1970-01-01T00:00:02Z' })).toMatchObject({ sinceTime: 2_000, follow: false });
});
