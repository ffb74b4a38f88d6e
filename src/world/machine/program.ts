import type { Cause } from '#sim/cause.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { NetworkStack } from '../network/networkStack.ts';
import type { FileSystem } from './fileSystem.ts';
import type { Hardware } from './hardware.ts';
import type { Sink, Source, TerminalSize } from './stream.ts';
import type { User } from './userFiles.ts';

/** What a process reads from. */
export interface Input {
  /** The next piece of text, at least one character, or null at the end. */
  read(): Promise<string | null>;
  /** The next line with its newline (the last may lack one), or null at the end. The rest stays unread. */
  readLine(): Promise<string | null>;
  /** True when a person types into it. */
  readonly terminal: boolean;
  /** What it reads from: handed on to children. */
  readonly source: Source;
}

/** What a process writes to. */
export interface Output {
  /** Resolves when the reader has room; rejects with BrokenPipe when nobody reads any more, or WriteError. */
  write(text: string): Promise<void>;
  /** Columns and rows when it is a terminal, else null. */
  readonly terminal: TerminalSize | null;
  /** What it writes to: handed on to children. */
  readonly sink: Sink;
}

/** Thrown out of every wait of a process that was killed; `code` is the exit code, 130 for Ctrl-C. */
export class Killed extends Error {
  override name = 'Killed';
  readonly code: number;
  constructor(code: number) {
    super(`killed (${code})`);
    this.code = code;
  }
}

/** Thrown by `Output.write` when the reader went away. */
export class BrokenPipe extends Error {
  override name = 'BrokenPipe';
}

/** Thrown by `Output.write` when a file cannot take the text, such as on a full disk. */
export class WriteError extends Error {
  override name = 'WriteError';
}

/** Thrown by `spawn` when the machine's process table is full. */
export class ProcessLimit extends Error {
  override name = 'ProcessLimit';
}

/** The signals a process can get, and their numbers on Linux. */
export const signalNumbers = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  TERM: 15,
} as const;

export type Signal = keyof typeof signalNumbers;

/** How a process begins. What is left out is inherited from the parent. */
export interface SpawnOptions {
  /** The command line; `args[0]` is the command's own name. */
  readonly args: readonly string[];
  readonly environment?: ReadonlyMap<string, string>;
  readonly workingDirectory?: string;
  readonly stdin?: Source;
  readonly stdout?: Sink;
  readonly stderr?: Sink;
}

/** A process as its parent, or the machine's owner, sees it. */
export interface Child {
  readonly id: number;
  readonly args: readonly string[];
  readonly user: User;
  /** CPU time that it has used, in millionths of a core-second. */
  readonly cpuMicros: number;
  /** Null while it runs; above 128 when a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it, when one did. */
  readonly killedBy: Signal | null;
  /** Delivers a signal: to the program's own handler, or else it ends the process with 128 + its number. */
  signal(signal: Signal): void;
  /** Calls `listener` from a simulation event when the process ends. Returns what undoes it. */
  onExit(listener: (exitCode: number) => void): () => void;
}

/** One running program, as the program itself sees it. */
export interface Process {
  readonly id: number;
  readonly simulation: Simulation;
  /** Why it acts: the input that started it, or the line last read from a terminal. Write under it (D6). */
  readonly cause: Cause | null;
  /** The command line; `args[0]` is the command's own name. */
  readonly args: readonly string[];
  readonly environment: Map<string, string>;
  workingDirectory: string;
  /** As its user has them. */
  readonly files: FileSystem;
  readonly user: User;
  readonly hostname: string;
  /** Undefined on a machine without a network. */
  readonly network: NetworkStack | undefined;
  /** Undefined where nobody may look. */
  readonly hardware: Hardware | undefined;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * The only way to wait: `start` is given `resolve` and `reject` for a later simulation event to call, and
   * returns what undoes the wait. Rejects with Killed when the process is killed meanwhile.
   */
  wait<T>(start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void): Promise<T>;
  /** Waits `ms` of virtual time. */
  sleep(ms: number): Promise<void>;
  /**
   * Counts work done. Past a bound of steps at one instant it returns a short wait of virtual time, which
   * the program must await, so that no loop holds the world up; else null.
   */
  step(count?: number): Promise<void> | null;
  /** Looks a command up on this machine's PATH. */
  lookUp(name: string): Program | undefined;
  /** The names that `lookUp` knows, sorted. */
  commands(): string[];
  /** Starts a child, which gets its first turn in an event of its own. Throws ProcessLimit. */
  spawn(program: Program, options: SpawnOptions): Child;
  /** Waits until a child has ended; its exit code. */
  waitFor(child: Child): Promise<number>;
  /** Handles a signal instead of dying from it; null restores the default. KILL cannot be handled. */
  onSignal(signal: Signal, handler: (() => void) | null): void;
  /** Rejects this process's own pending waits with `error`; for signal handlers. */
  interrupt(error: unknown): void;
  /** The processes of this machine, by id. */
  processes(): Child[];
  /** Opens a sink or source that this program uses by itself, such as a file. */
  output(sink: Sink): Output;
  input(source: Source): Input;
}

/** A program: takes a process, resolves to its exit code. It awaits only what the simulation settles. */
export type Program = (process: Process) => Promise<number>;
