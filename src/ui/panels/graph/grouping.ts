import type { PodRow, WorkloadRow } from '#protocol/rows.ts';
import { groupBy, type GraphModel } from './model.ts';

/** Pods under their owner. */
export interface PodGroup {
  /** The owner's row, or null for pods that nobody owns. */
  readonly owner: WorkloadRow | null;
  readonly id: string;
  readonly pods: readonly PodRow[];
}

/** One line of ownership: what stands alone at the top and everything that exists because of it. */
export interface Lane {
  readonly id: string;
  readonly root: WorkloadRow | null;
  readonly scalers: readonly WorkloadRow[];
  readonly groups: readonly PodGroup[];
  readonly services: readonly WorkloadRow[];
  /** True for what runs the cluster itself. */
  readonly system: boolean;
}

/** How many ReplicaSets without pods are shown beside those with pods. */
const emptyGroupsMax = 2;
const systemNamespace = 'kube-system';
/** What is drawn beside a lane or in the network, and begins none. */
const attachedKinds = new Set(['Service', 'HorizontalPodAutoscaler', 'Ingress', 'Gateway']);

/** The lanes of the workloads view, in order of age. */
export function groupLanes(model: GraphModel): Lane[] {
  const owned = groupBy(
    model.workloads.filter((row) => row.owner !== null),
    (row) => row.owner ?? '',
  );
  const podsOf = groupBy(
    model.pods.filter((pod) => pod.owner !== null),
    (pod) => pod.owner ?? '',
  );
  const known = new Set(model.workloads.map((row) => row.id));
  const byId = new Map(model.workloads.map((row) => [row.id, row]));
  const scalers = groupBy(
    model.edges.filter((edge) => edge.relation === 'scales'),
    (edge) => edge.to,
  );
  const serviceEdges = groupBy(
    model.edges.filter((edge) => edge.relation === 'selects'),
    (edge) => edge.to,
  );
  const rowsOf = (ids: Iterable<string>): WorkloadRow[] =>
    [...new Set(ids)].flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [row];
    });

  const lanes: Lane[] = [];
  for (const root of model.workloads) {
    if (attachedKinds.has(root.kind) || (root.owner !== null && known.has(root.owner))) continue;
    const groups = trimGroups(
      [root, ...descendants(root, owned)]
        .map((owner) => ({ owner, id: owner.id, pods: podsOf.get(owner.id) ?? [] }))
        .filter(({ owner, pods }) => owner !== root || pods.length > 0 || !owned.has(root.id)),
    );
    const pods = groups.flatMap((group) => group.pods);
    lanes.push({
      system: root.namespace === systemNamespace,
      id: root.id,
      root,
      scalers: rowsOf((scalers.get(root.id) ?? []).map((edge) => edge.from)),
      groups,
      services: rowsOf(pods.flatMap((pod) => (serviceEdges.get(pod.id) ?? []).map((edge) => edge.from))),
    });
  }
  // Static pods of the control plane have no owner either; the nodes view shows them.
  const bare = model.pods.filter((pod) => !pod.system && (pod.owner === null || !known.has(pod.owner)));
  if (bare.length > 0)
    lanes.push({
      system: false,
      id: 'bare-pods',
      root: null,
      scalers: [],
      groups: [{ owner: null, id: 'bare-pods', pods: bare }],
      services: rowsOf(bare.flatMap((pod) => (serviceEdges.get(pod.id) ?? []).map((edge) => edge.from))),
    });
  return lanes;
}

function descendants(root: WorkloadRow, owned: ReadonlyMap<string, readonly WorkloadRow[]>): WorkloadRow[] {
  return (owned.get(root.id) ?? []).flatMap((child) => [child, ...descendants(child, owned)]);
}

/** Newest revision first; of those that have been scaled away, only the latest few. */
function trimGroups(groups: readonly PodGroup[]): PodGroup[] {
  const newestFirst = [...groups].sort((a, b) => (b.owner?.revision ?? 0) - (a.owner?.revision ?? 0));
  let empty = 0;
  return newestFirst.filter((group) => {
    if (group.pods.length > 0 || (group.owner?.desired ?? 0) > 0) return true;
    empty += 1;
    return empty <= emptyGroupsMax;
  });
}

/** One Service with what sends to it and what answers for it. */
export interface ServiceLane {
  readonly service: WorkloadRow;
  readonly pods: readonly { readonly pod: PodRow; readonly edgeId: string }[];
}

export interface NetworkGroups {
  /** Ingresses, and pods that send requests. */
  readonly sources: readonly { readonly id: string; readonly kind: string }[];
  readonly services: readonly ServiceLane[];
}

export function groupNetwork(model: GraphModel): NetworkGroups {
  const podById = new Map(model.pods.map((pod) => [pod.id, pod]));
  const selects = groupBy(
    model.edges.filter((edge) => edge.relation === 'selects'),
    (edge) => edge.from,
  );
  // The API server's own Service has no pods behind it, and nobody asks where its requests go.
  const services = model.workloads.filter(
    (row) => row.kind === 'Service' && row.id !== 'services/default/kubernetes',
  );
  const senders = new Set(
    model.edges
      .filter((edge) => edge.relation === 'routes' && podById.has(edge.from))
      .map((edge) => edge.from),
  );
  return {
    sources: [
      ...model.workloads
        .filter((row) => row.kind === 'Ingress' || row.kind === 'Gateway')
        .map((row) => ({ id: row.id, kind: row.kind })),
      ...model.pods.filter((pod) => senders.has(pod.id)).map((pod) => ({ id: pod.id, kind: 'Pod' })),
    ],
    services: services.map((service) => ({
      service,
      pods: (selects.get(service.id) ?? [])
        .flatMap((edge) => {
          const pod = podById.get(edge.to);
          return pod === undefined ? [] : [{ pod, edgeId: edge.id }];
        })
        .sort((a, b) => a.pod.createdMs - b.pod.createdMs || (a.pod.name < b.pod.name ? -1 : 1)),
    })),
  };
}
