import type { Recipe, StampedInput } from '#classroom/recipe.ts';
import type { Lesson } from '#classroom/lesson.ts';
import { findScenario, type Scenario } from '#classroom/scenario.ts';
import type { FromWorker, Query, ToWorker } from '#protocol/messages.ts';
import type { LessonRunner } from '#session/lessonRunner.ts';
import { replay } from '#session/replay.ts';
import { Session } from '#session/session.ts';
import { runSession } from '#session/run.ts';
import { Pacer } from '#session/pacer.ts';

/** What the host needs of the place it runs in. */
export interface Surroundings {
  post(message: FromWorker): void;
  /** Wall-clock ms, from any origin. */
  clock(): number;
  hop(): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** Code that comes after the cluster: the terminal's programs, answers to questions, and lessons. */
  loadQueries(): Promise<typeof import('#session/queries.ts')>;
  loadPrograms(): Promise<typeof import('#session/programs.ts')>;
  loadLessons(): Promise<
    typeof import('#session/lessonRunner.ts') & { readonly lessons: ReadonlyMap<string, Lesson> }
  >;
  /** The scenarios that an id may name. */
  loadScenarios(id: string): Promise<ReadonlyMap<string, Scenario>>;
}

/** Wall-clock ms between two frames to the page. */
const frameMs = 16;
/** Terminal text that is sent at once; the rest follows in the next frames. */
const outputLengthMax = 64 * 1024;

/** One session behind messages: starts it, drives it, and tells the page what changed (D1). */
export class Host {
  readonly #around: Surroundings;
  #session: Session | null = null;
  #lesson: LessonRunner | null = null;
  #recipe: Recipe = { scenario: 'empty', seed: 'podarium', inputs: [] };
  #build = '';
  #generation = 0;
  #cancelled = false;
  #replaying = false;
  #steps = 0;
  readonly #inbox: ToWorker[] = [];
  #output = new Map<number, string>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Takes a message from the page. Inputs wait for the end of the slice that runs. */
  receive(message: ToWorker): void {
    switch (message.type) {
      case 'ping':
        this.#around.post({ type: 'pong', id: message.id });
        return;
      case 'start':
        this.#build = message.build;
        this.#begin(message.recipe);
        return;
      case 'cancel':
        this.#cancelled = true;
        return;
      case 'undo':
        this.#begin({ ...this.#withoutEnd(), inputs: undone(this.#inputs()) });
        return;
      case 'reset':
        this.#begin({ ...this.#withoutEnd(), inputs: [] });
        return;
      default:
        this.#inbox.push(message);
    }
  }

  #show(terminal: number, text: string): void {
    this.#output.set(terminal, (this.#output.get(terminal) ?? '') + text);
  }

  /** All that was done, also while it is still being replayed. */
  #inputs(): readonly StampedInput[] {
    return this.#replaying ? this.#recipe.inputs : (this.#session?.inputs ?? []);
  }

  #withoutEnd(): Recipe {
    return { scenario: this.#recipe.scenario, seed: this.#recipe.seed, inputs: [] };
  }

  #begin(recipe: Recipe): void {
    this.#recipe = recipe;
    this.#generation++;
    void this.#live(this.#generation);
  }

  /** One session's life, until another generation begins. */
  async #live(generation: number): Promise<void> {
    try {
      const session = await this.#start(generation);
      if (session === null || generation !== this.#generation) return;
      await this.#drive(session, generation);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#session = null;
      this.#around.post({
        type: 'crashed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }

  /** Null for a session that another overtook; nothing of it reaches the page any more. */
  async #start(generation: number): Promise<Session | null> {
    const { loadScenarios, post, clock, hop } = this.#around;
    const { scenario: id } = this.#recipe;
    this.#inbox.length = 0;
    this.#output = new Map();
    this.#cancelled = false;
    this.#replaying = true;
    const scenario = findScenario(await loadScenarios(id), id);
    if (generation !== this.#generation) return null;
    if (scenario === undefined) throw new Error(`There is no scenario "${id}".`);
    const session = new Session({
      scenario,
      seed: this.#recipe.seed,
      loadSoftware: async () => (await this.#around.loadPrograms()).workstationPrograms,
      onOutput: (terminal, text) => generation === this.#generation && this.#show(terminal, text),
      onEcho: (terminal, line) => generation === this.#generation && this.#show(terminal, line),
      onRecorded: (input) => this.#replaying || post({ type: 'recorded', input }),
    });
    this.#session = session;
    this.#lesson = null;
    let lookedMs = clock();
    const { inputs, end } = this.#recipe;
    const done = await replay(session, inputs, {
      hop,
      ...(end && { end }),
      onProgress: async (share) => {
        if (clock() - lookedMs > frameMs) {
          post({ type: 'progress', done: share });
          await this.#around.hop();
          lookedMs = clock();
        }
        return !this.#cancelled && generation === this.#generation;
      },
    });
    if (generation !== this.#generation) return null;
    this.#replaying = false;
    const hash = session.hash();
    post({
      type: 'started',
      recipe: this.#recipe,
      hostname: session.workstation.hostname,
      differs: done && end !== undefined && end.hash !== hash,
      cancelled: !done,
    });
    return session;
  }

  async #drive(session: Session, generation: number): Promise<void> {
    const { clock, hop, sleep } = this.#around;
    const pacer = new Pacer(clock, session.simulation.nowMs);
    const paced = {
      get nowMs() {
        return session.simulation.nowMs;
      },
      run: (limits: { untilMs: number; events: number }) => runSession(session, hop, limits),
    };
    let framedMs = -Infinity;
    while (generation === this.#generation) {
      await this.#takeMessages(session);
      if (this.#steps > 0) {
        this.#steps--;
        await this.#step(session);
      }
      const busy = await pacer.slice(paced, session.speed);
      if (generation !== this.#generation) return;
      if (clock() - framedMs >= frameMs) {
        framedMs = clock();
        this.#frame(session);
      }
      if (busy || this.#inbox.length > 0) await hop();
      else await sleep(frameMs / 2);
    }
  }

  async #takeMessages(session: Session): Promise<void> {
    for (let message = this.#inbox.shift(); message !== undefined; message = this.#inbox.shift()) {
      if (message.type === 'input') {
        await session.furnish();
        session.input(message.input);
        if (message.input.type === 'step') this.#steps++;
      } else if (message.type === 'lesson') await this.#openLesson(session, message.id);
      else if (message.type === 'lessonContinue') {
        if (this.#lesson?.continue()) this.#tellLesson();
      } else if (message.type === 'query') await this.#reply(session, message.id, message.query);
    }
  }

  async #openLesson(session: Session, id: string | null): Promise<void> {
    const { LessonRunner, lessons } = await this.#around.loadLessons();
    const lesson = id === null ? undefined : lessons.get(id);
    this.#lesson = lesson === undefined ? null : new LessonRunner(session, lesson);
    this.#tellLesson();
  }

  #tellLesson(): void {
    if (this.#lesson === null) return;
    const { lesson, state } = this.#lesson;
    this.#around.post({ type: 'lesson', id: lesson.id, at: state.at, hint: state.hint });
  }

  /** Runs to the next event that writes. */
  async #step(session: Session): Promise<void> {
    const { etcd } = session.cluster;
    const before = etcd.revision;
    for (let i = 0; i < 100_000 && etcd.revision === before; i++) {
      const pause = await runSession(session, this.#around.hop, { untilMs: Infinity, events: 1 });
      if (pause === 'idle') return;
    }
  }

  async #reply(session: Session, id: number, query: Query): Promise<void> {
    const { post } = this.#around;
    try {
      const { answer } = await this.#around.loadQueries();
      post({ type: 'reply', id, answer: await answer(session, query, this.#build), error: null });
    } catch (error) {
      post({
        type: 'reply',
        id,
        answer: null,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #frame(session: Session): void {
    const { simulation, cluster, projection, activity } = session;
    cluster.apiServer.flushObservers();
    if (this.#lesson?.look()) this.#tellLesson();
    const flow = cluster.flow();
    this.#around.post({
      type: 'frame',
      nowMs: simulation.nowMs,
      speed: session.speed,
      eventCount: simulation.eventCount,
      revision: cluster.etcd.revision,
      delta: projection.takeDelta(),
      kinds: cluster.apiServer.kinds.generation,
      activity: activity.take(),
      milliRequests: flow.milliRequests,
      milliErrors: flow.milliErrors,
    });
    for (const [terminal, text] of this.#output) {
      this.#around.post({ type: 'terminalOutput', terminal, text: text.slice(0, outputLengthMax) });
      const rest = text.slice(outputLengthMax);
      if (rest === '') this.#output.delete(terminal);
      else this.#output.set(terminal, rest);
    }
  }
}

/** The inputs without the last one that changed anything; what came after it was only a change of speed or size. */
function undone(inputs: readonly StampedInput[]): readonly StampedInput[] {
  const last = inputs.findLastIndex(({ input }) => input.type !== 'speed' && input.type !== 'terminalResize');
  return last < 0 ? [] : inputs.slice(0, last);
}
