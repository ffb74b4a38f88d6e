// Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth
import type { Node, NodeCondition } from '#generated/types/core.v1.ts';
import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Steady } from '#kubernetes/api/request.ts';
import { formatMicroTime, formatTime } from '#kubernetes/apimachinery/time.ts';

/** Upstream: --node-monitor-grace-period, 50 s since 1.32. */
export const monitorGraceMs = 50_000;
/** Upstream: --node-startup-grace-period. */
const startupGraceMs = 60_000;

/** Upstream: the conditions that a silent kubelet loses. */
const lostConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** What was last heard of a node, by the controller's own clock: nodes' clocks are not trusted. */
export interface NodeHealth {
  readonly readyHeartbeat: string | undefined;
  /** The lease's renewTime; RFC 3339 with micros, so that a later one is a greater text. */
  readonly renewed: string;
  /** When the node last gave a sign of life. */
  readonly probeMs: number;
}

export function readyCondition(node: Node): NodeCondition | undefined {
  return node.status.conditions?.find(({ type }) => type === 'Ready');
}

/** Takes note of a heartbeat or a renewed lease. */
export function observeHealth(
  known: NodeHealth | undefined,
  node: Node,
  lease: Lease | undefined,
  nowMs: number,
): NodeHealth {
  const ready = readyCondition(node);
  const renewed = lease?.spec.renewTime ?? '';
  const readyHeartbeat = ready?.lastHeartbeatTime;
  if (known === undefined) {
    const probeMs = ready === undefined ? Date.parse(node.metadata.creationTimestamp) : nowMs;
    return { readyHeartbeat, renewed, probeMs };
  }
  if (known.readyHeartbeat === readyHeartbeat && known.renewed >= renewed) return known;
  return { readyHeartbeat, renewed: renewed > known.renewed ? renewed : known.renewed, probeMs: nowMs };
}

/** How far a node's heartbeats came that were not delivered one by one. */
export interface SteadySigns {
  readonly lease: Steady | undefined;
  readonly node: Steady | undefined;
}

/**
 * The health of a node as looks every `periodMs`, of which one is now, would have noted it had each heartbeat been
 * delivered: the first look after one was to be seen takes it for a sign of life. `node` and `lease` are as they are
 * in the caches now, which tell no news where they are not later than that.
 */
export function heardSince(
  health: NodeHealth,
  signs: SteadySigns,
  node: Node,
  lease: Lease | undefined,
  { periodMs, nowMs }: { readonly periodMs: number; readonly nowMs: number },
): NodeHealth {
  let { probeMs, renewed, readyHeartbeat } = health;
  const hear = ({ seenMs }: Steady) => {
    if (seenMs <= nowMs)
      probeMs = Math.max(probeMs, nowMs - Math.floor((nowMs - seenMs) / periodMs) * periodMs);
  };
  if (signs.lease !== undefined) {
    hear(signs.lease);
    const renewTime = lease?.spec.renewTime ?? '';
    if (renewTime <= formatMicroTime(signs.lease.seenMs) && renewTime > renewed) renewed = renewTime;
  }
  if (signs.node !== undefined) {
    hear(signs.node);
    const heartbeat = readyCondition(node)?.lastHeartbeatTime ?? '';
    if (heartbeat <= formatTime(signs.node.seenMs)) readyHeartbeat = heartbeat;
  }
  return { probeMs, renewed, readyHeartbeat };
}

/** True when a node has been silent for longer than it may be. */
export function isSilent(health: NodeHealth, node: Node, nowMs: number): boolean {
  return isLongAgo(health.probeMs, node, nowMs);
}

/** True for a sign of life that is older than a node's grace. */
export function isLongAgo(signMs: number, node: Node, nowMs: number): boolean {
  const graceMs = readyCondition(node) === undefined ? startupGraceMs : monitorGraceMs;
  return nowMs > signMs + graceMs;
}

/** The node with its conditions Unknown; the node itself when they are already. */
export function withUnknownConditions(node: Node, nowMs: number): Node {
  const lastTransitionTime = formatTime(nowMs);
  let conditions = node.status.conditions ?? [];
  for (const type of lostConditions) {
    const present = conditions.find((condition) => condition.type === type);
    if (present?.status === 'Unknown') continue;
    const next: NodeCondition =
      present === undefined
        ? {
            type,
            status: 'Unknown',
            reason: 'NodeStatusNeverUpdated',
            message: 'Kubelet never posted node status.',
            lastHeartbeatTime: node.metadata.creationTimestamp,
            lastTransitionTime,
          }
        : {
            ...present,
            status: 'Unknown',
            reason: 'NodeStatusUnknown',
            message: 'Kubelet stopped posting node status.',
            lastTransitionTime,
          };
    conditions =
      present === undefined
        ? [...conditions, next]
        : conditions.map((condition) => (condition === present ? next : condition));
  }
  return conditions === node.status.conditions ? node : { ...node, status: { ...node.status, conditions } };
}
