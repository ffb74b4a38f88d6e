import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import { type Sink, type Source, type TerminalSize, Waiters } from './stream.ts';

/** Characters a terminal takes at once before its writer must wait. */
const burstMax = 1_048_576;
/** Characters it takes per millisecond of virtual time after that; a fast real terminal's pace. */
const charactersPerMs = 2_000;
/** Characters typed ahead that nobody has read; what is more is dropped, as a real line discipline does. */
const typedMax = 1_048_576;
const pauseMs = 16;

/**
 * A person's end of a process. The owner feeds it what was typed and is handed what is printed; line
 * editing is the owner's part, and so is the echo: it is told of a line when a process reads it, which is where a shell shows what was
 * typed ahead. Readers get one line at a time, so that a shell leaves the lines
 * after a command's for that command.
 */
export class Terminal {
  readonly source: Source;
  readonly sink: Sink;
  readonly #simulation: Simulation;
  readonly #print: (text: string) => void;
  readonly #onRead: (line: string) => void;
  readonly #readers: Waiters;
  readonly #writers: Waiters;
  #size: TerminalSize;
  #typed: { text: string | null; cause: Cause | null }[] = [];
  #typedLength = 0;
  #cause: Cause | null = null;
  #room = burstMax;
  #roomAtMs: number;

  constructor(
    simulation: Simulation,
    options: { size: TerminalSize; print: (text: string) => void; onRead?: (line: string) => void },
  ) {
    this.#simulation = simulation;
    this.#size = options.size;
    this.#print = options.print;
    this.#onRead = options.onRead ?? (() => {});
    this.#readers = new Waiters(simulation);
    this.#writers = new Waiters(simulation);
    this.#roomAtMs = simulation.nowMs;
    const shared = { retain: () => {}, release: () => {} };
    this.source = {
      ...shared,
      take: () => this.#take(),
      whenReady: (wake) => this.#readers.add(wake),
      terminal: true,
      cause: () => this.#cause,
    };
    this.sink = {
      ...shared,
      offer: (text) => this.#offer(text),
      whenReady: (wake) => this.#waitForRoom(wake),
      terminalSize: () => this.#size,
    };
  }

  /** True while a process waits for what is typed next. */
  get reading(): boolean {
    return this.#readers.size > 0 && this.#typed.length === 0;
  }

  /** What was typed: whole lines, each with its newline. Call it from a simulation event. */
  feed(text: string): void {
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      if (this.#typedLength + line.length > typedMax) break;
      this.#typedLength += line.length;
      this.#typed.push({ text: line, cause: this.#simulation.cause });
    }
    this.#readers.wakeAll();
  }

  /** Ctrl-D: the next reader sees the end. */
  end(): void {
    this.#typed.push({ text: null, cause: this.#simulation.cause });
    this.#readers.wakeAll();
  }

  /** Forgets what was typed ahead, as Ctrl-C does. */
  flush(): void {
    this.#typed = [];
    this.#typedLength = 0;
  }

  resize(size: TerminalSize): void {
    this.#size = size;
  }

  #take(): string | null | undefined {
    const typed = this.#typed.shift();
    if (typed === undefined) return undefined;
    this.#typedLength -= typed.text?.length ?? 0;
    this.#cause = typed.cause;
    if (typed.text !== null) this.#onRead(typed.text);
    return typed.text;
  }

  #offer(text: string): number {
    const nowMs = this.#simulation.nowMs;
    this.#room = Math.min(burstMax, this.#room + Math.floor((nowMs - this.#roomAtMs) * charactersPerMs));
    this.#roomAtMs = nowMs;
    const taken = Math.min(this.#room, text.length);
    if (taken === 0) return 0;
    this.#room -= taken;
    this.#print(text.slice(0, taken));
    return taken;
  }

  #waitForRoom(wake: () => void): () => void {
    const cancel = this.#writers.add(wake);
    this.#writers.wakeAll(pauseMs);
    return cancel;
  }
}
