// Upstream: kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go
import type { Pod } from '#generated/types/core.v1.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import type { Command } from '../command.ts';
import { bool, duration, strings, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import type { Resource } from '../restMapper.ts';

/** What is dumped of each namespace, in this order, and the names of its files. */
const dumped = [
  ['', 'events'],
  ['', 'replicationcontrollers', 'replication-controllers'],
  ['', 'services'],
  ['apps', 'daemonsets'],
  ['apps', 'deployments'],
  ['apps', 'replicasets'],
  ['', 'pods'],
] as const;

export const clusterInfoDump: Command = {
  name: 'dump',
  summary: 'Dump relevant information for debugging and diagnosis',
  long: "Dump cluster information out suitable for debugging and diagnosing cluster problems.  By default, dumps everything to stdout. You can optionally specify a directory with --output-directory.  If you specify a directory, Kubernetes will build a set of files in that directory.  By default, only dumps things in the current namespace and 'kube-system' namespace, but you can switch to a different namespace with the --namespaces flag, or specify --all-namespaces to dump all namespaces.\n\n The command also dumps the logs of all of the pods in the cluster; these logs are dumped into different directories based on namespace and pod name.",
  examples: [
    ['Dump current cluster state to stdout', 'kubectl cluster-info dump'],
    [
      'Dump current cluster state to /path/to/cluster-state',
      'kubectl cluster-info dump --output-directory=/path/to/cluster-state',
    ],
    ['Dump all namespaces to stdout', 'kubectl cluster-info dump --all-namespaces'],
  ],
  usage: 'cluster-info dump [flags]',
  flags: [
    bool('all-namespaces', 'If true, dump all namespaces.  If true, --namespaces is ignored.', {
      short: 'A',
    }),
    strings('namespaces', 'A comma separated list of namespaces to dump.'),
    text('output', 'Output format. One of: (json, yaml).', {
      short: 'o',
      initial: 'json',
      values: ['json', 'yaml'],
    }),
    text(
      'output-directory',
      "Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { initial: '20s' },
    ),
  ],
  async run(invocation) {
    const { flags } = invocation;
    const dump = new Dump(invocation);
    const mapper = await invocation.mapper();
    await dump.list(mapper.get('', 'nodes'), '', 'nodes');
    for (const namespace of await namespacesOf(invocation)) {
      for (const [group, plural, name = plural] of dumped)
        await dump.list(mapper.get(group, plural), namespace, `${namespace}/${name}`);
      await dump.logs(namespace);
    }
    const directory = flags.text('output-directory');
    if (directory !== '' && directory !== '-') await invocation.out(`Cluster info dumped to ${directory}\n`);
  },
};

async function namespacesOf(invocation: Invocation): Promise<readonly string[]> {
  const { flags, client } = invocation;
  if (flags.bool('all-namespaces')) {
    const { items } = await client.list((await invocation.mapper()).get('', 'namespaces'), '');
    return items.map(({ metadata }) => metadata.name);
  }
  const asked = flags.list('namespaces');
  return asked.length > 0 ? asked : ['kube-system', invocation.namespace];
}

class Dump {
  readonly #invocation: Invocation;
  readonly #isYaml: boolean;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    this.#isYaml = invocation.flags.text('output') === 'yaml';
  }

  /** Prints a whole list, as it comes over the wire. */
  async list(resource: Resource, namespace: string, name: string): Promise<void> {
    const list = await this.#invocation.client.page(resource, namespace, {});
    const text = this.#isYaml ? toYaml(list) : `${JSON.stringify(list, null, 4)}\n`;
    await this.#write(`${name}.${this.#isYaml ? 'yaml' : 'json'}`, text);
  }

  async logs(namespace: string): Promise<void> {
    const pods = (await this.#invocation.mapper()).get('', 'pods');
    const { items } = await this.#invocation.client.list<Pod>(pods, namespace);
    for (const { metadata, spec } of items)
      for (const { name } of spec.containers) {
        const where = `container ${name} of pod ${namespace}/${metadata.name}`;
        const text = await this.#logOf(pods, namespace, metadata.name, name);
        await this.#write(
          `${namespace}/${metadata.name}/logs.txt`,
          `==== START logs for ${where} ====\n${text}==== END logs for ${where} ====\n`,
          true,
        );
      }
  }

  async #logOf(pods: Resource, namespace: string, pod: string, container: string): Promise<string> {
    try {
      const path = pathOf(pods, namespace, pod, 'log');
      const { body } = await this.#invocation.client.send({ method: 'GET', path, query: { container } });
      return typeof body === 'string' ? body : '';
    } catch (error) {
      return `Request log error: ${(error as Error).message}\n`;
    }
  }

  async #write(name: string, text: string, isMore = false): Promise<void> {
    const { flags, process } = this.#invocation;
    const directory = flags.text('output-directory');
    if (directory === '' || directory === '-') return this.#invocation.out(text);
    const path = resolvePath(process.workingDirectory, `${directory}/${name}`);
    process.files.makeDirectory(path.slice(0, path.lastIndexOf('/')), { parents: true });
    if (isMore && process.files.status(path) !== null) process.files.append(path, text);
    else process.files.write(path, text);
  }
}
