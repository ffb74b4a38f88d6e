import type { ApiStream } from '#kubernetes/api/request.ts';
import type { Process } from '#world/machine/program.ts';

/** A stream did not bring what was waited for in time. */
export class Timeout extends Error {
  override name = 'Timeout';
}

/** Items that wait unread; a stream faster than its reader by more than this is ended with an error. */
const unreadMax = 100_000;

/**
 * What a stream brings, item by item. The stream is closed when the reader leaves the loop, for whatever
 * reason. `deadlineMs` is virtual time since the epoch; when it passes, Timeout is thrown.
 */
export async function* readStream<T>(
  process: Process,
  stream: ApiStream,
  deadlineMs = Infinity,
): AsyncGenerator<T> {
  const { simulation } = process;
  let unread: T[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake = () => {};
  stream.open(
    (batch) => {
      if (unread.length + batch.length > unreadMax) failure ??= new Error('the stream was read too slowly');
      else unread.push(...(batch as readonly T[]));
      wake();
    },
    (error) => {
      ended = true;
      failure ??= error;
      wake();
    },
  );
  try {
    for (;;) {
      const batch = unread;
      unread = [];
      yield* batch;
      if (unread.length > 0) continue;
      if (failure) throw failure;
      if (ended) return;
      if (simulation.nowMs >= deadlineMs) throw new Timeout();
      await process.wait<void>((resolve) => {
        wake = () => resolve();
        const timer = deadlineMs === Infinity ? null : simulation.after(deadlineMs - simulation.nowMs, wake);
        return () => {
          wake = () => {};
          simulation.cancel(timer);
        };
      });
    }
  } finally {
    stream.close();
  }
}
