import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const container = { name: 'c', image: 'registry.k8s.io/pause:3.10' };

// Upstream: test/e2e/apimachinery/chunking.go, table_conversion.go
describe('sig-api-machinery/Servers: chunking + table', () => {
  const total = 120;
  let templates = '';
  let names: string[] = [];
  beforeAll(async () => {
    templates = `${await f.namespace()}/podtemplates`;
    names = Array.from({ length: total }, (_, index) => `template-${String(index).padStart(4, '0')}`);
    for (const name of names)
      f.create(templates, { metadata: { name }, template: { spec: { containers: [container] } } });
  });

  test('should return chunks of results for list calls', () => {
    for (const limit of [1, 7, 50, total + 50]) {
      const found: string[] = [];
      let revision: string | undefined;
      let token: string | undefined;
      do {
        const query = { limit: String(limit), ...(token !== undefined && { continue: token }) };
        const page = f.get(templates, query);
        found.push(...page.items.map(({ metadata }) => metadata.name));
        revision ??= page.metadata.resourceVersion;
        expect(page.metadata.resourceVersion).toBe(revision);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        token = page.metadata.continue;
        const rest = token === undefined ? undefined : total - found.length;
        expect(page.metadata.remainingItemCount).toBe(rest);
      } while (token !== undefined);
      expect(found).toEqual(names);
    }
    expect(f.names(templates)).toEqual(names);
  });

  test('should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent', () => {
    const first = f.get(templates, { limit: '40' });
    f.patch(`${templates}/template-0000`, { metadata: { labels: { changed: 'true' } } });
    f.cluster.etcd.compact(f.cluster.etcd.revision);
    const late = f.send('GET', templates, undefined, {
      query: { limit: '40', continue: first.metadata.continue ?? '' },
    });
    expect(late).toMatchObject({ status: 410, body: { reason: 'Expired' } });
    const inconsistent = (late.body as typeof first).metadata.continue ?? '';
    const second = f.get(templates, { limit: '40', continue: inconsistent });
    expect(second.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
    const third = f.get(templates, { continue: second.metadata.continue ?? '' });
    expect([first, second, third].flatMap(({ items }) => items.map(({ metadata }) => metadata.name))).toEqual(
      names,
    );
  });

  test('should return a 406 for a backend which does not implement metadata', () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const spec = { resourceAttributes: { namespace: 'default', verb: 'list', resource: 'pods' } };
    expect(f.send('POST', path, { spec }, { accept }).status).toBe(406);
  });
});

// Upstream: test/e2e/apimachinery/server_version.go
describe('sig-api-machinery/server version', () => {
  test('should find the server version', () => {
    const { body } = f.send('GET', '/version');
    const number = expect.stringMatching(/^\d+$/) as unknown;
    expect(body).toMatchObject({ major: number, minor: number });
  });
});

// Upstream: test/e2e/apimachinery/discovery.go
describe('sig-api-machinery/Discovery', () => {
  interface Group {
    readonly name: string;
    readonly versions: readonly { readonly groupVersion: string }[];
    readonly preferredVersion: { readonly groupVersion: string };
  }

  test('should validate PreferredVersion for each APIGroup', () => {
    const { groups } = f.send('GET', '/apis').body as { groups: readonly Group[] };
    expect(groups.length).toBeGreaterThan(10);
    for (const { name, preferredVersion, versions } of groups) {
      const { body } = f.send('GET', `/apis/${name}`);
      expect(body).toMatchObject({ name, preferredVersion, versions });
      expect(versions).toContainEqual(preferredVersion);
    }
  });

  test('should locate the groupVersion and a resource within each APIGroup', () => {
    for (const name of [
      'admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
      'apiextensions.k8s.io/v1/customresourcedefinitions',
      'apiregistration.k8s.io/v1/apiservices',
      'apps/v1/deployments',
      'authentication.k8s.io/v1/tokenreviews',
      'authorization.k8s.io/v1/selfsubjectaccessreviews',
      'autoscaling/v1/horizontalpodautoscalers',
      'autoscaling/v2/horizontalpodautoscalers',
      'batch/v1/jobs',
      'certificates.k8s.io/v1/certificatesigningrequests',
      'coordination.k8s.io/v1/leases',
      'discovery.k8s.io/v1/endpointslices',
      'events.k8s.io/v1/events',
      'flowcontrol.apiserver.k8s.io/v1/flowschemas',
      'networking.k8s.io/v1/ingresses',
      'node.k8s.io/v1/runtimeclasses',
      'policy/v1/poddisruptionbudgets',
      'rbac.authorization.k8s.io/v1/clusterroles',
      'scheduling.k8s.io/v1/priorityclasses',
      'storage.k8s.io/v1/csinodes',
    ]) {
      const [group = '', version = '', resource] = name.split('/');
      const { versions } = f.send('GET', `/apis/${group}`).body as { versions: unknown };
      expect(versions).toContainEqual({ groupVersion: `${group}/${version}`, version });
      const { resources } = f.send('GET', `/apis/${group}/${version}`).body as {
        resources: { name: string }[];
      };
      expect(resources.map((entry) => entry.name)).toContain(resource);
    }
  });
});

// Upstream: test/e2e/apimachinery/aggregated_discovery.go
describe('sig-api-machinery/AggregatedDiscovery', () => {
  interface Discovery {
    readonly items: readonly {
      readonly metadata: { readonly name?: string };
      readonly versions: readonly {
        readonly version: string;
        readonly resources: readonly { readonly resource: string; readonly responseKind: unknown }[];
      }[];
    }[];
  }
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

  function served(): Set<string> {
    const found = new Set<string>();
    for (const path of ['/api', '/apis']) {
      const { body, status } = f.send('GET', path, undefined, { accept });
      expect(status).toBe(200);
      expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
      for (const { metadata, versions } of (body as Discovery).items)
        for (const { version, resources } of versions)
          for (const { resource } of resources) found.add(`${metadata.name ?? ''}/${version}/${resource}`);
    }
    return found;
  }

  const expected = [
    '/v1/namespaces',
    '/v1/pods',
    '/v1/services',
    'admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    'admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
    'apiextensions.k8s.io/v1/customresourcedefinitions',
    'apiregistration.k8s.io/v1/apiservices',
    'apps/v1/deployments',
    'authentication.k8s.io/v1/tokenreviews',
    'authorization.k8s.io/v1/subjectaccessreviews',
    'autoscaling/v2/horizontalpodautoscalers',
    'batch/v1/jobs',
    'coordination.k8s.io/v1/leases',
    'discovery.k8s.io/v1/endpointslices',
    'events.k8s.io/v1/events',
    'networking.k8s.io/v1/ingresses',
    'node.k8s.io/v1/runtimeclasses',
    'policy/v1/poddisruptionbudgets',
    'scheduling.k8s.io/v1/priorityclasses',
    'storage.k8s.io/v1/csinodes',
  ];

  test('should support aggregated discovery interface', () => {
    const found = served();
    expect(expected.filter((name) => !found.has(name))).toEqual([]);
  });

  test('should support raw aggregated discovery endpoint Accept headers', () => {
    for (const path of ['/api', '/apis']) {
      const { headers, body } = f.send('GET', path, undefined, { accept });
      expect(headers?.['Content-Type']).toBe(accept);
      expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList' });
      const plain = f.send('GET', path, undefined, { accept: 'application/json' });
      expect(plain.body).toMatchObject({ kind: path === '/api' ? 'APIVersions' : 'APIGroupList' });
    }
  });

  const define = async (group: string) => {
    const schema = { openAPIV3Schema: { type: 'object' } };
    f.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `foos.${group}` },
      spec: {
        group,
        scope: 'Cluster',
        names: { plural: 'foos', kind: 'Foo' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await f.until(() => served().has(`${group}/v1/foos`));
    f.delete(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/foos.${group}`);
    await f.until(() => !served().has(`${group}/v1/foos`));
  };

  test('should support aggregated discovery interface for CRDs', () => define('interface.example.com'));

  test('should support raw aggregated discovery request for CRDs', () => define('raw.example.com'));
});

// Upstream: test/e2e/apimachinery/watch.go
describe('sig-api-machinery/Watchers', () => {
  const map = (name: string, label: string, data: object = {}) => ({
    metadata: { name, labels: { 'watch-this-configmap': label } },
    data,
  });
  const shown = (seen: ReturnType<Framework['watch']>) =>
    seen.map(({ type, object }) =>
      `${type} ${object.metadata.name} ${(object as { data?: { mutation?: string } }).data?.mutation ?? ''}`.trim(),
    );
  const mutation = (value: string) => ({ data: { mutation: value } });

  test('should observe add, update, and delete watch notifications on configmaps', async () => {
    const path = `${await f.namespace()}/configmaps`;
    const a = f.watch(path, { labelSelector: 'watch-this-configmap=A' });
    const b = f.watch(path, { labelSelector: 'watch-this-configmap=B' });
    const both = f.watch(path, { labelSelector: 'watch-this-configmap in (A,B)' });
    f.create(path, map('a', 'A'));
    f.patch(`${path}/a`, mutation('1'));
    f.patch(`${path}/a`, mutation('2'));
    f.delete(`${path}/a`);
    f.create(path, map('b', 'B'));
    f.delete(`${path}/b`);
    await f.pass(2);
    const ofA = ['ADDED a', 'MODIFIED a 1', 'MODIFIED a 2', 'DELETED a 2'];
    const ofB = ['ADDED b', 'DELETED b'];
    expect(shown(a)).toEqual(ofA);
    expect(shown(b)).toEqual(ofB);
    expect(shown(both)).toEqual([...ofA, ...ofB]);
  });

  test('should be able to start watching from a specific resource version', async () => {
    const path = `${await f.namespace()}/configmaps`;
    f.create(path, map('m', 'v'));
    const { resourceVersion } = f.patch(`${path}/m`, mutation('1')).metadata;
    f.patch(`${path}/m`, mutation('2'));
    f.delete(`${path}/m`);
    const seen = f.watch(path, { resourceVersion, labelSelector: 'watch-this-configmap=v' });
    await f.pass(2);
    expect(shown(seen)).toEqual(['MODIFIED m 2', 'DELETED m 2']);
  });

  test('should be able to restart watching from the last resource version observed by the previous watch', async () => {
    const path = `${await f.namespace()}/configmaps`;
    const first = f.watch(path, { labelSelector: 'watch-this-configmap=r', timeoutSeconds: '2' });
    f.create(path, map('m', 'r'));
    f.patch(`${path}/m`, mutation('1'));
    await f.pass(5);
    expect(shown(first)).toEqual(['ADDED m', 'MODIFIED m 1']);
    f.patch(`${path}/m`, mutation('2'));
    f.delete(`${path}/m`);
    const { resourceVersion } = first.at(-1)!.object.metadata;
    const second = f.watch(path, { resourceVersion, labelSelector: 'watch-this-configmap=r' });
    await f.pass(2);
    expect(shown(second)).toEqual(['MODIFIED m 2', 'DELETED m 2']);
  });

  test('should observe an object deletion if it stops meeting the requirements of the selector', async () => {
    const path = `${await f.namespace()}/configmaps`;
    const seen = f.watch(path, { labelSelector: 'watch-this-configmap=in' });
    f.create(path, map('m', 'in'));
    f.patch(`${path}/m`, mutation('1'));
    f.patch(`${path}/m`, { metadata: { labels: { 'watch-this-configmap': 'out' } } });
    await f.pass(2);
    expect(shown(seen)).toEqual(['ADDED m', 'MODIFIED m 1', 'DELETED m 1']);
    f.patch(`${path}/m`, mutation('2'));
    f.patch(`${path}/m`, { metadata: { labels: { 'watch-this-configmap': 'in' } } });
    f.patch(`${path}/m`, mutation('3'));
    f.delete(`${path}/m`);
    await f.pass(2);
    expect(shown(seen).slice(3)).toEqual(['ADDED m 2', 'MODIFIED m 3', 'DELETED m 3']);
  });

  test('should receive events on concurrent watches in same order', async () => {
    const path = `${await f.namespace()}/configmaps`;
    const all = f.watch(path, { resourceVersion: f.get(path).metadata.resourceVersion ?? '' });
    const watches: ReturnType<Framework['watch']>[] = [];
    const versions: string[] = [];
    for (let index = 0; index < 20; index++) {
      const { resourceVersion } = f.create(path, map(`m-${index}`, 'x')).metadata;
      versions.push(resourceVersion);
      watches.push(f.watch(path, { resourceVersion }));
      f.patch(`${path}/m-${index}`, mutation(String(index)));
      if (index % 3 === 2) f.delete(`${path}/m-${index - 2}`);
    }
    await f.pass(2);
    const order = (seen: ReturnType<Framework['watch']>) =>
      seen.map(({ type, object }) => `${type} ${object.metadata.resourceVersion}`);
    const whole = order(all).filter((entry) => !entry.endsWith('undefined'));
    for (const [index, seen] of watches.entries()) {
      const from = whole.indexOf(`ADDED ${versions[index]}`);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(order(seen)).toEqual(whole.slice(from + 1));
    }
  });
});
