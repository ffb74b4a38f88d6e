import { expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { makePod } from '../testObjects.ts';
import { defaultBinder } from './defaultBinder.ts';

const user = { name: 'system:kube-scheduler', groups: [] };

test('posts a binding to the pod', () => {
  const requests: ApiRequest[] = [];
  const client = new Client((request) => {
    requests.push(request);
    return { status: 201, warnings: [], body: {}, latencyMs: 3 };
  }, user);
  defaultBinder(client).bind!(makePod({ name: 'web' }), 'node-1');
  expect(requests).toMatchObject([
    {
      method: 'POST',
      path: '/api/v1/namespaces/default/pods/web/binding',
      body: { kind: 'Binding', metadata: { name: 'web' }, target: { kind: 'Node', name: 'node-1' } },
    },
  ]);
});

test('passes on why the server refuses', () => {
  const body = { kind: 'Status', message: 'pods "web" not found', reason: 'NotFound', code: 404 };
  const client = new Client(() => ({ status: 404, warnings: [], body, latencyMs: 3 }), user);
  expect(() => defaultBinder(client).bind!(makePod({ name: 'web' }), 'node-1')).toThrow(
    'pods "web" not found',
  );
});
