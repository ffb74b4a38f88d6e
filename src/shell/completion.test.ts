import { expect, test } from 'vitest';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { shellProgram } from './bash.ts';
import { complete, completionContext, type CompletionContext, type WordCompleter } from './completion.ts';
import type { Shell } from './shell.ts';
import { Workbench } from './workbench.ts';

const files = new MemoryFileSystem({ nowMs: 0 });
files.makeDirectory('/home/me/manifests', { parents: true });
for (const name of ['app.yaml', 'api.yaml', 'my file.txt', '.hidden']) files.write(`/home/me/${name}`, '');
files.write('/home/me/manifests/web.yaml', '');

const kubectl: WordCompleter = (words, current) => {
  if (words.length === 1) return ['get', 'describe', 'delete', '--namespace='];
  if (words[1] === 'get') return ['pods', 'pods/web-1', 'deployments'];
  return current.startsWith('-') ? ['-f', '--filename='] : null;
};

const context: CompletionContext = {
  files,
  workingDirectory: '/home/me',
  home: '/home/me',
  variables: ['HOME', 'HOSTNAME', 'PATH'],
  commands: ['cat', 'cd', 'echo', 'export', 'kubectl', 'k', 'watch'],
  aliases: new Map([
    ['k', 'kubectl'],
    ['kg', 'kubectl get'],
  ]),
  completers: new Map([['kubectl', kubectl]]),
};

test.each([
  ['ka', 0, []],
  ['ku', 0, ['kubectl']],
  ['c', 0, ['cat', 'cd']],
  ['cat a', 4, ['api.yaml', 'app.yaml']],
  ['cat ap', 4, ['api.yaml', 'app.yaml']],
  ['cat manifests/', 4, ['manifests/web.yaml']],
  ['cat m', 4, ['manifests/', 'my\\ file.txt']],
  ['cat my\\ f', 4, ['my\\ file.txt']],
  ['cat "my', 4, ['"my file.txt']],
  ["cat 'my f", 4, ["'my file.txt"]],
  ['cat .h', 4, ['.hidden']],
  ['cat ~/man', 4, ['~/manifests/']],
  ['cat /home/me/manifests/w', 4, ['/home/me/manifests/web.yaml']],
  ['cat /nowhere/x', 4, []],
  ['cd ', 3, ['manifests/']],
  ['echo $HO', 6, ['HOME', 'HOSTNAME']],
  ['echo "${PA', 8, ['PATH}']],
  ["echo '$HO", 5, []],
  ['kubectl ', 8, ['--namespace=', 'delete', 'describe', 'get']],
  ['kubectl de', 8, ['delete', 'describe']],
  ['kubectl get po', 12, ['pods', 'pods/web-1']],
  ['kubectl get pods/', 12, ['pods/web-1']],
  ['kubectl apply -f ap', 17, ['api.yaml', 'app.yaml']],
  ['k ge', 2, ['get']],
  ['kg dep', 3, ['deployments']],
  ['echo hi | kub', 10, ['kubectl']],
  ['echo hi && kubectl ge', 19, ['get']],
  ['x=$(kubectl de', 12, ['delete', 'describe']],
  ['for p in $(kubectl get po', 23, ['pods', 'pods/web-1']],
  ['if kub', 3, ['kubectl']],
  ['FOO=1 kub', 6, ['kubectl']],
  ['watch kubectl ge', 14, ['get']],
  ['watch -n 1 kubectl ge', 19, ['get']],
  ['watch -n 1 kub', 11, ['kubectl']],
  ['xargs -n1 cat ap', 14, ['api.yaml', 'app.yaml']],
  ['kubectl get pods > ap', 19, ['api.yaml', 'app.yaml']],
  ['kubectl get pods 2>ap', 19, ['api.yaml', 'app.yaml']],
  ['export HO', 7, ['HOME', 'HOSTNAME']],
])('%j', (line, from, inserts) => {
  const result = complete(line, line.length, context);
  expect(result.candidates.map((candidate) => candidate.insert)).toEqual(inserts);
  expect(result.from).toBe(from);
});

test('only the part before the cursor counts, and an unfinished word is not whole', () => {
  expect(complete('cat ap manifests', 6, context).candidates.map(({ label }) => label)).toEqual([
    'api.yaml',
    'app.yaml',
  ]);
  expect(complete('kubectl --', 10, context).candidates).toEqual([
    { insert: '--namespace=', label: '--namespace=', whole: false },
  ]);
  expect(complete('cat app', 7, context).candidates[0]?.whole).toBe(true);
});

test('a shell at its prompt says what it knows', async () => {
  const bench = new Workbench(() => new Promise((resolve) => setImmediate(resolve)));
  let shell: Shell | undefined;
  bench.machine.start(
    shellProgram((opened) => (shell = opened)),
    {
      args: ['bash', '-c', 'greet() { :; }; myvar=1; touch notes; sleep 10'],
      environment: bench.environment,
      workingDirectory: '/tmp',
    },
  );
  await bench.advance(1_000);
  const known = completionContext(shell!, new Map());
  const first = (line: string) => complete(line, line.length, known).candidates.map(({ insert }) => insert);
  expect(first('gree')).toEqual(['greet']);
  expect(first('echo $myv')).toEqual(['myvar']);
  expect(first('cat no')).toEqual(['notes']);
  expect(first('gre')).toEqual(['greet', 'grep']);
});
