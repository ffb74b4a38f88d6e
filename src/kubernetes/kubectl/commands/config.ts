// Upstream: kubectl/pkg/cmd/config
import type { Command } from '../command.ts';
import { CommandError, usageError } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { deleteUser, redacted, setCredentials } from './configCredentials.ts';
import { setCluster, setValue, unsetValue } from './configValues.ts';
import { writeKubeconfig, type Kubeconfig } from '../kubeconfig.ts';
import { printerOf, printFlags } from '../output/printer.ts';
import { TableWriter } from '../output/table.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

function save({ process, configPath }: Invocation, config: Kubeconfig): void {
  writeKubeconfig(process, configPath, config);
}

const view: Command = {
  name: 'view',
  summary: 'Display merged kubeconfig settings or a specified kubeconfig file',
  usage: 'config view [flags]',
  flags: [
    bool('minify', 'Remove all information not used by current-context from the output'),
    bool('raw', 'Display raw byte data and sensitive data'),
    ...printFlags,
  ],
  async run(invocation) {
    const { flags } = invocation;
    const config = flags.bool('raw') ? invocation.config : redacted(invocation.config);
    const current = config.contexts.filter(({ name }) => name === config['current-context']);
    const [context] = current;
    const shown = flags.bool('minify')
      ? {
          ...config,
          contexts: current,
          clusters: config.clusters.filter(({ name }) => name === context?.context.cluster),
          users: config.users.filter(({ name }) => name === context?.context.user),
        }
      : config;
    const printer = printerOf(invocation);
    await invocation.out(printer ? printer(shown) : toYaml(shown));
  },
};

const currentContext: Command = {
  name: 'current-context',
  summary: 'Display the current-context',
  usage: 'config current-context',
  async run(invocation) {
    const current = invocation.config['current-context'];
    if (current === '') throw new CommandError('current-context is not set');
    await invocation.out(`${current}\n`);
  },
};

const getContexts: Command = {
  name: 'get-contexts',
  summary: 'Describe one or many contexts',
  usage: 'config get-contexts [(-o|--output=)name)]',
  arguments: 'contexts',
  flags: [
    bool(
      'no-headers',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    text('output', 'Output format. One of: (name).', { short: 'o', values: ['name'] }),
  ],
  async run(invocation) {
    const { config, flags, args } = invocation;
    for (const name of args) {
      if (!config.contexts.some((one) => one.name === name))
        throw new CommandError(`context ${name} not found`);
    }
    const contexts = config.contexts.filter(({ name }) => args.length === 0 || args.includes(name));
    if (flags.text('output') === 'name')
      return await invocation.out(contexts.map(({ name }) => `${name}\n`).join(''));
    const writer = new TableWriter();
    if (!flags.bool('no-headers')) writer.add(['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']);
    for (const { name, context } of [...contexts].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      writer.add([
        name === config['current-context'] ? '*' : '',
        name,
        context.cluster,
        context.user,
        context.namespace ?? '',
      ]);
    }
    await invocation.out(writer.flush());
  },
};

const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  summary: 'Set the current-context in a kubeconfig file',
  usage: 'config use-context CONTEXT_NAME',
  arguments: 'contexts',
  async run(invocation) {
    const { config, args } = invocation;
    const [name] = args;
    if (name === undefined || args.length !== 1)
      throw new CommandError(
        `Unexpected args: [${args.join(' ')}]\nSee 'kubectl config use-context -h' for help and examples`,
      );
    if (!config.contexts.some((one) => one.name === name))
      throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
    save(invocation, { ...config, 'current-context': name });
    await invocation.out(`Switched to context ${JSON.stringify(name)}.\n`);
  },
};

const setContext: Command = {
  name: 'set-context',
  summary: 'Set a context entry in kubeconfig',
  examples: [
    [
      'Set the namespace of the current context',
      'kubectl config set-context --current --namespace=my-namespace',
    ],
  ],
  usage:
    'config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  arguments: 'contexts',
  flags: [bool('current', 'Modify the current context')],
  async run(invocation) {
    const { config, args, flags } = invocation;
    const name = flags.bool('current') ? config['current-context'] : args[0];
    if (flags.bool('current') && args.length > 0)
      throw new CommandError('cannot specify a context name and --current');
    if (!name)
      throw new CommandError(
        flags.bool('current')
          ? 'no current context is set'
          : 'you must specify a non-empty context name or --current',
      );
    const old = config.contexts.find((one) => one.name === name);
    const context = {
      cluster: flags.changed('cluster') ? flags.text('cluster') : (old?.context.cluster ?? ''),
      user: flags.changed('user') ? flags.text('user') : (old?.context.user ?? ''),
      ...(old?.context.namespace && { namespace: old.context.namespace }),
      ...(flags.changed('namespace') && { namespace: flags.text('namespace') }),
    };
    const others = config.contexts.filter((one) => one !== old);
    save(invocation, { ...config, contexts: [...others, { name, context }] });
    await invocation.out(`Context ${JSON.stringify(name)} ${old ? 'modified' : 'created'}.\n`);
  },
};

const deleteContext: Command = {
  name: 'delete-context',
  summary: 'Delete the specified context from the kubeconfig',
  usage: 'config delete-context NAME',
  arguments: 'contexts',
  async run(invocation) {
    const { config, args } = invocation;
    const [name = ''] = args;
    if (!config.contexts.some((one) => one.name === name))
      throw new CommandError(`cannot delete context ${name}, not in ${invocation.configPath}`);
    if (config['current-context'] === name) {
      await invocation.err(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    }
    save(invocation, { ...config, contexts: config.contexts.filter((one) => one.name !== name) });
    await invocation.out(`deleted context ${name} from ${invocation.configPath}\n`);
  },
};

const renameContext: Command = {
  name: 'rename-context',
  summary: 'Rename a context from the kubeconfig file',
  usage: 'config rename-context CONTEXT_NAME NEW_NAME',
  arguments: 'contexts',
  async run(invocation) {
    const { config, args, configPath } = invocation;
    const [name, next] = args;
    if (name === undefined || next === undefined || args.length !== 2)
      throw usageError(invocation.path, `Unexpected args: [${args.join(' ')}]`);
    if (!config.contexts.some((one) => one.name === name))
      throw new CommandError(`cannot rename the context ${JSON.stringify(name)}, it's not in ${configPath}`);
    if (config.contexts.some((one) => one.name === next)) {
      throw new CommandError(
        `cannot rename the context ${JSON.stringify(name)}, the context ${JSON.stringify(next)} already exists in ${configPath}`,
      );
    }
    save(invocation, {
      ...config,
      contexts: config.contexts.map((one) => (one.name === name ? { ...one, name: next } : one)),
      'current-context': config['current-context'] === name ? next : config['current-context'],
    });
    await invocation.out(`Context ${JSON.stringify(name)} renamed to ${JSON.stringify(next)}.\n`);
  },
};

const deleteCluster: Command = {
  name: 'delete-cluster',
  summary: 'Delete the specified cluster from the kubeconfig',
  usage: 'config delete-cluster NAME',
  async run(invocation) {
    const { config, args, configPath } = invocation;
    const [name = ''] = args;
    if (!config.clusters.some((one) => one.name === name))
      throw new CommandError(`cannot delete cluster ${name}, not in ${configPath}`);
    save(invocation, { ...config, clusters: config.clusters.filter((one) => one.name !== name) });
    await invocation.out(`deleted cluster ${name} from ${configPath}\n`);
  },
};

function namesOf(
  name: string,
  summary: string,
  list: (config: Kubeconfig) => readonly { readonly name: string }[],
): Command {
  return {
    name,
    summary,
    usage: `config ${name}`,
    run: (invocation) =>
      invocation.out(
        `NAME\n${list(invocation.config)
          .map((one) => `${one.name}\n`)
          .join('')}`,
      ),
  };
}

export const config: Command = {
  name: 'config',
  group: 'Other Commands',
  summary: 'Modify kubeconfig files',
  long: `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 The loading order follows these rules:

  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.
  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.
  3.  Otherwise, \${HOME}/.kube/config is used and no merging takes place.`,
  usage: 'config SUBCOMMAND',
  subcommands: [
    currentContext,
    deleteCluster,
    deleteContext,
    deleteUser,
    namesOf('get-clusters', 'Display clusters defined in the kubeconfig', (one) => one.clusters),
    getContexts,
    namesOf('get-users', 'Display users defined in the kubeconfig', (one) => one.users),
    renameContext,
    setValue,
    setCluster,
    setContext,
    setCredentials,
    unsetValue,
    useContext,
    view,
  ],
};
