// What upstream's tests of volumes assert of modes and owners: test/e2e/common/storage, pkg/volume/volume_linux_test.go
import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { TestNodes } from './testing/testNode.ts';

type Spec = Partial<Pod['spec']>;
type Volume = NonNullable<Pod['spec']['volumes']>[number];

/** What a script prints in a container with a volume at /v. */
async function printed(volume: Omit<Volume, 'name'>, script: string, spec: Spec = {}): Promise<string> {
  const nodes = new TestNodes();
  nodes.configMap('settings', { mode: 'fast', level: '3', run: '#!/bin/sh\necho "ran $1"\n' });
  nodes.secret('keys', { token: 'abc' });
  nodes.run({
    restartPolicy: 'Never',
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['sh', '-c', script],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
    ],
    volumes: [{ name: 'v', ...volume }],
    ...spec,
  });
  await nodes.pass(20);
  return nodes.log('web');
}

const settings = (more: object = {}) => ({ configMap: { name: 'settings', ...more } });
const keys = (more: object = {}) => ({ secret: { secretName: 'keys', ...more } });
const names = { path: 'name', fieldRef: { fieldPath: 'metadata.name' } };
const user = (runAsUser: number, more: object = {}): Spec => ({ securityContext: { runAsUser, ...more } });
const modes = 'stat -c "%A %u:%g %n" /v /v/*';

test.each<[string, Omit<Volume, 'name'>, string, Spec, string]>([
  [
    'a ConfigMap',
    settings(),
    modes,
    {},
    'drwxrwxrwx 0:0 /v\n-rw-r--r-- 0:0 /v/level\n-rw-r--r-- 0:0 /v/mode\n-rw-r--r-- 0:0 /v/run\n',
  ],
  ['a Secret, which is kept in memory', keys(), modes, {}, 'drwxrwxrwt 0:0 /v\n-rw-r--r-- 0:0 /v/token\n'],
  ['a default mode', keys({ defaultMode: 0o400 }), modes, {}, 'drwxrwxrwt 0:0 /v\n-r-------- 0:0 /v/token\n'],
  [
    'a mode of one item beside the default',
    settings({
      defaultMode: 0o440,
      items: [
        { key: 'mode', path: 'a/b', mode: 0o777 },
        { key: 'level', path: 'c' },
      ],
    }),
    'stat -c "%A %n" /v/a /v/a/b /v/c',
    {},
    'drwxr-xr-x /v/a\n-rwxrwxrwx /v/a/b\n-r--r----- /v/c\n',
  ],
  [
    'a downward API volume',
    { downwardAPI: { defaultMode: 0o400, items: [names, { ...names, path: 'own', mode: 0o600 }] } },
    'stat -c "%A %n" /v/*',
    {},
    '-r-------- /v/name\n-rw------- /v/own\n',
  ],
  [
    'several sources under one default',
    {
      projected: {
        defaultMode: 0o440,
        sources: [
          { secret: { name: 'keys', items: [{ key: 'token', path: 't', mode: 0o400 }] } },
          { downwardAPI: { items: [names] } },
        ],
      },
    },
    'stat -c "%A %n" /v/*',
    {},
    '-r--r----- /v/name\n-r-------- /v/t\n',
  ],
  [
    'a group that may read what nobody else may',
    keys({ defaultMode: 0o400 }),
    `${modes}; cat /v/token`,
    user(1000, { fsGroup: 1001 }),
    'drwxrwsrwt 0:1001 /v\n-r--r----- 0:1001 /v/token\nabc',
  ],
  [
    'an emptyDir of a group, and what is made in it',
    { emptyDir: {} },
    'echo x > /v/new; mkdir /v/d; stat -c "%A %u:%g %n" /v /v/*',
    user(1000, { runAsGroup: 3000, fsGroup: 2000 }),
    'drwxrwsrwx 0:2000 /v\ndrwxr-sr-x 1000:2000 /v/d\n-rw-r--r-- 1000:2000 /v/new\n',
  ],
  ['an emptyDir in memory', { emptyDir: { medium: 'Memory' } }, 'stat -c %A /v', {}, 'drwxrwxrwt\n'],
  [
    'a secret of root alone',
    keys({ defaultMode: 0o400 }),
    'cat /v/token 2>&1',
    user(1000),
    'cat: /v/token: Permission denied\n',
  ],
  [
    'a directory of the node, which is root’s',
    { hostPath: { path: '/data' } },
    'echo x > /v/f',
    user(1000),
    'sh: /v/f: Permission denied\n',
  ],
  [
    'the image’s files, which are root’s',
    { emptyDir: {} },
    'touch /etc/x; touch /tmp/x && ls /root; id',
    user(1000, { runAsGroup: 3000, supplementalGroups: [4000] }),
    "touch: cannot touch '/etc/x': Permission denied\nls: cannot open directory '/root': Permission denied\nuid=1000 gid=3000 groups=3000,4000\n",
  ],
  ['a script by its mode', settings({ defaultMode: 0o755 }), '/v/run now', {}, 'ran now\n'],
  ['a script that nobody may run', settings(), '/v/run', {}, 'sh: /v/run: Permission denied\n'],
])('%s', async (_name, volume, script, spec, output) => {
  expect(await printed(volume, script, spec)).toBe(output);
});

const tokenVolume = { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };

// Upstream: test/e2e/auth/service_accounts.go "should set ownership and permission when RunAsUser or FsGroup is present"
test.each<[string, Spec, string]>([
  ['nobody says who it runs as', {}, '644 0:0'],
  ['all containers run as one user', user(1000), '600 1000:0'],
  ['there is a group', { securityContext: { fsGroup: 10_000 } }, '640 0:10000'],
  ['there are both', user(1000, { fsGroup: 10_000 }), '640 1000:10000'],
])('the mode of a token where %s', async (_name, spec, shown) => {
  expect(await printed(tokenVolume, 'stat -c "%a %u:%g" /v/token', spec)).toBe(`${shown}\n`);
});

test.each<[string, number, string]>([
  ['runs', 0o755, 'ran now\n'],
  ['cannot be run', 0o644, 'exec: "/v/run": permission denied'],
])('a script of a ConfigMap as the command %s with mode %i', async (_name, defaultMode, expected) => {
  const nodes = new TestNodes();
  nodes.configMap('settings', { run: '#!/bin/sh\necho "ran $1"\n' });
  nodes.run({
    restartPolicy: 'Never',
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['/v/run', 'now'],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      },
    ],
    volumes: [{ name: 'v', ...settings({ defaultMode }) }],
  });
  await nodes.pass(20);
  const { state } = nodes.pod().status.containerStatuses![0]!;
  expect(state?.waiting?.message ?? nodes.log('web')).toContain(expected);
});

test('a message for the pod is written by whoever the container runs as', async () => {
  const nodes = new TestNodes();
  nodes.run({
    restartPolicy: 'Never',
    securityContext: { runAsUser: 10_000 },
    containers: [
      {
        name: 'c',
        image: 'busybox',
        command: ['sh', '-c', 'echo DONE > /dev/termination-custom-log'],
        terminationMessagePath: '/dev/termination-custom-log',
      },
    ],
  });
  await nodes.pass(20);
  expect(nodes.pod().status.containerStatuses![0]!.state?.terminated?.message).toBe('DONE\n');
});
