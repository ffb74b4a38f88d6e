// Upstream: pkg/scheduler/schedule_one_podgroup.go
import type { Condition } from '#generated/types/meta.v1.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import { type PodGroup, podGroups, podGroupScheduled } from '#kubernetes/api/scheduling/podGroup.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Diagnosis } from './framework.ts';
import { type Gangs, gangScheduling } from './gangs.ts';
import type { GroupCycle, SchedulerHands } from './groupCycle.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { WaitingPod } from './queue.ts';
import { describeUnfit, noNodes, rejectorsOf } from './schedulingError.ts';

const unschedulable = 'pod group is unschedulable';
const permitMessage = 'waiting for minCount pods from a gang to be scheduled';

/** Places the pods of a gang together: as many as it needs, or none. */
export class GangCycle implements GroupCycle {
  readonly #gangs: Gangs;
  readonly #client: Client;
  readonly #simulation: Simulation;

  constructor(gangs: Gangs, { client, simulation }: { client: Client; simulation: Simulation }) {
    this.#gangs = gangs;
    this.#client = client;
    this.#simulation = simulation;
  }

  attempt(first: WaitingPod, hands: SchedulerHands): boolean {
    const group = this.#gangs.groupOf(first.pod);
    const minCount = group?.spec.schedulingPolicy.gang?.minCount;
    if (group === undefined || minCount === undefined) return false;
    const members = this.#gangs.membersOf(first.pod);
    const others = members.filter((pod) => pod !== first.pod && keyOf(pod) !== keyOf(first.pod));
    const waiting = [first, ...others.flatMap((pod) => hands.take(keyOf(pod)) ?? [])];
    const placed: (readonly [WaitingPod, NodeInfo])[] = [];
    const unfit: (readonly [WaitingPod, Diagnosis])[] = [];
    for (const one of waiting) {
      const { node, diagnosis } = hands.place(one);
      if (node !== null) placed.push([one, node]);
      else if (diagnosis !== null) unfit.push([one, diagnosis]);
    }
    const there = members.filter(({ spec }) => spec.nodeName).length;
    const isEnough = there + placed.length >= minCount;
    if (isEnough) for (const [one, node] of placed) hands.bind(one, node);
    else
      for (const [one] of placed) hands.takeBack(one, `${unschedulable}, ${permitMessage}`, gangScheduling);
    for (const [one, diagnosis] of unfit) this.#refuse(one, diagnosis, hands);
    this.#tell(group, isEnough);
    return true;
  }

  /** A pod of a gang drives nobody out: that its gang could use the room is not known. */
  #refuse(waiting: WaitingPod, diagnosis: Diagnosis, hands: SchedulerHands): void {
    const message = diagnosis.nodeCount === 0 ? noNodes : describeUnfit(diagnosis, '');
    hands.refuse(waiting, message, new Set([...rejectorsOf(diagnosis), gangScheduling]));
  }

  /** Writes how the group fares, until it was placed once. */
  #tell({ metadata, status }: PodGroup, isScheduled: boolean): void {
    const known = status.conditions?.find(({ type }) => type === podGroupScheduled);
    if (known?.status === 'True') return;
    const state: Pick<Condition, 'status' | 'reason' | 'message'> = isScheduled
      ? { status: 'True', reason: 'Scheduled', message: '' }
      : { status: 'False', reason: 'Unschedulable', message: unschedulable };
    const condition: Condition = {
      type: podGroupScheduled,
      ...state,
      observedGeneration: metadata.generation ?? 1,
      lastTransitionTime:
        known?.status === state.status ? known.lastTransitionTime : formatTime(this.#simulation.nowMs),
    };
    if (deepEqual(known, condition)) return;
    const { namespace = '', name } = metadata;
    const body = { status: { conditions: [condition] } };
    try {
      this.#client.patch(podGroups, namespace, name, { type: 'merge', body, subresource: 'status' });
    } catch (error) {
      // The group may be gone; its pods are placed all the same.
      if (!(error instanceof StatusError)) throw error;
    }
  }
}
