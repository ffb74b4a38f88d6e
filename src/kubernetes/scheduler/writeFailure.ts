// Upstream: pkg/scheduler/schedule_one.go (updatePod)
import type { Pod, PodCondition } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { podCondition } from '#kubernetes/api/podStatus.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Simulation } from '#sim/simulation.ts';

export interface Failure {
  readonly reason: string;
  readonly message: string;
  /** The node on which room is being made; undefined leaves what the pod says. */
  readonly nominatedNodeName: string | undefined;
}

/** Says in the pod's PodScheduled condition why it has no node, unless that stands there already. */
export function writeFailure(
  { simulation, client }: { readonly simulation: Simulation; readonly client: Client },
  pod: Pod,
  { reason, message, nominatedNodeName }: Failure,
): void {
  const known = podCondition(pod, 'PodScheduled');
  const { generation, namespace = '', name } = pod.metadata;
  const condition: PodCondition = {
    ...(generation !== undefined && { observedGeneration: generation }),
    lastTransitionTime:
      (known?.status === 'False' && known.lastTransitionTime) || formatTime(simulation.nowMs),
    message,
    reason,
    status: 'False',
    type: 'PodScheduled',
  };
  const isNomination =
    nominatedNodeName !== undefined && nominatedNodeName !== (pod.status.nominatedNodeName ?? '');
  if (deepEqual(known, condition) && !isNomination) return;
  const status = {
    conditions: [condition],
    ...(isNomination && { nominatedNodeName: nominatedNodeName || null }),
  };
  try {
    client.patch(pods, namespace, name, { type: 'strategic', body: { status }, subresource: 'status' });
  } catch (error) {
    // The pod may be gone; another attempt writes it again otherwise.
    if (!(error instanceof StatusError)) throw error;
  }
}
