import type { Process } from '#world/machine/program.ts';
import type { BodyStream } from '#world/network/http.ts';

/** Characters that may wait unread; a server that is faster than its reader by more is left. */
const unreadMax = 4 * 1024 * 1024;

/** What a body brings, bit by bit, until it ends or `untilMs` of virtual time has come. It is closed when the loop is left. */
export async function* receive(
  process: Process,
  stream: BodyStream,
  untilMs = Infinity,
): AsyncGenerator<string> {
  const { simulation } = process;
  let unread = '';
  let ended = false;
  let wake = () => {};
  stream.open(
    (text) => {
      unread += text;
      if (unread.length > unreadMax) ended = true;
      wake();
    },
    () => {
      ended = true;
      wake();
    },
  );
  try {
    for (;;) {
      const text = unread;
      unread = '';
      if (text !== '') yield text;
      if (unread !== '') continue;
      if (ended || simulation.nowMs >= untilMs) return;
      await process.wait<void>((resolve) => {
        wake = () => resolve();
        const timer = untilMs === Infinity ? null : simulation.after(untilMs - simulation.nowMs, wake);
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
