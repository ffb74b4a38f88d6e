import '#images/installedTools.ts';
import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { TestNodes } from '#kubernetes/node/testing/testNode.ts';
import { parseImageReference } from '#world/machine/image.ts';
import { ClusterDns } from './clusterDns.ts';
import { corednsImage } from './coredns.ts';
import { images } from './registry.ts';
import { SimulatedRegistry } from './simulatedRegistry.ts';

/** A node with DNS, and a service `web` over a pod of `image`. */
async function serving(image: string, port: number, more: Partial<Pod['spec']['containers'][number]> = {}) {
  const registry = new SimulatedRegistry([...images]);
  const nodes = new TestNodes({ registry });
  registry.add(corednsImage(new ClusterDns(nodes.informers), ['v1.14.2', 'v1.13.1']));
  nodes.startProxies();
  nodes.run(
    { containers: [{ name: 'dns', image: 'registry.k8s.io/coredns/coredns:v1.13.1' }] },
    { name: 'dns' },
  );
  await nodes.pass(10);
  nodes.run({ containers: [{ name: 'c', image, ...more }] });
  nodes.run(
    { containers: [{ name: 'c', image: 'curlimages/curl', command: ['sleep', '3600'] }] },
    { name: 'client' },
  );
  await nodes.pass(60);
  const service = (name: string, clusterIP: string, number: number, pod: string, protocol: 'TCP' | 'UDP') => {
    nodes.client.create(services, {
      metadata: { name, namespace: 'default' },
      spec: { clusterIP, ports: [{ port: number, protocol }] },
    });
    nodes.client.create(endpointSlices, {
      metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: '', port: number, protocol }],
      endpoints: [
        { addresses: [nodes.pod(pod).status.podIP!], conditions: { ready: true }, nodeName: 'node-1' },
      ],
    });
  };
  service('kube-dns', '10.96.0.10', 53, 'dns', 'UDP');
  service('web', '10.96.0.50', port, 'web', 'TCP');
  await nodes.pass(2);
  return nodes;
}

test.each<[string, number, string, string]>([
  ['nginx', 80, 'http://web/', '<h1>Welcome to nginx!</h1>'],
  ['httpd', 80, 'http://web', '<h1>It works!</h1>'],
  ['weather-service-k8s:latest', 5000, 'http://web:5000/?city=Chicago', '"city":"Chicago"'],
  ['weather-service-k8s/latest:latest', 5000, 'http://web:5000/weather', '"temperatureC"'],
  ['k8s_demo:v1', 4000, 'http://web:4000/predict?text=I+love+it', '"sentiment":"positive"'],
  ['ml-serving:1.0', 80, 'http://web.default.svc.cluster.local/', '"status":"ok"'],
])('%s answers over its service', async (image, port, url, expected) => {
  const policy = image.startsWith('weather') ? ({ imagePullPolicy: 'Never' } as const) : {};
  const nodes = await serving(image, port, policy);
  const { output, code } = await nodes.exec('client', ['curl', '-s', url]);
  expect(code).toBe(0);
  expect(output).toContain(expected);
});

test.each<[string[], number, string]>([
  [['curl', 'http://nowhere/'], 6, 'curl: (6) Could not resolve host: nowhere\n'],
  [
    ['curl', 'http://10.96.0.50:81/', '--connect-timeout', '2'],
    28,
    'curl: (28) Failed to connect to 10.96.0.50 port 81 after 2000 ms: Timeout was reached\n',
  ],
  [
    ['curl', '-m', '2', 'http://10.96.0.50:81/'],
    28,
    'curl: (28) Connection timed out after 2000 milliseconds\n',
  ],
  [
    ['curl', 'http://localhost:9/'],
    7,
    "curl: (7) Failed to connect to localhost port 9 after 0 ms: Couldn't connect to server\n",
  ],
  [['curl', '-sf', 'http://web/none'], 22, ''],
  [['curl', '-so', '/dev/null', '-w', '%{http_code}\\n', 'http://web/none'], 0, '404\n'],
  [
    ['curl', '--wat', 'http://web/'],
    2,
    "curl: option --wat: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
  [['wget', '-qO-', 'http://nowhere/'], 1, "wget: bad address 'nowhere'\n"],
  [['wget', '-q', '-O', '-', 'http://web/none'], 1, 'wget: server returned error: HTTP/1.1 404 Not Found\n'],
  [['wget', '-T', '2', '-qO-', '10.96.0.50:81'], 1, 'wget: download timed out\n'],
  [
    ['nslookup', 'web'],
    0,
    'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.default.svc.cluster.local\nAddress: 10.96.0.50\n\n',
  ],
  [
    ['nslookup', 'nowhere'],
    1,
    "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find nowhere: NXDOMAIN\n\n",
  ],
  [['nc', '-zv', 'web', '80'], 0, 'web (10.96.0.50:80) open\n'],
  [['sh', '-c', 'wget -qO- web | grep -c nginx'], 0, '6\n'],
  [
    ['cat', '/etc/resolv.conf'],
    0,
    'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
  ],
])('%j', async (command, code, output) => {
  const nodes = await serving('nginx', 80);
  expect(await nodes.exec('client', command, 20)).toEqual({ output, code });
});

test('a request leaves a line in the access log', async () => {
  const nodes = await serving('nginx', 80);
  const { podIP } = nodes.pod('client').status;
  await nodes.exec('client', ['curl', '-s', 'http://web/hello']);
  expect(nodes.log('web').split('\n').at(-2)).toMatch(
    new RegExp(
      `^${podIP} - - \\[21/Nov/2026:08:\\d\\d:\\d\\d \\+0000\\] "GET /hello HTTP/1.1" 404 \\d+ "-" "curl/8.14.1" "-"$`,
    ),
  );
});

test('redis remembers', async () => {
  const nodes = await serving('redis:7', 6379);
  const run = (...command: string[]) => nodes.exec('web', command).then(({ output }) => output);
  expect(await run('redis-cli', 'set', 'greeting', 'hello')).toBe('OK\n');
  expect(await run('redis-cli', 'get', 'greeting')).toBe('hello\n');
  expect(await run('redis-cli', 'incr', 'n')).toBe('1\n');
  expect((await nodes.exec('client', ['sh', '-c', 'echo PING | nc web 6379'])).output).toBe('+PONG\r\n');
});

async function logOf(spec: Pod['spec']['containers'][number], seconds = 60) {
  const nodes = new TestNodes();
  nodes.run({ restartPolicy: 'Never', containers: [spec] });
  await nodes.pass(seconds);
  return { log: nodes.log('web'), phase: nodes.pod().status.phase };
}

test('a shell script in busybox runs', async () => {
  const script = 'echo hi && for i in 1 2 3; do echo $i; sleep 1; done; echo bye >&2; exit 4';
  expect(await logOf({ name: 'c', image: 'busybox', command: ['sh', '-c', script] })).toEqual({
    log: 'hi\n1\n2\n3\nbye\n',
    phase: 'Failed',
  });
});

test.each([
  [
    'podarium/train',
    'Succeeded',
    /^Loading data .*\nEpoch 1\/10 - loss: [\d.]+ - accuracy: [\d.]+\n(.*\n){9}Training done/,
  ],
  ['podarium/train-failing', 'Failed', /Epoch 3\/10(.*\n)+RuntimeError: loss is not finite in epoch 4\n$/],
  ['hello-world', 'Succeeded', /Hello from Docker!/],
])('%s ends as %s', async (image, phase, expected) => {
  const result = await logOf({ name: 'c', image });
  expect(result.phase).toBe(phase);
  expect(result.log).toMatch(expected);
});

test.each([
  ['nginx', 'docker.io', 'library/nginx', 'latest'],
  ['nginx:1.25-alpine', 'docker.io', 'library/nginx', '1.25-alpine'],
  ['k8s_demo:v1', 'docker.io', 'library/k8s_demo', 'v1'],
  ['podarium/load-generator', 'docker.io', 'podarium/load-generator', 'latest'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io', 'pause', '3.10'],
  ['localhost:5000/app', 'localhost:5000', 'app', 'latest'],
])('reference %s', (text, registry, repository, tag) => {
  expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest: null });
});

test.each(['Nginx', 'nginx:', 'a b', '', 'nginx:tag:tag', '-x'])('%j is no reference', (text) => {
  expect(parseImageReference(text)).toBeNull();
});

test.each([
  ['nginx:1.14.2', true],
  ['nginx:1.27.3-alpine', true],
  ['nginx:1.99', false],
  ['nginx:latest', true],
  ['nginx:lates', false],
])('registry has %s: %s', (text, isThere) => {
  const found = new SimulatedRegistry(images).find(parseImageReference(text)!);
  expect(typeof found === 'object').toBe(isThere);
});
