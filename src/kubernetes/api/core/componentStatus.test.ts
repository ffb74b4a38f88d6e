import { expect, test } from 'vitest';
import { cells, created } from '../testing/kindTable.ts';
import { componentStatuses } from './componentStatus.ts';

test.each<[object[] | undefined, string, string, string]>([
  [undefined, 'Unknown', '', ''],
  [[{ type: 'Healthy', status: 'True', message: 'ok' }], 'Healthy', 'ok', ''],
  [[{ type: 'Healthy', status: 'False', error: 'no' }], 'Unhealthy', '', 'no'],
  [[{ type: 'Healthy', status: 'Unknown' }], 'Unknown', '', ''],
  [[{ type: 'Other', status: 'True', message: 'ok' }], 'Unknown', '', ''],
])('the columns of %j', (conditions, status, message, error) => {
  const object = created(componentStatuses, conditions ? { conditions } : {});
  expect(cells(componentStatuses, object)).toEqual({
    Name: 'x',
    Status: status,
    Message: message,
    Error: error,
  });
});
