import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';
import { define, definition, definitions, openSchema, version } from './testing/definitions.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

// Upstream: test/e2e/apimachinery/custom_resource_definition.go, crd_watch.go
describe('sig-api-machinery/CustomResourceDefinition', () => {
  test('Simple CustomResourceDefinition creating/deleting custom resource definition objects works', async () => {
    const made = definition();
    const path = await define(f, made);
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
    await define(f, made);
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
    const path = await define(f, definition());
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
    const path = await define(f, made);
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
    const path = await define(f, made);
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
    const path = await define(f, made);
    expect(strictly(path, { metadata, a: { b: [{ c: 'd' }] } })).toBe('');
    expect(published(`${made.spec.group}/v1`)).toBeDefined();
  });

  test('works for CRD preserving unknown fields at the schema root', async () => {
    const made = definition([version('v1', { ...bars, ...openSchema })]);
    const path = await define(f, made);
    expect(strictly(path, { metadata, a: { b: [{ c: 'd' }] } })).toBe('');
    expect(published(`${made.spec.group}/v1`)).toMatchObject({
      'x-kubernetes-preserve-unknown-fields': true,
    });
  });

  test('works for CRD preserving unknown fields in an embedded object', async () => {
    const properties = { spec: openSchema, status: openSchema };
    const made = definition([version('v1', { type: 'object', properties })]);
    const path = await define(f, made);
    expect(strictly(path, { metadata, spec: { b: [{ c: 'd' }] } })).toBe('');
    expect(strictly(path, { metadata, b: [{ c: 'd' }] })).toContain('unknown field \\"b\\"');
    expect(published(`${made.spec.group}/v1`)!.properties).toMatchObject(properties);
  });

  test('works for multiple CRDs of different groups', async () => {
    const both = [definition([version('v1', bars)]), definition()];
    for (const made of both) await define(f, made);
    for (const { spec } of both) expect(published(`${spec.group}/v1`)).toBeDefined();
  });

  test('works for multiple CRDs of same group but different versions', async () => {
    const made = definition([version('v2', bars), version('v3', openSchema, { storage: false })]);
    await define(f, made);
    for (const name of ['v2', 'v3']) expect(published(`${made.spec.group}/${name}`)).toBeDefined();
  });

  test('works for multiple CRDs of same group and version but different kinds', async () => {
    const made = definition([version('v6', bars)]);
    const names = { plural: 'bars', kind: 'Bar' };
    const other = {
      metadata: { name: `bars.${made.spec.group}`, labels: {} },
      spec: { ...made.spec, names },
    };
    await define(f, made);
    await define(f, other);
    for (const kind of ['Foo', 'Bar']) expect(published(`${made.spec.group}/v6`, kind)).toBeDefined();
  });

  test('updates the published spec when one version gets renamed', async () => {
    const made = definition([version('v2', bars), version('v3', bars, { storage: false })]);
    await define(f, made);
    const renamed = [version('v2', bars), version('v4', bars, { storage: false })];
    f.patch(`${definitions}/${made.metadata.name}`, { spec: { versions: renamed } });
    await f.until(() => published(`${made.spec.group}/v4`) !== undefined);
    expect(published(`${made.spec.group}/v3`)).toBeUndefined();
    expect(published(`${made.spec.group}/v2`)).toBeDefined();
  });

  test('removes definition from spec when one version gets changed to not be served', async () => {
    const made = definition([version('v5', bars), version('v6alpha1', bars, { storage: false })]);
    await define(f, made);
    expect(published(`${made.spec.group}/v6alpha1`)).toBeDefined();
    const versions = [version('v5', bars), version('v6alpha1', bars, { storage: false, served: false })];
    f.patch(`${definitions}/${made.metadata.name}`, { spec: { versions } });
    await f.until(() => published(`${made.spec.group}/v6alpha1`) === undefined);
    expect(published(`${made.spec.group}/v5`)).toBeDefined();
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
