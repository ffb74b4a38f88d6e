import { expect, test } from 'vitest';
import type { Ingress } from '#generated/types/networking.v1.ts';
import { findRoute, routesOf, type Sources } from './routes.ts';

const classes = [{ metadata: { name: 'nginx' }, spec: { controller: 'k8s.io/ingress-nginx' } }];
const services = ['a', 'b', 'c'].map((name) => ({
  metadata: { name, namespace: 'default' },
  spec: { ports: [{ name: 'http', port: 80 }] },
}));
const slices = services.map(({ metadata }) => ({
  metadata: {
    name: `${metadata.name}-1`,
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': metadata.name },
  },
  addressType: 'IPv4' as const,
  ports: [{ name: 'http', port: 8080 }],
  endpoints: [
    { addresses: [`10.244.0.${metadata.name.charCodeAt(0)}`] },
    { addresses: ['10.244.0.1'], conditions: { ready: false } },
  ],
}));

const routes = (ingresses: readonly Ingress[]) =>
  routesOf({ ingresses, classes, services, slices } as unknown as Sources);

let count = 0;

function ingress(
  rules: readonly object[],
  annotations: Record<string, string> = {},
  spec: Partial<NonNullable<Ingress['spec']>> = {},
): Ingress {
  const own = Object.entries(annotations).map(([name, value]) => [
    `nginx.ingress.kubernetes.io/${name}`,
    value,
  ]);
  return {
    metadata: {
      name: `i${++count}`,
      namespace: 'default',
      annotations: Object.fromEntries(own) as Record<string, string>,
    },
    spec: { ingressClassName: 'nginx', rules, ...spec },
  } as unknown as Ingress;
}

const to = (name: string) => ({ service: { name, port: { number: 80 } } });
const rule = (host: string, ...paths: [path: string, pathType: string, service: string][]): object => ({
  ...(host !== '' && { host }),
  http: { paths: paths.map(([path, pathType, name]) => ({ path, pathType, backend: to(name) })) },
});

/** The backend and path of a request, `none` for the 404. */
function routed(ingresses: readonly Ingress[], host: string, path: string): string {
  const found = findRoute(routes(ingresses), host, path);
  return found === null ? 'none' : `${found.upstream.name} ${found.path}${found.isSecure ? ' secure' : ''}`;
}

test.each<[string, readonly Ingress[], string, string, string]>([
  ['a prefix is of whole elements', [ingress([rule('', ['/foo', 'Prefix', 'a'])])], 'x', '/foobar', 'none'],
  [
    'a prefix takes what is below',
    [ingress([rule('', ['/foo/', 'Prefix', 'a'])])],
    'x',
    '/foo/bar',
    'default-a-80 /foo/bar',
  ],
  [
    'a prefix takes itself',
    [ingress([rule('', ['/foo/', 'Prefix', 'a'])])],
    'x',
    '/foo',
    'default-a-80 /foo',
  ],
  ['exact is no more', [ingress([rule('', ['/foo', 'Exact', 'a'])])], 'x', '/foo/', 'none'],
  [
    'the longest path counts, and of two the exact one',
    [ingress([rule('', ['/', 'Prefix', 'a'], ['/foo', 'Prefix', 'b'], ['/foo', 'Exact', 'c'])])],
    'x',
    '/foo',
    'default-c-80 /foo',
  ],
  [
    'a host with its port',
    [ingress([rule('shop.io', ['/', 'Prefix', 'a'])])],
    'Shop.io:8080',
    '/',
    'default-a-80 /',
  ],
  [
    'a wildcard is for one label',
    [ingress([rule('*.shop.io', ['/', 'Prefix', 'a'])])],
    'x.shop.io',
    '/',
    'default-a-80 /',
  ],
  ['and no more', [ingress([rule('*.shop.io', ['/', 'Prefix', 'a'])])], 'x.y.shop.io', '/', 'none'],
  [
    'a host without the path does not fall to another',
    [ingress([rule('shop.io', ['/a', 'Prefix', 'a'])]), ingress([rule('', ['/', 'Prefix', 'b'])])],
    'shop.io',
    '/b',
    'none',
  ],
  [
    'a default backend takes the rest',
    [ingress([rule('shop.io', ['/a', 'Prefix', 'a'])], {}, { defaultBackend: to('b') })],
    'shop.io',
    '/b',
    'default-b-80 /b',
  ],
  [
    'one without rules takes all',
    [ingress([], {}, { defaultBackend: to('c') })],
    'x',
    '/y',
    'default-c-80 /y',
  ],
  [
    'paths are rewritten by their groups',
    [ingress([rule('', ['/app(/|$)(.*)', 'ImplementationSpecific', 'a'])], { 'rewrite-target': '/v1/$2' })],
    'x',
    '/app/orders/7',
    'default-a-80 /v1/orders/7',
  ],
  [
    'a broken expression is for nothing',
    [ingress([rule('', ['/a(', 'ImplementationSpecific', 'a'])], { 'use-regex': 'true' })],
    'x',
    '/a',
    'none',
  ],
  [
    'TLS',
    [ingress([rule('shop.io', ['/', 'Prefix', 'a'])], {}, { tls: [{ hosts: ['shop.io'] }] })],
    'shop.io',
    '/',
    'default-a-80 / secure',
  ],
  [
    'TLS without a redirect',
    [
      ingress(
        [rule('shop.io', ['/', 'Prefix', 'a'])],
        { 'ssl-redirect': 'false' },
        { tls: [{ hosts: ['shop.io'] }] },
      ),
    ],
    'shop.io',
    '/',
    'default-a-80 /',
  ],
  [
    'another class',
    [ingress([rule('', ['/', 'Prefix', 'a'])], {}, { ingressClassName: 'other' })],
    'x',
    '/',
    'none',
  ],
])('%s', (_what, ingresses, host, path, expected) => {
  expect(routed(ingresses, host, path)).toBe(expected);
});

test('a backend is its Service’s ready endpoints, at the port that is meant', () => {
  const named = { service: { name: 'a', port: { name: 'http' } } };
  const missing = { service: { name: 'a', port: { number: 81 } } };
  const paths = [named, missing].map((backend, i) => ({ path: `/${i}`, pathType: 'Prefix', backend }));
  const made = routes([ingress([{ http: { paths } }])]);
  const endpoints = (path: string) => findRoute(made, 'x', path)!.upstream.endpoints;
  expect(endpoints('/0')).toEqual([{ host: '10.244.0.97', port: 8080 }]);
  expect(endpoints('/1')).toEqual([]);
});
