import type { Simulation } from '#sim/simulation.ts';
import { BrokenPipe } from './program.ts';
import { type Sink, type Source, Waiters } from './stream.ts';

/** What a pipe holds before its writer must wait; Linux's default. */
const capacityMax = 65_536;

/**
 * A bounded queue of text between processes. The reader sees the end once every process that had the
 * writing end open has gone, and the writer breaks once every reader has.
 */
export class Pipe {
  readonly source: Source;
  readonly sink: Sink;
  readonly #readers: Waiters;
  readonly #writers: Waiters;
  #text = '';
  #readersOpen = 0;
  #writersOpen = 0;
  #sourceClosed = false;
  #sinkClosed = false;

  constructor(simulation: Simulation) {
    this.#readers = new Waiters(simulation);
    this.#writers = new Waiters(simulation);
    this.source = {
      take: (unit) => this.#take(unit),
      whenReady: (wake) => this.#readers.add(wake),
      retain: () => void this.#readersOpen++,
      release: () => {
        if (--this.#readersOpen === 0) this.closeSource();
      },
      terminal: false,
      cause: () => null,
    };
    this.sink = {
      offer: (text) => this.#offer(text),
      whenReady: (wake) => this.#writers.add(wake),
      retain: () => void this.#writersOpen++,
      release: () => {
        if (--this.#writersOpen === 0) this.closeSink();
      },
      terminalSize: () => null,
    };
  }

  /** Nobody will read any more. */
  closeSource(): void {
    this.#sourceClosed = true;
    this.#text = '';
    this.#writers.wakeAll();
  }

  /** Nobody will write any more. */
  closeSink(): void {
    this.#sinkClosed = true;
    this.#readers.wakeAll();
  }

  #take(unit: 'piece' | 'line'): string | null | undefined {
    const text = this.#text;
    if (text === '') return this.#sinkClosed ? null : undefined;
    let end = text.length;
    if (unit === 'line') {
      const newline = text.indexOf('\n');
      // A line longer than the pipe is handed over in pieces, or reader and writer would wait for each other.
      if (newline < 0 && !this.#sinkClosed && end < capacityMax) return undefined;
      if (newline >= 0) end = newline + 1;
    }
    this.#text = text.slice(end);
    this.#writers.wakeAll();
    return text.slice(0, end);
  }

  #offer(text: string): number {
    if (this.#sourceClosed) throw new BrokenPipe();
    const room = capacityMax - this.#text.length;
    if (room <= 0) return 0;
    this.#text += text.slice(0, room);
    this.#readers.wakeAll();
    return Math.min(room, text.length);
  }
}
