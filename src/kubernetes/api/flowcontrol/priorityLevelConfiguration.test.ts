import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { bootstrapPriorityLevels } from './bootstrap.ts';
import { priorityLevelConfigurations } from './priorityLevelConfiguration.ts';

const limited = (more: object = {}, queuing: object = {}) => ({
  type: 'Limited',
  limited: { limitResponse: { type: 'Queue', queuing }, ...more },
});

test('defaults', () => {
  expect(created(priorityLevelConfigurations, { spec: limited() }).spec).toEqual({
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: 30,
      lendablePercent: 0,
      limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
    },
  });
});

test.each<[string, object, string[]]>([
  ['good', limited(), []],
  [
    'exempt by another name',
    { type: 'Exempt' },
    ["spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'"],
  ],
  ['no type', {}, ['spec.type: Unsupported value: "": supported values: "Exempt", "Limited"']],
  [
    'no limits',
    { type: 'Limited' },
    ['spec.limited: Required value: must not be empty when type is Limited'],
  ],
  [
    'numbers that are none',
    limited({ nominalConcurrencyShares: -1, lendablePercent: 101, borrowingLimitPercent: -1 }),
    [
      'spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer',
      'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive',
      'spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer',
    ],
  ],
  [
    'a hand larger than the deck',
    limited({}, { queues: 4, handSize: 5 }),
    ['spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)'],
  ],
  [
    'a hand that no hash can deal',
    limited({}, { queues: 512, handSize: 8 }),
    [
      'spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8 should not be greater than 60',
    ],
  ],
  [
    'rejecting and queuing',
    { type: 'Limited', limited: { limitResponse: { type: 'Reject', queuing: {} } } },
    [
      'spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited',
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(priorityLevelConfigurations, { spec })).toEqual(errors);
});

test('every level of a new cluster is valid and needs no default', () => {
  for (const [name, spec] of Object.entries(bootstrapPriorityLevels)) {
    expect(createErrors(priorityLevelConfigurations, { metadata: { name }, spec })).toEqual([]);
    expect(created(priorityLevelConfigurations, { spec }).spec).toEqual(spec);
  }
});

test('columns', () => {
  expect(
    cells(priorityLevelConfigurations, created(priorityLevelConfigurations, { spec: limited() })),
  ).toEqual({
    Name: 'x',
    Type: 'Limited',
    NominalConcurrencyShares: 30,
    Queues: 64,
    HandSize: 8,
    QueueLengthLimit: 50,
    Age: '60m',
  });
  const spec = bootstrapPriorityLevels['exempt']!;
  expect(cells(priorityLevelConfigurations, created(priorityLevelConfigurations, { spec }))).toMatchObject({
    NominalConcurrencyShares: '<none>',
    Queues: '<none>',
  });
});
