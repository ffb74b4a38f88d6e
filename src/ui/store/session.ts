import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Input, Recipe, Speed, StampedInput } from '#classroom/recipe.ts';
import type { Answers, FromWorker, Query } from '#protocol/messages.ts';
import { ActivityLog } from './activityLog.ts';
import type { Connection } from './connection.ts';
import { RowTable } from './rowTable.ts';
import { Series } from './series.ts';
import { TerminalStream } from './terminalStream.ts';

/** `replaying` has progress and can be cancelled; `crashed` and `silent` offer to return to before the last input. */
export type Phase = 'starting' | 'replaying' | 'running' | 'crashed' | 'silent';

export interface SessionState {
  readonly phase: Phase;
  /** 0 to 1 while replaying. */
  readonly progress: number;
  readonly scenario: string;
  readonly seed: string;
  readonly hostname: string;
  /** How many acts the session has taken: 0 means there is nothing to undo. That the terminal has a size is no act. */
  readonly inputCount: number;
  /** Virtual time in ms since the epoch. */
  readonly nowMs: number;
  readonly speed: Speed;
  /** The speed before the pause, for going on. */
  readonly runningSpeed: Speed;
  readonly eventCount: number;
  readonly revision: number;
  /** Thousandths of requests per second. */
  readonly milliRequests: number;
  readonly milliErrors: number;
  /** Where the learner is in the open lesson. */
  readonly lesson: { readonly id: string; readonly at: number; readonly hint: string | null } | null;
  /** What went wrong when `crashed`. */
  readonly failure: string;
}

/** One session as the page sees it. Panels read rows and state, send inputs and ask questions. */
export interface Session {
  readonly state: StoreApi<SessionState>;
  readonly rows: RowTable;
  readonly activity: ActivityLog;
  readonly series: Series;
  readonly terminal: TerminalStream;
  /** The inputs so far, which outlive a worker that has crashed. */
  recordedInputs(): readonly StampedInput[];
  start(recipe: Recipe): void;
  input(input: Input): void;
  ask<Q extends Query>(query: Q): Promise<Answers[Q['type']]>;
  /** Opens a lesson over the running session, or closes the open one. */
  openLesson(id: string | null): void;
  /** Goes on from a step that was read or answered. */
  continueLesson(): void;
  undo(): void;
  reset(): void;
  cancel(): void;
  close(): void;
}

export interface SessionOptions {
  open(): Connection;
  /** The build that a recipe is replayed by. */
  readonly build: string;
  /** Called before anything else happens with an input that the worker recorded. */
  recorded?(input: StampedInput): void;
  /** The worker (re)started from this recipe, which replaces what was saved. */
  started?(recipe: Recipe, end: { readonly differs: boolean; readonly cancelled: boolean }): void;
  /** Milliseconds of silence after which the worker counts as stuck. */
  readonly silenceMaxMs?: number;
}

/** The worker answers a ping within two slices; ten seconds of nothing is a hang (D5). */
const silenceMaxMs = 10_000;
const pingPeriodMs = 2000;

const stateAtStart: SessionState = {
  phase: 'starting',
  progress: 0,
  scenario: '',
  seed: '',
  hostname: '',
  inputCount: 0,
  nowMs: 0,
  speed: 1,
  runningSpeed: 1,
  eventCount: 0,
  revision: 0,
  milliRequests: 0,
  milliErrors: 0,
  lesson: null,
  failure: '',
};

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Makes the mirror of one session. Nothing is global: a test, an embed or a fork makes its own. */
export function createSession(options: SessionOptions): Session {
  const state = createStore<SessionState>(() => stateAtStart);
  const rows = new RowTable();
  const activity = new ActivityLog();
  const series = new Series();
  const terminal = new TerminalStream();
  const pending = new Map<number, Pending>();
  let inputs: StampedInput[] = [];
  let connection: Connection | null = null;
  let queryId = 0;
  let heardAtMs = performance.now();

  const dropPending = (reason: string): void => {
    for (const { reject } of pending.values()) reject(new Error(reason));
    pending.clear();
  };
  const forget = (): void => {
    rows.clear();
    activity.clear();
    series.clear();
  };

  const receive = (message: FromWorker): void => {
    heardAtMs = performance.now();
    if (state.getState().phase === 'silent') state.setState({ phase: 'running', failure: '' });
    switch (message.type) {
      case 'started': {
        forget();
        const { recipe, hostname } = message;
        state.setState({
          phase: 'running',
          failure: '',
          lesson: null,
          scenario: recipe.scenario,
          seed: recipe.seed,
          hostname,
          inputCount: countActs(recipe.inputs),
        });
        inputs = [...recipe.inputs];
        options.started?.(recipe, message);
        break;
      }
      case 'progress':
        state.setState({ phase: 'replaying', progress: message.done });
        break;
      case 'frame': {
        const { nowMs, speed, eventCount, revision, milliRequests, milliErrors } = message;
        const runningSpeed = speed === 0 ? state.getState().runningSpeed : speed;
        rows.apply(message.delta);
        activity.append(message.activity);
        state.setState({ nowMs, speed, runningSpeed, eventCount, revision, milliRequests, milliErrors });
        series.add({
          atMs: nowMs,
          requests: milliRequests / 1000,
          errors: milliErrors / 1000,
          podsReady: rows.totals.podsReady,
          podsFailing: rows.totals.podsFailing,
        });
        break;
      }
      case 'lesson':
        state.setState({ lesson: { id: message.id, at: message.at, hint: message.hint } });
        break;
      case 'terminalOutput':
        terminal.write(message.terminal, message.text);
        break;
      case 'recorded':
        options.recorded?.(message.input);
        inputs.push(message.input);
        state.setState({ inputCount: countActs(inputs) });
        break;
      case 'reply': {
        const asked = pending.get(message.id);
        pending.delete(message.id);
        if (message.error === null) asked?.resolve(message.answer);
        else asked?.reject(new Error(message.error));
        break;
      }
      case 'crashed':
        state.setState({ phase: 'crashed', failure: message.message });
        dropPending('The session has stopped.');
        break;
      case 'pong':
        break;
    }
  };

  const watchdog = setInterval(() => {
    const { phase } = state.getState();
    if (connection === null || (phase !== 'running' && phase !== 'silent')) return;
    connection.post({ type: 'ping', id: 0 });
    if (phase === 'running' && performance.now() - heardAtMs > (options.silenceMaxMs ?? silenceMaxMs))
      state.setState({ phase: 'silent', failure: 'The simulation has not answered for ten seconds.' });
  }, pingPeriodMs);

  return {
    state,
    rows,
    activity,
    series,
    terminal,
    recordedInputs: () => inputs,
    start(recipe) {
      connection?.close();
      dropPending('The session was started anew.');
      forget();
      terminal.clear();
      inputs = [...recipe.inputs];
      state.setState({ ...stateAtStart, scenario: recipe.scenario, seed: recipe.seed });
      heardAtMs = performance.now();
      const opened = options.open();
      connection = opened;
      opened.listen(
        (message) => {
          if (connection === opened) receive(message);
        },
        (failure) => {
          if (connection === opened) state.setState({ phase: 'crashed', failure });
        },
      );
      opened.post({ type: 'start', recipe, build: options.build });
    },
    input: (input) => connection?.post({ type: 'input', input }),
    ask<Q extends Query>(query: Q) {
      return new Promise<Answers[Q['type']]>((resolve, reject) => {
        if (connection === null) {
          reject(new Error('No session is running.'));
          return;
        }
        queryId += 1;
        pending.set(queryId, { resolve: (answer) => resolve(answer as Answers[Q['type']]), reject });
        connection.post({ type: 'query', id: queryId, query });
      });
    },
    openLesson(id) {
      state.setState({ lesson: null });
      connection?.post({ type: 'lesson', id });
    },
    continueLesson: () => connection?.post({ type: 'lessonContinue' }),
    // What the replay prints follows, so the screen is emptied before it and not when it is done.
    undo() {
      terminal.clear();
      connection?.post({ type: 'undo' });
    },
    reset() {
      terminal.clear();
      connection?.post({ type: 'reset' });
    },
    cancel: () => connection?.post({ type: 'cancel' }),
    close() {
      clearInterval(watchdog);
      dropPending('The page has closed the session.');
      connection?.close();
      connection = null;
    },
  };
}

function countActs(inputs: readonly StampedInput[]): number {
  return inputs.filter(({ input }) => input.type !== 'terminalResize').length;
}
