import type { Page } from '@playwright/test';
import type { FromWorker, ToWorker } from '../src/protocol/messages.ts';

/** What of the worker's messages a test sees beside the page: everything printed, and questions of its own. */
interface WorkerTap {
  /** What the present session has printed in the terminal. */
  output: string;
  /** How many sessions have started. */
  started: number;
  lastStart: { readonly differs: boolean; readonly cancelled: boolean } | null;
  ask(message: (id: number) => ToWorker): Promise<unknown>;
}

declare global {
  interface Window {
    workerTap: WorkerTap;
  }
}

/** Listens to the session's worker from its first message. It runs in the page, before the page's own code. */
export async function tapWorker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const PlainWorker = window.Worker;
    let session: Worker | null = null;
    let lastId = 0;
    const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
    const tap: WorkerTap = {
      output: '',
      started: 0,
      lastStart: null,
      ask: (message) =>
        new Promise((resolve, reject) => {
          // Below zero, so that they are never the page's own questions.
          lastId -= 1;
          waiting.set(lastId, { resolve, reject });
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
          session?.postMessage(message(lastId));
        }),
    };
    window.workerTap = tap;
    const hear = (worker: Worker, message: FromWorker): void => {
      switch (message.type) {
        case 'started':
          session = worker;
          tap.output = '';
          tap.started += 1;
          tap.lastStart = message;
          break;
        case 'terminalOutput':
          tap.output += message.text;
          break;
        case 'reply':
          if (message.error === null) waiting.get(message.id)?.resolve(message.answer);
          else waiting.get(message.id)?.reject(new Error(message.error));
          break;
        case 'pong':
          waiting.get(message.id)?.resolve(null);
          break;
        default:
      }
    };
    window.Worker = class extends PlainWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', (event: MessageEvent<FromWorker>) => hear(this, event.data));
      }
    };
  });
}
