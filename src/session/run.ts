import { type Hop, runWithHops } from '#sim/deferred.ts';
import type { Session } from './session.ts';

/**
 * Runs a session's events; programs get their turns through `hop`. Where the second load is due it is waited for: time
 * stands still until it has arrived.
 */
export async function runSession(
  session: Session,
  hop: Hop,
  limits: { untilMs: number; events?: number },
): Promise<'idle' | 'limit'> {
  const { simulation } = session;
  const events = limits.events ?? Infinity;
  const lastEvent = simulation.eventCount + events;
  if (limits.untilMs >= session.furnishMs) {
    const pause = await runWithHops(simulation, hop, { untilMs: session.furnishMs, events });
    if (pause === 'limit') return pause;
    await session.furnish();
  }
  return runWithHops(simulation, hop, {
    untilMs: limits.untilMs,
    events: lastEvent - simulation.eventCount,
  });
}
