import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';
import { define, definition, version, openSchema } from './testing/definitions.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

// Upstream: test/e2e/apimachinery/field_validation.go
describe('sig-api-machinery/FieldValidation', () => {
  const query = { fieldManager: 'field_validation_mgr', fieldValidation: 'Strict' };
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const deployment = (metadata: string, spec: string) =>
    `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"my-dep"${metadata}},"spec":{${spec}"selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"nginx:latest"}]}}}}`;

  test('should detect unknown and duplicate fields of a typed object', () => {
    const twice = deployment('', '"unknownField":"foo","replicas":2,"replicas":3,');
    expect(f.failure('POST', deployments, twice, { query })).toContain(
      'strict decoding error: unknown field "spec.unknownField", duplicate field "spec.replicas"',
    );
  });

  test('should detect unknown metadata fields of a typed object', () => {
    expect(f.failure('POST', deployments, deployment(',"unknownMeta":"foo"', ''), { query })).toContain(
      'strict decoding error: unknown field "metadata.unknownMeta"',
    );
  });

  const ports = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
    items: {
      type: 'object',
      required: ['containerPort', 'protocol'],
      properties: {
        containerPort: { type: 'integer', format: 'int32' },
        name: { type: 'string' },
        protocol: { type: 'string' },
      },
    },
  };
  const properties = {
    foo: { type: 'string' },
    cronSpec: { type: 'string', pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$' },
    ports,
  };
  const validated = { type: 'object', properties: { spec: { type: 'object', properties } } };

  /** Applies an object with one port, strictly. Returns the sentence that it is refused with. */
  const apply = (path: string, spec: object, metadata: object = {}, more: object = {}) => {
    const [, , group = '', name = ''] = path.split('/');
    const port = { name: 'x', containerPort: 80, protocol: 'TCP' };
    const object = {
      apiVersion: `${group}/${name}`,
      kind: 'Foo',
      metadata: { name: 'mytest', finalizers: ['example.com/test-finalizer'], ...metadata },
      ...more,
      spec: { cronSpec: '* * * * */5', ports: [port], ...spec },
    };
    const contentType = 'application/apply-patch+yaml';
    const { status, body } = f.send('PATCH', `${path}/mytest`, object, { query, contentType });
    return status < 300 ? '' : (body as { message: string }).message;
  };

  test('should create/apply a valid CR for CRD with validation schema', async () => {
    const path = await define(f, definition([version('v1', validated)]));
    expect(apply(path, { foo: 'foo1' })).toBe('');
  });

  test('should create/apply a CR with unknown fields for CRD with no validation schema', async () => {
    expect(apply(await define(f, definition()), { unknown: 'uk1' })).toBe('');
  });

  test('should create/apply an invalid CR with extra properties for CRD with validation schema', async () => {
    const path = await define(f, definition([version('v1', validated)]));
    expect(apply(path, { foo: 'foo1' }, {}, { unknownField: 'unknown' })).toContain(
      '.unknownField: field not declared in schema',
    );
  });

  test('should detect unknown metadata fields in both the root and embedded object of a CR', async () => {
    const named = { type: 'object', properties: { name: { type: 'string' } } };
    const template = {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { metadata: named, spec: { type: 'object' } },
    };
    const spec = { ...openSchema, properties: { ...properties, template } };
    const path = await define(f, definition([version('v1', { type: 'object', properties: { spec } })]));
    const sub = {
      apiversion: 'foo/v1',
      kind: 'Sub',
      metadata: { unknownSubMeta: 'unknown', name: 'subobject' },
    };
    const refused = apply(path, { foo: 'foo1', template: sub }, { unknownMeta: 'unknown' });
    expect(refused).toContain('.metadata.unknownMeta: field not declared in schema');
    expect(refused).toContain('.spec.template.metadata.unknownSubMeta: field not declared in schema');
  });

  test('should detect duplicates in a CR when preserving unknown fields', async () => {
    const spec = { ...openSchema, properties };
    const path = await define(f, definition([version('v1', { type: 'object', properties: { spec } })]));
    const [, , group = '', name = ''] = path.split('/');
    const text = `
apiVersion: ${group}/${name}
kind: Foo
metadata:
  name: mytest
  finalizers:
  - example.com/test-finalizer
spec:
  unknown: uk1
  foo: foo1
  foo: foo2
  cronSpec: "* * * * */5"
  ports:
  - name: x
    containerPort: 80
    protocol: TCP`;
    const contentType = 'application/apply-patch+yaml';
    const twice = 'line 11: key "foo" already set in map';
    expect(f.failure('PATCH', `${path}/mytest`, text, { query, contentType })).toContain(twice);
    const warned = f.send('PATCH', `${path}/mytest`, text, { query: { fieldManager: 'e2e' }, contentType });
    expect(warned).toMatchObject({ status: 201, warnings: [twice] });
  });
});
