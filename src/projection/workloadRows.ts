import { type AnyKind, resourceName } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Health, WorkloadRow } from '#protocol/rows.ts';
import { countHealth } from './health.ts';
import { rowBase } from './rowBase.ts';

/** The parts of a workload that rows are made from; every kind has some of them. */
interface Workload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly completions?: number;
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[];
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly rules?: readonly { readonly host?: string }[];
    readonly schedule?: string;
    readonly suspend?: boolean;
  };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly succeeded?: number;
    /** A number, or the Jobs themselves in a CronJob. */
    readonly active?: number | readonly unknown[];
    readonly phase?: unknown;
    readonly state?: unknown;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Facts {
  readonly desired: number;
  readonly ready: number;
  readonly status: string;
  readonly health?: Health;
}

function replicas({ spec, status }: Workload): Facts {
  const desired = spec?.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  return { desired, ready, status: `${ready}/${desired} ready` };
}

function isTrue(object: Workload, type: string): boolean {
  return object.status?.conditions?.some((entry) => entry.type === type && entry.status === 'True') ?? false;
}

function job(object: Workload): Facts {
  const desired = object.spec?.completions ?? 1;
  const ready = object.status?.succeeded ?? 0;
  if (isTrue(object, 'Failed')) return { desired, ready, status: 'Failed', health: 'failing' };
  if (isTrue(object, 'Complete')) return { desired, ready, status: 'Complete', health: 'succeeded' };
  return { desired, ready, status: `${ready}/${desired} complete` };
}

function service({ spec }: Workload): Facts {
  const ports = (spec?.ports ?? []).map(({ port, nodePort }) =>
    nodePort ? `${port}:${nodePort}` : `${port}`,
  );
  return {
    desired: 0,
    ready: 0,
    status: `${spec?.clusterIP ?? ''} ${ports.join(',')}`.trim(),
    health: 'running',
  };
}

function autoscaler({ spec, status }: Workload): Facts {
  const current = status?.currentReplicas ?? 0;
  return {
    desired: status?.desiredReplicas ?? 0,
    ready: current,
    status: `${current} of ${spec?.minReplicas ?? 1}–${spec?.maxReplicas ?? 1}`,
    health: 'running',
  };
}

function daemonSet({ status }: Workload): Facts {
  const desired = status?.desiredNumberScheduled ?? 0;
  const ready = status?.numberReady ?? 0;
  return { desired, ready, status: `${ready}/${desired} ready` };
}

function ingress({ spec }: Workload): Facts {
  const hosts = (spec?.rules ?? []).map((rule) => rule.host ?? '*');
  return { desired: 0, ready: 0, status: hosts.join(',') || '*', health: 'running' };
}

function cronJob({ spec, status }: Workload): Facts {
  const active = Array.isArray(status?.active) ? status.active.length : 0;
  const running = active > 0 ? `, ${active} running` : '';
  return {
    desired: 0,
    ready: active,
    status: spec?.suspend ? 'suspended' : `${spec?.schedule ?? ''}${running}`,
    health: 'running',
  };
}

/** A custom resource, by what most of them have: a phase, or a condition that says whether all is well. */
function custom(object: Workload): Facts {
  const { conditions = [], phase, state } = object.status ?? {};
  const verdict = conditions.find(({ type }) =>
    ['Ready', 'Available', 'Succeeded', 'Complete'].includes(type),
  );
  const failed = conditions.some(({ type, status }) => type === 'Failed' && status === 'True');
  const word = [phase, state].find((entry) => typeof entry === 'string');
  const said = typeof word === 'string' ? word : verdict && `${verdict.type}: ${verdict.status}`;
  if (failed || /fail|error/i.test(said ?? ''))
    return { desired: 0, ready: 0, status: said ?? 'Failed', health: 'failing' };
  const isWaiting = verdict?.status === 'False' || /pending|creating|waiting/i.test(said ?? '');
  const isDone = /succeeded|complete/i.test(said ?? '') && !isWaiting;
  return {
    desired: 0,
    ready: 0,
    status: said ?? '',
    health: isWaiting ? 'pending' : isDone ? 'succeeded' : 'running',
  };
}

/** How each kind that is drawn as a box counts its parts. */
const factsOf: Record<string, (object: Workload) => Facts> = {
  deployments: replicas,
  replicasets: replicas,
  statefulsets: replicas,
  daemonsets: daemonSet,
  replicationcontrollers: replicas,
  jobs: job,
  cronjobs: cronJob,
  services: service,
  horizontalpodautoscalers: autoscaler,
  ingresses: ingress,
};

/** True for the kinds that are drawn as boxes: all custom resources are. */
export function isWorkload(kind: AnyKind): boolean {
  return kind.custom !== undefined || Object.hasOwn(factsOf, kind.plural);
}

export function workloadRow(
  kind: AnyKind,
  object: KubeObject,
  customOwner: (group: string, kind: string) => string | undefined,
): WorkloadRow {
  const facts = kind.custom === undefined ? factsOf[kind.plural]! : custom;
  const { desired, ready, status, health } = facts(object);
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  const revision = Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  return {
    ...rowBase(resourceName(kind), object, customOwner),
    type: 'workload',
    kind: kind.kind,
    health: isDeleted ? 'terminating' : (health ?? countHealth(desired, ready, isDeleted)),
    status,
    desired,
    ready,
    revision,
  };
}
