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
  /** Changes when other kinds are served. */
  readonly kinds: number;
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
  kinds: 0,
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
  return new WorkerSession(options);
}

/** A session at the other end of a connection. Starting anew opens another connection and forgets the one before. */
class WorkerSession implements Session {
  readonly state = createStore<SessionState>(() => stateAtStart);
  readonly rows = new RowTable();
  readonly activity = new ActivityLog();
  readonly series = new Series();
  readonly terminal = new TerminalStream();
  readonly #options: SessionOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #watchdog: ReturnType<typeof setInterval>;
  #inputs: StampedInput[] = [];
  #connection: Connection | null = null;
  #queryId = 0;
  #heardAtMs = performance.now();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#watchdog = setInterval(() => this.#watch(), pingPeriodMs);
  }

  recordedInputs(): readonly StampedInput[] {
    return this.#inputs;
  }

  start(recipe: Recipe): void {
    this.#connection?.close();
    this.#dropPending('The session was started anew.');
    this.#forget();
    this.terminal.clear();
    this.#inputs = [...recipe.inputs];
    this.state.setState({ ...stateAtStart, scenario: recipe.scenario, seed: recipe.seed });
    this.#heardAtMs = performance.now();
    const connection = this.#options.open();
    this.#connection = connection;
    connection.listen(
      (message) => {
        if (this.#connection === connection) this.#receive(message);
      },
      (failure) => {
        if (this.#connection === connection) this.#crash(failure);
      },
    );
    connection.post({ type: 'start', recipe, build: this.#options.build });
  }

  input(input: Input): void {
    this.#connection?.post({ type: 'input', input });
  }

  ask<Q extends Query>(query: Q): Promise<Answers[Q['type']]> {
    return new Promise((resolve, reject) => {
      if (this.#connection === null) {
        reject(new Error('No session is running.'));
        return;
      }
      this.#queryId += 1;
      const id = this.#queryId;
      this.#pending.set(id, { resolve: (answer) => resolve(answer as Answers[Q['type']]), reject });
      this.#connection.post({ type: 'query', id, query });
    });
  }

  openLesson(id: string | null): void {
    this.state.setState({ lesson: null });
    this.#connection?.post({ type: 'lesson', id });
  }

  continueLesson(): void {
    this.#connection?.post({ type: 'lessonContinue' });
  }

  undo(): void {
    this.#goBack('undo');
  }

  reset(): void {
    this.#goBack('reset');
  }

  cancel(): void {
    this.#connection?.post({ type: 'cancel' });
  }

  close(): void {
    clearInterval(this.#watchdog);
    this.#dropPending('The page has closed the session.');
    this.#connection?.close();
    this.#connection = null;
  }

  /** What the replay prints follows, so the screen is emptied before it and not when it is done. */
  #goBack(type: 'undo' | 'reset'): void {
    this.terminal.clear();
    this.state.setState({ phase: 'starting' });
    this.#connection?.post({ type });
  }

  #receive(message: FromWorker): void {
    this.#heardAtMs = performance.now();
    if (this.state.getState().phase === 'silent') this.state.setState({ phase: 'running', failure: '' });
    switch (message.type) {
      case 'started':
        this.#begin(message);
        break;
      case 'progress':
        this.state.setState({ phase: 'replaying', progress: message.done });
        break;
      case 'frame':
        this.#mirror(message);
        break;
      case 'lesson':
        this.state.setState({ lesson: { id: message.id, at: message.at, hint: message.hint } });
        break;
      case 'terminalOutput':
        this.terminal.write(message.terminal, message.text);
        break;
      case 'recorded':
        this.#options.recorded?.(message.input);
        this.#inputs.push(message.input);
        this.state.setState({ inputCount: countActs(this.#inputs) });
        break;
      case 'reply':
        this.#answer(message);
        break;
      case 'crashed':
        this.#crash(message.message);
        break;
      case 'pong':
        break;
    }
  }

  #begin(message: Extract<FromWorker, { type: 'started' }>): void {
    const { recipe, hostname } = message;
    this.#forget();
    // A session that another overtook may have printed since the screen was emptied.
    if (!this.terminal.isEmpty) this.terminal.clear();
    this.#inputs = [...recipe.inputs];
    this.state.setState({
      phase: 'running',
      failure: '',
      lesson: null,
      scenario: recipe.scenario,
      seed: recipe.seed,
      hostname,
      inputCount: countActs(recipe.inputs),
    });
    this.#options.started?.(recipe, message);
  }

  #mirror(message: Extract<FromWorker, { type: 'frame' }>): void {
    const { nowMs, speed, eventCount, revision, kinds, milliRequests, milliErrors } = message;
    const runningSpeed = speed === 0 ? this.state.getState().runningSpeed : speed;
    this.rows.apply(message.delta);
    this.activity.append(message.activity);
    this.state.setState({
      nowMs,
      speed,
      runningSpeed,
      eventCount,
      revision,
      kinds,
      milliRequests,
      milliErrors,
    });
    this.series.add({
      atMs: nowMs,
      requests: milliRequests / 1000,
      errors: milliErrors / 1000,
      podsReady: this.rows.totals.podsReady,
      podsFailing: this.rows.totals.podsFailing,
    });
  }

  #answer(message: Extract<FromWorker, { type: 'reply' }>): void {
    const asked = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === null) asked?.resolve(message.answer);
    else asked?.reject(new Error(message.error));
  }

  #crash(failure: string): void {
    this.state.setState({ phase: 'crashed', failure });
    this.#dropPending('The session has stopped.');
  }

  #watch(): void {
    const { phase } = this.state.getState();
    if (this.#connection === null || (phase !== 'running' && phase !== 'silent')) return;
    this.#connection.post({ type: 'ping', id: 0 });
    const silentMs = performance.now() - this.#heardAtMs;
    if (phase === 'running' && silentMs > silenceMaxMs)
      this.state.setState({ phase: 'silent', failure: 'The simulation has not answered for ten seconds.' });
  }

  #dropPending(reason: string): void {
    for (const { reject } of this.#pending.values()) reject(new Error(reason));
    this.#pending.clear();
  }

  #forget(): void {
    this.rows.clear();
    this.activity.clear();
    this.series.clear();
  }
}

function countActs(inputs: readonly StampedInput[]): number {
  return inputs.filter(({ input }) => input.type !== 'terminalResize').length;
}
