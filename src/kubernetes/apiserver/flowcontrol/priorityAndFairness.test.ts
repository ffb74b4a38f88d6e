import { beforeEach, expect, test } from 'vitest';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { TestServer } from '../testServer.ts';

let server: TestServer;

const configMaps = '/api/v1/namespaces/default/configmaps';
const account = (name: string) => ({
  name: `system:serviceaccount:default:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
});

beforeEach(() => {
  server = new TestServer();
});

/** What many requests of one instant get: their codes, counted, and the longest that one waited. */
function flood(count: number, more: Partial<ApiRequest>) {
  const codes = new Map<number, number>();
  let longestMs = 0;
  for (let i = 0; i < count; i++) {
    const { status, latencyMs } = server.send('GET', configMaps, more);
    codes.set(status, (codes.get(status) ?? 0) + 1);
    longestMs = Math.max(longestMs, latencyMs);
  }
  return { codes: Object.fromEntries(codes), longestMs };
}

test('a flood waits, then is told to come again, and nobody else notices', () => {
  const { codes, longestMs } = flood(2000, { user: account('flood') });
  // Upstream's bootstrap: 245 of 600 seats are for workload-low, and a hand of 6 queues of 50 may wait.
  expect(codes).toEqual({ 200: 545, 429: 1455 });
  expect(longestMs).toBeGreaterThan(1);
  expect(server.send('GET', configMaps, { user: account('flood') }).body).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'Too many requests, please try again later.',
    reason: 'TooManyRequests',
    details: { retryAfterSeconds: 1 },
    code: 429,
  });
  expect(server.send('GET', configMaps, { user: account('calm') })).toMatchObject({
    status: 200,
    latencyMs: 1,
  });
  server.runTo(1000);
  expect(server.send('GET', configMaps, { user: account('flood') })).toMatchObject({
    status: 200,
    latencyMs: 1,
  });
});

test.each<[string, Partial<ApiRequest>]>([
  ['a master', {}],
  ['a component', { inProcess: true, user: { name: 'system:kube-scheduler', groups: [] } }],
  ['who only looks on', { observer: true, user: account('x') }],
  ['the workstation', { takesNoTime: true, user: account('x') }],
])('%s is never told to wait', (_who, more) => {
  expect(flood(2000, more)).toEqual({ codes: { 200: 2000 }, longestMs: 1 });
});

test('what is stored decides, a second later at the most', () => {
  const levels = '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations';
  const schemas = '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas';
  const limited = { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' } };
  const level = { metadata: { name: 'slow' }, spec: { type: 'Limited', limited } };
  expect(server.send('POST', levels, { body: level }).status).toBe(201);
  const schema = {
    metadata: { name: 'slow' },
    spec: {
      priorityLevelConfiguration: { name: 'slow' },
      matchingPrecedence: 500,
      distinguisherMethod: { type: 'ByUser' },
      rules: [
        {
          subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: 'flood', namespace: 'default' } }],
          resourceRules: [
            { verbs: ['list'], apiGroups: [''], resources: ['configmaps'], namespaces: ['default'] },
          ],
        },
      ],
    },
  };
  expect(server.send('POST', schemas, { body: schema }).status).toBe(201);
  server.runTo(2000);
  // The new level has as many shares as catch-all, the only other one: half of the seats, and no queue.
  expect(flood(400, { user: account('flood') }).codes).toEqual({ 200: 300, 429: 100 });
});
