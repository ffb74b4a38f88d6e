// Upstream: kubectl/pkg/describe/describe.go describeNode
import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import { nodeRoles } from '#kubernetes/api/core/node.ts';
import {
  addQuantities,
  canonicalQuantity,
  milliValue,
  unitValue,
} from '#kubernetes/apimachinery/quantity.ts';
import { innerMessage } from '../errors.ts';
import { podTotals } from '../podTotals.ts';
import { eventsAbout, type DescribeContext, type Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { longTime, since, writeEvents, writeLabelsAndAnnotations, writeList } from './fields.ts';

type Quantities = Readonly<Record<string, string | number>>;

export const describeNode: Describer<Node> = {
  group: '',
  kind: 'Node',
  async describe(node, writer, context) {
    const { metadata, spec, status } = node;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Roles:\t${nodeRoles(node).join(',') || '<none>'}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
    const taints = (spec.taints ?? []).map(
      ({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`,
    );
    writeList(writer, 'Taints', taints.sort());
    writer.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
    await writeLease(node, writer, context);
    writeStatus(node, writer);
    if (spec.podCIDR) writer.line(0, `PodCIDR:\t${spec.podCIDR}`);
    if (spec.podCIDRs?.length) writer.line(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
    if (spec.providerID) writer.line(0, `ProviderID:\t${spec.providerID}`);
    const pods = (await context.invocation.mapper()).get('', 'pods');
    const fieldSelector = `spec.nodeName=${metadata.name},status.phase!=Succeeded,status.phase!=Failed`;
    const { items } = await context.invocation.client.list<Pod>(pods, '', { fieldSelector });
    writePods(writer, items, status.allocatable ?? status.capacity ?? {}, context.nowMs);
    if (context.showEvents) {
      const own = await eventsAbout(node, context);
      writeEvents(writer, [...own, ...(await eventsAbout(node, context, metadata.name))], context.nowMs);
    }
  },
};

async function writeLease(
  { metadata }: Node,
  writer: DescribeWriter,
  { invocation }: DescribeContext,
): Promise<void> {
  try {
    const leases = (await invocation.mapper()).get('coordination.k8s.io', 'leases');
    const { spec } = await invocation.client.get<Lease>(leases, 'kube-node-lease', metadata.name);
    const time = (text: string | undefined) => (text ? longTime(text) : '<unset>');
    writer.line(0, 'Lease:');
    writer.line(1, `HolderIdentity:\t${spec.holderIdentity ?? '<unset>'}`);
    writer.line(1, `AcquireTime:\t${time(spec.acquireTime)}`);
    writer.line(1, `RenewTime:\t${time(spec.renewTime)}`);
  } catch (error) {
    writer.line(0, `Lease:\tFailed to get lease: ${innerMessage(error)}`);
  }
}

function writeStatus({ status }: Node, writer: DescribeWriter): void {
  if (status.conditions?.length) {
    writer.line(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
    writer.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  }
  for (const {
    type,
    status: value,
    lastHeartbeatTime,
    lastTransitionTime,
    reason,
    message,
  } of status.conditions ?? []) {
    const times = `${longTime(lastHeartbeatTime)} \t${longTime(lastTransitionTime)}`;
    writer.line(1, `${type} \t${value} \t${times} \t${reason ?? ''} \t${message ?? ''}`);
  }
  writer.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) writer.line(1, `${type}:\t${address}`);
  for (const [title, list] of [
    ['Capacity', status.capacity],
    ['Allocatable', status.allocatable],
  ] as const) {
    const names = Object.keys(list ?? {}).sort();
    if (names.length > 0) writer.line(0, `${title}:`);
    for (const name of names) writer.line(0, `  ${name}:\t${canonicalQuantity(list![name]!)}`);
  }
  const info = status.nodeInfo;
  writer.line(0, 'System Info:');
  const facts = [
    ['Machine ID', info?.machineID],
    ['System UUID', info?.systemUUID],
    ['Boot ID', info?.bootID],
    ['Kernel Version', info?.kernelVersion],
    ['OS Image', info?.osImage],
    ['Operating System', info?.operatingSystem],
    ['Architecture', info?.architecture],
    ['Container Runtime Version', info?.containerRuntimeVersion],
    ['Kubelet Version', info?.kubeletVersion],
    ['Kube-Proxy Version', info?.kubeProxyVersion],
  ] as const;
  for (const [title, value] of facts) writer.line(0, `  ${title}:\t${value ?? ''}`);
}

/** `100m (5%)`: an amount and its share of what can be allocated. */
function share(name: string, amount: string | number | undefined, allocatable: Quantities): string {
  const value = name === 'cpu' ? milliValue : unitValue;
  const whole = value(allocatable[name]);
  const percent = whole === 0 ? 0 : Math.trunc((value(amount) / whole) * 100);
  return `${canonicalQuantity(amount ?? 0)} (${percent}%)`;
}

function writePods(
  writer: DescribeWriter,
  pods: readonly Pod[],
  allocatable: Quantities,
  nowMs: number,
): void {
  writer.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  writer.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  writer.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  const totals: { requests: Record<string, string>; limits: Record<string, string> } = {
    requests: {},
    limits: {},
  };
  for (const pod of pods) {
    const { requests, limits } = podTotals(pod);
    const cells = (['cpu', 'memory'] as const).flatMap((name) => [
      share(name, requests[name], allocatable),
      share(name, limits[name], allocatable),
    ]);
    writer.line(
      1,
      `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${cells.join('\t')}\t${since(pod.metadata.creationTimestamp, nowMs)}`,
    );
    for (const [name, amount] of Object.entries(requests))
      totals.requests[name] = addQuantities(totals.requests[name] ?? 0, amount);
    for (const [name, amount] of Object.entries(limits))
      totals.limits[name] = addQuantities(totals.limits[name] ?? 0, amount);
  }
  writer.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)');
  writer.line(1, 'Resource\tRequests\tLimits');
  writer.line(1, '--------\t--------\t------');
  const others = Object.keys(allocatable).filter(
    (name) => !['cpu', 'memory', 'ephemeral-storage', 'pods', 'storage'].includes(name),
  );
  const huge = others.filter((name) => name.startsWith('hugepages-')).sort();
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...huge]) {
    writer.line(
      1,
      `${name}\t${share(name, totals.requests[name], allocatable)}\t${share(name, totals.limits[name], allocatable)}`,
    );
  }
  for (const name of others.filter((other) => !huge.includes(other)).sort()) {
    writer.line(
      1,
      `${name}\t${canonicalQuantity(totals.requests[name] ?? 0)}\t${canonicalQuantity(totals.limits[name] ?? 0)}`,
    );
  }
}
