import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { Play } from '../testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = new URL('../../../lessons/scenarios/empty.yaml', import.meta.url);
const play = new Play(load(readFileSync(scenario, 'utf8')) as Scenario, 'conformance', hop);
beforeAll(() => play.wait(10_000));

/** Types a line at the workstation and returns what it prints. */
const kubectl = (line: string) => play.act(`kubectl ${line}`);

/** Asks until the answer is the expected one, as upstream's tests poll. */
async function eventually(line: string, expected: string): Promise<void> {
  let printed = '';
  for (let tries = 0; tries < 30 && printed !== expected; tries++) printed = await kubectl(line);
  expect(printed).toBe(expected);
}

const controller = (name: string, replicas: number) => `apiVersion: v1
kind: ReplicationController
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    name: ${name}
  template:
    metadata:
      labels:
        name: ${name}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: agnhost
        image: registry.k8s.io/pause:3.10
        ports:
        - containerPort: 80
`;

async function create(name: string, text: string): Promise<void> {
  await play.act(`@write ${name}.yaml\n${text}`);
  expect(await kubectl(`create -f ${name}.yaml`)).toContain('created');
}

const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.59';

/** One part of upstream's guestbook: a deployment of its image, and the service before it. */
const part = (name: string, app: string, role: string, replicas: number, port: number, args: string) => `---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels: {app: ${app}, role: ${role}}
spec:
  ports:
  - port: ${port}
  selector: {app: ${app}, role: ${role}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${app}, role: ${role}}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${app}, role: ${role}}
  template:
    metadata:
      labels: {app: ${app}, role: ${role}}
    spec:
      containers:
      - name: server
        image: ${agnhost}
        args: [guestbook, ${args}]
        ports:
        - containerPort: ${port}
`;

const guestbook = [
  part('frontend', 'guestbook', 'frontend', 3, 80, '--backend-port, "6379"'),
  part('agnhost-primary', 'agnhost', 'primary', 1, 6379, '--http-port, "6379"'),
  part('agnhost-replica', 'agnhost', 'replica', 2, 6379, '--replicaof, agnhost-primary, --http-port, "6379"'),
].join('');

const run = (name: string) => kubectl(`run ${name} --restart=Never --image=registry.k8s.io/pause:3.10`);
const countOf = (name: string) =>
  `get pods -l name=${name} --field-selector=status.phase=Running -o name | wc -l`;

// Upstream: test/e2e/kubectl/kubectl.go
describe('sig-cli/Kubectl client', () => {
  test('Kubectl api-versions should check if v1 is in available api versions', async () => {
    expect((await kubectl('api-versions')).split('\n')).toContain('v1');
  });

  test('Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info', async () => {
    const printed = await kubectl('cluster-info');
    expect(printed).toContain('Kubernetes control plane');
    expect(printed).toContain('is running at');
  });

  test('Kubectl version should check is all data is printed', async () => {
    const printed = await kubectl('version');
    for (const item of ['Client Version: ', 'Server Version: ']) expect(printed).toContain(item);
  });

  test('Kubectl run pod should create a pod from an image when restart is Never', async () => {
    await run('e2e-run');
    const path = "'{.spec.restartPolicy} {.spec.containers[0].image}'";
    expect(await kubectl(`get pod e2e-run -o jsonpath=${path}`)).toBe('Never registry.k8s.io/pause:3.10');
  });

  test('Kubectl label should update the label on a resource', async () => {
    await run('e2e-label');
    await kubectl('label pods e2e-label testing-label=testing-label-value');
    expect(await kubectl('get pod e2e-label -L testing-label')).toContain('testing-label-value');
    await kubectl('label pods e2e-label testing-label-');
    expect(await kubectl('get pod e2e-label -L testing-label')).not.toContain('testing-label-value');
  });

  test("Kubectl replace should update a single-container pod's image", async () => {
    await run('e2e-replace');
    await eventually("get pod e2e-replace -o jsonpath='{.status.phase}'", 'Running');
    const edit = "sed 's#registry.k8s.io/pause:3.10#busybox:1.36#'";
    expect(await kubectl(`get pod e2e-replace -o json | ${edit} | kubectl replace -f -`)).toContain(
      'replaced',
    );
    expect(await kubectl("get pod e2e-replace -o jsonpath='{.spec.containers[0].image}'")).toBe(
      'busybox:1.36',
    );
  });

  test('Kubectl server-side dry-run should check if kubectl can dry-run update Pods', async () => {
    await run('e2e-dry-run');
    const image = '{"spec":{"containers":[{"name": "e2e-dry-run","image": "busybox:1.36"}]}}';
    expect(await kubectl(`patch pod e2e-dry-run -p '${image}' --dry-run=server`)).toContain('patched');
    expect(await kubectl("get pod e2e-dry-run -o jsonpath='{.spec.containers[0].image}'")).toBe(
      'registry.k8s.io/pause:3.10',
    );
  });

  test('Kubectl diff should check if kubectl diff finds a difference for Deployments', async () => {
    await kubectl('create deployment e2e-diff --image=registry.k8s.io/pause:3.10');
    const edit = "sed 's#registry.k8s.io/pause:3.10#busybox:1.36#'";
    const printed = await kubectl(
      `get deployment e2e-diff -o yaml | ${edit} | kubectl diff -f -; echo exit $?`,
    );
    expect(printed).toMatch(/^-\s+- image: registry.k8s.io\/pause:3.10$/m);
    expect(printed).toMatch(/^\+\s+- image: busybox:1.36$/m);
    expect(printed).toContain('exit 1');
  });

  test('Kubectl patch should add annotations for pods in rc', async () => {
    await create('e2e-patch', controller('e2e-patch', 1));
    await eventually(countOf('e2e-patch'), '1');
    await kubectl(
      `patch $(kubectl get pods -l name=e2e-patch -o name) -p '{"metadata":{"annotations":{"x":"y"}}}'`,
    );
    expect(await kubectl("get pods -l name=e2e-patch -o jsonpath='{.items[*].metadata.annotations.x}'")).toBe(
      'y',
    );
  });

  test('Kubectl describe should check if kubectl describe prints relevant information for rc and pods', async () => {
    await create('e2e-describe', controller('e2e-describe', 1));
    await eventually(countOf('e2e-describe'), '1');
    const shows = async (what: string, expected: readonly RegExp[]) => {
      const printed = await kubectl(`describe ${what}`);
      for (const line of expected) expect(printed).toMatch(line);
    };
    await shows('pods -l name=e2e-describe', [
      /^Name:\s+e2e-describe-/m,
      /^Namespace:\s+default$/m,
      /^Node:/m,
      /^Labels:\s+name=e2e-describe$/m,
      /^Status:\s+Running$/m,
      /^IP:/m,
      /^Controlled By:\s+ReplicationController\/e2e-describe$/m,
      /Image:\s+registry.k8s.io\/pause:3.10$/m,
      /State:\s+Running$/m,
      /QoS Class:\s+BestEffort$/m,
    ]);
    await shows('rc e2e-describe', [
      /^Name:\s+e2e-describe$/m,
      /^Selector:\s+name=e2e-describe$/m,
      /^Replicas:\s+1 current \/ 1 desired$/m,
      /^Pods Status:\s+1 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed$/m,
      /^Pod Template:$/m,
      /Image:\s+registry.k8s.io\/pause:3.10$/m,
      /^Events:$/m,
    ]);
    await kubectl('expose rc e2e-describe --port=6379 --target-port=80');
    await shows('service e2e-describe', [
      /^Type:\s+ClusterIP$/m,
      /^Port:\s+<unset>\s+6379\/TCP$/m,
      /^Endpoints:\s+\d/m,
      /^Session Affinity:\s+None$/m,
    ]);
    await shows('namespace default', [/^Name:\s+default$/m, /^Status:\s+Active$/m]);
    await shows('node', [/^Name:/m, /^Conditions:$/m, /^Capacity:$/m, /Kubelet Version:/m, /Pods$|Pods:/m]);
  });

  /** What discovery says of `/api/`, asked through a proxy: the versions of its answer. */
  const versionsBy = async (curl: string) =>
    (JSON.parse(await play.act(`curl -s ${curl}`)) as { versions?: string[] }).versions;

  test('Proxy server should support proxy with --port 0', async () => {
    await kubectl('proxy -p 0 --disable-filter > proxy.log 2> proxy.err &');
    const [, port] = /^Starting to serve on 127\.0\.0\.1:(\d+)$/.exec(await play.act('cat proxy.log')) ?? [];
    expect(await play.act('cat proxy.err')).toMatch(
      / proxy\.go:177\] Request filter disabled, your proxy is /,
    );
    expect(await versionsBy(`http://localhost:${port}/api/`)).toEqual(['v1']);
    await play.act('kill %1');
    expect(await play.act(`curl -s http://localhost:${port}/api/; echo $?`)).toContain('7');
  });

  test('Proxy server should support --unix-socket=/path', async () => {
    await kubectl('proxy --unix-socket=/tmp/test > socket.log &');
    expect(await play.act('cat socket.log')).toBe('Starting to serve on /tmp/test');
    expect(await versionsBy('--unix-socket /tmp/test http://localhost/api/')).toEqual(['v1']);
    expect(await play.act('curl -s --unix-socket /tmp/test http://unused/api/')).toBe('Forbidden');
    await play.act('kill %1');
  });

  test('Update Demo should create and stop a replication controller', async () => {
    await create('demo-stop', controller('demo-stop', 2));
    await eventually(countOf('demo-stop'), '2');
    await kubectl('delete --grace-period=0 --force -f demo-stop.yaml');
    await eventually(
      'get rc,pods -l name=demo-stop --no-headers',
      'No resources found in default namespace.',
    );
  });

  test('Update Demo should scale a replication controller', async () => {
    await create('demo-scale', controller('demo-scale', 2));
    await eventually(countOf('demo-scale'), '2');
    for (const size of ['1', '2']) {
      expect(await kubectl(`scale rc demo-scale --replicas=${size} --timeout=5m`)).toContain('scaled');
      await eventually(countOf('demo-scale'), size);
    }
  });

  const services = (name: string) =>
    kubectl(
      `get endpointslices -l kubernetes.io/service-name=${name} -o jsonpath='{.items[*].endpoints[*].addresses[0]}:{.items[*].ports[*].port}'`,
    );

  test('Kubectl expose should create services for rc', async () => {
    const primary = controller('agnhost-primary', 1).replace('registry.k8s.io/pause:3.10', agnhost);
    await create('agnhost-primary', primary);
    await eventually(countOf('agnhost-primary'), '1');
    const ip = await kubectl("get pods -l name=agnhost-primary -o jsonpath='{.items[0].status.podIP}'");
    const exposed = async (what: string, name: string, port: number) => {
      expect(await kubectl(`expose ${what} --name=${name} --port=${port} --target-port=6379`)).toBe(
        `service/${name} exposed`,
      );
      await play.wait(2_000);
      expect(await kubectl(`get service ${name} -o jsonpath='{.spec.ports[0].port}'`)).toBe(String(port));
      expect(await services(name)).toBe(`${ip}:6379`);
    };
    await exposed('rc agnhost-primary', 'rm2', 1234);
    await exposed('service rm2', 'rm3', 2345);
  });

  test('Kubectl logs should be able to retrieve and filter logs', async () => {
    const name = 'logs-generator';
    const args = 'logs-generator --log-lines-total 100 --run-duration 20s';
    await kubectl(`run ${name} --image=${agnhost} --restart=Never -- ${args}`);
    await eventually(`get pod ${name} -o jsonpath='{.status.phase}'`, 'Running');
    await play.wait(5_000);
    const all = await kubectl(`logs ${name} ${name}`);
    expect(all).toMatch(/ \d+ (GET|POST|PUT) \/api\/v1\/namespaces\/\S+\/pods\/\w+ \d{3}$/m);
    const last = (await kubectl(`logs ${name} --tail=1`)).split('\n');
    expect(last).toHaveLength(1);
    expect(await kubectl(`logs ${name} --limit-bytes=1`)).toBe('I');
    const [time = ''] = (await kubectl(`logs ${name} --tail=1 --timestamps`)).split(' ');
    expect(new Date(time).getTime()).toBeGreaterThan(0);
    const count = async (since: string) => Number(await kubectl(`logs ${name} --since=${since} | wc -l`));
    const [recent, older] = [await count('1s'), await count('24h')];
    expect(recent).toBeGreaterThan(0);
    expect(recent).toBeLessThan(older);
    await kubectl(`delete pod ${name} --now`);
  });

  test('Guestbook application should create and stop a working application', async () => {
    await create('guestbook', guestbook);
    await eventually(
      'get pods -l app=guestbook --field-selector=status.phase=Running -o name | wc -l; kubectl get pods -l app=agnhost --field-selector=status.phase=Running -o name | wc -l',
      '3\n3',
    );
    await play.wait(5_000);
    const ask = (command: string, value: string) =>
      `get --raw '/api/v1/namespaces/default/services/frontend/proxy/guestbook?cmd=${command}&key=messages&value=${value}'`;
    await eventually(ask('get', ''), '{"data":""}');
    await eventually(ask('set', 'TestEntry'), '{"message":"Updated"}');
    for (let reads = 0; reads < 6; reads++)
      expect(await kubectl(ask('get', 'TestEntry'))).toBe('{"data":"TestEntry"}');
    await kubectl('delete --grace-period=0 --force -f guestbook.yaml');
    await eventually(
      "get deployments,services,pods -l 'app in (guestbook,agnhost)' --no-headers",
      'No resources found in default namespace.',
    );
  });
});
