import { beforeEach, expect, test } from 'vitest';
import type { CustomResourceDefinition } from '#generated/types/apiextensions.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { manifestSchema, openApiDocument } from '#kubernetes/api/openapi.ts';
import { TestServer } from '../testing/testServer.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const widgets = '/apis/example.com/v1/namespaces/default/widgets';
let server: TestServer;

type Names = Partial<CustomResourceDefinition['spec']['names']>;

function definition(schema: object, more: { names?: Names; version?: object; spec?: object } = {}) {
  const names = { plural: 'widgets', kind: 'Widget', ...more.names };
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', ...schema } } };
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, ...more.version };
  return {
    metadata: { name: `${names.plural}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions: [version], ...more.spec },
  };
}

const run = () => server.simulation.run({ untilMs: server.simulation.nowMs + 1_000 });

function define(schema: object, more?: Parameters<typeof definition>[1]): string | null {
  const failure = server.failure('POST', definitions, definition(schema, more));
  run();
  return failure;
}

const widget = (spec: unknown, more: object = {}) => ({ metadata: { name: 'w' }, spec, ...more });

beforeEach(() => {
  server = new TestServer();
});

// Upstream: apiextensions-apiserver/test/integration/basic_test.go, pkg/registry/customresource/validator.go ValidateTypeMeta
test.each([
  [
    'example.com/v1',
    'Other',
    422,
    'Other.example.com "w" is invalid: kind: Invalid value: "Other": must be Widget',
  ],
  [
    'example.com/v2',
    'Widget',
    400,
    'the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)',
  ],
  [
    'v1',
    'Pod',
    400,
    'the API version in the data (v1) does not match the expected API version (example.com/v1)',
  ],
])('a widget that says it is a %s %s is refused', (apiVersion, kind, code, message) => {
  define({});
  expect(server.send('POST', widgets, widget({}, { apiVersion, kind })).body).toMatchObject({
    code,
    message,
  });
});

// Upstream: crdregistration_controller_test.go
test('each version that is served has an APIService, for as long as one definition serves it', () => {
  const apiServices = '/apis/apiregistration.k8s.io/v1/apiservices';
  const versions = (...served: boolean[]) =>
    served.map((is, index) => ({
      name: `v${index + 1}`,
      served: is,
      storage: index === 0,
      schema: { openAPIV3Schema: { type: 'object' } },
    }));
  const serve = (plural: string, ...served: boolean[]) =>
    define({}, { names: { plural, kind: plural }, spec: { versions: versions(...served) } });
  serve('widgets', true, true);
  serve('gadgets', true);
  const found = server.send('GET', `${apiServices}/v2.example.com`).body;
  expect(found).toMatchObject({
    metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
    spec: { group: 'example.com', version: 'v2', groupPriorityMinimum: 1000, versionPriority: 100 },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local' }] },
  });
  server.send('DELETE', `${definitions}/widgets.example.com`);
  server.simulation.run({ untilMs: server.simulation.nowMs + 20_000 });
  expect(server.send('GET', `${apiServices}/v2.example.com`).status).toBe(404);
  expect(server.send('GET', `${apiServices}/v1.example.com`).status).toBe(200);
});

test('what a custom group does not have is a line of text; a missing subresource names the object', () => {
  define({});
  const line = '404 page not found\n';
  expect(server.send('GET', '/apis/example.com/v1/namespaces/default/nope').body).toBe(line);
  expect(server.send('GET', '/apis/example.com/v9/namespaces/default/widgets').body).toBe(line);
  expect(server.send('GET', '/apis/example.com/v1/widgets/w').body).toBe(line);
  server.send('POST', widgets, widget({}));
  expect(server.send('GET', `${widgets}/w/status`).body).toMatchObject({
    message: 'widgets.example.com "w" not found',
  });
});

test('items of a custom list say what they are, and those of a built-in list do not', () => {
  define({});
  server.send('POST', widgets, widget({}));
  const keys = (path: string) =>
    (server.send('GET', path).body as { items: object[] }).items.map((item) => Object.keys(item).sort())[0];
  expect(keys(widgets)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  expect(keys('/api/v1/namespaces')).toEqual(['metadata', 'spec', 'status']);
});

const string = { type: 'string' };

// Facts: kube-openapi/pkg/validation/validate, apiextensions-apiserver/test/integration/validation_test.go
test.each([
  ['nothing that must be', { required: ['a'], properties: { a: string } }, {}, 'spec.a: Required value'],
  [
    'a number for a text',
    { properties: { a: string } },
    { a: 1 },
    'spec.a: Invalid value: "integer": spec.a in body must be of type string: "integer"',
  ],
  [
    'a text for a number',
    { properties: { a: { type: 'integer' } } },
    { a: 'x' },
    'spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"',
  ],
  [
    'too much',
    { properties: { a: { type: 'integer', maximum: 3 } } },
    { a: 4 },
    'spec.a: Invalid value: 4: spec.a in body should be less than or equal to 3',
  ],
  [
    'just too much',
    { properties: { a: { type: 'integer', maximum: 3, exclusiveMaximum: true } } },
    { a: 3 },
    'spec.a: Invalid value: 3: spec.a in body should be less than 3',
  ],
  [
    'too little',
    { properties: { a: { type: 'integer', minimum: 3 } } },
    { a: 2 },
    'spec.a: Invalid value: 2: spec.a in body should be greater than or equal to 3',
  ],
  [
    'another word',
    { properties: { a: { type: 'string', enum: ['x', 'y'] } } },
    { a: 'z' },
    'spec.a: Unsupported value: "z": supported values: "x", "y"',
  ],
  [
    'too short a text',
    { properties: { a: { type: 'string', minLength: 3 } } },
    { a: 'z' },
    'spec.a: Invalid value: "z": spec.a in body should be at least 3 chars long',
  ],
  [
    'too long a text',
    { properties: { a: { type: 'string', maxLength: 1 } } },
    { a: 'zz' },
    'spec.a: Too long: may not be more than 1 byte',
  ],
  [
    'another pattern',
    { properties: { a: { type: 'string', pattern: '^a+$' } } },
    { a: 'b' },
    'spec.a: Invalid value: "b": spec.a in body should match \'^a+$\'',
  ],
  [
    'no date',
    { properties: { a: { type: 'string', format: 'date' } } },
    { a: '2026-02-30' },
    'spec.a: Invalid value: "2026-02-30": spec.a in body must be of type date: "2026-02-30"',
  ],
  [
    'too many items',
    { properties: { a: { type: 'array', items: string, maxItems: 1 } } },
    { a: ['x', 'y'] },
    'spec.a: Too many: 2: must have at most 1 item',
  ],
  [
    'an item twice',
    { properties: { a: { type: 'array', items: string, 'x-kubernetes-list-type': 'set' } } },
    { a: ['x', 'x'] },
    'spec.a[1]: Duplicate value: "x"',
  ],
  [
    'null',
    { properties: { a: string } },
    { a: null },
    'spec.a: Invalid value: "null": spec.a in body must be of type string: "null"',
  ],
  [
    'two of one',
    { oneOf: [{ required: ['a'] }, { required: ['b'] }], properties: { a: string, b: string } },
    { a: 'x', b: 'y' },
    'spec: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ],
  [
    'a broken rule',
    {
      properties: { a: { type: 'integer' } },
      'x-kubernetes-validations': [{ rule: 'self.a > 1', message: 'a is too small' }],
    },
    { a: 1 },
    'spec: Invalid value: "object": a is too small',
  ],
  [
    'a rule without words',
    { properties: { a: { type: 'integer' } }, 'x-kubernetes-validations': [{ rule: 'self.a > 1' }] },
    { a: 1 },
    'spec: Invalid value: "object": failed rule: self.a > 1',
  ],
  [
    'a rule with a reason and a place',
    {
      properties: { a: { type: 'integer' } },
      'x-kubernetes-validations': [
        { rule: 'self.a > 1', message: 'no', reason: 'FieldValueForbidden', fieldPath: '.a' },
      ],
    },
    { a: 1 },
    'spec.a: Forbidden: no',
  ],
  [
    'a rule with words of its own',
    {
      properties: { a: { type: 'integer' } },
      'x-kubernetes-validations': [{ rule: 'self.a > 1', messageExpression: '"a is " + string(self.a)' }],
    },
    { a: 1 },
    'spec: Invalid value: "object": a is 1',
  ],
])('a resource with %s is refused', (_name, schema, spec, message) => {
  expect(define(schema)).toBeNull();
  expect(server.failure('POST', widgets, widget(spec))).toBe(`Widget.example.com "w" is invalid: ${message}`);
});

test('unknown fields are pruned with a warning, refused where they must be known, and kept where they may be', () => {
  define({
    properties: { a: string, free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  });
  const body = widget({ a: 'x', b: 1, free: { c: 1 } }, { extra: 1 });
  const loose = server.send('POST', widgets, body);
  expect((loose.body as { spec: unknown }).spec).toEqual({ a: 'x', free: { c: 1 } });
  expect(loose.body).not.toHaveProperty('extra');
  expect(loose.warnings).toEqual(['unknown field "spec.b"', 'unknown field "extra"']);
  const strict = server.send('POST', widgets, body, { query: { fieldValidation: 'Strict' } });
  expect(strict.body).toMatchObject({
    message:
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.b", unknown field "extra"',
  });
});

test('defaults are filled in, at every depth', () => {
  define({
    default: {},
    properties: {
      a: { type: 'string', default: 'x' },
      b: { type: 'object', properties: { c: { type: 'integer', default: 3 } } },
    },
  });
  const { body } = server.send('POST', widgets, { metadata: { name: 'w' }, spec: { b: {} } });
  expect((body as { spec: unknown }).spec).toEqual({ a: 'x', b: { c: 3 } });
});

test('a rule about a change sees what was there', () => {
  define({
    properties: {
      a: {
        type: 'string',
        'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a is immutable' }],
      },
    },
  });
  expect(server.failure('POST', widgets, widget({ a: 'x' }))).toBeNull();
  expect(server.failure('PATCH', `${widgets}/w`, { spec: { a: 'y' } })).toBe(
    'Widget.example.com "w" is invalid: spec.a: Invalid value: "string": a is immutable',
  );
  expect(server.failure('PATCH', `${widgets}/w`, { metadata: { labels: { x: 'y' } } })).toBeNull();
});

test('generations count changes of the spec, and the status is written by its own path', () => {
  define(
    {},
    {
      version: {
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    },
  );
  server.send('POST', widgets, widget({ a: 1 }, { status: { b: 1 } }));
  const read = () =>
    server.send('GET', `${widgets}/w`).body as KubeObject & { spec: unknown; status?: unknown };
  expect(read()).toMatchObject({ metadata: { generation: 1 }, spec: { a: 1 } });
  expect(read()).not.toHaveProperty('status');
  server.send('PATCH', `${widgets}/w/status`, { spec: { a: 9 }, status: { b: 2 } });
  expect(read()).toMatchObject({ metadata: { generation: 1 }, spec: { a: 1 }, status: { b: 2 } });
  server.send('PATCH', `${widgets}/w`, { spec: { a: 2 }, status: { b: 3 } });
  expect(read()).toMatchObject({ metadata: { generation: 2 }, spec: { a: 2 }, status: { b: 2 } });
});

test('of two definitions with one name in a group the later waits until it is free', () => {
  define({}, { names: { shortNames: ['wd'] } });
  define({}, { names: { plural: 'gadgets', kind: 'Gadget', shortNames: ['wd'] } });
  const accepted = () =>
    (server.send('GET', `${definitions}/gadgets.example.com`).body as CustomResourceDefinition).status
      .conditions;
  expect(accepted()).toMatchObject([
    {
      type: 'NamesAccepted',
      status: 'False',
      reason: 'ShortNamesConflict',
      message: '"wd" is already in use',
    },
    { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
  ]);
  expect(server.send('GET', '/apis/example.com/v1/gadgets').status).toBe(404);
  server.send('DELETE', `${definitions}/widgets.example.com`);
  run();
  expect(accepted()).toMatchObject([
    { type: 'NamesAccepted', status: 'True' },
    { type: 'Established', status: 'True' },
  ]);
  expect(server.send('GET', '/apis/example.com/v1/gadgets').status).toBe(200);
});

test('two versions are two views of what is stored', () => {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = [
    { name: 'v1beta1', served: true, storage: false, schema, deprecated: true },
    { name: 'v1', served: true, storage: true, schema },
  ];
  define({}, { spec: { versions } });
  const beta = '/apis/example.com/v1beta1/namespaces/default/widgets';
  const made = server.send('POST', beta, widget({ a: 1 }));
  expect(made.warnings).toEqual(['example.com/v1beta1 Widget is deprecated']);
  expect(made.body).toMatchObject({ apiVersion: 'example.com/v1beta1' });
  expect(server.send('GET', `${widgets}/w`).body).toMatchObject({
    apiVersion: 'example.com/v1',
    spec: { a: 1 },
  });
  const group = server.send('GET', '/apis/example.com').body as { versions: { version: string }[] };
  expect(group.versions.map(({ version }) => version)).toEqual(['v1', 'v1beta1']);
});

test('a deleted definition takes its resources along, once they may go', () => {
  define({});
  server.send('POST', widgets, widget({}, { metadata: { name: 'w', finalizers: ['example.com/hold'] } }));
  server.send('DELETE', `${definitions}/widgets.example.com`);
  run();
  const left = () => server.send('GET', `${definitions}/widgets.example.com`);
  expect((left().body as CustomResourceDefinition).status.conditions?.at(-1)).toMatchObject({
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionInProgress',
  });
  server.send('PATCH', `${widgets}/w`, { metadata: { finalizers: null } });
  server.simulation.run({ untilMs: server.simulation.nowMs + 6_000 });
  expect(left().status).toBe(404);
  expect(server.send('GET', widgets).status).toBe(404);
});

test('what is defined is described, for explain and for the editor', () => {
  define({ properties: { a: { type: 'string', description: 'An a.' } } });
  const kinds = server.server.kinds.all.filter(({ group }) => group === 'example.com');
  const document = openApiDocument(kinds) as { components: { schemas: Record<string, object> } };
  expect(document.components.schemas['com.example.v1.Widget']).toMatchObject({
    properties: { spec: { properties: { a: { description: 'An a.' } } } },
    'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Widget' }],
  });
  const manifest = manifestSchema(kinds) as { definitions: Record<string, object> };
  expect(manifest.definitions['com.example.v1.Widget']).toMatchObject({ additionalProperties: false });
});
