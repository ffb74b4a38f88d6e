import { afterEach, expect, test, vi } from 'vitest';
import type { FromWorker, ToWorker } from '#protocol/messages.ts';
import { fixtureNode } from '#ui/testing/fixtureRows.ts';
import { createSession, type Session } from './session.ts';

const recipe = { scenario: 'empty', seed: 's', inputs: [] };
const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
  vi.useRealTimers();
});

function connected(recorded?: (words: string) => void) {
  const sent: ToWorker[] = [];
  let receive: (message: FromWorker) => void = () => undefined;
  let broken: (message: string) => void = () => undefined;
  const session = createSession({
    build: 'test',
    open: () => ({
      post: (message) => sent.push(message),
      listen(listener, failed) {
        receive = listener;
        broken = failed;
      },
      close: () => sent.push({ type: 'cancel' }),
    }),
    recorded: ({ input }) => recorded?.(input.type),
  });
  sessions.push(session);
  session.start(recipe);
  return {
    session,
    sent,
    receive: (message: FromWorker) => receive(message),
    broken: (text: string) => broken(text),
  };
}

const started: FromWorker = { type: 'started', recipe, hostname: 'h', differs: false, cancelled: false };
const frame: FromWorker = {
  type: 'frame',
  kinds: 1,
  nowMs: 5000,
  speed: 10,
  eventCount: 7,
  revision: 3,
  delta: { upserts: [fixtureNode(1)], deletes: [] },
  activity: [],
  milliRequests: 0,
  milliErrors: 0,
};

test('a session starts, mirrors frames and remembers the speed before a pause', () => {
  const { session, sent, receive } = connected();
  expect(sent).toEqual([{ type: 'start', recipe, build: 'test' }]);
  receive(started);
  receive(frame);
  receive({ ...frame, speed: 0 });
  expect(session.state.getState()).toMatchObject({
    phase: 'running',
    nowMs: 5000,
    speed: 0,
    runningSpeed: 10,
  });
  expect(session.rows.get('nodes/worker-1')?.type).toBe('node');
});

test('answers find their questions in any order, and errors reject', async () => {
  const { session, receive } = connected();
  const first = session.ask({ type: 'hash' });
  const second = session.ask({ type: 'listFiles' });
  receive({ type: 'reply', id: 2, answer: ['a.yaml'], error: null });
  receive({ type: 'reply', id: 1, answer: null, error: 'no' });
  await expect(second).resolves.toEqual(['a.yaml']);
  await expect(first).rejects.toThrow('no');
});

test('recorded inputs are saved, and outlive a crash', async () => {
  const saved: string[] = [];
  const { session, receive } = connected((words) => saved.push(words));
  receive(started);
  receive({ type: 'recorded', input: { atMs: 1, afterEvent: 1, input: { type: 'step' } } });
  const asked = session.ask({ type: 'hash' });
  receive({ type: 'crashed', message: 'a bug' });
  await expect(asked).rejects.toThrow('stopped');
  expect(saved).toEqual(['step']);
  expect(session.recordedInputs()).toHaveLength(1);
  expect(session.state.getState()).toMatchObject({ phase: 'crashed', failure: 'a bug', inputCount: 1 });
});

test('undo and reset begin again: whoever waits for a start, as the terminal does to tell its size, hears of it', () => {
  const { session, sent, receive } = connected();
  const phases: string[] = [];
  session.state.subscribe((state, before) => state.phase !== before.phase && phases.push(state.phase));
  receive(started);
  for (const type of ['undo', 'reset'] as const) {
    session[type]();
    receive(started);
    expect(sent.at(-1)).toEqual({ type });
  }
  expect(phases).toEqual(['running', 'starting', 'running', 'starting', 'running']);
});

test('a worker that cannot start is a crash, and starting anew closes the old one', () => {
  const { session, sent, broken } = connected();
  broken('no such file');
  expect(session.state.getState()).toMatchObject({ phase: 'crashed', failure: 'no such file' });
  session.start(recipe);
  expect(sent.map((message) => message.type)).toEqual(['start', 'cancel', 'start']);
  expect(session.state.getState().phase).toBe('starting');
});

test('ten seconds without a word are a silence, which ends with the next word', () => {
  vi.useFakeTimers();
  const { session, receive } = connected();
  receive(started);
  vi.advanceTimersByTime(9000);
  expect(session.state.getState().phase).toBe('running');
  vi.advanceTimersByTime(4000);
  expect(session.state.getState().phase).toBe('silent');
  receive(frame);
  expect(session.state.getState().phase).toBe('running');
});

test('what an overtaken session had printed does not stay on the screen', () => {
  const { session, receive } = connected();
  let screen = '';
  session.terminal.attach(
    (text) => (screen += text),
    () => (screen = ''),
  );
  const prints = (text: string) => receive({ type: 'terminalOutput', terminal: 1, text });
  receive(started);
  prints('first');
  session.undo();
  session.undo();
  // The worker had answered the first undo before it heard of the second.
  receive(started);
  prints('overtaken');
  receive(started);
  prints('last');
  expect(screen).toBe('last');
});
