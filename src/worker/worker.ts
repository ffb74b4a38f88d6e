import type { FromWorker, ToWorker } from '#protocol/messages.ts';
import { Host } from './host.ts';
import { loadScenarios } from './library.ts';

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.addEventListener('message', () => waiting.shift()?.());
channel.port1.start();

/** One macrotask, without the clamp of nested timers. */
const hop = () =>
  new Promise<void>((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });

const host = new Host({
  post: (message: FromWorker) => postMessage(message),
  clock: () => performance.now(),
  hop,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  loadQueries: () => import('#session/queries.ts'),
  loadPrograms: () => import('#session/programs.ts'),
  loadLessons: async () => ({
    ...(await import('#session/lessonRunner.ts')),
    ...(await import('./lessonLibrary.ts')),
  }),
  loadScenarios,
});

addEventListener('message', (event: MessageEvent<ToWorker>) => host.receive(event.data));
