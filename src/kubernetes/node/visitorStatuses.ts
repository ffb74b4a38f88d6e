import type { PodStatus } from '#generated/types/core.v1.ts';
import { type ContainerSlot, unlocated } from './containerSlot.ts';
import { containerStatus } from './containerStatus.ts';

/** Of ephemeral containers; those that ran before the node lost power have ended. Undefined where none ever came. */
export function visitorStatuses(
  old: PodStatus,
  slots: readonly ContainerSlot[],
  nowMs: number,
): PodStatus['ephemeralContainerStatuses'] {
  const known = old.ephemeralContainerStatuses;
  if (known === undefined && slots.at(-1)?.kind !== 'ephemeral') return undefined;
  const visitors = slots.filter(({ kind }) => kind === 'ephemeral');
  const gone = (known ?? []).filter(({ name }) => visitors.every(({ spec }) => spec.name !== name));
  return [
    ...gone.map((status) => ({ ...status, state: { terminated: unlocated(status, nowMs)! } })),
    ...visitors.map((slot) => {
      const { started: _, ...status } = containerStatus(slot, false);
      return { ...status, ready: false };
    }),
  ];
}
