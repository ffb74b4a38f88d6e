// Upstream: pkg/kubelet/{kubelet_node_status.go,nodestatus/setters.go}
import type { Node, NodeCondition, NodeStatus } from '#generated/types/core.v1.ts';
import type { New } from '#kubernetes/api/object.ts';
import { formatMillis, formatUnits, milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { RandomStream } from '#sim/random.ts';
import type { PresentImage } from './imageStore.ts';
import { sharedTime } from './sharedTimes.ts';

/** What a machine offers, as quantities: cpu, memory, ephemeral-storage, pods. */
export interface MachineSize {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
  readonly pods: number;
}

export interface NodeIdentity {
  readonly name: string;
  readonly address: string;
  readonly podCidr: string;
  /** The release that it is installed with, such as `v1.36.0`. */
  readonly version: string;
  readonly size: MachineSize;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: NonNullable<Node['spec']['taints']>;
  /** NVIDIA GPUs that it has, all of one model. */
  readonly gpus?: { readonly count: number; readonly model: string } | undefined;
}

/** Upstream: evictionHard memory.available, and what nodefs.available<10% leaves. */
const memoryReservedBytes = 100 * 1024 * 1024;
const storagePercentUsable = 90;
/** Upstream: nodeStatusMaxImages. */
const imagesMax = 50;

const kubeletPort = 10_250;

/** What pods may use of the machine. */
export function allocatableOf(size: MachineSize): Record<string, string> {
  const storage = Math.floor((unitValue(size.ephemeralStorage) * storagePercentUsable) / 100);
  return {
    cpu: formatMillis(milliValue(size.cpu)),
    'ephemeral-storage': formatUnits(storage, 'DecimalSI'),
    memory: formatUnits(unitValue(size.memory) - memoryReservedBytes, 'BinarySI'),
    pods: String(size.pods),
  };
}

function capacityOf(size: MachineSize): Record<string, string> {
  return {
    cpu: formatMillis(milliValue(size.cpu)),
    'ephemeral-storage': formatUnits(unitValue(size.ephemeralStorage), 'BinarySI'),
    memory: formatUnits(unitValue(size.memory), 'BinarySI'),
    pods: String(size.pods),
  };
}

/** The Node that a kubelet registers when it first starts. */
export function newNode(identity: NodeIdentity, status: NodeStatus): New<Node> {
  const { name, podCidr, labels, taints } = identity;
  return {
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...labels,
      },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: { podCIDR: podCidr, podCIDRs: [podCidr], ...(taints.length > 0 && { taints }) },
    status,
  };
}

/** The parts of a node's status that stay as they are while the machine does. */
export function machineStatus(identity: NodeIdentity, random: RandomStream): NodeStatus {
  const { name, address, version, size } = identity;
  const id = () => [0, 1, 2, 3].map(() => random.uint32().toString(16).padStart(8, '0')).join('');
  const uuid = () => newUuid(random);
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    allocatable: allocatableOf(size),
    capacity: capacityOf(size),
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: uuid(),
      containerRuntimeVersion: 'containerd://2.2.0',
      kernelVersion: '6.12.0-podarium',
      kubeProxyVersion: '',
      kubeletVersion: version,
      machineID: id(),
      operatingSystem: 'linux',
      osImage: 'Podarium (simulated)',
      systemUUID: uuid(),
    },
  };
}

/** As it is after the machine was off. */
export function rebooted(status: NodeStatus, random: RandomStream): NodeStatus {
  return { ...status, nodeInfo: { ...status.nodeInfo!, bootID: newUuid(random) } };
}

/** As a kubelet of that release reports it. */
export function ofVersion(status: NodeStatus, kubeletVersion: string): NodeStatus {
  if (status.nodeInfo!.kubeletVersion === kubeletVersion) return status;
  return { ...status, nodeInfo: { ...status.nodeInfo!, kubeletVersion } };
}

function newUuid(random: RandomStream): string {
  const digits = [0, 1, 2, 3].map(() => random.uint32().toString(16).padStart(8, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Why a node is not ready; null when it is. */
export type NotReady = string | null;

/** What a kubelet says before its network is set up. */
export const networkNotReady: NotReady =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

/** What a kubelet says of what it may be short of: when it is, and when it is not. */
const pressureWords = [
  [
    'MemoryPressure',
    ['InsufficientMemory', 'insufficient memory available'],
    ['SufficientMemory', 'sufficient memory available'],
  ],
  ['DiskPressure', ['DiskPressure', 'disk pressure'], ['NoDiskPressure', 'no disk pressure']],
  [
    'PIDPressure',
    ['InsufficientPID', 'insufficient PID available'],
    ['SufficientPID', 'sufficient PID available'],
  ],
] as const;

/** The node's conditions now; those whose status stays keep their transition time. */
export function nodeConditions(
  old: readonly NodeCondition[],
  nowMs: number,
  notReady: NotReady,
  pressures: readonly string[],
): NodeCondition[] {
  const now = sharedTime(nowMs);
  const condition = (type: string, isTrue: boolean, reason: string, message: string): NodeCondition => {
    const known = old.find((entry) => entry.type === type);
    const status = isTrue ? 'True' : 'False';
    const since = known?.status === status ? known.lastTransitionTime : undefined;
    return { lastHeartbeatTime: now, lastTransitionTime: since ?? now, message, reason, status, type };
  };
  return [
    ...pressureWords.map(([type, has, hasNot]) => {
      const [reason, message] = pressures.includes(type) ? has : hasNot;
      return condition(type, has[0] === reason, `KubeletHas${reason}`, `kubelet has ${message}`);
    }),
    notReady === null
      ? condition('Ready', true, 'KubeletReady', 'kubelet is posting ready status')
      : condition('Ready', false, 'KubeletNotReady', notReady),
  ];
}

/** True for conditions that differ in nothing but their heartbeats. */
export function sameConditions(a: readonly NodeCondition[], b: readonly NodeCondition[]): boolean {
  return (
    a.length === b.length &&
    a.every((condition, place) => {
      const { type, status, reason, message } = b[place]!;
      return (
        condition.type === type &&
        condition.status === status &&
        condition.reason === reason &&
        condition.message === message
      );
    })
  );
}

/** `status.images`: the biggest first. */
export function imagesStatus(present: readonly PresentImage[]): NodeStatus['images'] {
  return present
    .map(({ image, id, name }) => ({ names: [id, name], sizeBytes: image.sizeBytes }))
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, imagesMax);
}
