import { expect, test } from 'vitest';
import type { ComponentStatusList } from '#generated/types/core.v1.ts';
import { TestServer } from '../testing/testServer.ts';

const path = '/api/v1/componentstatuses';

test('every component is asked when it is read', () => {
  const test = new TestServer();
  test.server.extensions.isHealthy = (name) => name !== 'kube-scheduler';
  const { body, warnings } = test.send('GET', path);
  expect(warnings).toEqual(['v1 ComponentStatus is deprecated in v1.19+']);
  const { items } = body as ComponentStatusList;
  expect(items.map(({ metadata, conditions }) => [metadata.name, conditions![0]!.status])).toEqual([
    ['controller-manager', 'True'],
    ['etcd-0', 'True'],
    ['scheduler', 'False'],
  ]);
  const table = test.send('GET', `${path}/scheduler`, undefined, {
    accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
  });
  expect(table.body).toMatchObject({
    rows: [
      {
        cells: [
          'scheduler',
          'Unhealthy',
          'Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused',
          '',
        ],
      },
    ],
  });
});

test.each([
  ['GET', `${path}/other`, 'Component not found: other'],
  ['POST', path, 'the server does not allow this method on the requested resource'],
  ['DELETE', `${path}/scheduler`, 'the server does not allow this method on the requested resource'],
  ['GET', `${path}/scheduler/status`, 'the server could not find the requested resource'],
] as const)('%s %s fails', (method, url, message) => {
  expect(new TestServer().failure(method, url, method === 'POST' ? {} : undefined)).toBe(message);
});
