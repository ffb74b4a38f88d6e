import { setTimeout as sleep } from 'node:timers/promises';
import { Pacer } from '#session/pacer.ts';
import { runSession } from '#session/run.ts';
import type { Recipe } from '#classroom/recipe.ts';
import { replay } from '#session/replay.ts';
import type { Session } from '#session/session.ts';

/** Wall-clock ms between two looks at the clock while nothing is due. */
const restMs = 4;

/** One macrotask: requests that came in meanwhile are served in it. */
const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets a session's virtual time follow the wall clock, so that the requests of others find it running. */
export class Driver {
  readonly session: Session;
  /** Virtual seconds per second; 0 is paused. */
  speed: number | 'max';
  #stopping = false;

  constructor(session: Session, speed: number | 'max') {
    this.session = session;
    this.speed = speed;
  }

  /** Runs so many virtual ms at once, as fast as it can. Not while `run` does. */
  async skip(ms: number): Promise<void> {
    await runSession(this.session, hop, { untilMs: this.session.simulation.nowMs + ms });
  }

  /** Plays a recording into the fresh session. False where it came to another state than when it was made. */
  async replay({ inputs, end }: Recipe): Promise<boolean> {
    await replay(this.session, inputs, { hop, ...(end && { end }) });
    return end === undefined || end.hash === this.session.hash();
  }

  /** Runs until `stop`; throws what stopped the simulation when it has a bug. */
  async run(): Promise<void> {
    this.#stopping = false;
    const { session } = this;
    const pacer = new Pacer(() => performance.now(), session.simulation.nowMs);
    const paced = {
      get nowMs() {
        return session.simulation.nowMs;
      },
      run: (limits: { untilMs: number; events: number }) => runSession(session, hop, limits),
    };
    while (!this.#stopping) {
      const busy = await pacer.slice(paced, this.speed);
      if (busy) await hop();
      else await sleep(restMs);
    }
  }

  /** Ends `run` after its slice. */
  stop(): void {
    this.#stopping = true;
  }
}
