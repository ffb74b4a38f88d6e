/**
 * Who has a slot keeps it; who is gone frees it; who is new takes the lowest free one. So nothing moves when
 * one thing comes or goes. Ids are placed in the order given.
 */
export function assignSlots(
  before: ReadonlyMap<string, number> | undefined,
  ids: readonly string[],
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  const taken = new Set<number>();
  for (const id of ids) {
    const slot = before?.get(id);
    if (slot === undefined) continue;
    slots.set(id, slot);
    taken.add(slot);
  }
  let free = 0;
  for (const id of ids) {
    if (slots.has(id)) continue;
    while (taken.has(free)) free += 1;
    slots.set(id, free);
    taken.add(free);
  }
  return slots;
}

/** How many slots must be there for the highest that is taken. */
export function slotsNeeded(slots: ReadonlyMap<string, number>): number {
  let needed = 0;
  for (const slot of slots.values()) needed = Math.max(needed, slot + 1);
  return needed;
}

/** The smallest step that holds `needed`, and never one below `before`: sizes change seldom, and only upward. */
export function stepUp(steps: readonly number[], needed: number, before = 0): number {
  const last = steps.at(-1) ?? needed;
  const fitting = steps.find((step) => step >= needed) ?? Math.ceil(needed / last) * last;
  return Math.max(fitting, before);
}
