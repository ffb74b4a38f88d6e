import { beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { TestServer } from '../../testing/testServer.ts';

const registration = '/apis/admissionregistration.k8s.io/v1';
const pods = '/api/v1/namespaces/default/pods';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

function created(path: string, body: object): KubeObject {
  const { status, body: answer } = server.send('POST', path, body);
  expect(status, JSON.stringify(answer)).toBe(201);
  return answer as KubeObject;
}

function policy(name: string, mutation: object, spec: object = {}): void {
  const resourceRules = [
    { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
  ];
  created(`${registration}/mutatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: { resourceRules }, mutations: [mutation], ...spec },
  });
  created(`${registration}/mutatingadmissionpolicybindings`, {
    metadata: { name: `${name}-binding` },
    spec: { policyName: name },
  });
}

const apply = (expression: string) => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
});
const patch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const pod = (metadata: object = {}) => ({
  metadata: { name: 'x', ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
});

test('an applied configuration is merged, and what it adds gets its defaults', () => {
  policy(
    'sidecar',
    apply(`Object{
      metadata: Object.metadata{labels: {"team": "a"}},
      spec: Object.spec{initContainers: [
        Object.spec.initContainers{name: "proxy", image: "envoy", restartPolicy: "Always"}
      ]}
    }`),
  );
  expect(created(pods, pod({ labels: { app: 'web' } }))).toMatchObject({
    metadata: { labels: { app: 'web', team: 'a' } },
    spec: {
      initContainers: [{ name: 'proxy', image: 'envoy', restartPolicy: 'Always', imagePullPolicy: 'Always' }],
      containers: [{ name: 'c' }],
    },
  });
});

test('a JSON patch', () => {
  policy(
    'annotate',
    patch(
      `[JSONPatch{op: "add", path: "/metadata/annotations", value: {"by": object.metadata.name}},
        JSONPatch{op: "add", path: "/metadata/annotations/" + jsonpatch.escapeKey("a.io/b"), value: "c"}]`,
    ),
  );
  expect(created(pods, pod()).metadata.annotations).toEqual({ by: 'x', 'a.io/b': 'c' });
});

test('policies come one after the other, and one that asked sees what came after', () => {
  const add = (label: string, value: string) =>
    apply(`Object{metadata: Object.metadata{labels: {"${label}": ${value}}}}`);
  const seen = "has(object.metadata.labels) ? string(object.metadata.labels.size()) : '0'";
  policy('a', add('a', seen), { reinvocationPolicy: 'IfNeeded' });
  policy('b', add('b', seen));
  expect(created(pods, pod()).metadata.labels).toEqual({ a: '2', b: '1' });
});

test.each<[string, object, string | null]>([
  [
    'an error',
    { mutations: [patch('[JSONPatch{op: "remove", path: "/metadata/labels"}]')] },
    "pods \"x\" is forbidden: policy 'p' with binding 'p-binding' denied request: ",
  ],
  [
    'an error of its expression',
    { mutations: [patch('[object.none]')] },
    "pods \"x\" is forbidden: policy 'p' with binding 'p-binding' denied request: expression '[object.none]' resulted in error: no such key: none",
  ],
  ['an error that is ignored', { failurePolicy: 'Ignore', mutations: [patch('[object.none]')] }, null],
  [
    'a condition',
    { matchConditions: [{ name: 'c', expression: 'false' }], mutations: [patch('[object.none]')] },
    null,
  ],
])('%s', (_name, spec, expected) => {
  policy('p', patch('[]'), spec);
  const failure = server.failure('POST', pods, pod());
  if (expected === null) expect(failure).toBe(null);
  else expect(failure).toContain(expected);
});
