import type { StampedInput, Stamp } from '#classroom/recipe.ts';
import type { Hop } from '#sim/deferred.ts';
import { runSession } from './run.ts';
import type { Session } from './session.ts';

/** Events between two looks at whether the replay was cancelled. */
const sliceEvents = 2_000;

export interface ReplayOptions {
  readonly hop: Hop;
  /** Called between slices with the share that is done, 0 to 1; returns false to cancel. */
  onProgress?(done: number): boolean | Promise<boolean>;
  /** Where to stop after the last input; at the last input when absent. */
  readonly end?: Stamp;
  /** Events per slice, for the determinism tests. */
  readonly events?: number;
}

/** Plays recorded inputs into a fresh session, each at its own place. False when it was cancelled. */
export async function replay(
  session: Session,
  inputs: readonly StampedInput[],
  options: ReplayOptions,
): Promise<boolean> {
  const last = options.end ?? inputs.at(-1);
  const total = last?.afterEvent ?? 0;
  for (const entry of inputs) {
    if (!(await advanceTo(session, entry, total, options))) return false;
    await session.furnish();
    session.input(entry.input);
  }
  return options.end === undefined || advanceTo(session, options.end, total, options);
}

async function advanceTo(
  session: Session,
  stamp: Stamp,
  total: number,
  options: ReplayOptions,
): Promise<boolean> {
  const { simulation } = session;
  for (;;) {
    const left = stamp.afterEvent - simulation.eventCount;
    const events = Math.min(left, options.events ?? sliceEvents);
    const pause = await runSession(session, options.hop, { untilMs: stamp.atMs, events });
    const arrived = pause === 'idle' || simulation.eventCount >= stamp.afterEvent;
    if (arrived) return true;
    if (options.onProgress && !(await options.onProgress(total === 0 ? 1 : simulation.eventCount / total))) {
      return false;
    }
  }
}
