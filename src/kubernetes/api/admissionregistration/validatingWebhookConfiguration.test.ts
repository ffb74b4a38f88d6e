import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { validatingWebhookConfigurations as kind } from './validatingWebhookConfiguration.ts';

const webhook = (more: object = {}) => ({
  name: 'deny.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { service: { name: 'hook', namespace: 'default' } },
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
  ...more,
});
const rule = (more: object) => ({
  rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'], ...more }],
});

test('defaults', () => {
  expect(created(kind, { webhooks: [webhook()] }).webhooks![0]).toEqual({
    ...webhook(),
    clientConfig: { service: { name: 'hook', namespace: 'default', port: 443 } },
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
    rules: [
      { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], scope: '*' },
    ],
  });
});

test.each<[string, object, string[]]>([
  ['good', webhook(), []],
  [
    'a short name',
    webhook({ name: 'deny' }),
    [
      'webhooks[0].name: Invalid value: "deny": should be a domain with at least three segments separated by dots',
    ],
  ],
  [
    'no way to call it',
    webhook({ clientConfig: {} }),
    ['webhooks[0].clientConfig: Required value: exactly one of url or service is required'],
  ],
  [
    'a plain url with a query',
    webhook({ clientConfig: { url: 'http://a/b?c' } }),
    [
      'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
      'webhooks[0].clientConfig.url: Invalid value: "c": query parameters are not permitted in the URL',
    ],
  ],
  [
    'a broken path',
    webhook({ clientConfig: { service: { name: 'a', namespace: 'b', path: '/a//b' } } }),
    ['webhooks[0].clientConfig.service.path: Invalid value: "/a//b": segment[1] may not be empty'],
  ],
  [
    'side effects',
    webhook({ sideEffects: 'Some' }),
    ['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
  ],
  [
    'patience',
    webhook({ timeoutSeconds: 31 }),
    ['webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds'],
  ],
  [
    'no version that is known',
    webhook({ admissionReviewVersions: ['v2'] }),
    ['webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1'],
  ],
  [
    'stars beside others',
    webhook(rule({ operations: ['*', 'CREATE'], resources: ['*', 'pods'] })),
    [
      'webhooks[0].rules[0].operations: Invalid value: ["*","CREATE"]: if \'*\' is present, must not specify other operations',
      'webhooks[0].rules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources without subresources',
    ],
  ],
  [
    'subresources twice',
    webhook(rule({ resources: ['pods/*', 'pods/status', '*/scale', 'x/scale'] })),
    [
      'webhooks[0].rules[0].resources[1]: Invalid value: "pods/status": if \'pods/*\' is present, must not specify pods/status',
      'webhooks[0].rules[0].resources[3]: Invalid value: "x/scale": if \'*/scale\' is present, must not specify x/scale',
    ],
  ],
  [
    'match conditions that cannot be read',
    webhook({ matchConditions: [{ name: 'a', expression: '... [] bad expression' }] }),
    [
      'webhooks[0].matchConditions[0].expression: Invalid value: "... [] bad expression": compilation failed: ERROR: <input>:1:1: Syntax error: Unexpected token: DOT\n | ... [] bad expression\n | ^',
    ],
  ],
  [
    'match conditions that speak of what is not there',
    webhook({ matchConditions: [{ name: 'a', expression: 'has(params.x)' }] }),
    [
      "webhooks[0].matchConditions[0].expression: Invalid value: \"has(params.x)\": compilation failed: ERROR: <input>:1:5: undeclared reference to 'params' (in container '')\n | has(params.x)\n | ....^",
    ],
  ],
  [
    'match conditions of one name, one of which is no condition',
    webhook({
      matchConditions: [
        { name: 'a', expression: 'true' },
        { name: 'a', expression: '"x"' },
      ],
    }),
    [
      'webhooks[0].matchConditions[1].expression: Invalid value: "\\"x\\"": must evaluate to bool',
      'webhooks[0].matchConditions[1].name: Duplicate value: "a"',
    ],
  ],
])('%s', (_name, one, errors) => {
  expect(createErrors(kind, { webhooks: [one] })).toEqual(errors);
});

test('names are unique; columns', () => {
  expect(createErrors(kind, { webhooks: [webhook(), webhook()] })).toEqual([
    'webhooks[1].name: Duplicate value: "deny.example.com"',
  ]);
  expect(cells(kind, created(kind, { webhooks: [webhook()] }))).toEqual({
    Name: 'x',
    Webhooks: 1,
    Age: '60m',
  });
});
