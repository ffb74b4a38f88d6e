import { expect, test } from 'vitest';
import { makePod } from '../testObjects.ts';
import { schedulingGates } from './schedulingGates.ts';

// Facts from upstream's scheduling_gates_test.go.
test.each([
  ['a pod without gates', [], undefined],
  ['a pod with gates', ['foo', 'bar'], ['waiting for scheduling gates: [foo bar]']],
])('%s', (_name, gates, reasons) => {
  const pod = makePod({ schedulingGates: gates.map((name) => ({ name })) });
  expect(schedulingGates.preEnqueue!(pod)?.reasons).toEqual(reasons);
});
