import { beforeEach, expect, test } from 'vitest';
import { TestWorkstation } from '../testWorkstation.ts';

let workstation: TestWorkstation;

const pods = '/api/v1/namespaces/default/pods';

beforeEach(() => {
  workstation = new TestWorkstation();
  for (const [name, labels] of [
    ['web', { app: 'web', 'a.io/tier': 'front' }],
    ['db', {}],
  ] as const) {
    workstation.send('POST', pods, {
      metadata: { name, labels },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
  }
});

test.each([
  [
    'get pods',
    'NAME   READY   STATUS    RESTARTS   AGE\ndb     0/1     Pending   0          0s\nweb    0/1     Pending   0          0s\n',
  ],
  ['get po/web --no-headers', 'web   0/1   Pending   0     0s\n'],
  ['get Pod -l app=web -o name', 'pod/web\n'],
  [
    'get pods --show-labels -L app,a.io/tier',
    'NAME   READY   STATUS    RESTARTS   AGE   APP   TIER    LABELS\ndb     0/1     Pending   0          0s                  <none>\nweb    0/1     Pending   0          0s    web   front   a.io/tier=front,app=web\n',
  ],
  [
    'get all',
    'NAME      READY   STATUS    RESTARTS   AGE\npod/db    0/1     Pending   0          0s\npod/web   0/1     Pending   0          0s\n\nNAME                 TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\nservice/kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   0s\n',
  ],
  [
    'get pods web -A --ignore-not-found',
    '',
    'error: a resource cannot be retrieved by name across all namespaces\n',
    1,
  ],
  [
    'get pods -A --field-selector=metadata.name=db',
    'NAMESPACE   NAME   READY   STATUS    RESTARTS   AGE\ndefault     db     0/1     Pending   0          0s\n',
  ],
  ['get deploy', '', 'No resources found in default namespace.\n', 0],
  ['get nodes', '', 'No resources found\n', 0],
  ['get deploy -n kube-system -A', '', 'No resources found\n', 0],
  ['get foo', '', 'error: the server doesn\'t have a resource type "foo"\n', 1],
  ['get pods nope', '', 'Error from server (NotFound): pods "nope" not found\n', 1],
  ['get pods nope --ignore-not-found', '', '', 0],
  [
    'get pods/web nope',
    '',
    "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
    1,
  ],
  ['get pods web -l a=b', '', 'error: name cannot be provided when a selector is specified\n', 1],
  [
    'get',
    '',
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples\n',
    1,
  ],
  ['get --bogus', '', "error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.\n", 1],
  ['gett', '', 'error: unknown command "gett" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n', 1],
] as const)('kubectl %s', async (line, out, err = '', code: number = 0) => {
  expect(await workstation.run(line)).toEqual({ out, err, code });
});

test('a watch prints what is there, then every change under the same headings, until it is interrupted', async () => {
  const { result, kill } = workstation.start('get pods -w --output-watch-events');
  await workstation.pass(2000);
  workstation.send('DELETE', `${pods}/db`, { gracePeriodSeconds: 0 });
  await workstation.pass(100);
  kill();
  await workstation.pass(0);
  expect(result).toEqual({
    out: 'EVENT      NAME   READY   STATUS    RESTARTS   AGE\nADDED      db     0/1     Pending   0          0s\nADDED      web    0/1     Pending   0          0s\nDELETED    db     0/1     Pending   0          2s\n',
    err: '',
    code: 130,
  });
});

test('lists come in pages, tables from the server', async () => {
  await workstation.run('get pods --chunk-size=1');
  const lists = workstation.requests.filter(({ path }) => path === pods);
  expect(lists.map(({ query }) => query)).toMatchObject([
    { limit: '1' },
    { limit: '1', continue: expect.any(String) as string },
  ]);
  expect(lists[0]!.accept).toBe(
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
  );
});
