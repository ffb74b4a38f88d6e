import { expect, test } from 'vitest';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
import { ingresses } from './ingress.ts';

const backend = { service: { name: 's', port: { number: 80 } } };
const path = { path: '/', pathType: 'Prefix', backend };
const rule = (...paths: object[]) => ({ rules: [{ http: { paths } }] });

test.each<[string, object, string[]]>([
  ['good', rule(path), []],
  ['nothing', {}, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
  [
    'a host of a star alone',
    { rules: [{ host: '*', http: { paths: [path] } }] },
    [
      "spec.rules[0].host: Invalid value: \"*\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'an address for a host',
    { rules: [{ host: '10.0.0.1', http: { paths: [path] } }] },
    ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address'],
  ],
  [
    'a relative path',
    rule({ ...path, path: 'x' }),
    ['spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path'],
  ],
  [
    'no path type, as of old',
    rule({ path: '/y', backend }),
    ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
  ],
  [
    'no port',
    { defaultBackend: { service: { name: 's', port: {} } } },
    ['spec.defaultBackend: Required value: port name or number is required'],
  ],
  [
    'no backend',
    rule({ path: '/', pathType: 'Prefix' }),
    ['spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required'],
  ],
  [
    'a resource without a name',
    { defaultBackend: { resource: { kind: 'Bucket' } } },
    ['spec.defaultBackend.resource.name: Required value'],
  ],
  [
    'a secret by a bad name',
    { defaultBackend: backend, tls: [{ secretName: 'a_b' }] },
    [
      "spec.tls[0].secretName: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(ingresses, { spec })).toEqual(errors);
});

test.each<[object, object, object]>([
  [{ defaultBackend: backend }, {}, { Class: '<none>', Hosts: '*', Address: '', Ports: '80' }],
  [
    {
      ingressClassName: 'nginx',
      rules: ['a.io', 'b.io', 'c.io', 'd.io'].map((host) => ({ host, http: { paths: [path] } })),
      tls: [{ hosts: ['a.io'] }],
    },
    { loadBalancer: { ingress: [{ ip: '1.2.3.4' }, { hostname: 'lb.example.com' }] } },
    {
      Class: 'nginx',
      Hosts: 'a.io,b.io,c.io + 1 more...',
      Address: '1.2.3.4,lb.example.com',
      Ports: '80, 443',
    },
  ],
])('%j with %j', (spec, status, expected) => {
  expect(cells(ingresses, stored(ingresses, { spec, status }))).toEqual({
    Name: 'x',
    Age: '60m',
    ...expected,
  });
});

test('a new ingress has no address', () => {
  expect(created(ingresses, { spec: { defaultBackend: backend } }).status).toEqual({ loadBalancer: {} });
});

test('the annotation of old earns a warning', () => {
  const annotations = { 'kubernetes.io/ingress.class': 'nginx' };
  const ingress = created(ingresses, { metadata: { annotations }, spec: { defaultBackend: backend } });
  expect(ingresses.warnings!(ingress)).toEqual([
    `annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
  ]);
});

test('a new ingress does not say two classes', () => {
  const annotations = { 'kubernetes.io/ingress.class': 'nginx' };
  const spec = { ingressClassName: 'other', defaultBackend: backend };
  expect(createErrors(ingresses, { metadata: { annotations }, spec })).toEqual([
    'annotations.kubernetes.io/ingress.class: Invalid value: "nginx": must match `ingressClassName` when both are specified',
  ]);
});

test('a load balancer has addresses and names', () => {
  const ingress = [{ ip: 'x' }, { hostname: '10.0.0.1' }];
  const object = stored(ingresses, {
    spec: { defaultBackend: backend },
    status: { loadBalancer: { ingress } },
  });
  const errors = ingresses.validateStatusUpdate!(object, object, 'status');
  expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ]);
});
