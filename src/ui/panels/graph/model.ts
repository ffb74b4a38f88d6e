import type { ComponentRow, EdgeRow, NodeRow, PodRow, Row, WorkloadRow } from '#protocol/rows.ts';

/** The rows, sorted into what the views ask for. Order is by creation and name, never by arrival. */
export interface GraphModel {
  readonly nodes: readonly NodeRow[];
  readonly pods: readonly PodRow[];
  readonly podsOfNode: ReadonlyMap<string, readonly PodRow[]>;
  /** Pods that no node has. */
  readonly unscheduled: readonly PodRow[];
  readonly workloads: readonly WorkloadRow[];
  readonly components: readonly ComponentRow[];
  readonly edges: readonly EdgeRow[];
}

export interface GraphFilter {
  readonly showSystem: boolean;
}

/** In the order of a request: who asks, who answers, who keeps. */
export const controlPlaneComponents = [
  'kube-scheduler',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-apiserver',
  'etcd',
];

const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

export function buildModel(rows: Iterable<Row>, filter: GraphFilter): GraphModel {
  const nodes: NodeRow[] = [];
  const pods: PodRow[] = [];
  const workloads: WorkloadRow[] = [];
  const components: ComponentRow[] = [];
  const edges: EdgeRow[] = [];
  for (const row of rows) {
    if (row.type === 'node') nodes.push(row);
    else if (row.type === 'pod') {
      if (filter.showSystem || !row.system) pods.push(row);
    } else if (row.type === 'workload') {
      if (filter.showSystem || !isSystemWorkload(row)) workloads.push(row);
    } else if (row.type === 'component') components.push(row);
    else edges.push(row);
  }
  nodes.sort(
    (a, b) =>
      Number(isControlPlane(b)) - Number(isControlPlane(a)) ||
      a.createdMs - b.createdMs ||
      compareNames(a.name, b.name),
  );
  pods.sort(byAge);
  workloads.sort(byAge);
  return {
    nodes,
    pods,
    podsOfNode: groupBy(
      pods.filter((pod) => pod.node !== null),
      (pod) => pod.node ?? '',
    ),
    unscheduled: pods.filter((pod) => pod.node === null),
    workloads,
    components: components.sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges,
  };
}

export function isControlPlane(node: NodeRow): boolean {
  return node.roles.includes('control-plane');
}

/** What every cluster boots with is not what the learner asks about. */
function isSystemWorkload(row: WorkloadRow): boolean {
  return systemNamespaces.has(row.namespace) || row.id === 'services/default/kubernetes';
}

interface Aged {
  readonly createdMs: number;
  readonly name: string;
}

function byAge(a: Aged, b: Aged): number {
  return a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1);
}

/** `node-2` before `node-10`. */
export function compareNames(a: string, b: string): number {
  const [aParts, bParts] = [a, b].map((name) => name.split(/(\d+)/u)) as [string[], string[]];
  for (let at = 0; at < Math.min(aParts.length, bParts.length); at += 1) {
    const [left, right] = [aParts[at] ?? '', bParts[at] ?? ''];
    if (left === right) continue;
    const difference = Number(left) - Number(right);
    if (at % 2 === 1 && difference !== 0) return difference;
    return left < right ? -1 : 1;
  }
  return aParts.length - bParts.length;
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
