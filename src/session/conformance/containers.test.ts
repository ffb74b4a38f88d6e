import { beforeAll, describe, expect, test } from 'vitest';
import type { ContainerStatus, Pod, PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

type Spec = Partial<Pod['spec']>;
type Container = Partial<Pod['spec']['containers'][number]>;

const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.53';
const shell = (script: string): Container => ({ command: ['sh', '-c', script] });

const statusOf = (path: string) => f.get(path).status as PodStatus;
const mainOf = (path: string) => (statusOf(path).containerStatuses?.[0] ?? {}) as ContainerStatus;
const logOf = (path: string, query: Record<string, string> = {}) =>
  f.send('GET', `${path}/log`, undefined, { query }).body as string;

/** Makes a pod of one busybox container, and returns its path. */
function podOf(core: string, container: Container, spec: Spec = {}, name = 'p'): string {
  const containers = [{ name: 'c', image: 'busybox:1.36', ...container }];
  f.create(`${core}/pods`, { metadata: { name }, spec: { containers, ...spec } });
  return `${core}/pods/${name}`;
}

const untilPhase = (path: string, phase: string) => f.until(() => statusOf(path).phase === phase);
const isReady = (path: string) =>
  statusOf(path).conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

// Upstream: test/e2e/common/node/lifecycle_hook.go
describe('sig-node/Container Lifecycle Hook', () => {
  /** A pod whose hook calls another one, which says so in its log. */
  async function hooked(hook: 'postStart' | 'preStop', kind: 'exec' | 'httpGet'): Promise<void> {
    const core = await f.namespace();
    const handler = podOf(core, { image: agnhost, args: ['netexec'] }, {}, 'handler');
    await f.until(() => isReady(handler));
    const host = statusOf(handler).podIP!;
    const action =
      kind === 'exec'
        ? { exec: { command: ['sh', '-c', `curl http://${host}:8080/echo?msg=${hook}`] } }
        : { httpGet: { path: `/echo?msg=${hook}`, host, port: 8080 } };
    const path = podOf(core, { image: agnhost, lifecycle: { [hook]: action } });
    await f.until(() => isReady(path));
    if (hook === 'preStop') f.delete(path);
    await f.until(() => logOf(handler).includes(`GET /echo?msg=${hook}`));
  }

  test('should execute poststart exec hook properly', () => hooked('postStart', 'exec'));
  test('should execute poststart http hook properly', () => hooked('postStart', 'httpGet'));
  test('should execute prestop exec hook properly', () => hooked('preStop', 'exec'));
  test('should execute prestop http hook properly', () => hooked('preStop', 'httpGet'));
});

// Upstream: test/e2e/node/pre_stop.go
describe('sig-node/Pods', () => {
  test('PreStop should call prestop when killing a pod', async () => {
    const core = await f.namespace();
    const server = podOf(core, { image: agnhost, args: ['nettest'] }, {}, 'server');
    await f.until(() => isReady(server));
    const call = `wget -O- --post-data='{"Source":"prestop"}' http://${statusOf(server).podIP}:8080/write`;
    const preStop = { exec: { command: ['sh', '-c', call] } };
    const tester = podOf(core, { ...shell('sleep 600'), lifecycle: { preStop } }, {}, 'tester');
    await f.until(() => isReady(tester));
    f.delete(tester);
    const reader = podOf(
      core,
      shell(`sleep 5; wget -qO- http://${statusOf(server).podIP}:8080/read`),
      { restartPolicy: 'Never' },
      'reader',
    );
    await untilPhase(reader, 'Succeeded');
    expect(logOf(reader)).toContain('"Received":{"prestop":1}');
  });

  test('should contain environment variables for services', async () => {
    const core = await f.namespace();
    f.create(`${core}/services`, {
      metadata: { name: 'fooservice' },
      spec: { ports: [{ port: 8765, targetPort: 8080 }], selector: { name: 'server' } },
    });
    await f.pass(1);
    const path = podOf(core, shell('env'), { restartPolicy: 'Never' });
    await untilPhase(path, 'Succeeded');
    for (const name of [
      'SERVICE_HOST',
      'SERVICE_PORT',
      'PORT',
      'PORT_8765_TCP_PORT',
      'PORT_8765_TCP_PROTO',
      'PORT_8765_TCP',
      'PORT_8765_TCP_ADDR',
    ])
      expect(logOf(path)).toMatch(new RegExp(`^FOOSERVICE_${name}=.`, 'm'));
  });
});

// Upstream: test/e2e/common/node/runtime.go
describe('sig-node/Container Runtime', () => {
  const script = `
f=/restart-count/restartCount
count=$(echo 'hello' >> $f ; wc -l $f | awk {'print $1'})
if [ $count -eq 1 ]; then
	exit 1
fi
if [ $count -eq 2 ]; then
	exit 0
fi
while true; do sleep 1; done
`;

  test('when starting a container that exits should run with the expected status', async () => {
    const core = await f.namespace();
    for (const [restartPolicy, phase, state, restartCount, ready] of [
      ['Always', 'Running', 'running', 2, true],
      ['OnFailure', 'Succeeded', 'terminated', 1, false],
      ['Never', 'Failed', 'terminated', 0, false],
    ] as const) {
      const volumes = [{ name: 'restart-count', emptyDir: { medium: 'Memory' } }];
      const volumeMounts = [{ name: 'restart-count', mountPath: '/restart-count' }];
      const name = restartPolicy.toLowerCase();
      const path = podOf(core, { ...shell(script), volumeMounts }, { restartPolicy, volumes }, name);
      await f.until(() => statusOf(path).phase === phase && mainOf(path).restartCount === restartCount);
      await f.until(() => isReady(path) === ready);
      expect(Object.keys(mainOf(path).state!)).toEqual([state]);
    }
  });

  const terminationMessagePolicy = 'FallbackToLogsOnError';
  const log = '/dev/termination-log';
  async function message(container: Container, phase: string): Promise<string | undefined> {
    const path = podOf(
      await f.namespace(),
      { ...container, terminationMessagePolicy },
      { restartPolicy: 'Never' },
    );
    await untilPhase(path, phase);
    return mainOf(path).state!.terminated!.message;
  }

  test('should report termination message from log output if TerminationMessagePolicy FallbackToLogsOnError is set', async () => {
    expect(await message(shell('printf DONE; exit 1'), 'Failed')).toBe('DONE');
  });

  test('should report termination message as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set', async () => {
    expect(await message(shell('printf DONE'), 'Succeeded')).toBeUndefined();
  });

  test('should report termination message from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set', async () => {
    expect(await message(shell(`printf DONE; printf OK > ${log}`), 'Succeeded')).toBe('OK');
  });
});

// Upstream: test/e2e/common/node/containers.go
describe('sig-node/Containers', () => {
  async function prints(container: Container, text: string): Promise<void> {
    const path = podOf(await f.namespace(), { image: agnhost, ...container }, { restartPolicy: 'Never' });
    await f.until(() => logOf(path).includes(text));
  }
  const args = ['entrypoint-tester', 'override', 'arguments'];

  test('should use the image defaults if command and args are blank', () => prints({}, 'Paused'));
  test("should be able to override the image's default arguments (container cmd)", () =>
    prints({ args }, '[/agnhost entrypoint-tester override arguments]'));
  test("should be able to override the image's default command (container entrypoint)", () =>
    prints({ command: ['/agnhost-2', 'entrypoint-tester'] }, '[/agnhost-2 entrypoint-tester]'));
  test("should be able to override the image's default command and arguments", () =>
    prints({ command: ['/agnhost-2'], args }, '[/agnhost-2 entrypoint-tester override arguments]'));
});

// Upstream: test/e2e/common/node/init_container.go
describe('sig-node/InitContainer', () => {
  const step = (name: string, command: string) => ({ name, image: 'busybox:1.36', command: [command] });
  const make = (core: string, restartPolicy: 'Always' | 'Never', steps: readonly string[], main: Container) =>
    podOf(core, main, {
      restartPolicy,
      initContainers: steps.map((command, i) => step(`init${i + 1}`, command)),
    });
  const initialized = (path: string) =>
    statusOf(path).conditions?.find(({ type }) => type === 'Initialized')?.status;

  test('should invoke init containers on a RestartNever pod', async () => {
    const path = make(await f.namespace(), 'Never', ['/bin/true', '/bin/true'], { command: ['/bin/true'] });
    await untilPhase(path, 'Succeeded');
    expect(initialized(path)).toBe('True');
    for (const status of statusOf(path).initContainerStatuses!)
      expect(status).toMatchObject({ ready: true, state: { terminated: { exitCode: 0 } } });
  });

  test('should invoke init containers on a RestartAlways pod', async () => {
    const path = make(await f.namespace(), 'Always', ['/bin/true', '/bin/true'], { image: agnhost });
    await untilPhase(path, 'Running');
    expect(initialized(path)).toBe('True');
    for (const status of statusOf(path).initContainerStatuses!)
      expect(status).toMatchObject({ ready: true, state: { terminated: { exitCode: 0 } } });
  });

  test('should not start app containers if init containers fail on a RestartAlways pod', async () => {
    const path = make(await f.namespace(), 'Always', ['/bin/false', '/bin/true'], { image: agnhost });
    await f.until(() => (statusOf(path).initContainerStatuses?.[0]?.restartCount ?? 0) >= 3);
    expect(statusOf(path).phase).toBe('Pending');
    expect(initialized(path)).toBe('False');
    expect(mainOf(path).state).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(statusOf(path).conditions!.find(({ type }) => type === 'Initialized')).toMatchObject({
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [init1 init2]',
    });
  });

  test('should not start app containers and fail the pod if init containers fail on a RestartNever pod', async () => {
    const path = make(await f.namespace(), 'Never', ['/bin/true', '/bin/false'], { command: ['/bin/true'] });
    await untilPhase(path, 'Failed');
    expect(initialized(path)).toBe('False');
    expect(mainOf(path).state!.waiting?.reason).toBe('PodInitializing');
    expect(statusOf(path).conditions!.find(({ type }) => type === 'Initialized')).toMatchObject({
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [init2]',
    });
  });
});

// Upstream: test/e2e/common/node/kubelet.go, kubelet_etc_hosts.go
describe('sig-node/Kubelet', () => {
  const failing = { command: ['/bin/false'] };

  test('busybox command that always fails in a pod should have an terminated reason', async () => {
    const path = podOf(await f.namespace(), failing, { restartPolicy: 'Never' });
    await f.until(() => mainOf(path).state?.terminated !== undefined);
    expect(mainOf(path).state!.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  });

  test('busybox command that always fails in a pod should be possible to delete', async () => {
    const path = podOf(await f.namespace(), failing);
    await f.pass(5);
    f.delete(path);
    await f.until(() => !f.has(path));
  });

  test('agnhost Pod with hostAliases should write entries to /etc/hosts', async () => {
    const hostAliases = [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }];
    const path = podOf(await f.namespace(), shell('cat /etc/hosts'), { restartPolicy: 'Never', hostAliases });
    await untilPhase(path, 'Succeeded');
    expect(logOf(path)).toContain('123.45.67.89\tfoo\tbar');
  });

  test('KubeletManagedEtcHosts should test kubelet managed /etc/hosts file', async () => {
    const core = await f.namespace();
    const managed = '# Kubernetes-managed hosts file.';
    const volumes = [{ name: 'host-etc-hosts', hostPath: { path: '/etc/hosts', type: 'File' as const } }];
    const of = (name: string, more: object = {}) => ({
      name,
      image: 'busybox:1.36',
      ...shell('cat /etc/hosts'),
      ...more,
    });
    const volumeMounts = [{ name: 'host-etc-hosts', mountPath: '/etc/hosts' }];
    const containers = [of('c'), of('busybox-2'), of('busybox-3', { volumeMounts })];
    const path = podOf(core, {}, { restartPolicy: 'Never', volumes, containers });
    const host = podOf(core, shell('cat /etc/hosts'), { restartPolicy: 'Never', hostNetwork: true }, 'host');
    await untilPhase(path, 'Succeeded');
    await untilPhase(host, 'Succeeded');
    expect(logOf(path, { container: 'c' })).toContain(managed);
    expect(logOf(path, { container: 'busybox-2' })).toContain(managed);
    expect(logOf(path, { container: 'busybox-3' })).toContain('localhost');
    expect(logOf(path, { container: 'busybox-3' })).not.toContain(managed);
    expect(logOf(host)).not.toContain(managed);
  });
});

// Upstream: test/e2e/common/node/expansion.go
describe('sig-node/Variable Expansion', () => {
  const fromAnnotation = {
    name: 'ANNOTATION',
    valueFrom: { fieldRef: { fieldPath: "metadata.annotations['mysubpath']" } },
  };
  const fromName = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
  const volumes = [{ name: 'workdir1', emptyDir: {} }];
  const mount = (subPathExpr: string) => [{ name: 'workdir1', mountPath: '/logscontainer', subPathExpr }];
  const whole = { name: 'workdir1', mountPath: '/testcontainer' };

  test('should allow substituting values in a volume subpath', async () => {
    const volumeMounts = [...mount('$(POD_NAME)'), whole];
    const script = shell('test -d /testcontainer/p;echo $?');
    const path = podOf(
      await f.namespace(),
      { ...script, env: [fromName], volumeMounts },
      { restartPolicy: 'Never', volumes },
    );
    await untilPhase(path, 'Succeeded');
    expect(logOf(path)).toBe('0\n');
  });

  async function refused(value: string, message: string): Promise<void> {
    const env = [{ name: 'POD_NAME', value }];
    const path = podOf(await f.namespace(), { env, volumeMounts: mount('$(POD_NAME)') }, { volumes });
    await f.until(() => mainOf(path).state?.waiting?.reason === 'CreateContainerConfigError');
    expect(mainOf(path).state!.waiting!.message).toBe(message);
  }

  test('should fail substituting values in a volume subpath with absolute path', () =>
    refused('/tmp', 'error SubPath `/tmp` must not be an absolute path'));

  test('should fail substituting values in a volume subpath with backticks', () =>
    refused('..', "unable to provision SubPath `..`: must not contain '..'"));

  test('should verify that a failing subpath expansion can be modified during the lifecycle of a container', async () => {
    const core = await f.namespace();
    const containers = [
      {
        name: 'c',
        image: 'busybox:1.36',
        ...shell('tail -f /dev/null'),
        env: [fromAnnotation],
        volumeMounts: mount('$(ANNOTATION)'),
      },
    ];
    const path = `${core}/pods/p`;
    f.create(`${core}/pods`, {
      metadata: { name: 'p', annotations: { notmysubpath: 'x' } },
      spec: { containers, volumes },
    });
    await f.until(() => mainOf(path).state?.waiting?.reason === 'CreateContainerConfigError');
    f.patch(path, { metadata: { annotations: { mysubpath: 'mypath' } } });
    await untilPhase(path, 'Running');
  });

  test('should succeed in writing subpaths in container', async () => {
    const core = await f.namespace();
    const env = [fromAnnotation];
    const volumeMounts = [...mount('$(ANNOTATION)'), { name: 'workdir1', mountPath: '/subpath_mount' }];
    const script = shell(
      'touch /logscontainer/test.log; test -f /subpath_mount/mypath/test.log; echo $?; sleep 600',
    );
    const containers = [{ name: 'c', image: 'busybox:1.36', ...script, env, volumeMounts }];
    const path = `${core}/pods/p`;
    f.create(`${core}/pods`, {
      metadata: { name: 'p', annotations: { mysubpath: 'mypath' } },
      spec: { containers, volumes },
    });
    await f.until(() => logOf(path) === '0\n');
    f.patch(path, { metadata: { annotations: { mysubpath: 'mynewpath' } } });
    await f.pass(5);
    expect(mainOf(path).restartCount).toBe(0);
  });
});

// Upstream: test/e2e/common/node/ephemeral_containers.go
describe('sig-node/Ephemeral Containers', () => {
  const visitor = (name: string) => ({
    name,
    image: 'busybox:1.36',
    ...shell('while true; do echo polo; sleep 2; done'),
    stdin: true,
    tty: true,
  });
  const visitors = (path: string) => f.get(path).spec as Pod['spec'];
  const strategic = { contentType: 'application/strategic-merge-patch+json' };

  test('will start an ephemeral container in an existing pod', async () => {
    const path = podOf(await f.namespace(), shell('sleep 10000'));
    await f.until(() => isReady(path));
    const patch = { spec: { ephemeralContainers: [visitor('debugger')] } };
    expect(f.send('PATCH', `${path}/ephemeralcontainers`, patch, strategic).status).toBe(200);
    await f.until(() => statusOf(path).ephemeralContainerStatuses?.[0]?.state?.running !== undefined);
    await f.until(() => logOf(path, { container: 'debugger' }).includes('polo'));
    expect(statusOf(path).containerStatuses!.length).toBe(1);
  });

  test('should update the ephemeral containers in an existing pod', async () => {
    const path = podOf(await f.namespace(), shell('sleep 10000'));
    await f.until(() => isReady(path));
    const patch = { spec: { ephemeralContainers: [visitor('debugger1')] } };
    expect(f.send('PATCH', `${path}/ephemeralcontainers`, patch, strategic).status).toBe(200);
    await f.until(() => statusOf(path).ephemeralContainerStatuses?.[0]?.state?.running !== undefined);
    const pod = f.get(`${path}/ephemeralcontainers`);
    const ephemeralContainers = [...visitors(path).ephemeralContainers!, visitor('debugger2')];
    f.update(`${path}/ephemeralcontainers`, { ...pod, spec: { ...visitors(path), ephemeralContainers } });
    await f.until(() =>
      [0, 1].every((i) => statusOf(path).ephemeralContainerStatuses?.[i]?.state?.running !== undefined),
    );
    expect(visitors(path).ephemeralContainers!.map(({ name }) => name)).toEqual(['debugger1', 'debugger2']);
  });
});
