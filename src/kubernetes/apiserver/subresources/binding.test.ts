import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const pods = '/api/v1/namespaces/default/pods';
const bindings = '/api/v1/namespaces/default/bindings';
const node = { kind: 'Node', name: 'n' };

function serverWithPod(spec: object = {}): TestServer {
  const server = new TestServer();
  server.send('POST', pods, {
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  });
  return server;
}

test.each([
  ['the pod', `${pods}/p/binding`],
  ['the namespace', bindings],
])('a binding of %s gives a pod its node', (_of, path) => {
  const server = serverWithPod();
  const answer = server.send('POST', path, {
    metadata: { name: 'p', annotations: { a: 'b' } },
    target: node,
  });
  expect(answer).toMatchObject({ status: 201, body: { status: 'Success', code: 201 } });
  const pod = server.send('GET', `${pods}/p`).body;
  expect(pod).toMatchObject({
    metadata: { annotations: { a: 'b' } },
    spec: { nodeName: 'n' },
    status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
  });
});

test('a bound pod is nominated for no node any more', () => {
  const server = serverWithPod();
  server.send('PATCH', `${pods}/p/status`, { status: { nominatedNodeName: 'm' } });
  const nominated = () => (server.send('GET', `${pods}/p`).body as Pod).status.nominatedNodeName;
  expect(nominated()).toBe('m');
  server.send('POST', `${pods}/p/binding`, { target: node });
  expect(nominated()).toBeUndefined();
});

test.each([
  ['without a target', {}, {}, 'target.name: Required value'],
  [
    'to something else',
    {},
    { target: { kind: 'Minion', name: 'n' } },
    'target.kind: Unsupported value: "Minion": supported values: "Node", "<empty>"',
  ],
  [
    'to no thing of another kind',
    {},
    { target: { kind: 'Foo' } },
    '[target.kind: Unsupported value: "Foo": supported values: "Node", "<empty>", target.name: Required value]',
  ],
  [
    'of another pod',
    {},
    { metadata: { name: 'q' }, target: node },
    'name in URL does not match name in Binding object',
  ],
  [
    'of another incarnation',
    {},
    { metadata: { name: 'p', uid: 'x' }, target: node },
    /Precondition failed: UID in precondition: x, UID in object meta: /,
  ],
  [
    'of a bound pod',
    { nodeName: 'm' },
    { target: node },
    'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "m"',
  ],
  [
    'of a pod that waits at a gate',
    { schedulingGates: [{ name: 'g' }] },
    { target: node },
    'Operation cannot be fulfilled on pods/binding "p": pod p has non-empty .spec.schedulingGates',
  ],
] as const)('a binding %s fails', (_which, spec, body, message) => {
  const failure = serverWithPod(spec).failure('POST', `${pods}/p/binding`, body);
  if (typeof message === 'string') expect(failure).toBe(message);
  else expect(failure).toMatch(message);
});

test('bindings are only created', () => {
  expect(serverWithPod().failure('GET', bindings)).toMatch('does not allow this method');
});
