import { beforeAll, describe, expect, test } from 'vitest';
import type { PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { agnhost, inGroup, pod } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

/** What a pod with a shell prints; `volumeMounts` are its container's, the rest is the pod's. */
async function printed(
  core: string,
  script: string,
  { volumeMounts, ...spec }: { volumeMounts?: readonly object[] } & Record<string, unknown>,
): Promise<string> {
  const command = ['sh', '-c', script];
  const containers = [{ name: 'c', image: 'busybox:1.36', command, ...(volumeMounts && { volumeMounts }) }];
  f.create(`${core}/pods`, {
    metadata: { name: 'p' },
    spec: { restartPolicy: 'Never', containers, ...spec },
  });
  await f.until(() => (f.get(`${core}/pods/p`).status as { phase?: string }).phase === 'Succeeded');
  return f.send('GET', `${core}/pods/p/log`).body as string;
}

// Upstream: test/e2e/architecture/conformance.go
describe('sig-architecture/Conformance Tests', () => {
  test('should have at least two untainted nodes', () => {
    const free = f.get('/api/v1/nodes').items.filter(({ spec }) => !(spec as { taints?: unknown }).taints);
    expect(free.length).toBeGreaterThanOrEqual(2);
  });
});

// Upstream: test/e2e/auth/service_accounts.go
describe('sig-auth/ServiceAccounts', () => {
  test('should allow opting out of API token automount', async () => {
    const core = await f.namespace();
    for (const [name, automount] of [
      ['default-mount', undefined],
      ['mount', true],
      ['nomount', false],
    ] as const) {
      f.create(`${core}/serviceaccounts`, {
        metadata: { name },
        ...(automount !== undefined && { automountServiceAccountToken: automount }),
      });
      for (const own of [undefined, true, false]) {
        const more = {
          serviceAccountName: name,
          ...(own !== undefined && { automountServiceAccountToken: own }),
        };
        const { spec } = f.create(`${core}/pods`, pod(`${name}-${own ?? 'default'}`, more));
        const mounts = JSON.stringify(spec).includes('/var/run/secrets/kubernetes.io/serviceaccount');
        expect(mounts, `${name}, ${own}`).toBe(own ?? automount ?? true);
      }
    }
  });

  test('ServiceAccountIssuerDiscovery should support OIDC discovery of service account issuer', async () => {
    const core = await f.namespace();
    const validate = async (name: string, audience: string) => {
      const [check, path] = ['test-service-account-issuer-discovery', '/var/run/secrets/tokens'];
      const args = [check, '--token-path', `${path}/sa-token`, '--audience', audience];
      const token = { path: 'sa-token', expirationSeconds: 7200, audience: 'oidc-discovery-test' };
      const volume = { name: 'sa-token', projected: { sources: [{ serviceAccountToken: token }] } };
      const mounts = [{ mountPath: path, name: volume.name, readOnly: true }];
      f.create(
        `${core}/pods`,
        pod(name, {
          restartPolicy: 'Never',
          containers: [{ name: 'oidc-discovery-validator', image: agnhost, args, volumeMounts: mounts }],
          volumes: [volume],
        }),
      );
      const one = `${core}/pods/${name}`;
      const phase = () => (f.get(one).status as PodStatus).phase;
      await f.until(() => phase() === 'Succeeded' || phase() === 'Failed');
      return `${phase()}\n${f.send('GET', `${one}/log`).body as string}`;
    };
    expect(await validate('oidc-discovery-validator', 'oidc-discovery-test')).toMatch(
      /^Succeeded\n[^]*OK: Validated signature on JWT\n.*OK: Got valid claims from token!\n$/,
    );
    expect(await validate('another-audience', 'another')).toMatch(
      /^Failed\n[^]*oidc: expected audience "another"/,
    );
  });

  test('should mount an API token into pods', async () => {
    const core = await f.namespace();
    f.create(`${core}/serviceaccounts`, { metadata: { name: 'mount-test' } });
    const script =
      'cd /var/run/secrets/kubernetes.io/serviceaccount; cat token; echo; cat namespace; echo; cat ca.crt';
    const shown = await printed(core, script, { serviceAccountName: 'mount-test' });
    const [token, namespace, ...authority] = shown.split('\n');
    const { data } = f.send('GET', `${core}/configmaps/kube-root-ca.crt`).body as {
      data: Readonly<Record<string, string>>;
    };
    expect(authority.join('\n')).toBe(data['ca.crt']);
    expect(core.endsWith(`/${namespace}`)).toBe(true);
    const { status } = f.create('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } });
    expect(status).toMatchObject({
      authenticated: true,
      user: {
        username: `system:serviceaccount:${namespace}:mount-test`,
        groups: expect.arrayContaining([
          'system:authenticated',
          'system:serviceaccounts',
          `system:serviceaccounts:${namespace}`,
        ]) as unknown,
      },
    });
  });

  test('should mount projected service account token', async () => {
    const sources = [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }];
    const shown = await printed(await f.namespace(), 'cat /test-volume/token', {
      volumes: [{ name: 'test-volume', projected: { sources } }],
      volumeMounts: [{ name: 'test-volume', mountPath: '/test-volume', readOnly: true }],
    });
    expect(shown).toMatch(/^[A-Za-z0-9-_=]+\.[A-Za-z0-9-_=]+\.?[A-Za-z0-9-_.+/=]*$/);
  });

  test('should guarantee kube-root-ca.crt exist in any namespace', async () => {
    const path = `${await f.namespace()}/configmaps/kube-root-ca.crt`;
    await f.until(() => f.has(path));
    const { data } = f.send('GET', path).body as { data: object };
    f.delete(path);
    await f.until(() => f.has(path));
    f.patch(path, { data: { 'ca.crt': '' } });
    await f.until(
      () => JSON.stringify((f.send('GET', path).body as { data: object }).data) === JSON.stringify(data),
    );
  });

  test('should run through the lifecycle of a ServiceAccount', async () => {
    const path = `${await f.namespace()}/serviceaccounts`;
    const labels = { 'test-serviceaccount-static': 'true' };
    const seen = f.watch(path, { labelSelector: 'test-serviceaccount-static=true' });
    f.create(path, { metadata: { name: 'testserviceaccount', labels } });
    expect(f.patch(`${path}/testserviceaccount`, { automountServiceAccountToken: false })).toMatchObject({
      automountServiceAccountToken: false,
    });
    expect(f.names('/api/v1/serviceaccounts', 'test-serviceaccount-static=true')).toEqual([
      'testserviceaccount',
    ]);
    f.delete(path, undefined, { labelSelector: 'test-serviceaccount-static=true' });
    await f.pass(2);
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('should update a ServiceAccount', async () => {
    const path = `${await f.namespace()}/serviceaccounts`;
    const made = f.create(path, { metadata: { name: 'e2e-sa' }, automountServiceAccountToken: false });
    const changed = { ...made, automountServiceAccountToken: true };
    expect(f.update(`${path}/e2e-sa`, changed)).toMatchObject({ automountServiceAccountToken: true });
    expect(f.get(`${path}/e2e-sa`)).toMatchObject({ automountServiceAccountToken: true });
  });
});

// Upstream: test/e2e/auth/subjectreviews.go
describe('sig-auth/SubjectReview', () => {
  test('should support SubjectReview API operations', async () => {
    const namespace = (await f.namespace()).slice('/api/v1/namespaces/'.length);
    f.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'e2e' } });
    const user = `system:serviceaccount:${namespace}:e2e`;
    const api = '/apis/authorization.k8s.io/v1';
    const resourceAttributes = { namespace, verb: 'list', resource: 'configmaps', version: 'v1' };
    const may = (path: string, spec: object) =>
      f.create(`${api}/${path}`, { spec }).status as { allowed: boolean };
    expect(may('subjectaccessreviews', { resourceAttributes, user }).allowed).toBe(false);
    // As the account itself: the same answer to the same question.
    const self = f.send(
      'POST',
      `${api}/selfsubjectaccessreviews`,
      { spec: { resourceAttributes } },
      {
        impersonate: { user, groups: [] },
      },
    );
    expect(self.body).toMatchObject({ status: { allowed: false } });
    const local = f.create(`${api}/namespaces/${namespace}/localsubjectaccessreviews`, {
      metadata: { namespace },
      spec: { resourceAttributes, user },
    });
    expect(local.status).toMatchObject({ allowed: false });
  });
});

// Upstream: test/e2e/instrumentation/{core_events,events}.go
describe('sig-instrumentation/Events', () => {
  const involved = (path: string) => ({ namespace: path.split('/').at(-1) ?? '' });

  test('(core) should manage the lifecycle of an event', async () => {
    const core = await f.namespace();
    const path = `${core}/events`;
    const labels = { testevent: core.slice(-5) };
    const selector = `testevent=${labels.testevent}`;
    f.create(path, {
      metadata: { name: 'event-test', labels },
      message: 'This is a test event',
      reason: 'Test',
      type: 'Normal',
      count: 1,
      involvedObject: involved(core),
    });
    expect(f.names('/api/v1/events', selector)).toEqual(['event-test']);
    f.patch(`${path}/event-test`, { message: 'This is a test event - patched' });
    const read = f.get(`${path}/event-test`) as { message?: string };
    expect(read.message).toBe('This is a test event - patched');
    const series = { count: 100, lastObservedTime: '2026-01-01T00:00:00.000000Z' };
    expect(f.update(`${path}/event-test`, { ...read, series })).toMatchObject({ series: { count: 100 } });
    f.delete(`${path}/event-test`);
    expect(f.names('/api/v1/events', selector)).toEqual([]);
  });

  test('(core) should delete a collection of events', async () => {
    const core = await f.namespace();
    const labels = { 'testevent-set': 'true' };
    for (const name of ['test-event-1', 'test-event-2', 'test-event-3'])
      f.create(`${core}/events`, { metadata: { name, labels }, involvedObject: involved(core) });
    expect(f.names(`${core}/events`, 'testevent-set=true')).toHaveLength(3);
    f.delete(`${core}/events`, undefined, { labelSelector: 'testevent-set=true' });
    expect(f.names(`${core}/events`, 'testevent-set=true')).toEqual([]);
  });

  const newEvent = (core: string, name: string, labels: object) => ({
    metadata: { name, labels },
    regarding: involved(core),
    eventTime: '2026-01-01T00:00:00.000000Z',
    note: `This is ${name}`,
    action: 'Do',
    reason: 'Test',
    type: 'Normal',
    reportingController: 'test-controller',
    reportingInstance: 'test-node',
  });

  test('Events API should ensure that an event can be fetched, patched, deleted, and listed', async () => {
    const core = await f.namespace();
    const path = `${inGroup(core, '/apis/events.k8s.io/v1')}/events`;
    const labels = { 'testevent-constant': 'true' };
    f.create(path, newEvent(core, 'event-test', labels));
    const field = { fieldSelector: 'reportingController=test-controller' };
    for (const at of [path, '/apis/events.k8s.io/v1/events'])
      expect(f.get(at, { ...field, labelSelector: 'testevent-constant=true' }).items).toHaveLength(1);
    const series = { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' };
    expect(f.patch(`${path}/event-test`, { series })).toMatchObject({ series });
    const read = f.get(`${path}/event-test`);
    const more = { count: 100, lastObservedTime: '2026-01-01T00:00:02.000000Z' };
    expect(f.update(`${path}/event-test`, { ...read, series: more })).toMatchObject({ series: more });
    f.delete(`${path}/event-test`);
    expect(f.names(path, 'testevent-constant=true')).toEqual([]);
  });

  test('Events API should delete a collection of events', async () => {
    const core = await f.namespace();
    const path = `${inGroup(core, '/apis/events.k8s.io/v1')}/events`;
    const labels = { 'testevent-set': 'true' };
    for (const name of ['test-event-1', 'test-event-2', 'test-event-3'])
      f.create(path, newEvent(core, name, labels));
    expect(f.names(path, 'testevent-set=true')).toHaveLength(3);
    f.delete(path, undefined, { labelSelector: 'testevent-set=true' });
    expect(f.names(path, 'testevent-set=true')).toEqual([]);
  });
});
