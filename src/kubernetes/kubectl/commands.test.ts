import { beforeEach, expect, test } from 'vitest';
import type { Program } from '#world/machine/program.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { TestWorkstation } from './testWorkstation.ts';

let workstation: TestWorkstation;

const pods = '/api/v1/namespaces/default/pods';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'nginx', image }] },
});
const merge = { contentType: 'application/merge-patch+json' };

beforeEach(() => {
  workstation = new TestWorkstation();
});

function deploy(image = 'nginx:2', revision = '2'): void {
  const metadata = {
    name: 'web',
    annotations: { 'deployment.kubernetes.io/revision': revision, 'kubernetes.io/change-cause': 'second' },
  };
  workstation.send('POST', deployments, {
    metadata,
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template(image) },
  });
}

/** Plays the deployment controller: a ReplicaSet of one revision. */
function replicaSet(name: string, revision: string, image: string, cause: string): void {
  const owner = workstation.send('GET', `${deployments}/web`);
  const labels = { app: 'web', 'pod-template-hash': name };
  const annotations = { 'deployment.kubernetes.io/revision': revision, 'kubernetes.io/change-cause': cause };
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner.metadata.uid, controller: true },
  ];
  workstation.send('POST', deployments.replace('deployments', 'replicasets'), {
    metadata: { name: `web-${name}`, labels, annotations, ownerReferences },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { ...template(image), metadata: { labels } },
    },
  });
}

test('rollout history lists revisions, and undo puts the one before back', async () => {
  deploy();
  replicaSet('a', '1', 'nginx:1', 'first');
  replicaSet('b', '2', 'nginx:2', 'second');
  expect(await workstation.run('rollout history deploy/web')).toMatchObject({
    out: 'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         first\n2         second\n\n',
  });
  expect((await workstation.run('rollout history deploy/web --revision=1')).out).toContain(
    '    Image:\tnginx:1\n',
  );
  expect(await workstation.run('rollout undo deploy/web')).toEqual({
    out: 'deployment.apps/web rolled back\n',
    err: '',
    code: 0,
  });
  expect(workstation.requests.at(-1)).toMatchObject({
    method: 'PATCH',
    contentType: 'application/json-patch+json',
  });
  expect(workstation.send('GET', `${deployments}/web`)).toMatchObject({
    metadata: {
      annotations: { 'deployment.kubernetes.io/revision': '2', 'kubernetes.io/change-cause': 'first' },
    },
    spec: { template: template('nginx:1') },
  });
  expect(await workstation.run('rollout undo deploy/web --to-revision=1')).toMatchObject({
    out: 'deployment.apps/web skipped rollback (current template already matches revision 1)\n',
  });
  expect(await workstation.run('rollout undo deploy/web --to-revision=7')).toMatchObject({
    err: 'error: unable to find specified revision 7 in history\n',
    code: 1,
  });
});

test('rollout status follows the deployment until it is done, or gives up in time', async () => {
  deploy();
  const status = (body: object) =>
    workstation.send('PATCH', `${deployments}/web/status`, { status: body }, merge);
  const { result } = workstation.start('rollout status deploy/web');
  await workstation.pass(100);
  status({ observedGeneration: 1, replicas: 2, updatedReplicas: 1 });
  await workstation.pass(100);
  status({ updatedReplicas: 2, replicas: 3 });
  await workstation.pass(100);
  status({ replicas: 2, readyReplicas: 1, availableReplicas: 1 });
  await workstation.pass(100);
  const late = workstation.start('rollout status deploy/web --timeout=5s').result;
  await workstation.pass(6000);
  expect(late).toMatchObject({ err: 'error: timed out waiting for the condition\n', code: 1 });
  status({ readyReplicas: 2, availableReplicas: 2 });
  await workstation.pass(100);
  expect(result).toEqual({
    out: `Waiting for deployment spec update to be observed...
Waiting for deployment "web" rollout to finish: 1 out of 2 new replicas have been updated...
Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
Waiting for deployment "web" rollout to finish: 1 of 2 updated replicas are available...
deployment "web" successfully rolled out
`,
    err: '',
    code: 0,
  });
});

test('a rollout past its deadline is an error', async () => {
  deploy();
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  workstation.send(
    'PATCH',
    `${deployments}/web/status`,
    { status: { observedGeneration: 1, conditions } },
    merge,
  );
  expect(await workstation.run('rollout status deploy/web')).toEqual({
    out: '',
    err: 'error: deployment "web" exceeded its progress deadline\n',
    code: 1,
  });
});

test('wait ends when the condition holds, and says so when it does not in time', async () => {
  workstation.send('POST', pods, { metadata: { name: 'web' }, spec: template('nginx').spec });
  const { result } = workstation.start('wait --for=condition=Ready pod/web --timeout=60s');
  const late = workstation.start(
    "wait --for=jsonpath='{.status.phase}'=Succeeded pod/web --timeout=5s",
  ).result;
  await workstation.pass(10_000);
  expect(late).toEqual({ out: '', err: 'error: timed out waiting for the condition on pods/web\n', code: 1 });
  workstation.send(
    'PATCH',
    `${pods}/web/status`,
    { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    merge,
  );
  await workstation.pass(100);
  expect(result).toEqual({ out: 'pod/web condition met\n', err: '', code: 0 });
  const gone = workstation.start('wait --for=delete pod/web').result;
  await workstation.pass(1000);
  workstation.send('DELETE', `${pods}/web`, { gracePeriodSeconds: 0 });
  await workstation.pass(100);
  expect(gone).toEqual({ out: 'pod/web condition met\n', err: '', code: 0 });
});

test('delete waits until the object is gone', async () => {
  workstation.send('POST', pods, {
    metadata: { name: 'web', finalizers: ['example.com/hold'] },
    spec: template('nginx').spec,
  });
  const { result } = workstation.start('delete pod web --now');
  await workstation.pass(5000);
  expect(result).toEqual({ out: 'pod "web" deleted\n', err: '', code: null });
  workstation.send('DELETE', `${pods}/web`, { gracePeriodSeconds: 0 });
  workstation.send('PATCH', `${pods}/web`, { metadata: { finalizers: null } }, merge);
  await workstation.pass(100);
  expect(result.code).toBe(0);
});

test('diff shows what an apply would change, and exits with 1', async () => {
  const manifest = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data: { a: '1', b: '2' },
  });
  await workstation.run('apply -f -', manifest);
  expect(await workstation.run('diff -f -', manifest)).toEqual({ out: '', err: '', code: 0 });
  const { out, code } = await workstation.run('diff -f -', manifest.replace('"2"', '"3"'));
  expect(code).toBe(1);
  expect(out).toMatch(
    /^diff -u -N \/tmp\/LIVE-\d+\/v1\.ConfigMap\.default\.x \/tmp\/MERGED-\d+\/v1\.ConfigMap\.default\.x\n--- /,
  );
  expect(out).toContain(
    '@@ -1,7 +1,7 @@\n apiVersion: v1\n data:\n   a: "1"\n-  b: "2"\n+  b: "3"\n kind: ConfigMap\n',
  );
});

test('edit opens the object in $EDITOR and sends what was changed', async () => {
  workstation.send('POST', '/api/v1/namespaces/default/configmaps', {
    metadata: { name: 'x' },
    data: { a: '1' },
  });
  const editor: Program = async (process) => {
    const path = process.args.at(-1)!;
    process.files.write(path, process.files.read(path).replace('a: "1"', 'a: "2"'));
    return 0;
  };
  (workstation.machine.programs as Map<string, Program>).set('vi', editor);
  expect(await workstation.run('edit cm x')).toEqual({ out: 'configmap/x edited\n', err: '', code: 0 });
  expect(workstation.send('GET', '/api/v1/namespaces/default/configmaps/x')).toMatchObject({
    data: { a: '2' },
  });
  expect(await workstation.run('edit cm x')).toEqual({
    out: '',
    err: 'Edit cancelled, no changes made.\n',
    code: 0,
  });
});

test('config keeps the namespace of a context in the kubeconfig', async () => {
  expect(await workstation.run('config set-context --current --namespace=kube-system')).toMatchObject({
    out: 'Context "kubernetes-admin@podarium" modified.\n',
  });
  expect(await workstation.run('get pods')).toMatchObject({
    err: 'No resources found in kube-system namespace.\n',
  });
  expect(workstation.files.read('/root/.kube/config')).toContain('    namespace: kube-system\n');
  expect(await workstation.run('config use-context nope')).toMatchObject({
    err: 'error: no context exists with the name: "nope"\n',
    code: 1,
  });
});

test('top prints what the metrics API says', async () => {
  const metrics = {
    items: [
      {
        metadata: { name: 'web', namespace: 'default' },
        containers: [
          { name: 'a', usage: { cpu: '1500u', memory: '10Mi' } },
          { name: 'b', usage: { cpu: '20m', memory: '5Mi' } },
        ],
      },
      {
        metadata: { name: 'db', namespace: 'default' },
        containers: [{ name: 'a', usage: { cpu: '3m', memory: '100Mi' } }],
      },
    ],
    metadata: {},
  };
  const resources = [
    { resource: 'pods', responseKind: { kind: 'PodMetrics' }, scope: 'Namespaced', verbs: ['get', 'list'] },
  ];
  const discovery = {
    items: [{ metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', resources }] }],
  };
  workstation = new TestWorkstation((inner) => (request) => {
    const body =
      request.path === '/apis' ? discovery : request.path.includes('metrics.k8s.io') ? metrics : undefined;
    return body ? { status: 200, warnings: [], latencyMs: 0, body } : inner(request);
  });
  expect(await workstation.run('top pods')).toMatchObject({
    out: 'NAME   CPU(cores)   MEMORY(bytes)   \ndb     3m           100Mi           \nweb    22m          15Mi            \n',
  });
  expect(await workstation.run('top pods --sort-by=cpu --no-headers')).toMatchObject({
    out: 'web   22m   15Mi    \ndb    3m    100Mi   \n',
  });
});

test.each([
  [
    'completion bash',
    'error: Podarium does not simulate kubectl completion yet: this terminal completes with Tab already\n',
  ],
])('kubectl %s says that it is not simulated', async (line, err) =>
  expect(await workstation.run(line)).toEqual({ out: '', err, code: 1 }),
);

function* pathsOf(list: readonly Command[], before = ''): Generator<[string, Command]> {
  for (const command of list) {
    const path = `${before}${command.name}`;
    yield [path, command];
    yield* pathsOf(command.subcommands ?? [], `${path} `);
  }
}

test.each([...pathsOf(commands)].filter(([, command]) => !command.acceptsAnything))(
  'kubectl %s --help',
  async (path, command) => {
    const { out, err, code } = await workstation.run(`${path} --help`);
    expect([err, code]).toEqual(['', 0]);
    expect(out).toContain(`Usage:\n  kubectl ${command.usage} [options]\n`);
    const flags = command.flags ?? [];
    expect(new Set(flags.map(({ name }) => name)).size).toBe(flags.length);
    const shorts = flags.flatMap(({ short }) => short ?? []);
    expect(new Set(shorts).size).toBe(shorts.length);
  },
);
