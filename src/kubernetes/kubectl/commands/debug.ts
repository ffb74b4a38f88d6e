// Upstream: kubectl/pkg/cmd/debug/debug.go
import type { ContainerStatus, Pod } from '#generated/types/core.v1.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { Timeout } from '../apiStream.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { array, bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { targetsOf } from '../targets.ts';
import { weekMs } from '../waitUntilGone.ts';
import { debugCopy, debugInside, debugNode, imagePairs } from './debugTargets.ts';
import { checkProfile } from './debugProfiles.ts';
import { openSession } from './exec.ts';
import { imageReference } from './run.ts';

const copyOnly = "(This flag only works when used with '--copy-to')";

export const debug: Command = {
  name: 'debug',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Create debugging sessions for troubleshooting workloads and nodes',
  long: "Debug cluster resources using interactive debugging containers.\n\n 'debug' provides automation for common debugging tasks for cluster objects identified by resource and name. Pods will be used by default if no resource is specified.\n\n The action taken by 'debug' varies depending on what resource is specified. Supported actions include:\n\n  *  Workload: Create a copy of an existing pod with certain attributes changed, for example changing the image tag to a new version.\n  *  Workload: Add an ephemeral container to an already running pod, for example to add debugging utilities without restarting the pod.\n  *  Node: Create a new pod that runs in the node's host namespaces and can access the node's filesystem.",
  examples: [
    [
      'Create an interactive debugging session in pod mypod and immediately attach to it.',
      'kubectl debug mypod -it --image=busybox',
    ],
    [
      'Create a debug container named debugger using a custom automated debugging image.',
      'kubectl debug --image=myproj/debug-tools -c debugger mypod',
    ],
    [
      'Create a copy of mypod adding a debug container and attach to it',
      'kubectl debug mypod -it --image=busybox --copy-to=my-debugger',
    ],
    [
      'Create a copy of mypod changing the command of mycontainer',
      'kubectl debug mypod -it --copy-to=my-debugger --container=mycontainer -- sh',
    ],
    [
      'Create a copy of mypod changing all container images to busybox',
      'kubectl debug mypod --copy-to=my-debugger --set-image=*=busybox',
    ],
    [
      "Create an interactive debugging session on a node and immediately attach to it. The container will run in the host namespaces and the host's filesystem will be mounted at /host",
      'kubectl debug node/mynode -it --image=busybox',
    ],
  ],
  usage: 'debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]',
  arguments: 'pods',
  flags: [
    array('filename', 'identifying the resource to debug', { short: 'f' }),
    bool(
      'arguments-only',
      'If specified, everything after -- will be passed to the new container as Args instead of Command.',
    ),
    bool(
      'attach',
      "If true, wait for the container to start running, and then attach as if 'kubectl attach ...' were called.  Default false, unless '-i/--stdin' is set, in which case the default is true.",
    ),
    text('container', 'Container name to use for debug container.', { short: 'c' }),
    text('copy-to', 'Create a copy of the target Pod with this name.'),
    array('env', 'Environment variables to set in the container.'),
    text('image', 'Container image to use for debug container.'),
    text(
      'image-pull-policy',
      'The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server.',
    ),
    bool('keep-annotations', `If true, keep the original pod annotations.${copyOnly}`),
    bool('keep-init-containers', `Run the init containers for the pod. Defaults to true.${copyOnly}`, {
      initial: 'true',
    }),
    bool('keep-labels', `If true, keep the original pod labels.${copyOnly}`),
    bool('keep-liveness', `If true, keep the original pod liveness probes.${copyOnly}`),
    bool('keep-readiness', `If true, keep the original pod readiness probes.${copyOnly}`),
    bool('keep-startup', `If true, keep the original startup probes.${copyOnly}`),
    text('profile', 'Options are "legacy", "general", "baseline", "netadmin", "restricted" or "sysadmin".', {
      initial: 'legacy',
      values: ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin'],
    }),
    bool('quiet', 'If true, suppress informational messages.', { short: 'q' }),
    bool('replace', "When used with '--copy-to', delete the original Pod."),
    bool('same-node', "When used with '--copy-to', schedule the copy of target Pod on the same node."),
    array(
      'set-image',
      "When used with '--copy-to', a list of name=image pairs for changing container images, similar to how 'kubectl set image' works.",
    ),
    bool('share-processes', "When used with '--copy-to', enable process namespace sharing in the copy.", {
      initial: 'true',
    }),
    bool('stdin', 'Keep stdin open on the container(s) in the pod, even if nothing is attached.', {
      short: 'i',
    }),
    text('target', 'When using an ephemeral container, target processes in this container name.'),
    bool('tty', 'Allocate a TTY for the debugging container.', { short: 't' }),
  ],
  async run(invocation) {
    const { flags, args, dashAt } = invocation;
    const names = dashAt < 0 ? args : args.slice(0, dashAt);
    const command = dashAt < 0 ? [] : args.slice(dashAt);
    checkProfile(flags.text('profile'));
    await validate(invocation, names, command);
    const { targets, errors } = await targetsOf(invocation, {
      args: names.length === 1 && !names[0]!.includes('/') ? ['pods', ...names] : names,
    });
    if (errors.length > 0) throw errors[0];
    for (const { object } of targets) {
      const [pod, container] = await start(invocation, object, command);
      const attaches = flags.changed('attach') ? flags.bool('attach') : flags.bool('stdin');
      if (attaches && container !== '') await join(invocation, pod, container);
    }
  },
};

/** What the command line alone shows to be wrong, in upstream's order; a target is announced in passing. */
async function validate(
  invocation: Invocation,
  names: readonly string[],
  command: readonly string[],
): Promise<void> {
  const { flags } = invocation;
  const [image, container] = [flags.text('image'), flags.text('container')];
  const images = imagePairs(flags.list('set-image'));
  const fail = (message: string) => {
    throw new CommandError(message);
  };
  if (flags.bool('attach') && image === '' && container === '')
    fail('you must specify --container or create a new container using --image in order to attach.');
  if (flags.text('copy-to')) {
    if (image === '' && images.size === 0 && command.length === 0)
      fail('you must specify --image, --set-image or command arguments.');
    if (command.length > 0 && container === '' && image === '')
      fail('you must specify an existing container or a new image when specifying args.');
  } else {
    for (const name of ['replace', 'same-node'])
      if (flags.bool(name)) fail(`--${name} may only be used with --copy-to.`);
    if (images.size > 0) fail('--set-image may only be used with --copy-to.');
    if (image === '') fail('you must specify --image when not using --copy-to.');
  }
  if (image !== '' && !imageReference.test(image))
    fail(`invalid image name ${JSON.stringify(image)}: invalid reference format`);
  if (names.length === 0 && flags.list('filename').length === 0)
    fail('NAME or filename is required for debug');
  const policy = flags.text('image-pull-policy');
  if (!['', 'Always', 'IfNotPresent', 'Never'].includes(policy)) fail(`invalid image pull policy: ${policy}`);
  for (const [name, reference] of images)
    if (!imageReference.test(reference))
      fail(
        `invalid image name ${JSON.stringify(reference)} for container ${JSON.stringify(name)}: invalid reference format`,
      );
  const target = flags.text('target');
  if (target && flags.text('copy-to'))
    fail('--target is incompatible with --copy-to. Use --share-processes instead.');
  if (target && !flags.bool('quiet'))
    await invocation.out(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  if (flags.bool('tty') && !flags.bool('stdin'))
    fail('-i/--stdin is required for containers with -t/--tty=true');
  if (flags.text('profile') === 'legacy')
    await invocation.err(
      '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
    );
}

/** Makes what is to be attached to: the pod, and the container's name, empty where there is none. */
async function start(
  invocation: Invocation,
  object: KubeObject,
  command: readonly string[],
): Promise<[pod: Pod, container: string]> {
  if (object.kind === 'Node') return await debugNode(invocation, object.metadata.name, command);
  if (object.kind !== 'Pod') {
    const [group, version] = object.apiVersion.includes('/')
      ? object.apiVersion.split('/')
      : ['', object.apiVersion];
    throw new CommandError(`"${group}/${version}, Kind=${object.kind}" not supported by debug`);
  }
  const pod = object as Pod;
  if (invocation.flags.text('copy-to')) return await debugCopy(invocation, pod, command);
  return await debugInside(invocation, pod, command);
}

function statusOf({ status }: Pod, name: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status;
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(
    (entry) => entry.name === name,
  );
}

/** The pod once the container runs or has ended; what keeps it waiting is told. */
async function waitForContainer(invocation: Invocation, { metadata }: Pod, container: string): Promise<Pod> {
  const { client, flags } = invocation;
  const { name, namespace = '' } = metadata;
  const pods = (await invocation.mapper()).get('', 'pods');
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: '0' };
  const deadlineMs = invocation.nowMs + weekMs;
  try {
    for await (const { type, object } of client.watch(pods, namespace, query, { deadlineMs })) {
      if (type === 'DELETED') throw new CommandError('pods "" not found');
      const pod = object as Pod;
      const state = statusOf(pod, container)?.state;
      if (state?.running || state?.terminated) return pod;
      if (!flags.bool('quiet') && state?.waiting?.message)
        await invocation.warn(`container ${container}: ${state.waiting.message}`);
    }
  } catch (error) {
    if (!(error instanceof Timeout)) throw error;
  }
  throw new CommandError('timed out waiting for the condition');
}

/** Attaches; where that fails, or the container has ended, its log is shown. */
async function join(invocation: Invocation, created: Pod, container: string): Promise<void> {
  const pod = await waitForContainer(invocation, created, container);
  const { name, namespace } = pod.metadata;
  if (!statusOf(pod, container)?.state?.terminated) {
    try {
      if (invocation.flags.bool('stdin') && !invocation.flags.bool('quiet'))
        await invocation.err("If you don't see a command prompt, try pressing enter.\n");
      return await openSession(invocation, `${namespace}/${name}`, 'attach', { container });
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof CommandError)) throw error;
      await invocation.err(
        `warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`,
      );
    }
  }
  const pods = (await invocation.mapper()).get('', 'pods');
  const path = pathOf(pods, namespace, name, 'log');
  const { body } = await invocation.client.send({ method: 'GET', path, query: { container } });
  if (typeof body === 'string') await invocation.out(body);
}
