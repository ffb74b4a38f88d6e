import type { Simulation } from './simulation.ts';

/**
 * Calls `act` for each of `items`, `perTurn` of them in each event of this instant, so that no event is long
 * however many there are; then `done`, in the last of these events.
 */
export function inTurns<T>(
  simulation: Simulation,
  items: readonly T[],
  perTurn: number,
  act: (item: T) => void,
  done: () => void = () => {},
): void {
  const turn = (from: number) => {
    const end = Math.min(from + perTurn, items.length);
    for (let i = from; i < end; i++) act(items[i]!);
    if (end === items.length) done();
    else simulation.after(0, () => turn(end));
  };
  turn(0);
}
