import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { mutatingAdmissionPolicies as kind } from './mutatingAdmissionPolicy.ts';

const matchConstraints = {
  resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
};
const policy = (...mutations: object[]) => ({ spec: { matchConstraints, mutations } });
const expression = '[object.metadata.name]';

test.each<[string, object, string[]]>([
  ['good', policy({ patchType: 'JSONPatch', jsonPatch: { expression } }), []],
  ['nothing to do', policy(), ['spec.mutations: Required value: mutations must contain at least one item']],
  [
    'no type',
    policy({ patchType: 'Merge', jsonPatch: { expression } }),
    [
      'spec.mutations[0].patchType: Unsupported value: "Merge": supported values: "ApplyConfiguration", "JSONPatch"',
    ],
  ],
  [
    'the other patch',
    policy({ patchType: 'JSONPatch', applyConfiguration: { expression } }),
    [
      'spec.mutations[0].applyConfiguration: Invalid value: "{}": applyConfiguration must not be specified when patchType is JSONPatch',
      'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
    ],
  ],
  [
    'no expression',
    policy({ patchType: 'JSONPatch', jsonPatch: { expression: ' ' } }),
    ['spec.mutations[0].jsonPatch.expression: Required value: expression is not specified'],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(kind, manifest)).toEqual(errors);
});

test('columns', () => {
  const one = created(kind, policy({ patchType: 'JSONPatch', jsonPatch: { expression } }));
  expect(one.spec).toMatchObject({ failurePolicy: 'Fail', reinvocationPolicy: 'Never' });
  expect(cells(kind, one)).toEqual({ Name: 'x', Mutations: 1, ParamKind: '<unset>', Age: '60m' });
});
