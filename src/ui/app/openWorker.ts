import type { FromWorker } from '#protocol/messages.ts';
import type { Connection } from '#ui/store/connection.ts';

/** Starts a worker that holds one session. */
export function openConnection(): Connection {
  const worker = new Worker(new URL('../../worker/worker.ts', import.meta.url), { type: 'module' });
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    post: (message) => worker.postMessage(message),
    listen(listener, broken) {
      worker.addEventListener('message', (event: MessageEvent<FromWorker>) => listener(event.data));
      worker.addEventListener('error', (event) => broken(event.message || 'The worker could not start.'));
      worker.addEventListener('messageerror', () => broken('A message of the worker could not be read.'));
    },
    close: () => worker.terminate(),
  };
}
