import { beforeAll, describe, expect, test } from 'vitest';
import type { PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { agnhost } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const statusOf = (path: string) => f.get(path).status as PodStatus;
const isReady = (path: string) =>
  statusOf(path).conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

/** Sends a message as it comes over HTTP. */
function ask(method: string, target: string) {
  const at = target.indexOf('?');
  const [path, search] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at)];
  const isRead = method === 'HEAD' || method === 'OPTIONS';
  const http = { method, search, headers: { host: '10.0.0.2:6443', authorization: 'Bearer secret' } };
  return f.send(isRead ? 'GET' : (method as 'GET'), path, undefined, { http });
}

// Upstream: test/e2e/network/proxy.go
describe('sig-network/Proxy', () => {
  test('should proxy through a service and a pod', async () => {
    const core = await f.namespace();
    const labels = { 'proxy-service-target': 'true' };
    const port = (name: string, number: number, targetPort: number | string) => ({
      name,
      port: number,
      targetPort,
    });
    const { metadata } = f.create(`${core}/services`, {
      metadata: { generateName: 'proxy-service-' },
      spec: {
        selector: labels,
        ports: [
          port('portname1', 80, 'dest1'),
          port('portname2', 81, 162),
          port('tlsportname1', 443, 'tlsdest1'),
          port('tlsportname2', 444, 462),
        ],
      },
    });
    const texts = {
      PORT_80: '<a href="/rewriteme">test</a>',
      PORT_1080: '<a href="/rewriteme">test</a>',
      PORT_160: 'foo',
      PORT_162: 'bar',
      TLS_PORT_443: '<a href="/tlsrewriteme">test</a>',
      TLS_PORT_460: 'tls baz',
      TLS_PORT_462: 'tls qux',
    };
    const container = {
      name: metadata.name,
      image: agnhost,
      command: ['/agnhost', 'porter'],
      env: Object.entries(texts).map(([name, value]) => ({ name: `SERVE_${name}`, value })),
      ports: [
        { containerPort: 80 },
        { name: 'dest1', containerPort: 160 },
        { name: 'dest2', containerPort: 162 },
        { name: 'tlsdest1', containerPort: 460 },
        { name: 'tlsdest2', containerPort: 462 },
      ],
      readinessProbe: {
        httpGet: { port: 80 },
        initialDelaySeconds: 1,
        timeoutSeconds: 5,
        periodSeconds: 10,
      },
    };
    f.create(`${core}/replicationcontrollers`, {
      metadata: { name: metadata.name },
      spec: {
        replicas: 1,
        selector: labels,
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    });
    await f.until(() => f.names(`${core}/pods`).length === 1);
    const [pod = ''] = f.names(`${core}/pods`);
    await f.until(() => isReady(`${core}/pods/${pod}`));
    await f.pass(2);

    const service = (name: string) => `${core}/services/${name.replace('NAME', metadata.name)}/proxy`;
    const direct = (name: string) => `${core}/pods/${name.replace('NAME', pod)}/proxy`;
    const link = (path: string, to: string) => `<a href="${path}/${to}">test</a>`;
    const expected: Readonly<Record<string, string>> = {
      [service('NAME:portname1')]: 'foo',
      [service('http:NAME:portname1')]: 'foo',
      [service('NAME:portname2')]: 'bar',
      [service('http:NAME:portname2')]: 'bar',
      [service('NAME:81')]: 'bar',
      [service('https:NAME:tlsportname1')]: 'tls baz',
      [service('https:NAME:tlsportname2')]: 'tls qux',
      [direct('NAME')]: link(direct('NAME'), 'rewriteme'),
      [direct('NAME:1080')]: link(direct('NAME:1080'), 'rewriteme'),
      [direct('http:NAME:1080')]: link(direct('http:NAME:1080'), 'rewriteme'),
      [direct('NAME:160')]: 'foo',
      [direct('http:NAME:160')]: 'foo',
      [direct('NAME:162')]: 'bar',
      [direct('http:NAME:162')]: 'bar',
      [direct('https:NAME:443')]: link(direct('https:NAME:443'), 'tlsrewriteme'),
      [direct('https:NAME:460')]: 'tls baz',
      [direct('https:NAME:462')]: 'tls qux',
    };
    for (const [path, body] of Object.entries(expected))
      expect([path, f.send('GET', `${path}/`)]).toMatchObject([path, { status: 200, body }]);
  });

  const verbs = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

  /** A pod that answers with the method it is asked with, and a service before it. Returns their paths. */
  async function answering(): Promise<readonly string[]> {
    const core = await f.namespace();
    const container = {
      image: agnhost,
      name: 'agnhost',
      command: ['/agnhost', 'porter', '--json-response'],
      env: [{ name: 'SERVE_PORT_80', value: 'foo' }],
    };
    f.create(`${core}/pods`, {
      metadata: { name: 'agnhost', labels: { test: 'response' } },
      spec: { containers: [container], restartPolicy: 'Never' },
    });
    await f.until(() => isReady(`${core}/pods/agnhost`));
    f.create(`${core}/services`, {
      metadata: { name: 'test-service' },
      spec: { ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }], selector: { test: 'response' } },
    });
    await f.pass(2);
    return [`${core}/pods/agnhost/proxy`, `${core}/services/test-service/proxy`];
  }

  test('A set of valid responses are returned for both pod and service ProxyWithPath', async () => {
    for (const path of await answering())
      for (const verb of verbs) {
        const { status, body } = ask(verb, `${path}/some/path/with/${verb}`);
        expect([verb, status]).toEqual([verb, 200]);
        expect(JSON.parse(body as string)).toEqual({ Method: verb, Body: 'foo' });
      }
  });

  test('A set of valid responses are returned for both pod and service Proxy', async () => {
    for (const path of await answering())
      for (const verb of verbs) {
        const { status, body, headers } = ask(verb, `${path}?method=${verb}`);
        if (verb === 'GET' || verb === 'HEAD') {
          expect([status, headers]).toEqual([301, { Location: `${path}/?method=${verb}` }]);
        } else expect([status, body]).toEqual([200, JSON.stringify({ Method: verb, Body: 'foo' })]);
      }
  });
});
