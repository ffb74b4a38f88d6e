import { expect, test } from 'vitest';
import { dryRun } from './dryRun.ts';
import { workstationPrograms } from './programs.ts';
import { learner } from './learner.ts';
import { runSession } from './run.ts';
import { Session } from './session.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = { id: 'x', title: '', summary: '', nodes: [], files: {}, commands: [], lesson: null };

const configMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  key: ${data}\n`;

async function open() {
  const session = new Session({
    scenario,
    seed: 's',
    loadSoftware: async () => workstationPrograms,
    onOutput: () => {},
  });
  await runSession(session, hop, { untilMs: session.simulation.nowMs + 1000 });
  return session;
}

test.each([
  ['a new object', configMap('x'), [{ line: 1, name: 'configmap/a', error: null, live: null }]],
  [
    'a tab',
    'kind: Pod\n\tspec: 1\n',
    [{ line: 1, error: expect.stringContaining('found a tab character that violates indentation') }],
  ],
  [
    'an unknown field',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndta: {}\n',
    [{ error: expect.stringContaining('unknown field "dta"') }],
  ],
  [
    'an unknown kind',
    'apiVersion: v1\nkind: Pot\nmetadata:\n  name: a\n',
    [{ error: 'no matches for kind "Pot" in version "v1"' }],
  ],
  [
    'two documents, one bad',
    `${configMap('x')}---\nkind: Pod\n`,
    [{ error: null }, { line: 8, error: "Object 'apiVersion' is missing" }],
  ],
  ['nothing', '# only a comment\n', [{ error: null }]],
])('%s is tried without a trace', async (_name, text, expected) => {
  const session = await open();
  const before = [session.hash(), session.simulation.pending, session.simulation.random('uids').uint32()];
  expect(dryRun(session, text)).toMatchObject(expected);
  const other = await open();
  expect([session.hash(), session.simulation.pending]).toEqual(before.slice(0, 2));
  other.simulation.random('uids').uint32();
  expect(session.simulation.random('uids').uint32()).toBe(other.simulation.random('uids').uint32());
});

test('a changed object shows what is live and what would be', async () => {
  const session = await open();
  session.cluster.apiServer.handle({
    method: 'POST',
    path: '/api/v1/namespaces/default/configmaps',
    user: learner,
    body: { metadata: { name: 'a' }, data: { key: 'old', kept: 'yes' } },
  });
  const [result] = dryRun(session, configMap('new'));
  expect(result!.live).toContain('key: old');
  expect(result!.merged).toContain('key: new');
  expect(result!.merged).toContain('kept: "yes"');
});
