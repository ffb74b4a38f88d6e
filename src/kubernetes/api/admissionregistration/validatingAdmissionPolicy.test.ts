import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { validatingAdmissionPolicies as kind } from './validatingAdmissionPolicy.ts';

const resourceRules = [
  { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] },
];
const matchConstraints = { resourceRules };
const policy = (more: object = {}) => ({
  spec: { matchConstraints, validations: [{ expression: 'object.spec.replicas <= 5' }], ...more },
});
const validation = (more: object) =>
  policy({ validations: [{ expression: 'object.spec.replicas <= 5', ...more }] });

test('defaults', () => {
  expect(created(kind, policy()).spec).toMatchObject({
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      resourceRules: [{ scope: '*' }],
    },
  });
});

test.each<[string, object, string[]]>([
  ['good', policy(), []],
  [
    'nothing to match',
    { spec: { validations: [{ expression: 'true' }] } },
    ['spec.matchConstraints: Required value'],
  ],
  ['no rule', policy({ matchConstraints: {} }), ['spec.matchConstraints.resourceRules: Required value']],
  [
    'nothing to check',
    policy({ validations: [] }),
    [
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
      'spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item',
    ],
  ],
  [
    'an expression that is no answer',
    policy({ validations: [{ expression: '1 + 1' }] }),
    ['spec.validations[0].expression: Invalid value: "1 + 1": must evaluate to bool'],
  ],
  [
    'parameters without their kind',
    policy({ validations: [{ expression: 'params.x' }] }),
    [
      "spec.validations[0].expression: Invalid value: \"params.x\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x\n | ^",
    ],
  ],
  [
    'a message of many lines',
    validation({ message: 'a\nb' }),
    ['spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks'],
  ],
  [
    'a message of no text',
    validation({ messageExpression: '1' }),
    ['spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string'],
  ],
  [
    'a reason that is none',
    validation({ reason: 'Because' }),
    [
      'spec.validations[0].reason: Unsupported value: "Because": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
  ],
  [
    'variables by bad names',
    policy({
      variables: [
        { name: 'a-b', expression: 'true' },
        { name: 'in', expression: '' },
      ],
    }),
    [
      'spec.variables[0].name: Invalid value: "a-b": name is not a valid CEL identifier',
      'spec.variables[1].name: Invalid value: "in": name is not a valid CEL identifier',
      'spec.variables[1].expression: Required value: expression is not specified',
    ],
  ],
  [
    'a kind of parameters that is none',
    policy({ paramKind: { apiVersion: 'a/b/c' } }),
    [
      'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      'spec.paramKind.kind: Required value',
    ],
  ],
  [
    'one annotation twice',
    policy({
      auditAnnotations: [
        { key: 'a', valueExpression: '"x"' },
        { key: 'a', valueExpression: '' },
      ],
    }),
    [
      'spec.auditAnnotations[1].valueExpression: Required value: valueExpression is not specified',
      'spec.auditAnnotations[1].key: Duplicate value: "a"',
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(kind, manifest)).toEqual(errors);
});

test('columns', () => {
  expect(cells(kind, created(kind, policy({ paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } })))).toEqual({
    Name: 'x',
    Validations: 1,
    ParamKind: 'v1/ConfigMap',
    Age: '60m',
  });
  expect(cells(kind, created(kind, policy()))['ParamKind']).toBe('<unset>');
});
