import { expect, test } from 'vitest';
import { cells, created, createErrors, updateErrors } from '../testing/kindTable.ts';
import { csiDrivers } from './csiDriver.ts';

test.each<[string, object, string[]]>([
  ['good', { spec: {} }, []],
  [
    'unknown policies and modes',
    { spec: { fsGroupPolicy: 'X', volumeLifecycleModes: ['Y'] } },
    [
      'spec.fsGroupPolicy: Unsupported value: "X": supported values: "File", "None", "ReadWriteOnceWithFSType"',
      'spec.volumeLifecycleModes: Unsupported value: "Y": supported values: "Ephemeral", "Persistent"',
    ],
  ],
  [
    'tokens that are asked for twice, and for too short',
    { spec: { tokenRequests: [{ audience: 'a' }, { audience: 'a', expirationSeconds: 5 }] } },
    [
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
      'spec.tokenRequests[1].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
    ],
  ],
  [
    'an update period too short',
    { spec: { nodeAllocatableUpdatePeriodSeconds: 9 } },
    [
      'spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds',
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(csiDrivers, manifest)).toEqual(errors);
});

test('what kubelets rely on stays', () => {
  const next = { spec: { attachRequired: false, podInfoOnMount: true, volumeLifecycleModes: ['Ephemeral'] } };
  expect(updateErrors(csiDrivers, { spec: {} }, next)).toEqual([
    'spec.attachRequired: Invalid value: false: field is immutable',
    'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: field is immutable',
  ]);
});

test('columns', () => {
  const driver = created(csiDrivers, { spec: { tokenRequests: [{ audience: 'a' }, { audience: 'b' }] } });
  expect(cells(csiDrivers, driver)).toEqual({
    Name: 'x',
    AttachRequired: true,
    PodInfoOnMount: false,
    StorageCapacity: false,
    TokenRequests: 'a,b',
    RequiresRepublish: false,
    Modes: 'Persistent',
    Age: '60m',
  });
  expect(cells(csiDrivers, created(csiDrivers, { spec: {} }))['TokenRequests']).toBe('<unset>');
});
