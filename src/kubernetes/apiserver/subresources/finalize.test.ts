import { beforeEach, expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { TestServer } from '../testServer.ts';

const all = '/api/v1/namespaces';
const unqualified = 'name is neither a standard finalizer name nor is it fully qualified';
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  server.send('POST', all, { body: { metadata: { name: 't' } } });
});

const named = (more: object = {}, metadata: object = {}) => ({
  metadata: { name: 't', ...metadata },
  ...more,
});
const finalizers = (...names: string[]) => ({ spec: { finalizers: names } });
const send = (method: ApiRequest['method'], path: string, body: object) =>
  server.send(method, all + path, { body: { ...body } });

test.each<[ApiRequest['method'], string, object, number, string]>([
  [
    'PUT',
    '/t/status',
    named({ status: { phase: 'Foo' } }),
    422,
    'Namespace "t" is invalid: status.Phase: Invalid value: "Foo": may only be \'Active\' if `deletionTimestamp` is empty',
  ],
  [
    'POST',
    '',
    { metadata: { name: 'u' }, ...finalizers('x') },
    422,
    `Namespace "u" is invalid: spec.finalizers: Invalid value: "x": ${unqualified}`,
  ],
  [
    'PUT',
    '/t/finalize',
    named(finalizers('kubernetes', 'x')),
    422,
    `Namespace "t" is invalid: spec.finalizers[1]: Invalid value: "x": ${unqualified}`,
  ],
  [
    'PUT',
    '/t/finalize',
    { metadata: { name: 'other' }, ...finalizers() },
    400,
    'the name of the object (other) does not match the name on the URL (t)',
  ],
  [
    'PUT',
    '/t/finalize',
    named(finalizers(), { resourceVersion: '1' }),
    409,
    'Operation cannot be fulfilled on namespaces "t": the object has been modified; please apply your changes to the latest version and try again',
  ],
])('%s of namespaces%s with %j is refused', (method, path, body, status, message) => {
  expect(send(method, path, body)).toMatchObject({ status, body: { message } });
});

test('a deleted namespace is Terminating, and goes with the last finalizer', () => {
  send('POST', '', { metadata: { name: 'u' }, ...finalizers('a.b/c') });
  expect(server.send('GET', `${all}/u`).body).toMatchObject(finalizers('a.b/c', 'kubernetes'));
  const put = (part: string, more: object) => send('PUT', `/u/${part}`, { metadata: { name: 'u' }, ...more });
  server.send('DELETE', `${all}/u`);
  expect(put('status', { status: { phase: 'Active' } }).object['message']).toContain(
    'status.Phase: Invalid value: "Active": may only be \'Terminating\' if `deletionTimestamp` is not empty',
  );
  expect(put('finalize', finalizers('a.b/c'))).toMatchObject({ status: 200, body: finalizers('a.b/c') });
  put('finalize', finalizers());
  expect(server.send('GET', `${all}/u`).status).toBe(404);
});
