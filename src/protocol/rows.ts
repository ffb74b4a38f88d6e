/**
 * The page's picture of the cluster: small flat rows, a few dozen bytes each, sent as deltas once a frame.
 * `id` is stable for an object's life: `pods/default/web-abc`. Whole objects are fetched on demand.
 */

/** One palette for everything that has a state; shown by shape and word as well as by colour. */
export type Health = 'running' | 'pending' | 'succeeded' | 'failing' | 'terminating' | 'unknown';

interface RowBase {
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  /** `''` for cluster-scoped objects. */
  readonly namespace: string;
  /** Creation time, ms since the epoch. */
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** `id` of the controlling owner, or null. */
  readonly owner: string | null;
}

export interface NodeRow extends RowBase {
  readonly type: 'node';
  readonly health: Health;
  /** As `kubectl get nodes` says it: `Ready,SchedulingDisabled`. */
  readonly status: string;
  readonly roles: string;
  readonly zone: string;
  readonly taints: readonly string[];
  readonly address: string;
  /** Millicores and bytes: what the node has, what its pods requested, what they use. */
  readonly cpu: Amounts;
  readonly memory: Amounts;
  readonly podsMax: number;
  /** How many times longer than on a healthy machine everything takes; 1 is healthy. */
  readonly slowness: number;
}

export interface Amounts {
  readonly allocatable: number;
  readonly requested: number;
  readonly used: number;
}

export interface ContainerRow {
  readonly name: string;
  readonly image: string;
  readonly state: 'waiting' | 'running' | 'terminated';
  /** `CrashLoopBackOff`, `Completed` … or `''`. */
  readonly reason: string;
  readonly ready: boolean;
  readonly restarts: number;
}

export interface PodRow extends RowBase {
  readonly type: 'pod';
  readonly health: Health;
  /** The STATUS column of `kubectl get pods`. */
  readonly status: string;
  /** `id` of its node, or null while it is not bound. */
  readonly node: string | null;
  readonly address: string;
  readonly ready: boolean;
  readonly containers: readonly ContainerRow[];
  readonly restarts: number;
  /** Millicores and bytes in use. */
  readonly cpuUsed: number;
  readonly memoryUsed: number;
  /** True for what belongs to the control plane (namespace kube-system). */
  readonly system: boolean;
}

/** Deployments, ReplicaSets, Jobs, autoscalers, Services, Ingresses: boxes of the workloads and network views. */
export interface WorkloadRow extends RowBase {
  readonly type: 'workload';
  /** `Deployment`, `ReplicaSet`, `Service` … */
  readonly kind: string;
  readonly health: Health;
  /** In words: `2/3 ready`, `Complete`, `10.96.0.12:80`. */
  readonly status: string;
  readonly desired: number;
  readonly ready: number;
  /** Revision of a ReplicaSet, or 0. */
  readonly revision: number;
}

/** A relation other than ownership: Service → Pod, autoscaler → Deployment, Ingress → Service. */
export interface EdgeRow {
  readonly type: 'edge';
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly relation: 'selects' | 'scales' | 'routes' | 'mounts';
  /** Requests per second along it, in thousandths; 0 where nothing flows. */
  readonly milliRequests: number;
  /** Share of them that fail, in thousandths. */
  readonly milliErrors: number;
}

/** A component of the control plane or of a node, that can be seen and broken (D9). */
export interface ComponentRow {
  readonly type: 'component';
  readonly id: string;
  /** `kube-scheduler`, `etcd`, `kubelet` … */
  readonly name: string;
  /** `id` of its node, or null. */
  readonly node: string | null;
  readonly running: boolean;
}

export type Row = NodeRow | PodRow | WorkloadRow | EdgeRow | ComponentRow;

/** What changed since the delta before; a row replaces the one with its id. */
export interface RowDelta {
  readonly upserts: readonly Row[];
  readonly deletes: readonly string[];
}

/** One line of the strip of recent events. */
export interface ActivityRow {
  /** Counts up; the strip keeps the latest few thousand. */
  readonly sequence: number;
  readonly atMs: number;
  readonly type: 'write' | 'event' | 'input' | 'fault';
  /** Who did it: `kubernetes-admin`, `deployment-controller` … */
  readonly actor: string;
  /** `create pods/default/web-abc`, or the reason and message of an Event. */
  readonly text: string;
  /** Row id it is about, or null. */
  readonly subject: string | null;
  readonly level: 'normal' | 'warning';
}
