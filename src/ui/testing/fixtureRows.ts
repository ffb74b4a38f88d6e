import type {
  ComponentRow,
  ContainerRow,
  EdgeRow,
  Health,
  NodeRow,
  PodRow,
  WorkloadRow,
} from '#protocol/rows.ts';

/** Made-up rows in the shapes that the projection sends, for tests of the page and for looking at it. */
export const epochMs = Date.UTC(2026, 0, 1);
const gibibyte = 1024 ** 3;

export function fixtureNode(index: number, patch: Partial<NodeRow> = {}): NodeRow {
  const controlPlane = index === 0;
  const name = controlPlane ? 'control-plane' : `worker-${index}`;
  return {
    type: 'node',
    id: `nodes/${name}`,
    uid: `node-${index}`,
    name,
    namespace: '',
    createdMs: epochMs,
    labels: { 'kubernetes.io/hostname': name },
    owner: null,
    health: 'running',
    status: 'Ready',
    roles: controlPlane ? 'control-plane' : '<none>',
    zone: `eu-west-1${'abc'[index % 3]}`,
    taints: [],
    address: `172.18.0.${index + 2}`,
    cpu: { allocatable: 4000, requested: 950 + index * 700, used: 400 + index * 420 },
    memory: {
      allocatable: 8 * gibibyte,
      requested: (1.4 + index * 0.8) * gibibyte,
      used: (1 + index * 0.6) * gibibyte,
    },
    podsMax: 110,
    slowness: 1,
    ...patch,
  };
}

export function fixtureContainer(name: string, patch: Partial<ContainerRow> = {}): ContainerRow {
  return { name, image: 'nginx:1.27', state: 'running', reason: '', ready: true, restarts: 0, ...patch };
}

const statuses: Record<Health, string> = {
  running: 'Running',
  pending: 'ContainerCreating',
  succeeded: 'Completed',
  failing: 'CrashLoopBackOff',
  terminating: 'Terminating',
  unknown: 'Unknown',
};

export function fixturePod(
  name: string,
  node: string | null,
  health: Health = 'running',
  patch: Partial<PodRow> = {},
): PodRow {
  const ready = health === 'running';
  return {
    type: 'pod',
    id: `pods/${patch.namespace ?? 'default'}/${name}`,
    uid: `uid-${name}`,
    name,
    namespace: 'default',
    createdMs: epochMs,
    labels: { app: name.split('-')[0] ?? name },
    owner: null,
    health,
    status: node === null && health === 'pending' ? 'Pending' : statuses[health],
    node: node === null ? null : `nodes/${node}`,
    address: node === null ? '' : '10.244.1.7',
    ready,
    containers: [
      fixtureContainer(
        'app',
        ready ? {} : { state: 'waiting', reason: statuses[health], ready: false, restarts: 3 },
      ),
    ],
    restarts: health === 'failing' ? 3 : 0,
    cpuUsed: 42,
    memoryUsed: 64 * 1024 ** 2,
    system: false,
    ...patch,
  };
}

export function fixtureWorkload(
  kind: string,
  name: string,
  status: string,
  patch: Partial<WorkloadRow> = {},
): WorkloadRow {
  return {
    type: 'workload',
    id: `${kind.toLowerCase()}s/default/${name}`,
    uid: `uid-${kind}-${name}`,
    kind,
    name,
    namespace: 'default',
    createdMs: epochMs,
    labels: {},
    owner: null,
    health: 'running',
    status,
    desired: 1,
    ready: 1,
    revision: 0,
    ...patch,
  };
}

export function fixtureEdge(
  from: string,
  to: string,
  relation: EdgeRow['relation'],
  milliRequests = 0,
  milliErrors = 0,
): EdgeRow {
  return {
    type: 'edge',
    id: `${relation}:${from}>${to}`,
    from,
    to,
    relation,
    milliRequests,
    milliErrors,
  };
}

export function fixtureComponent(name: string, node: string | null, running = true): ComponentRow {
  return {
    type: 'component',
    id: `components/${name}${node === null ? '' : `@${node}`}`,
    name,
    node: node === null ? null : `nodes/${node}`,
    running,
  };
}
