import { beforeEach, expect, test } from 'vitest';
import { TestWorkstation } from '../testWorkstation.ts';

let workstation: TestWorkstation;

const deployment = (image: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: nginx
        image: ${image}
        env:
        - {name: A, value: "1"}
${more}`;

beforeEach(() => {
  workstation = new TestWorkstation();
  workstation.files.write('/root/web.yaml', deployment('nginx:1', '        - {name: B, value: "2"}\n'));
});

test('apply creates, leaves alone, and configures with the least patch', async () => {
  expect(await workstation.run('apply -f web.yaml')).toEqual({
    out: 'deployment.apps/web created\n',
    err: '',
    code: 0,
  });
  expect(await workstation.run('apply -f web.yaml')).toMatchObject({
    out: 'deployment.apps/web unchanged\n',
  });
  expect(workstation.requests.at(-1)!.method).toBe('GET');
  const next = await workstation.run('apply -f -', deployment('nginx:2'));
  expect(next).toEqual({ out: 'deployment.apps/web configured\n', err: '', code: 0 });
  const sent = workstation.requests.at(-1)!;
  expect(sent).toMatchObject({
    method: 'PATCH',
    contentType: 'application/strategic-merge-patch+json',
    query: { fieldManager: 'kubectl-client-side-apply', fieldValidation: 'Strict' },
  });
  expect((sent.body as { spec: unknown }).spec).toEqual({
    template: {
      spec: {
        '$setElementOrder/containers': [{ name: 'nginx' }],
        containers: [
          {
            name: 'nginx',
            image: 'nginx:2',
            '$setElementOrder/env': [{ name: 'A' }],
            env: [{ $patch: 'delete', name: 'B' }],
          },
        ],
      },
    },
  });
});

test('what others set stays: a scaled deployment whose manifest names no replicas is not scaled back', async () => {
  const manifest = deployment('nginx:1').replace('  replicas: 2\n', '');
  await workstation.run('apply -f -', manifest);
  await workstation.run('scale deploy web --replicas=5');
  expect(await workstation.run('apply -f -', manifest)).toMatchObject({
    out: 'deployment.apps/web unchanged\n',
  });
  expect(await workstation.run('get deploy web --no-headers')).toMatchObject({
    out: 'web   0/5   0     0     0s\n',
  });
});

test('an object made by create earns the warning, once', async () => {
  await workstation.run('create -f web.yaml');
  const { err } = await workstation.run('apply -f web.yaml');
  expect(err).toBe(
    'Warning: resource deployments/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n',
  );
  expect(await workstation.run('apply -f web.yaml')).toEqual({
    out: 'deployment.apps/web unchanged\n',
    err: '',
    code: 0,
  });
});

// Recorded from kubectl 1.33 against this API server.
test.each([
  [
    'ing.yaml',
    'apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: i}',
    'error: resource mapping not found for name: "i" namespace: "" from "ing.yaml": no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"\nensure CRDs are installed first\nhint: this cluster serves Ingress as apiVersion: networking.k8s.io/v1\n',
  ],
  [
    'tab.yaml',
    'apiVersion: v1\nkind: Pod\n\tx: y',
    'error: error parsing tab.yaml: error converting YAML to JSON: yaml: line 3: found a tab character that violates indentation\n',
  ],
  [
    'no.yaml',
    'metadata: {name: x}',
    'error: error validating "no.yaml": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false\n',
  ],
  [
    'ns.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: other}',
    'Error from server (NotFound): error when creating "ns.yaml": namespaces "other" not found\n',
  ],
  [
    'gen.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: gen-}',
    'error: from gen-: cannot use generate name with apply\n',
  ],
  [
    'three.yaml',
    deployment('x').replace('replicas: 2', 'replicas: three'),
    'Error from server (BadRequest): error when creating "three.yaml": Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32\n',
  ],
  [
    'neg.yaml',
    deployment('x').replace('replicas: 2', 'replicas: -2'),
    'The Deployment "web" is invalid: spec.replicas: Invalid value: -2: must be greater than or equal to 0\n',
  ],
  [
    'field.yaml',
    deployment('x').replace('replicas:', 'replicaz:'),
    'Error from server (BadRequest): error when creating "field.yaml": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicaz"\n',
  ],
])('%s', async (name, text, err) => {
  workstation.files.write(`/root/${name}`, text);
  expect(await workstation.run(`apply -f ${name}`)).toEqual({ out: '', err, code: 1 });
});

test('a bad document does not keep the good ones from being applied', async () => {
  workstation.files.write(
    '/root/two.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ok}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: Bad_Name}\nspec: {containers: [{name: c, image: x}]}\n`,
  );
  const { out, err, code } = await workstation.run('apply -f two.yaml');
  expect([out, code]).toEqual(['configmap/ok created\n', 1]);
  expect(err).toContain('The Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name"');
});

test.each([
  ['apply', 'error: must specify one of -f and -k\n'],
  ['apply -f nope.yaml', 'error: the path "nope.yaml" does not exist\n'],
  ['apply web -f web.yaml', "error: Unexpected args: [web]\nSee 'kubectl apply -h' for help and examples\n"],
  ['apply -f web.yaml --force-conflicts', 'error: --force-conflicts only works with --server-side\n'],
  ['apply -f web.yaml --server-side --force', 'error: --force cannot be used with --server-side\n'],
  [
    'apply -f web.yaml --server-side --dry-run=client',
    "error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)\n",
  ],
  [
    'apply -f web.yaml --subresource=status',
    'error: --subresource can only be specified for --server-side\n',
  ],
])('kubectl %s', async (line, err) => expect(await workstation.run(line)).toEqual({ out: '', err, code: 1 }));
