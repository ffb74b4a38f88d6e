// Upstream: kubectl/pkg/cmd/set/set_env.go
import type { ConfigMap, Container, EnvVar, Secret } from '#generated/types/core.v1.ts';
import type { Command } from '../../command.ts';
import { CommandError, throwAll } from '../../errors.ts';
import { array, bool, strings, text } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { modifyTargets } from '../../modifying.ts';
import { mapContainers, matchesName, podSpecOf } from '../../podSpecOf.ts';
import { readReferences, targetsOf } from '../../targets.ts';
import { setFlags } from './setFlags.ts';

export const setEnv: Command = {
  name: 'env',
  summary: 'Update environment variables on a pod template',
  examples: [
    [
      "Update deployment 'registry' with a new environment variable",
      'kubectl set env deployment/registry STORAGE_DIR=/local',
    ],
    [
      "List the environment variables defined on a deployments 'sample-build'",
      'kubectl set env deployment/sample-build --list',
    ],
    [
      'Import environment from a config map with a prefix',
      'kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp',
    ],
  ],
  usage: 'set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  arguments: 'resources',
  flags: [
    ...setFlags,
    text(
      'containers',
      'The names of containers in the selected pod templates to change - may use wildcards',
      { short: 'c', initial: '*' },
    ),
    array('env', 'Specify a key-value pair for an environment variable to set into each container.', {
      short: 'e',
    }),
    text('from', 'The name of a resource from which to inject environment variables'),
    strings('keys', 'Comma-separated list of keys to import from specified resource'),
    bool('list', 'If true, display the environment and any changes in the standard format.'),
    bool(
      'overwrite',
      'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
      { initial: 'true' },
    ),
    text('prefix', 'Prefix to append to variable names'),
  ],
  async run(invocation) {
    const { flags } = invocation;
    const isUpdate = (arg: string) => arg.includes('=') || (arg.endsWith('-') && !arg.includes('/'));
    const args = invocation.args.filter((arg) => !isUpdate(arg));
    const updates = [...invocation.args.filter(isUpdate), ...flags.list('env')];
    if (flags.bool('list') && updates.length === 0) return await list(invocation, args);
    const removed = updates.filter((one) => !one.includes('=')).map((one) => one.slice(0, -1));
    const added: EnvVar[] = [
      ...(flags.text('from') ? await imported(invocation) : []),
      ...updates
        .filter((one) => one.includes('='))
        .map((one) => {
          const [name = '', value = ''] = one.split(/=(.*)/s);
          return { name, value };
        }),
    ];
    await modifyTargets(invocation, { args }, 'env updated', ({ object }) =>
      mapContainers(object, (container) =>
        matchesName(flags.text('containers'), container.name)
          ? withEnv(container, added, removed, flags.bool('overwrite'))
          : container,
      ),
    );
  },
};

function withEnv(
  container: Container,
  added: readonly EnvVar[],
  removed: readonly string[],
  overwrite: boolean,
): Container {
  const env = (container.env ?? []).filter(({ name }) => !removed.includes(name));
  for (const variable of added) {
    const at = env.findIndex(({ name }) => name === variable.name);
    if (at < 0) env.push(variable);
    else if (overwrite) env[at] = variable;
    else
      throw new CommandError(
        `'${variable.name}' already has a value (${env[at]!.value ?? ''}), and --overwrite is false`,
      );
  }
  return { ...container, env };
}

/** A variable for each key of a config map or secret. */
async function imported(invocation: Invocation): Promise<EnvVar[]> {
  const { flags, client, namespace } = invocation;
  const [reference] = await readReferences(invocation, [flags.text('from')]);
  const { resource, name = '' } = reference!;
  const { data = {}, kind } = await client.get<ConfigMap | Secret>(resource, namespace, name);
  if (kind !== 'ConfigMap' && kind !== 'Secret')
    throw new CommandError(`unsupported resource specified in --from`);
  const keys = flags.list('keys');
  return Object.keys(data)
    .filter((key) => keys.length === 0 || keys.includes(key))
    .sort()
    .map((key) => ({
      name: flags.text('prefix') + key.toUpperCase().replace(/[^A-Z0-9_]/g, '_'),
      valueFrom: kind === 'ConfigMap' ? { configMapKeyRef: { name, key } } : { secretKeyRef: { name, key } },
    }));
}

async function list(invocation: Invocation, args: readonly string[]): Promise<void> {
  const { flags } = invocation;
  const { targets, errors } = await targetsOf(invocation, {
    args,
    all: flags.bool('all'),
    labelSelector: flags.text('selector'),
  });
  for (const { resource, name, object } of targets) {
    const { initContainers = [], containers } = podSpecOf(object);
    for (const container of [...initContainers, ...containers]) {
      if (!matchesName(flags.text('containers'), container.name)) continue;
      await invocation.out(`# ${resource.kind} ${name}, container ${container.name}\n`);
      for (const variable of container.env ?? []) await invocation.out(`${lineOf(variable)}\n`);
    }
  }
  throwAll(errors);
}

function lineOf({ name, value, valueFrom }: EnvVar): string {
  const { configMapKeyRef: map, secretKeyRef: secret, fieldRef, resourceFieldRef } = valueFrom ?? {};
  if (map) return `# ${name} from configmap ${map.name}, key ${map.key}`;
  if (secret) return `# ${name} from secret ${secret.name}, key ${secret.key}`;
  if (fieldRef) return `# ${name} from field path ${fieldRef.fieldPath}`;
  if (resourceFieldRef) return `# ${name} from resource field ${resourceFieldRef.resource}`;
  return `${name}=${value ?? ''}`;
}
