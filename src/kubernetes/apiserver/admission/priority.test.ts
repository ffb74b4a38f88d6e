import { beforeEach, expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

let server: TestServer;
const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
const pods = '/api/v1/namespaces/default/pods';
const pod = (spec: object) => ({
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});

function addClass(name: string, value: number, more: object = {}): void {
  expect(server.failure('POST', classes, { metadata: { name }, value, ...more })).toBeNull();
}

beforeEach(() => {
  server = new TestServer();
});

test.each([
  ['no class', {}, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' }],
  ['its class', { priorityClassName: 'high' }, { priority: 1000, preemptionPolicy: 'PreemptLowerPriority' }],
  ['a polite class', { priorityClassName: 'polite' }, { priority: 500, preemptionPolicy: 'Never' }],
  ['the right number', { priorityClassName: 'high', priority: 1000 }, { priority: 1000 }],
])('a pod with %s', (_name, spec, expected) => {
  addClass('high', 1000);
  addClass('polite', 500, { preemptionPolicy: 'Never' });
  expect((server.send('POST', pods, pod(spec)).body as Pod).spec).toMatchObject(expected);
});

test.each([
  [{ priorityClassName: 'none' }, 'no PriorityClass with name none was found'],
  [
    { priority: 7 },
    'the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  ],
  [
    { priorityClassName: 'polite', preemptionPolicy: 'PreemptLowerPriority' },
    'the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided in pod spec; priority admission controller computed Never from the given PriorityClass name',
  ],
])('refuses %j', (spec, why) => {
  addClass('polite', 500, { preemptionPolicy: 'Never' });
  expect(server.failure('POST', pods, pod(spec))).toBe(`pods "web" is forbidden: ${why}`);
});

test('names a pod without a name by what its name is generated from', () => {
  const nameless = { ...pod({ priorityClassName: 'none' }), metadata: { generateName: 'web-' } };
  expect(server.failure('POST', pods, nameless)).toBe(
    'pods "web-" is forbidden: no PriorityClass with name none was found',
  );
});

test('the default class is given to pods that name none, from its creation to its deletion', () => {
  const { spec } = pod({});
  const created = (name: string) =>
    (server.send('POST', pods, { metadata: { name }, spec }).body as Pod).spec;
  expect(created('a')).toMatchObject({ priority: 0 });
  addClass('usual', 100, { globalDefault: true });
  expect(created('b')).toMatchObject({ priority: 100, priorityClassName: 'usual' });
  expect(created('c').containers).toBe(created('d').containers);
  server.send('DELETE', `${classes}/usual`);
  expect(created('e')).toMatchObject({ priority: 0 });
  expect(created('f').priorityClassName).toBeUndefined();
});

test('there is one default class', () => {
  addClass('usual', 100, { globalDefault: true });
  const other = { metadata: { name: 'other' }, value: 5, globalDefault: true };
  const why =
    'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist';
  expect(server.failure('POST', classes, other)).toBe(why);
  addClass('other', 5);
  expect(server.failure('PATCH', `${classes}/other`, { globalDefault: true })).toBe(why);
  expect(server.failure('PATCH', `${classes}/usual`, { description: 'as ever' })).toBeNull();
});

test('a replaced pod keeps its priority', () => {
  addClass('high', 1000);
  const body = server.send('POST', pods, pod({ priorityClassName: 'high' })).body as Pod;
  const { priority: _priority, preemptionPolicy: _policy, ...spec } = body.spec;
  const replaced = server.send('PUT', `${pods}/web`, { ...body, spec });
  expect(replaced.status).toBe(200);
  expect((replaced.body as Pod).spec).toMatchObject({
    priority: 1000,
    preemptionPolicy: 'PreemptLowerPriority',
  });
});
