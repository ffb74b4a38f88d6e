import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const version = (name: string, schema: object = open, more: object = {}) => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
});
let definitionCount = 0;
const definition = (
  versions: readonly object[] = [version('v1')],
  more: object = {},
  labels: object = {},
) => {
  const group = `e${++definitionCount}.example.com`;
  return {
    metadata: { name: `foos.${group}`, labels },
    spec: { group, scope: 'Cluster', names: { plural: 'foos', kind: 'Foo' }, versions, ...more },
  };
};

/** Defines a kind, waits until it is served, and returns where its objects are. */
async function define(made: ReturnType<typeof definition>): Promise<string> {
  f.create(definitions, made);
  const [first] = made.spec.versions as { name: string }[];
  const path = `/apis/${made.spec.group}/${first!.name}/${made.spec.names.plural}`;
  await f.until(() => f.has(path));
  return path;
}

// Upstream: test/e2e/apimachinery/custom_resource_definition.go, crd_watch.go
describe('sig-api-machinery/CustomResourceDefinition', () => {
  test('Simple CustomResourceDefinition creating/deleting custom resource definition objects works', async () => {
    const made = definition();
    const path = await define(made);
    f.delete(`${definitions}/${made.metadata.name}`);
    await f.until(() => !f.has(`${definitions}/${made.metadata.name}`) && !f.has(path));
  });

  test('Simple CustomResourceDefinition listing custom resource definition objects works', async () => {
    const labels = { e2e: 'list' };
    for (let index = 0; index < 10; index++) f.create(definitions, definition(undefined, {}, labels));
    expect(f.names(definitions, 'e2e=list')).toHaveLength(10);
    f.delete(definitions, undefined, { labelSelector: 'e2e=list' });
    await f.until(() => f.names(definitions, 'e2e=list').length === 0);
  });

  test('Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works', async () => {
    const made = definition();
    await define(made);
    const path = `${definitions}/${made.metadata.name}/status`;
    const condition = {
      type: 'StatusUpdate',
      status: 'True',
      reason: 'E2E',
      message: 'Set from an e2e test',
    };
    const read = f.get(path);
    const { conditions } = read.status as { conditions: readonly object[] };
    const put = f.update(path, {
      ...read,
      status: { ...(read.status as object), conditions: [...conditions, condition] },
    });
    expect(put.status).toMatchObject({ conditions: [...conditions, condition] });
    const patched = f.patch(path, { spec: { scope: 'Namespaced' }, status: { conditions: [condition] } });
    expect(patched).toMatchObject({ spec: { scope: 'Cluster' }, status: { conditions: [condition] } });
  });

  test('Watch: watch on custom resource definition objects', async () => {
    const path = await define(definition());
    const names = ['name1', 'name2'];
    const seen = names.map((name) => f.watch(path, { fieldSelector: `metadata.name=${name}` }));
    for (const name of names) f.create(path, { metadata: { name }, num: 1 });
    for (const name of names) f.patch(`${path}/${name}`, { dummy: 'test' });
    for (const name of names) f.delete(`${path}/${name}`);
    await f.pass(2);
    for (const [index, events] of seen.entries()) {
      expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(
        ['ADDED', 'MODIFIED', 'DELETED'].map((type) => `${type} ${names[index]}`),
      );
    }
  });

  test('should include custom resource definition resources in discovery documents', () => {
    const group = 'apiextensions.k8s.io';
    const groupVersion = `${group}/v1`;
    const any = (entry: object) => expect.arrayContaining([expect.objectContaining(entry)]) as unknown;
    expect(f.get('/apis')).toMatchObject({ groups: any({ name: group, versions: any({ groupVersion }) }) });
    expect(f.get(`/apis/${group}`)).toMatchObject({ name: group, versions: any({ groupVersion }) });
    expect(f.get(`/apis/${groupVersion}`)).toMatchObject({
      groupVersion,
      resources: any({ name: 'customresourcedefinitions' }),
    });
  });

  test('custom resource defaulting for requests and from storage works', async () => {
    const property = (value?: string) => ({ type: 'string', ...(value !== undefined && { default: value }) });
    const schema = (a?: string, b?: string) => ({
      type: 'object',
      properties: { a: property(a), b: property(b) },
    });
    const made = definition([version('v1', schema('A'))]);
    const path = await define(made);
    // A request gets its default, and keeps it when there is none any more; what is stored gets the new one.
    expect(f.create(path, { metadata: { name: 'one' } })).toMatchObject({ a: 'A' });
    f.patch(`${definitions}/${made.metadata.name}`, {
      spec: { versions: [version('v1', schema(undefined, 'B'))] },
    });
    await f.until(() => 'b' in f.get(`${path}/one`));
    expect(f.get(`${path}/one`)).toMatchObject({ a: 'A', b: 'B' });
    expect(f.get(path).items).toMatchObject([{ a: 'A', b: 'B' }]);
    expect(f.create(path, { metadata: { name: 'two' } })).toMatchObject({ b: 'B' });
  });
});

// Upstream: test/e2e/apimachinery/crd_publish_openapi.go; what it asks of kubectl, strict writes ask of the server here.
describe('sig-api-machinery/CustomResourcePublishOpenAPI', () => {
  interface Published {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Published>>;
  }
  const published = (groupVersion: string, kind = 'Foo'): Published | undefined => {
    const { status, body } = f.send('GET', `/openapi/v3/apis/${groupVersion}`);
    if (status !== 200) return undefined;
    const { schemas } = (body as { components: { schemas: Readonly<Record<string, Published>> } }).components;
    return Object.entries(schemas).find(([name]) => name.endsWith(`.${kind}`))?.[1];
  };
  const strictly = (path: string, body: object) => {
    const answer = f.send('POST', path, body, { query: { fieldValidation: 'Strict', dryRun: 'All' } });
    return answer.status < 300 ? '' : JSON.stringify(answer.body);
  };
  const bars = {
    description: 'Foo CRD for Testing',
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        description: 'Specification of Foo',
        properties: {
          bars: {
            description: 'List of Bars and their specs.',
            type: 'array',
            items: {
              type: 'object',
              required: ['name'],
              properties: {
                name: { type: 'string', description: 'Name of Bar.' },
                age: { type: 'string', description: 'Age of Bar.' },
              },
            },
          },
        },
      },
    },
  };
  const metadata = { name: 'test' };

  test('works for CRD with validation schema', async () => {
    const made = definition([version('v1', bars)]);
    const path = await define(made);
    expect(strictly(path, { metadata, spec: { bars: [{ name: 'x', age: '10' }] } })).toBe('');
    expect(strictly(path, { metadata, spec: { bars: [{ name: 'x', unknown: '1' }] } })).toContain(
      'unknown field \\"spec.bars[0].unknown\\"',
    );
    expect(strictly(path, { metadata, spec: { bars: [{ age: '10' }] } })).toContain(
      'spec.bars[0].name: Required value',
    );
    const document = published(`${made.spec.group}/v1`);
    expect(document).toMatchObject({ description: bars.description, properties: bars.properties });
  });

  test('works for CRD without validation schema', async () => {
    const made = definition();
    const path = await define(made);
    expect(strictly(path, { metadata, a: { b: [{ c: 'd' }] } })).toBe('');
    expect(published(`${made.spec.group}/v1`)).toBeDefined();
  });

  test('works for CRD preserving unknown fields at the schema root', async () => {
    const made = definition([version('v1', { ...bars, ...open })]);
    const path = await define(made);
    expect(strictly(path, { metadata, a: { b: [{ c: 'd' }] } })).toBe('');
    expect(published(`${made.spec.group}/v1`)).toMatchObject({
      'x-kubernetes-preserve-unknown-fields': true,
    });
  });

  test('works for CRD preserving unknown fields in an embedded object', async () => {
    const properties = { spec: open, status: open };
    const made = definition([version('v1', { type: 'object', properties })]);
    const path = await define(made);
    expect(strictly(path, { metadata, spec: { b: [{ c: 'd' }] } })).toBe('');
    expect(strictly(path, { metadata, b: [{ c: 'd' }] })).toContain('unknown field \\"b\\"');
    expect(published(`${made.spec.group}/v1`)!.properties).toMatchObject(properties);
  });

  test('works for multiple CRDs of different groups', async () => {
    const both = [definition([version('v1', bars)]), definition()];
    for (const made of both) await define(made);
    for (const { spec } of both) expect(published(`${spec.group}/v1`)).toBeDefined();
  });

  test('works for multiple CRDs of same group but different versions', async () => {
    const made = definition([version('v2', bars), version('v3', open, { storage: false })]);
    await define(made);
    for (const name of ['v2', 'v3']) expect(published(`${made.spec.group}/${name}`)).toBeDefined();
  });

  test('works for multiple CRDs of same group and version but different kinds', async () => {
    const made = definition([version('v6', bars)]);
    const names = { plural: 'bars', kind: 'Bar' };
    const other = {
      metadata: { name: `bars.${made.spec.group}`, labels: {} },
      spec: { ...made.spec, names },
    };
    await define(made);
    await define(other);
    for (const kind of ['Foo', 'Bar']) expect(published(`${made.spec.group}/v6`, kind)).toBeDefined();
  });

  test('updates the published spec when one version gets renamed', async () => {
    const made = definition([version('v2', bars), version('v3', bars, { storage: false })]);
    await define(made);
    const renamed = [version('v2', bars), version('v4', bars, { storage: false })];
    f.patch(`${definitions}/${made.metadata.name}`, { spec: { versions: renamed } });
    await f.until(() => published(`${made.spec.group}/v4`) !== undefined);
    expect(published(`${made.spec.group}/v3`)).toBeUndefined();
    expect(published(`${made.spec.group}/v2`)).toBeDefined();
  });

  test('removes definition from spec when one version gets changed to not be served', async () => {
    const made = definition([version('v5', bars), version('v6alpha1', bars, { storage: false })]);
    await define(made);
    expect(published(`${made.spec.group}/v6alpha1`)).toBeDefined();
    const versions = [version('v5', bars), version('v6alpha1', bars, { storage: false, served: false })];
    f.patch(`${definitions}/${made.metadata.name}`, { spec: { versions } });
    await f.until(() => published(`${made.spec.group}/v6alpha1`) === undefined);
    expect(published(`${made.spec.group}/v5`)).toBeDefined();
  });
});

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
    const path = await define(definition([version('v1', validated)]));
    expect(apply(path, { foo: 'foo1' })).toBe('');
  });

  test('should create/apply a CR with unknown fields for CRD with no validation schema', async () => {
    expect(apply(await define(definition()), { unknown: 'uk1' })).toBe('');
  });

  test('should create/apply an invalid CR with extra properties for CRD with validation schema', async () => {
    const path = await define(definition([version('v1', validated)]));
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
    const spec = { ...open, properties: { ...properties, template } };
    const path = await define(definition([version('v1', { type: 'object', properties: { spec } })]));
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
    const spec = { ...open, properties };
    const path = await define(definition([version('v1', { type: 'object', properties: { spec } })]));
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

// Upstream: test/e2e/apimachinery/webhook.go
describe('sig-api-machinery/AdmissionWebhook', () => {
  const api = '/apis/admissionregistration.k8s.io/v1';
  const configuration = (name: string, matchConditions: readonly object[]) => ({
    metadata: { name },
    webhooks: [
      {
        name: `${name}.k8s.io`,
        rules: [
          {
            operations: ['CREATE'],
            apiGroups: ['none.example.com'],
            apiVersions: ['v1'],
            resources: ['nones'],
          },
        ],
        clientConfig: { service: { namespace: 'default', name: 'none', path: '/x', port: 8443 } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        matchConditions,
      },
    ],
  });
  const condition = { name: 'expression-1', expression: "object.metadata.namespace == 'production'" };
  const other = { name: 'expression-2', expression: "object.metadata.namespace == 'staging'" };

  function keepsConditions(kind: string): void {
    const path = `${api}/${kind}webhookconfigurations`;
    const made = f.create(path, configuration(`${kind}-cel`, [condition]));
    const shown = (matchConditions: readonly object[]) => ({ webhooks: [{ matchConditions }] });
    expect(made).toMatchObject(shown([condition]));
    const changed = { ...made, ...configuration(`${kind}-cel`, [other]), metadata: made.metadata };
    expect(f.update(`${path}/${kind}-cel`, changed)).toMatchObject(shown([other]));
    expect(f.get(`${path}/${kind}-cel`)).toMatchObject(shown([other]));
    f.delete(`${path}/${kind}-cel`);
  }

  function rejectsConditions(kind: string): void {
    const bad = { name: 'invalid-expression-1', expression: '... [] bad expression' };
    expect(f.failure('POST', `${api}/${kind}webhookconfigurations`, configuration('bad', [bad]))).toContain(
      'compilation failed',
    );
  }

  test('should be able to create and update validating webhook configurations with match conditions', () =>
    keepsConditions('validating'));

  test('should be able to create and update mutating webhook configurations with match conditions', () =>
    keepsConditions('mutating'));

  test('should reject validating webhook configurations with invalid match conditions', () =>
    rejectsConditions('validating'));

  test('should reject mutating webhook configurations with invalid match conditions', () =>
    rejectsConditions('mutating'));

  test('should include webhook resources in discovery documents', () => {
    const any = (entry: object) => expect.arrayContaining([expect.objectContaining(entry)]) as unknown;
    const group = 'admissionregistration.k8s.io';
    expect(f.get('/apis')).toMatchObject({ groups: any({ name: group, versions: any({ version: 'v1' }) }) });
    expect(f.get(`/apis/${group}`)).toMatchObject({ name: group, versions: any({ version: 'v1' }) });
    for (const name of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'])
      expect(f.get(api)).toMatchObject({ resources: any({ name }) });
  });
});

// Upstream: test/e2e/apimachinery/validatingadmissionpolicy.go
describe('sig-api-machinery/ValidatingAdmissionPolicy', () => {
  const api = '/apis/admissionregistration.k8s.io/v1';

  /** Holds deployments of a new namespace to a policy. Returns a request to make one of so many replicas. */
  async function bind(name: string, spec: object): Promise<(replicas: number) => string> {
    const namespace = (await f.namespace()).slice('/api/v1/namespaces/'.length);
    f.create(`${api}/validatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ['apps'],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['deployments'],
            },
          ],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        },
        ...spec,
      },
    });
    f.create(`${api}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    });
    await f.pass(5);
    const labels = { app: 'e2e' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } };
    return (replicas) => {
      const answer = f.send('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
        metadata: { generateName: 'd-' },
        spec: { replicas, selector: { matchLabels: labels }, template },
      });
      return answer.status < 300 ? '' : (answer.body as { message: string }).message;
    };
  }

  test('should validate against a Deployment', async () => {
    const deploy = await bind('replicas', {
      validations: [
        {
          expression: 'object.spec.replicas > 1',
          messageExpression: "'wants replicas > 1, got ' + string(object.spec.replicas)",
        },
      ],
    });
    expect(deploy(2)).toBe('');
    expect(deploy(1)).toContain(
      "ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: wants replicas > 1, got 1",
    );
  });

  test('should allow expressions to refer variables.', async () => {
    const deploy = await bind('variables', {
      variables: [
        { name: 'replicas', expression: 'object.spec.replicas' },
        { name: 'oddReplicas', expression: 'variables.replicas % 2 == 1' },
      ],
      validations: [{ expression: 'variables.replicas > 1' }, { expression: 'variables.oddReplicas' }],
    });
    expect(deploy(3)).toBe('');
    expect(deploy(1)).toContain('failed expression: variables.replicas > 1');
    expect(deploy(2)).toContain('failed expression: variables.oddReplicas');
  });
});

// Upstream: test/e2e/apimachinery/crd_conversion_webhook.go
describe('sig-api-machinery/CustomResourceConversionWebhook', () => {
  const labels = { app: 'sample-crd-conversion-webhook' };
  const string = { type: 'string' };
  const versions = (stored: string) => [
    version('v1', { type: 'object', properties: { hostPort: string } }, { storage: stored === 'v1' }),
    version(
      'v2',
      { type: 'object', properties: { host: string, port: string } },
      { storage: stored === 'v2' },
    ),
  ];
  const group = 'stable.example.com';
  const made = (namespace: string) => ({
    metadata: { name: `e2e-test-crds.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'e2e-test-crds', kind: 'E2e-test-crd', singular: 'e2e-test-crd' },
      versions: versions('v1'),
      conversion: {
        strategy: 'Webhook',
        webhook: {
          clientConfig: {
            service: { namespace, name: 'e2e-test-crd-conversion-webhook', path: '/crdconvert', port: 9443 },
          },
          conversionReviewVersions: ['v1', 'v1beta1'],
        },
      },
    },
  });
  let core = '';
  const path = (of: string) => core.replace('/api/v1', `/apis/${group}/${of}`) + '/e2e-test-crds';
  const customResource = (name: string, of: string, fields: object) => ({
    apiVersion: `${group}/${of}`,
    kind: 'E2e-test-crd',
    metadata: { name },
    ...fields,
  });

  beforeAll(async () => {
    core = await f.namespace();
    const args = ['crd-conversion-webhook', '--port=9444'];
    const image = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
    f.create(`${core.replace('/api/v1', '/apis/apps/v1')}/deployments`, {
      metadata: { name: 'sample-crd-conversion-webhook-deployment' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'sample', image, args }] } },
      },
    });
    f.create(`${core}/services`, {
      metadata: { name: 'e2e-test-crd-conversion-webhook' },
      spec: { selector: labels, ports: [{ protocol: 'TCP', port: 9443, targetPort: 9444 }] },
    });
    f.create(definitions, made(core.split('/').at(-1)!));
    await f.until(() => f.has(path('v2')));
    await f.pass(30);
  });

  test('should be able to convert from CR v1 to CR v2', () => {
    f.create(path('v1'), customResource('cr-instance-1', 'v1', { hostPort: 'localhost:8080' }));
    expect(f.get(`${path('v2')}/cr-instance-1`)).toEqual(
      expect.objectContaining({ apiVersion: `${group}/v2`, host: 'localhost', port: '8080' }),
    );
    expect(f.get(`${path('v2')}/cr-instance-1`)).not.toHaveProperty('hostPort');
  });

  test('should be able to convert a non homogeneous list of CRs', async () => {
    const first = f.get(path('v1')).items.length;
    const one = `${definitions}/e2e-test-crds.${group}`;
    const storing = f.get(one) as unknown as { spec: object };
    f.update(one, { ...storing, spec: { ...storing.spec, versions: versions('v2') } });
    await f.pass(10);
    const fields = { host: 'localhost', port: '8080' };
    const sent = f.create(path('v2'), customResource('cr-instance-2', 'v2', fields));
    expect(sent).toMatchObject(fields);
    const items = (of: string) => f.get(path(of)).items as unknown as Record<string, unknown>[];
    expect(items('v1')).toHaveLength(first + 1);
    for (const item of items('v1')) {
      expect(item).toMatchObject({ apiVersion: `${group}/v1`, hostPort: 'localhost:8080' });
      expect(item).not.toHaveProperty('host');
    }
    for (const item of items('v2')) {
      expect(item).toMatchObject({ apiVersion: `${group}/v2`, ...fields });
      expect(item).not.toHaveProperty('hostPort');
    }
  });
});
