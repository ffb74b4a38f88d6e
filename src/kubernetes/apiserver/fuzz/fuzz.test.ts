import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, ApiResponse, WatchEvent } from '#kubernetes/api/request.ts';
import { RandomStream } from '#sim/random.ts';
import { TestServer } from '../testServer.ts';
import { hostileRequest } from './hostileRequests.ts';
import { HostileValues } from './hostileValues.ts';
import { checkStore, deepFreeze } from './storeInvariants.ts';

/** `FUZZ_SEED=… FUZZ_COUNT=…` plays another run, or the same one for longer. */
const seed = process.env['FUZZ_SEED'] ?? 'podarium';
const count = Number(process.env['FUZZ_COUNT'] ?? 2000);
const watchesMax = 2000;
const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const probes = /^\/(healthz|livez|readyz)/;

test(`whatever is sent, the answer is proper and the store is whole (FUZZ_SEED=${seed} FUZZ_COUNT=${count})`, () => {
  const server = new TestServer(seed);
  const values = new HostileValues(new RandomStream(seed, 'fuzz'));
  const prototype = Object.getOwnPropertyNames(Object.prototype).join();
  server.etcd.watch(server.etcd.revision, (event) => deepFreeze(event.value));
  const mirror = follow(server, '/api/v1/configmaps');
  let watches = 0;
  const answers = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const request = deepFreeze({ ...hostileRequest(values, server.server.kinds.all), user });
    const before = server.etcd.revision;
    const response = answer(server, request, i);
    const where = `request ${i} of FUZZ_SEED=${seed}: ${show(request)}\nis answered ${show(response.body)}`;
    checkAnswer(request, response, where);
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
    const isChange = request.method !== 'GET' && response.status < 300;
    if (!isChange || request.query?.['dryRun'] !== undefined)
      expect(server.etcd.revision, where).toBe(before);
    if (response.stream !== undefined && watches++ < watchesMax) {
      response.stream.open(
        (batch) => batch.forEach((event) => JSON.stringify(event)),
        () => {},
      );
    }
    if (i % 50 === 49) server.runTo(server.simulation.nowMs + 1000 * values.random.below(30));
    if (i % 500 === 499) checkStore(server.etcd);
    if (i % 1000 === 999) server.etcd.compact(server.etcd.revision - 5);
  }
  server.runTo(server.simulation.nowMs + 10_000);
  checkStore(server.etcd);
  expect(mirror()).toEqual(listed(server, '/api/v1/configmaps'));
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(prototype);
  // A run in which everything is refused shows nothing.
  expect([200, 201, 400, 404, 405, 406, 409, 415, 422].filter((code) => !answers.has(code))).toEqual([]);
});

function answer(server: TestServer, request: ApiRequest, index: number): ApiResponse {
  try {
    return server.server.handle(request);
  } catch (error) {
    throw new Error(`request ${index} of FUZZ_SEED=${seed} threw: ${show(request)}`, { cause: error });
  }
}

function checkAnswer(
  request: ApiRequest,
  { status, body, warnings, stream }: ApiResponse,
  where: string,
): void {
  expect(Number.isInteger(status) && status >= 200 && status < 600, where).toBe(true);
  expect(
    warnings.every((warning) => typeof warning === 'string'),
    where,
  ).toBe(true);
  if (status < 400) {
    if (stream === undefined) expect(JSON.stringify(body), where).toBeTypeOf('string');
    return;
  }
  if (probes.test(request.path) || body === '404 page not found\n') return;
  expect(body, where).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status });
  expect((body as { message?: unknown }).message, where).toBeTypeOf('string');
  // Upstream leaves the reason out where it returns a plain Go error, and says 500 then.
  if (status !== 500) expect((body as { reason?: unknown }).reason, where).toBeTypeOf('string');
}

function show(value: unknown): string {
  try {
    return JSON.stringify(value)?.slice(0, 3000) ?? String(value);
  } catch (error) {
    return String(error);
  }
}

/** A client that keeps a copy by watching, as an informer does. Returns what the copy holds. */
function follow(server: TestServer, path: string): () => Record<string, string> {
  const copy = new Map<string, KubeObject>();
  const { stream } = server.send('GET', `${path}?watch=true&timeoutSeconds=100000000`);
  stream!.open(
    (batch) => {
      for (const { type, object } of batch as WatchEvent[]) {
        const key = `${object.metadata.namespace}/${object.metadata.name}`;
        if (type === 'DELETED') copy.delete(key);
        else copy.set(key, object);
      }
    },
    () => {},
  );
  return () => versions([...copy.values()]);
}

function listed(server: TestServer, path: string): Record<string, string> {
  return versions((server.send('GET', path).body as { items: KubeObject[] }).items);
}

function versions(objects: readonly KubeObject[]): Record<string, string> {
  return Object.fromEntries(
    objects.map(({ metadata }) => [`${metadata.namespace}/${metadata.name}`, metadata.resourceVersion]),
  );
}
