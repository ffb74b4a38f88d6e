import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { Simulation } from '#sim/simulation.ts';
import { createAccess } from './access/createAccess.ts';
import { laterParts } from './laterParts.ts';
import { ApiServer } from './server.ts';
import { changedSince, notYet, ofControllers, preparations } from './testing/recordings.ts';
import { differencesOf } from './testing/comparableExchange.ts';

/** One exchange with a real kube-apiserver 1.20, as ../shared/oracle/README.md describes them. */
interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: ApiRequest['method'];
    readonly path: string;
    readonly contentType?: string;
    readonly accept?: string;
    readonly user?: string;
    readonly body?: unknown;
  };
  readonly response: { readonly code: number; readonly body: unknown };
}

/** The recordings lie beside the checkout, or beside the folder of worktrees; elsewhere there are none. */
const root = join(import.meta.dirname, '../../..');
const file = ['../shared', '../../shared']
  .map((folder) => join(root, folder, 'oracle/recordings/api-1.20.jsonl'))
  .find(existsSync);
const exchanges: Exchange[] =
  file === undefined
    ? []
    : readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Exchange);

/** The groups that have moved since 1.20. */
function today<T>(value: T): T {
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const moved = text
    .replaceAll('batch/v1beta1', 'batch/v1')
    .replaceAll('policy/v1beta1', 'policy/v1')
    .replaceAll('autoscaling/v2beta2', 'autoscaling/v2');
  return JSON.parse(moved) as T;
}

function newServer(): ApiServer {
  const simulation = new Simulation({ seed: 's', startMs: Date.parse('2026-01-01T00:00:00Z') });
  const server = new ApiServer({ simulation, etcd: new Etcd<KubeObject>(simulation) });
  server.install(laterParts);
  server.installAccess(createAccess);
  return server;
}

const admin = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const jane = { name: 'jane', groups: ['system:authenticated'] };

function send(server: ApiServer, { method, path, contentType, accept, user, body }: Exchange['request']) {
  const [where = '', query = ''] = path.split('?');
  const parameters = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=', 2).map(decodeURIComponent));
  return server.handle({
    method,
    path: where,
    query: Object.fromEntries(parameters) as Record<string, string>,
    user: user === undefined ? admin : jane,
    ...(contentType !== undefined && { contentType }),
    ...(accept !== undefined && { accept }),
    ...(body !== undefined && { body }),
  });
}

const server = newServer();
const answers = exchanges.map((exchange) => {
  for (const [path, body] of preparations[exchange.name] ?? []) {
    const { status, body: answer } = send(server, {
      method: 'POST',
      path,
      contentType: 'application/json',
      body,
    });
    if (status >= 400) throw new Error(`${exchange.name}: ${path}: ${JSON.stringify(answer)}`);
  }
  const { status, body } = send(server, today(exchange.request));
  return { code: status, body };
});

const isCompared = (name: string) => Object.keys(notYet).every((start) => !name.startsWith(start));
const found = exchanges.map(({ name, response }, index) =>
  differencesOf(answers[index]!, today(response))
    .map((line) => `${name} ${line}`)
    .filter((line) => isCompared(name) && !ofControllers.some((where) => where.test(line))),
);

test.each(exchanges.map(({ name }, index) => ({ name, lines: found[index]! })))(
  'recorded $name',
  ({ lines }) => {
    expect(lines.filter((line) => !changedSince.some(([where]) => where.test(line)))).toEqual([]);
  },
);

test.skipIf(exchanges.length === 0).each(changedSince)('%s is still needed: %s', (where) => {
  expect(found.flat().some((line) => where.test(line))).toBe(true);
});
