// What the documentation of pods says of fields that only a kubelet acts on.
import { expect, test } from 'vitest';
import type { ContainerStatus, Pod } from '#generated/types/core.v1.ts';
import { runtimeClasses } from '#kubernetes/api/node/runtimeClass.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { nodes as kinds } from '#kubernetes/api/core/node.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { TestNodes } from './testing/testNode.ts';

type Container = Pod['spec']['containers'][number];
type Spec = Partial<Pod['spec']>;

const shell = (script: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  image: 'busybox',
  command: ['sh', '-c', script],
  ...more,
});

/** What a container prints. */
async function printed(script: string, spec: Spec = {}, more: Partial<Container> = {}): Promise<string> {
  const nodes = new TestNodes();
  nodes.configMap('settings', { mode: 'fast', level: '3' });
  nodes.secret('keys', { token: 'abc' });
  nodes.run(
    { restartPolicy: 'Never', containers: [shell(script, more)], ...spec },
    { labels: { app: 'shop' }, annotations: { note: 'a "b"' } },
  );
  await nodes.pass(20);
  return nodes.log('web');
}

const mounted = (source: object, more: object = {}): [Spec, Partial<Container>] => [
  { volumes: [{ name: 'v', ...source }] },
  { volumeMounts: [{ name: 'v', mountPath: '/v', ...more }] },
];
const field = (name: string, fieldPath: string) => ({ path: name, fieldRef: { fieldPath } });

test.each<[string, string, [Spec, Partial<Container>], string]>([
  ['a ConfigMap, whole', 'cat /v/mode /v/level', mounted({ configMap: { name: 'settings' } }), 'fast3'],
  [
    'a ConfigMap, by key under a path',
    'ls /v; cat /v/a/b',
    mounted({ configMap: { name: 'settings', items: [{ key: 'mode', path: 'a/b' }] } }),
    'a\nfast',
  ],
  ['a Secret', 'cat /v/token', mounted({ secret: { secretName: 'keys' } }), 'abc'],
  [
    'an optional source that is not there',
    'ls /v',
    mounted({ configMap: { name: 'no', optional: true } }),
    '',
  ],
  [
    'labels and annotations as files',
    'cat /v/labels; echo; cat /v/note',
    mounted({
      downwardAPI: { items: [field('labels', 'metadata.labels'), field('note', 'metadata.annotations')] },
    }),
    'app="shop"\nnote="a \\"b\\""',
  ],
  [
    'amounts as files, in units of a divisor',
    'cat /v/cpu',
    [
      {
        volumes: [
          {
            name: 'v',
            downwardAPI: {
              items: [
                {
                  path: 'cpu',
                  resourceFieldRef: { containerName: 'c', resource: 'limits.cpu', divisor: '1m' },
                },
              ],
            },
          },
        ],
      },
      { volumeMounts: [{ name: 'v', mountPath: '/v' }], resources: { limits: { cpu: '250m' } } },
    ],
    '250',
  ],
  [
    'several sources in one volume',
    'cat /v/mode /v/token /v/name',
    mounted({
      projected: {
        sources: [
          { configMap: { name: 'settings' } },
          { secret: { name: 'keys' } },
          { downwardAPI: { items: [field('name', 'metadata.name')] } },
        ],
      },
    }),
    'fastabcweb',
  ],
  [
    'one file by subPath',
    'cat /v/mode',
    mounted({ configMap: { name: 'settings' } }, { mountPath: '/v/mode', subPath: 'mode' }),
    'fast',
  ],
  [
    'what shows objects is not written to',
    'echo x > /v/mode || echo no',
    mounted({ configMap: { name: 'settings' } }),
    'sh: /v/mode: Read-only file system\nno',
  ],
  [
    'a read-only mount',
    'touch /v/x || echo no',
    mounted({ emptyDir: {} }, { readOnly: true }),
    "touch: cannot touch '/v/x': Read-only file system\nno",
  ],
  [
    'a host directory that is made',
    'ls /v',
    mounted({ hostPath: { path: '/data', type: 'DirectoryOrCreate' } }),
    '',
  ],
  [
    'a host file',
    'cat /v',
    mounted({ hostPath: { path: '/etc/hosts', type: 'File' } }),
    '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback',
  ],
])('volume: %s', async (_name, script, [spec, container], expected) => {
  expect((await printed(script, spec, container)).trim()).toBe(expected);
});

test.each<[string, Spec, Partial<Container>, string, string]>([
  ['the pod’s name', {}, {}, 'hostname', 'web'],
  ['hostname', { hostname: 'shop' }, {}, 'hostname', 'shop'],
  [
    'subdomain alone changes the hosts file',
    { subdomain: 'db' },
    {},
    'hostname; grep -c "web.db.default.svc.cluster.local" /etc/hosts',
    'web\n1',
  ],
  [
    'setHostnameAsFQDN',
    { subdomain: 'db', setHostnameAsFQDN: true },
    {},
    'hostname',
    'web.db.default.svc.cluster.local',
  ],
  ['hostNetwork', { hostNetwork: true }, {}, 'hostname', 'node-1'],
  [
    'runAsUser',
    { securityContext: { runAsUser: 1000, runAsGroup: 3000 } },
    {},
    'id',
    'uid=1000 gid=3000 groups=3000',
  ],
  [
    'fsGroup and supplementalGroups',
    { securityContext: { runAsUser: 1000, fsGroup: 2000, supplementalGroups: [4000] } },
    {},
    'id -u; id',
    '1000\nuid=1000 gid=0(root) groups=0(root),2000,4000',
  ],
  [
    'the container’s own user',
    { securityContext: { runAsUser: 1000 } },
    { securityContext: { runAsUser: 2000 } },
    'id -u',
    '2000',
  ],
  [
    'readOnlyRootFilesystem',
    {},
    { securityContext: { readOnlyRootFilesystem: true } },
    'echo x > /dev/null; touch /x || echo no',
    "touch: cannot touch '/x': Read-only file system\nno",
  ],
  [
    'sysctls',
    { securityContext: { sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1' }] } },
    {},
    'cat /proc/sys/kernel/shm_rmid_forced',
    '1',
  ],
])('inside: %s', async (_name, spec, container, script, expected) => {
  expect((await printed(script, spec, container)).trim()).toBe(expected);
});

const only = (nodes: TestNodes): ContainerStatus => nodes.pod().status.containerStatuses![0]!;

test.each<[string, Spec, string]>([
  [
    'a sysctl that is not the pod’s own',
    { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
    'SysctlForbidden: forbidden sysctl: "kernel.msgmax" not allowlisted',
  ],
  [
    'a runtime that no node has',
    { runtimeClassName: 'gvisor' },
    'FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "runsc" is configured',
  ],
  [
    'a host path of another type',
    { volumes: [{ name: 'v', hostPath: { path: '/etc/hosts', type: 'Directory' } }] },
    'FailedMount: MountVolume.SetUp failed for volume "v" : hostPath type check failed: /etc/hosts is not a directory',
  ],
  [
    'a socket that is not there',
    { volumes: [{ name: 'v', hostPath: { path: '/run/x.sock', type: 'Socket' } }] },
    'FailedMount: MountVolume.SetUp failed for volume "v" : hostPath type check failed: /run/x.sock is not a socket file',
  ],
  [
    'huge pages that it does not ask for',
    { volumes: [{ name: 'v', emptyDir: { medium: 'HugePages' } }] },
    'FailedMount: MountVolume.SetUp failed for volume "v" : medium HugePages: hugePages storage requested, but there is no resource request for huge pages',
  ],
  [
    'huge pages of a size',
    { volumes: [{ name: 'v', emptyDir: { medium: 'HugePages-2Mi' } }] },
    'FailedMount: MountVolume.SetUp failed for volume "v" : medium HugePages-2Mi: hugePages storage requested, but there is no resource request for huge pages',
  ],
  [
    'huge pages that the node does not have',
    {
      containers: [
        {
          name: 'c',
          image: 'nginx',
          resources: {
            requests: { 'hugepages-2Mi': '2Mi', memory: '1Mi' },
            limits: { 'hugepages-2Mi': '2Mi', memory: '1Mi' },
          },
        },
      ],
      volumes: [{ name: 'v', emptyDir: { medium: 'HugePages-2Mi' } }],
    },
    "OutOfhugepages-2Mi: Node didn't have enough resource: hugepages-2Mi, requested: 2097152, used: 0, capacity: 0",
  ],
  [
    'a medium that there is not',
    { volumes: [{ name: 'v', emptyDir: { medium: 'Tape' } }] },
    'FailedMount: MountVolume.SetUp failed for volume "v" : unknown storage medium "Tape"',
  ],
  [
    'a node that it does not want',
    { nodeSelector: { disk: 'ssd' } },
    "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  [
    'a port that another has',
    { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 8080 }] }] },
    "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  ],
  [
    'a key that is not there',
    { volumes: [{ name: 'v', configMap: { name: 'settings', items: [{ key: 'no', path: 'x' }] } }] },
    'FailedMount: MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: no',
  ],
])('kept from starting: %s', async (_name, spec, expected) => {
  const nodes = new TestNodes();
  nodes.configMap('settings', {});
  for (const [name, handler] of [
    ['gvisor', 'runsc'],
    ['plain', 'runc'],
  ] as const)
    nodes.client.create(runtimeClasses, { metadata: { name }, handler });
  const ports = [{ containerPort: 8080, hostPort: 8080 }];
  nodes.run({ containers: [{ name: 'c', image: 'httpd', ports }] }, { name: 'first' });
  nodes.run({ containers: [{ name: 'c', image: 'nginx' }], ...spec });
  await nodes.pass(5);
  expect(nodes.events()[0]?.replace(/ \(x\d+\)$/, '')).toBe(expected);
  expect(nodes.pod().status.containerStatuses?.[0]?.state?.running).toBeUndefined();
});

test('a runtime class that names the runtime of the nodes', async () => {
  const nodes = new TestNodes();
  nodes.client.create(runtimeClasses, { metadata: { name: 'plain' }, handler: 'runc' });
  nodes.run({ containers: [{ name: 'c', image: 'nginx' }], runtimeClassName: 'plain' });
  await nodes.pass(20);
  expect(nodes.pod().status.phase).toBe('Running');
});

test.each<[string, Pod['spec']['securityContext'], string | undefined]>([
  [
    'an image that runs as root',
    { runAsNonRoot: true },
    'container has runAsNonRoot and image will run as root',
  ],
  [
    'root by name of the spec',
    { runAsNonRoot: true, runAsUser: 0 },
    "container's runAsUser breaks non-root policy",
  ],
  ['anybody else', { runAsNonRoot: true, runAsUser: 1 }, undefined],
])('runAsNonRoot: %s', async (_name, securityContext, why) => {
  const nodes = new TestNodes();
  const pod = nodes.run({ containers: [shell('sleep 100')], securityContext });
  await nodes.pass(20);
  const message = `${why} (pod: "web_default(${pod.metadata.uid})", container: c)`;
  expect(only(nodes).state?.waiting).toEqual(
    why === undefined ? undefined : { reason: 'CreateContainerConfigError', message },
  );
  if (why === undefined)
    expect(only(nodes).user).toEqual({ linux: { uid: 1, gid: 0, supplementalGroups: [0] } });
});

const privateImage = 'registry.podarium.example/team/orders:1.0';
const login = (password: string, registry = 'registry.podarium.example') => {
  const config = { auths: { [registry]: { auth: encodeBase64(`learner:${password}`) } } };
  return encodeBase64(JSON.stringify(config));
};
const denied = `failed to pull and unpack image "${privateImage}": failed to resolve reference "${privateImage}": `;

test.each<[string, string | null, string]>([
  [
    'no credentials',
    null,
    `ErrImagePull: ${denied}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
  ],
  [
    'those of another registry',
    login('open-sesame', 'https://quay.io'),
    `ErrImagePull: ${denied}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
  ],
  [
    'wrong ones',
    login('guess'),
    `ErrImagePull: ${denied}unexpected status from HEAD request to https://registry.podarium.example/v2/team/orders/manifests/1.0: 401 Unauthorized`,
  ],
  ['right ones', login('open-sesame'), 'running'],
])('a private image with %s', async (_name, config, expected) => {
  const nodes = new TestNodes();
  if (config !== null)
    nodes.client.create(secrets, {
      metadata: { name: 'regcred', namespace: 'default' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': config },
    });
  nodes.run({ containers: [{ name: 'c', image: privateImage }], imagePullSecrets: [{ name: 'regcred' }] });
  await nodes.pass(1.5);
  const { waiting, running } = only(nodes).state!;
  expect(running ? 'running' : `${waiting!.reason}: ${waiting!.message}`).toBe(expected);
  if (config !== null) return;
  const missing =
    'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.';
  expect(nodes.events().join('\n')).toContain(`FailedToRetrieveImagePullSecret: ${missing}`);
});

test('an image that is on the node already is for those only who could have pulled it', async () => {
  const nodes = new TestNodes();
  nodes.client.create(secrets, {
    metadata: { name: 'regcred', namespace: 'default' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': login('open-sesame') },
  });
  const containers = [{ name: 'c', image: privateImage }];
  nodes.run({ containers, imagePullSecrets: [{ name: 'regcred' }] }, { name: 'first' });
  await nodes.pass(10);
  nodes.run({ containers }, { name: 'second' });
  nodes.run({ containers, imagePullSecrets: [{ name: 'regcred' }] }, { name: 'third' });
  await nodes.pass(10);
  const phases = ['first', 'second', 'third'].map((name) => nodes.pod(name).status.phase);
  expect(phases).toEqual(['Running', 'Pending', 'Running']);
});

const exits = (code: number, more: Partial<Container>): Container => shell(`sleep 1; exit ${code}`, more);
const on = (operator: 'In' | 'NotIn', ...values: number[]) => ({
  restartPolicy: 'Never' as const,
  restartPolicyRules: [{ action: 'Restart' as const, exitCodes: { operator, values } }],
});

test.each<[string, Pod['spec']['restartPolicy'], Container, string, boolean]>([
  ['the container’s own Never', 'Always', exits(0, { restartPolicy: 'Never' }), 'Succeeded', false],
  ['its own OnFailure, failing', 'Never', exits(1, { restartPolicy: 'OnFailure' }), 'Running', true],
  ['its own OnFailure, succeeding', 'Never', exits(0, { restartPolicy: 'OnFailure' }), 'Succeeded', false],
  ['its own Always', 'Never', exits(0, { restartPolicy: 'Always' }), 'Running', true],
  ['an exit code that a rule names', 'Never', exits(42, on('In', 42)), 'Running', true],
  ['one that it does not name', 'Never', exits(1, on('In', 42)), 'Failed', false],
  ['one that is not among the others', 'Never', exits(1, on('NotIn', 42)), 'Running', true],
])('restarts: %s', async (_name, restartPolicy, container, phase, restarts) => {
  const nodes = new TestNodes();
  nodes.run({ restartPolicy, containers: [container] });
  await nodes.pass(30);
  expect(nodes.pod().status.phase).toBe(phase);
  expect(only(nodes).restartCount > 0).toBe(restarts);
});

test.each<[string, Partial<Container>, number]>([
  ['SIGTERM, which the script does not catch', {}, 137],
  ['the signal that it does catch', { lifecycle: { stopSignal: 'SIGUSR1' } }, 7],
])('a container is asked to end by %s', async (_name, more, code) => {
  const nodes = new TestNodes();
  const script = "trap 'exit 7' USR1; while true; do sleep 1; done";
  nodes.run({
    os: { name: 'linux' },
    terminationGracePeriodSeconds: 5,
    restartPolicy: 'Never',
    containers: [shell(script, more)],
    activeDeadlineSeconds: 10,
  });
  await nodes.pass(30);
  expect(only(nodes).state?.terminated?.exitCode).toBe(code);
});

test('a label that the node got just now counts', async () => {
  const nodes = new TestNodes();
  nodes.client.patch(kinds, '', 'node-1', { type: 'merge', body: { metadata: { labels: { disk: 'ssd' } } } });
  nodes.run({ containers: [{ name: 'c', image: 'nginx' }], nodeSelector: { disk: 'ssd' } });
  await nodes.pass(20);
  expect(nodes.pod().status.phase).toBe('Running');
});

test('binary data is in the volume, and not in the environment', async () => {
  const nodes = new TestNodes();
  nodes.client.create(configMaps, {
    metadata: { name: 'binary', namespace: 'default' },
    data: { A: 'a' },
    binaryData: { B: encodeBase64('b') },
  });
  nodes.run({
    restartPolicy: 'Never',
    containers: [
      shell('cat /v/A /v/B; echo $A$B', {
        envFrom: [{ configMapRef: { name: 'binary' } }],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      }),
    ],
    volumes: [{ name: 'v', configMap: { name: 'binary' } }],
  });
  await nodes.pass(20);
  expect(nodes.log('web')).toBe('aba\n');
});

test('a volume follows its ConfigMap within a minute, a mount by subPath and the environment do not', async () => {
  const nodes = new TestNodes();
  nodes.configMap('settings', { mode: 'slow' });
  nodes.run({
    containers: [
      shell('sleep 3600', {
        env: [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }],
        volumeMounts: [
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/one', subPath: 'mode' },
        ],
      }),
    ],
    volumes: [{ name: 'v', configMap: { name: 'settings' } }],
  });
  await nodes.pass(20);
  nodes.changeConfigMap('settings', { mode: 'fast' });
  await nodes.pass(90);
  expect((await nodes.exec('web', ['sh', '-c', 'cat /v/mode /one; echo $MODE'])).output).toBe(
    'fastslowslow\n',
  );
});
