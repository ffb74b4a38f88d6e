import { expect } from '@playwright/test';
import { manifest } from './manifest.ts';
import type { LearnerPage } from './page.ts';
import { test } from './test.ts';

const good = manifest('nginx-deployment.yaml');
const other = good.replaceAll('nginx-deployment', 'other');

/** Each is applied in the editor over a healthy Deployment. */
const manifests: readonly { readonly words: string; readonly text: string; readonly says: RegExp }[] = [
  { words: 'not YAML', text: 'replicas: [1, 2\n', says: /error converting YAML to JSON: yaml: line \d/ },
  {
    words: 'a tab',
    text: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: tabbed\n',
    says: /yaml: line 4: found character that cannot start any token/,
  },
  {
    words: 'a wrong type',
    text: other.replace('image: nginx:1.14.2', 'image: 5'),
    says: /cannot unmarshal number into Go struct field Container\.\S*image of type string/,
  },
  {
    words: 'replicas: three',
    text: other.replace('replicas: 2', 'replicas: three'),
    says: /cannot unmarshal string into Go struct field DeploymentSpec\.spec\.replicas of type int32/,
  },
  {
    words: 'an unknown field',
    text: other.replace('replicas: 2', 'replcas: 2'),
    says: /strict decoding error: unknown field "spec\.replcas"/,
  },
  {
    words: 'an unknown kind',
    text: other.replace('kind: Deployment', 'kind: Deploymnet'),
    says: /no matches for kind "Deploymnet" in version "apps\/v1"/,
  },
  {
    words: 'a name that is no DNS label',
    text: other.replace('name: other', 'name: Other_1'),
    says: /The Deployment "Other_1" is invalid: metadata\.name: Invalid value: "Other_1": a lowercase RFC 1123 /,
  },
];

async function apply(learner: LearnerPage, replicas = 2): Promise<string[]> {
  expect(await learner.apply(good)).toContain('nginx-deployment created');
  await learner.speed('Ten times as fast');
  await expect(learner.pods('nginx-deployment-', 'running')).toHaveCount(replicas);
  return (await learner.podNames('nginx-deployment-')).sort();
}

/** The worker answers, and the pods of before are those of now. */
async function unharmed(learner: LearnerPage, names: readonly string[]): Promise<void> {
  await learner.ping();
  await expect(learner.pods('nginx-deployment-', 'running')).toHaveCount(names.length);
  expect((await learner.podNames('nginx-deployment-')).sort()).toEqual(names);
}

test('bad manifests get the error of upstream and harm nothing', async ({ learner }) => {
  const names = await apply(learner);
  const objects = await learner.run('kubectl get deployments,configmaps -o name');
  for (const { words, text, says } of manifests) {
    expect(await learner.apply(text), words).toMatch(says);
    await unharmed(learner, names);
  }
  expect(await learner.run('kubectl get deployments,configmaps -o name')).toBe(objects);
  expect(
    await learner.run(
      `kubectl patch deployment nginx-deployment --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers"}]'`,
    ),
  ).toBe('The Deployment "nginx-deployment" is invalid: spec.template.spec.containers: Required value\n');
  await unharmed(learner, names);
});

test('of two documents the good one is applied and the bad one told', async ({ learner }) => {
  const names = await apply(learner);
  const two = `apiVersion: v1
kind: ConfigMap
metadata:
  name: good
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: bad
data:
  count: 1
`;
  const printed = await learner.apply(two);
  expect(printed).toContain('configmap/good created\n');
  expect(printed).toMatch(/cannot unmarshal number into Go struct field ConfigMap\.data of type string/);
  await expect(learner.editor.getByRole('status', { name: 'Problems' })).toContainText('Line 6: ');
  expect(await learner.run('kubectl get configmaps -o name')).toBe(
    'configmap/good\nconfigmap/kube-root-ca.crt\n',
  );
  await unharmed(learner, names);
});

test('ten megabytes of text are refused, in the editor and by the server', async ({ learner }) => {
  const names = await apply(learner);
  await learner.write(`${good}# ${'kubernetes '.repeat(950_000)}\n`);
  await learner.page.keyboard.press('Control+Enter');
  await expect(learner.page.getByRole('status').filter({ hasText: 'larger than the 3 MB' })).toBeVisible();
  await unharmed(learner, names);
  await learner.write(good);
  const printed = await learner.run(
    `{ printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: large}\\ndata: {text: '; ` +
      `yes kubernetes | head -c 4000000 | tr '\\n' ' '; echo '}'; } > large.yaml; kubectl apply -f large.yaml`,
    45_000,
  );
  expect(printed).toContain('Request entity too large: limit is 3145728');
  await unharmed(learner, names);
});

test('endless loops and endless logs are bounded, and Ctrl-C ends them', async ({ learner }) => {
  const names = await apply(learner);
  for (const line of [
    'while true; do :; done',
    'while true; do echo again; done',
    'f() { f; }; f; sleep 1000',
  ]) {
    await learner.type(line);
    await expect.poll(() => learner.printed()).toContain(`${line}\n`);
    await unharmed(learner, names);
    await learner.interrupt();
  }
  await learner.apply(`apiVersion: v1
kind: Pod
metadata:
  name: loud
spec:
  containers:
  - name: loud
    image: busybox
    command: ["sh", "-c", "while true; do echo no end; done"]
`);
  await expect(learner.pods('loud', 'running')).toHaveCount(1);
  await learner.type('kubectl logs -f loud | grep "something else"');
  await unharmed(learner, names);
  await learner.interrupt();
  await learner.pods('loud').click();
  await learner.inspector.getByRole('tab', { name: 'Logs' }).click();
  await expect(learner.inspector).toContainText('no end');
  await unharmed(learner, names);
  expect(await learner.run('kubectl delete pod loud --now')).toContain('pod "loud" deleted');
  expect(await learner.run('kubectl get deployment nginx-deployment')).toMatch(/ 2\/2 /);
});
