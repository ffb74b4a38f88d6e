import { expect, test } from 'vitest';
import { daemonSets } from './apps/daemonSet.ts';
import './laterKinds.ts';
import { statusErrors } from './testing/kindTable.ts';

const scheduled = {
  currentNumberScheduled: 1,
  numberMisscheduled: 0,
  desiredNumberScheduled: 1,
  numberReady: 1,
};

test.each<[object, string[]]>([
  [{ ...scheduled, collisionCount: 2 }, []],
  [
    { ...scheduled, numberReady: -1, numberAvailable: -2, collisionCount: 2 },
    [
      'status.numberReady: Invalid value: -1: must be greater than or equal to 0',
      'status.numberAvailable: Invalid value: -2: must be greater than or equal to 0',
    ],
  ],
  [{ ...scheduled, collisionCount: 1 }, ['status.collisionCount: Invalid value: 1: cannot be decremented']],
  [scheduled, ['status.collisionCount: Invalid value: 0: cannot be decremented']],
])('the status %j of a daemon set', (status, errors) => {
  expect(statusErrors(daemonSets, { status: { ...scheduled, collisionCount: 2 } }, status)).toEqual(errors);
});
