import { type Hop, runWithHops } from '#sim/deferred.ts';
import type { Session } from './session.ts';

/** Runs a session's events; programs get their turns through `hop`. */
export function runSession(
  session: Session,
  hop: Hop,
  limits: { untilMs: number; events?: number },
): Promise<'idle' | 'limit'> {
  return runWithHops(session.simulation, hop, limits);
}
