import { beforeEach, expect, test } from 'vitest';
import type { Status } from '#generated/types/meta.v1.ts';
import { TestServer } from '../../testing/testServer.ts';

const registration = '/apis/admissionregistration.k8s.io/v1';
const configMaps = '/api/v1/namespaces/default/configmaps';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

function created(path: string, body: object): void {
  const { status, body: answer } = server.send('POST', path, body);
  expect(status, JSON.stringify(answer)).toBe(201);
}

/** A policy for config maps, and its binding. */
function policy(spec: object, binding: object = {}, name = 'p'): void {
  const resourceRules = [
    {
      operations: ['CREATE', 'UPDATE', 'DELETE'],
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['configmaps'],
    },
  ];
  created(`${registration}/validatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: { resourceRules }, ...spec },
  });
  created(`${registration}/validatingadmissionpolicybindings`, {
    metadata: { name: `${name}-binding` },
    spec: { policyName: name, validationActions: ['Deny'], ...binding },
  });
}

const map = (data: object, metadata: object = {}) => ({ metadata: { name: 'x', ...metadata }, data });
const denied = (why: string) =>
  `configmaps "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-binding' denied request: ${why}`;
const expression = "object == null || !has(object.data.a) || object.data.a != 'bad'";

test.each<[string, object, object, string | null]>([
  ['passes', { validations: [{ expression }] }, map({ a: 'good' }), null],
  [
    'its expression',
    { validations: [{ expression }] },
    map({ a: 'bad' }),
    denied(`failed expression: ${expression}`),
  ],
  [
    'its message',
    { validations: [{ expression, message: 'no bad a' }] },
    map({ a: 'bad' }),
    denied('no bad a'),
  ],
  [
    'a message that it makes',
    {
      validations: [
        { expression, messageExpression: "'a of ' + object.metadata.name + ' is ' + object.data.a" },
      ],
    },
    map({ a: 'bad' }),
    denied('a of x is bad'),
  ],
  [
    'a message that cannot be made',
    { validations: [{ expression, messageExpression: 'object.data.none', message: 'plain' }] },
    map({ a: 'bad' }),
    denied('plain'),
  ],
  [
    'an error',
    { validations: [{ expression: "object.data.b == 'x'" }] },
    map({ a: 'bad' }),
    denied("expression 'object.data.b == 'x'' resulted in error: no such key: b"),
  ],
  [
    'an error that is ignored',
    { failurePolicy: 'Ignore', validations: [{ expression: "object.data.b == 'x'" }] },
    map({ a: 'bad' }),
    null,
  ],
  [
    'a condition that leaves it out',
    {
      matchConditions: [{ name: 'c', expression: "object.metadata.name != 'x'" }],
      validations: [{ expression }],
    },
    map({ a: 'bad' }),
    null,
  ],
  [
    'a condition that fails',
    { matchConditions: [{ name: 'c', expression: "object.data.b == ''" }], validations: [{ expression }] },
    map({ a: 'good' }),
    denied("expression 'object.data.b == ''' resulted in error: no such key: b"),
  ],
  [
    'variables, each of which may use the one before',
    {
      variables: [
        { name: 'a', expression: "object.data.?a.orValue('')" },
        { name: 'isBad', expression: "variables.a == 'bad'" },
      ],
      validations: [{ expression: '!variables.isBad' }],
    },
    map({ a: 'bad' }),
    denied('failed expression: !variables.isBad'),
  ],
  [
    'a variable that fails',
    {
      variables: [{ name: 'a', expression: 'object.data.none' }],
      validations: [{ expression: "variables.a == ''" }],
    },
    map({ a: 'bad' }),
    denied(
      "expression 'variables.a == ''' resulted in error: composited variable \"a\" fails to evaluate: no such key: none",
    ),
  ],
  [
    'who asks, and for what',
    {
      validations: [
        {
          expression:
            "request.userInfo.username != 'kubernetes-admin' || request.operation != 'CREATE' || request.dryRun",
          message: 'not you',
        },
      ],
    },
    map({}),
    denied('not you'),
  ],
  [
    'the namespace',
    { validations: [{ expression: "namespaceObject.metadata.name == 'other'" }] },
    map({}),
    denied("failed expression: namespaceObject.metadata.name == 'other'"),
  ],
  [
    'what one may do',
    {
      validations: [
        {
          expression: "!authorizer.group('apps').resource('deployments').check('delete').allowed()",
          message: 'mighty',
        },
      ],
    },
    map({}),
    denied('mighty'),
  ],
])('%s', (_name, spec, body, expected) => {
  policy(spec);
  expect(server.failure('POST', configMaps, body)).toBe(expected);
});

test.each([
  [undefined, 'Invalid', 422],
  ['Forbidden', 'Forbidden', 403],
  ['RequestEntityTooLarge', 'RequestEntityTooLarge', 413],
])('the reason %s is answered as %s', (reason, expected, code) => {
  policy({ validations: [{ expression, message: 'no', ...(reason && { reason }) }] });
  const { status, body } = server.send('POST', configMaps, map({ a: 'bad' }));
  expect(status).toBe(code);
  expect(body as Status).toMatchObject({
    reason: expected,
    code,
    details: {
      name: 'x',
      kind: 'configmaps',
      causes: [{ message: "ValidatingAdmissionPolicy 'p' with binding 'p-binding' denied request: no" }],
    },
  });
});

test('a warning lets the write pass', () => {
  policy({ validations: [{ expression, message: 'no' }] }, { validationActions: ['Warn', 'Audit'] });
  const { status, warnings } = server.send('POST', configMaps, map({ a: 'bad' }));
  expect(status).toBe(201);
  expect(warnings).toContain(
    "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-binding': no",
  );
});

test('updates are compared with what was there, deletes have only that', () => {
  policy({
    validations: [
      {
        expression: 'oldObject == null || object == null || object.data == oldObject.data',
        message: 'stays',
      },
      { expression: "object != null || oldObject.data.a != 'keep'", message: 'is kept' },
    ],
  });
  created(configMaps, map({ a: 'keep' }));
  expect(server.failure('PUT', `${configMaps}/x`, map({ a: 'other' }))).toBe(denied('stays'));
  expect(server.failure('PATCH', `${configMaps}/x`, { metadata: { labels: { a: 'b' } } })).toBe(null);
  expect(server.failure('DELETE', `${configMaps}/x`)).toBe(denied('is kept'));
});

test('selectors of the policy and of the binding both narrow', () => {
  server.addNamespace('prod', { env: 'prod' });
  policy(
    { validations: [{ expression: 'false', message: 'no' }] },
    {
      matchResources: {
        namespaceSelector: { matchLabels: { env: 'prod' } },
        objectSelector: { matchLabels: { a: 'b' } },
      },
    },
  );
  const labels = { a: 'b' };
  expect(server.failure('POST', configMaps, map({}, { labels }))).toBe(null);
  expect(server.failure('POST', '/api/v1/namespaces/prod/configmaps', map({}))).toBe(null);
  expect(
    server.failure('POST', '/api/v1/namespaces/prod/configmaps', map({}, { name: 'y', labels })),
  ).toContain('denied request: no');
});

test.each<[string, object, object | null, string | null]>([
  ['its parameter allows', { name: 'limits' }, { most: '2' }, null],
  ['its parameter denies', { name: 'limits' }, { most: '1' }, denied('too many')],
  [
    'no parameter denies',
    { name: 'limits', parameterNotFoundAction: 'Deny' },
    null,
    denied(
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
    ),
  ],
  ['no parameter allows', { name: 'limits', parameterNotFoundAction: 'Allow' }, null, null],
  ['parameters by label', { selector: { matchLabels: { for: 'p' } } }, { most: '1' }, denied('too many')],
])('%s', (_name, paramRef, data, expected) => {
  if (data) created(configMaps, { metadata: { name: 'limits', labels: { for: 'p' } }, data });
  policy(
    {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'object.data.size() <= int(params.data.most)', message: 'too many' }],
    },
    { paramRef },
  );
  expect(server.failure('POST', configMaps, map({ a: '1', b: '2' }))).toBe(expected);
});

test('a policy without a binding does nothing, nor does one that is gone', () => {
  policy({ validations: [{ expression: 'false' }] });
  server.send('DELETE', `${registration}/validatingadmissionpolicybindings/p-binding`);
  expect(server.failure('POST', configMaps, map({}))).toBe(null);
});

test('nobody locks himself out of the policies', () => {
  const resourceRules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }];
  policy({ matchConstraints: { resourceRules }, validations: [{ expression: 'false' }] });
  expect(server.failure('POST', configMaps, map({}))).toContain('failed expression: false');
  expect(server.failure('DELETE', `${registration}/validatingadmissionpolicies/p`)).toBe(null);
  expect(server.failure('POST', configMaps, map({}))).toBe(null);
});
