// Upstream: kubectl/pkg/cmd/top/{top_pod,top_node}.go, kubectl/pkg/metricsutil/metrics_printer.go
import type { Node } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatDuration } from '#kubernetes/apimachinery/duration.ts';
import { addQuantities, milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { TableWriter } from '../output/table.ts';
import type { Resource } from '../restMapper.ts';
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from '../targets.ts';

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

interface PodMetrics extends KubeObject {
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

interface NodeMetrics extends KubeObject {
  readonly usage: Usage;
}

const bytesPerMi = 1024 * 1024;
/** After so long a pod ought to have metrics. */
const metricsDelayMs = 120_000;
const sortFlag = text(
  'sort-by',
  "If non-empty, sort nodes list using specified field. The field can be either 'cpu' or 'memory'.",
  { values: ['cpu', 'memory'] },
);
const noHeaders = bool('no-headers', 'If present, print output without headers.');

const topPod: Command = {
  name: 'pod',
  aliases: ['pods', 'po'],
  summary: 'Display resource (CPU/memory) usage of pods',
  long: "Display resource (CPU/memory) usage of pods.\n\n The 'top pod' command allows you to see the resource consumption of pods.\n\n Due to the metrics pipeline delay, they may be unavailable for a few minutes since pod creation.",
  examples: [
    ['Show metrics for all pods in the default namespace', 'kubectl top pod'],
    ['Show metrics for a given pod and its containers', 'kubectl top pod POD_NAME --containers'],
  ],
  usage: 'top pod [NAME | -l label]',
  arguments: 'pods',
  flags: [
    allNamespacesFlag,
    fieldSelectorFlag,
    selectorFlag,
    sortFlag,
    noHeaders,
    bool('containers', 'If present, print usage of containers within a pod.'),
    bool('sum', 'Print the sum of the resource usage'),
  ],
  run: runTopPod,
};

const topNode: Command = {
  name: 'node',
  aliases: ['nodes', 'no'],
  summary: 'Display resource (CPU/memory) usage of nodes',
  long: 'Display resource (CPU/memory) usage of nodes.\n\n The top-node command allows you to see the resource consumption of nodes.',
  examples: [['Show metrics for all nodes', 'kubectl top node']],
  usage: 'top node [NAME | -l label]',
  arguments: 'nodes',
  flags: [
    selectorFlag,
    sortFlag,
    noHeaders,
    bool(
      'show-capacity',
      'Print node resources based on Capacity instead of Allocatable(default) of the nodes.',
    ),
  ],
  run: runTopNode,
};

export const top: Command = {
  name: 'top',
  group: 'Cluster Management Commands',
  summary: 'Display resource (CPU/memory) usage',
  long: 'Display resource (CPU/memory) usage.\n\n The top command allows you to see the resource consumption for nodes or pods.\n\n This command requires Metrics Server to be correctly configured and working on the server.',
  usage: 'top [flags]',
  subcommands: [topNode, topPod],
};

async function metricsResource(invocation: Invocation, plural: string): Promise<Resource> {
  const sortBy = invocation.flags.text('sort-by');
  if (!['', 'cpu', 'memory'].includes(sortBy)) throw new CommandError('--sort-by accepts only cpu or memory');
  const found = (await invocation.mapper()).resources.find(
    (one) => one.group === 'metrics.k8s.io' && one.plural === plural,
  );
  if (!found) throw new CommandError('Metrics API not available');
  return found;
}

const cpuText = (cpu: string) => `${milliValue(cpu)}m`;
const memoryText = (memory: string) => `${Math.floor(unitValue(memory) / bytesPerMi)}Mi`;

function total(usages: readonly Usage[]): Usage {
  return usages.reduce(
    (sum, one) => ({ cpu: addQuantities(sum.cpu, one.cpu), memory: addQuantities(sum.memory, one.memory) }),
    { cpu: '0', memory: '0' },
  );
}

/** Most first by the wanted column, else by name. */
function sorted<T>(
  list: readonly T[],
  sortBy: string,
  usageOf: (one: T) => Usage,
  nameOf: (one: T) => string,
): T[] {
  const amount = (one: T) =>
    sortBy === 'cpu'
      ? milliValue(usageOf(one).cpu)
      : sortBy === 'memory'
        ? unitValue(usageOf(one).memory)
        : 0;
  return [...list].sort(
    (a, b) => amount(b) - amount(a) || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0),
  );
}

/** Upstream ends every cell with a tab, so that the last column is padded too. */
function addRow(writer: TableWriter, cells: readonly string[]): void {
  writer.add([...cells, '']);
}

/** Where there are pods but no figures, they may be too young for them; after two minutes that is an error. */
async function complainOfMissingMetrics(invocation: Invocation): Promise<void> {
  const { flags, client, namespace } = invocation;
  const { items } = await client.list((await invocation.mapper()).get('', 'pods'), namespace, {
    labelSelector: flags.text('selector') || undefined,
    fieldSelector: flags.text('field-selector') || undefined,
  });
  if (items.length === 0) return;
  for (const { metadata } of items) {
    const ageMs = invocation.nowMs - parseTime(metadata.creationTimestamp);
    if (ageMs > metricsDelayMs)
      throw new CommandError(
        `Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${formatDuration(ageMs)}`,
      );
  }
  throw new CommandError('metrics not available yet');
}

async function runTopPod(invocation: Invocation): Promise<void> {
  const { flags, args, client, namespace } = invocation;
  const resource = await metricsResource(invocation, 'pods');
  const [name] = args;
  const all = flags.bool('all-namespaces');
  if (name && (flags.text('selector') || flags.text('field-selector')))
    throw new CommandError('only one of NAME or selector can be provided');
  const items = name
    ? [await client.get<PodMetrics>(resource, namespace, name)]
    : (
        await client.list<PodMetrics>(resource, all ? '' : namespace, {
          labelSelector: flags.text('selector') || undefined,
          fieldSelector: flags.text('field-selector') || undefined,
        })
      ).items;
  if (items.length === 0) {
    await complainOfMissingMetrics(invocation);
    return await invocation.err(
      all ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`,
    );
  }
  const withContainers = flags.bool('containers');
  const usageOf = (pod: PodMetrics) => total(pod.containers.map(({ usage }) => usage));
  const writer = new TableWriter();
  if (!flags.bool('no-headers')) {
    addRow(writer, [
      ...(all ? ['NAMESPACE'] : []),
      ...(withContainers ? ['POD', 'NAME'] : ['NAME']),
      'CPU(cores)',
      'MEMORY(bytes)',
    ]);
  }
  for (const pod of sorted(
    items,
    flags.text('sort-by'),
    usageOf,
    ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
  )) {
    const { name: podName, namespace: podNamespace = '' } = pod.metadata;
    const lead = [...(all ? [podNamespace] : []), podName];
    const rows = withContainers
      ? pod.containers.map((one) => ({ lead: [...lead, one.name], usage: one.usage }))
      : [{ lead, usage: usageOf(pod) }];
    for (const { lead: cells, usage } of rows)
      addRow(writer, [...cells, cpuText(usage.cpu), memoryText(usage.memory)]);
  }
  if (flags.bool('sum')) {
    const { cpu, memory } = total(items.map(usageOf));
    const pad = [...(all ? [''] : []), ...(withContainers ? [''] : []), ''];
    addRow(writer, [...pad, '________', '________']);
    addRow(writer, [...pad, cpuText(cpu), memoryText(memory)]);
  }
  await invocation.out(writer.flush());
}

async function runTopNode(invocation: Invocation): Promise<void> {
  const { flags, args, client } = invocation;
  const resource = await metricsResource(invocation, 'nodes');
  const nodesResource = (await invocation.mapper()).get('', 'nodes');
  const [name] = args;
  const query = { labelSelector: flags.text('selector') || undefined };
  const metrics = name
    ? [await client.get<NodeMetrics>(resource, '', name)]
    : (await client.list<NodeMetrics>(resource, '', query)).items;
  if (metrics.length === 0) throw new CommandError('metrics not available yet');
  const nodes = name
    ? [await client.get<Node>(nodesResource, '', name)]
    : (await client.list<Node>(nodesResource, '', query)).items;
  const writer = new TableWriter();
  if (!flags.bool('no-headers'))
    addRow(writer, ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']);
  const percent = (used: number, whole: number) => `${whole === 0 ? 0 : Math.trunc((used / whole) * 100)}%`;
  for (const { metadata, usage } of sorted(
    metrics,
    flags.text('sort-by'),
    (one) => one.usage,
    (one) => one.metadata.name,
  )) {
    const node = nodes.find((one) => one.metadata.name === metadata.name);
    const whole = (flags.bool('show-capacity') ? node?.status.capacity : node?.status.allocatable) ?? {};
    const cpu = percent(milliValue(usage.cpu), milliValue(whole['cpu']));
    const memory = percent(unitValue(usage.memory), unitValue(whole['memory']));
    addRow(writer, [metadata.name, cpuText(usage.cpu), cpu, memoryText(usage.memory), memory]);
  }
  const silent = nodes.filter((node) => !metrics.some((one) => one.metadata.name === node.metadata.name));
  for (const node of silent) addRow(writer, [node.metadata.name, ...Array<string>(4).fill('<unknown>')]);
  await invocation.out(writer.flush());
}
