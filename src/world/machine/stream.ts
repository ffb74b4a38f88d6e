import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { FileSystem } from './fileSystem.ts';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What can be open in several processes at once; when the last has released it, the other side learns. */
interface Shared {
  retain(): void;
  release(): void;
}

/** The end of a stream that is read. It never waits: a process waits on it (`Input`). */
export interface Source extends Shared {
  /** Takes a piece or one line of what is there: null at the end, undefined when the reader must wait. */
  take(unit: 'piece' | 'line'): string | null | undefined;
  /** Calls `wake` from a later simulation event when there may be more. Returns what undoes it. */
  whenReady(wake: () => void): () => void;
  readonly terminal: boolean;
  /** The input that the last piece taken belongs to, where a person typed it. */
  cause(): Cause | null;
}

/** The end of a stream that is written. It never waits: a process waits on it (`Output`). */
export interface Sink extends Shared {
  /** Takes what it has room for, and returns how many characters. Throws BrokenPipe or FileError. */
  offer(text: string): number;
  /** Calls `wake` from a later simulation event when there may be room. Returns what undoes it. */
  whenReady(wake: () => void): () => void;
  /** Columns and rows when it is a terminal, else null. */
  terminalSize(): TerminalSize | null;
}

/** Readers or writers that wait; all are woken by one event, in the order in which they came. */
export class Waiters {
  readonly #simulation: Simulation;
  readonly #waiting = new Set<() => void>();
  #scheduled = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  wakeAll(delayMs = 0): void {
    if (this.#waiting.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    this.#simulation.after(delayMs, () => {
      this.#scheduled = false;
      const woken = [...this.#waiting];
      for (const wake of woken) if (this.#waiting.delete(wake)) wake();
    });
  }
}

const never = () => () => {};
const nothing = () => {};

/** Reads a text that is there from the start: a file, a here-document, or nothing at all. */
export function textSource(text = ''): Source {
  let at = 0;
  return {
    take(unit) {
      if (at >= text.length) return null;
      const from = at;
      const newline = unit === 'line' ? text.indexOf('\n', at) : -1;
      at = newline < 0 ? text.length : newline + 1;
      return text.slice(from, at);
    },
    whenReady: never,
    retain: nothing,
    release: nothing,
    terminal: false,
    cause: () => null,
  };
}

/** Takes everything and forgets it, or hands it to `receive`, which may throw what `offer` may. */
export function callbackSink(receive: (text: string) => void = nothing): Sink {
  return {
    offer(text) {
      receive(text);
      return text.length;
    },
    whenReady: never,
    retain: nothing,
    release: nothing,
    terminalSize: () => null,
  };
}

/** Appends to a file. Opening it (emptying, creating) is the opener's part. */
export function fileSink(files: FileSystem, path: string): Sink {
  return callbackSink((text) => files.append(path, text));
}
