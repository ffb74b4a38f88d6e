import type { FromWorker, ToWorker } from '#protocol/messages.ts';

/** The page's end of the line to a session: a worker here, and whatever speaks the protocol in tests. */
export interface Connection {
  post(message: ToWorker): void;
  /** Whoever listens hears every message; there is one listener. */
  listen(listener: (message: FromWorker) => void, broken: (message: string) => void): void;
  close(): void;
}
