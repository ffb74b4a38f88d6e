import type { Simulation } from '#sim/simulation.ts';
import type { FileSystem } from './fileSystem.ts';

/** Where a process reads from. */
export interface Input {
  /** The next piece of text, or null at the end. */
  read(): Promise<string | null>;
  /** True when a person types into it. */
  readonly terminal: boolean;
}

/** Where a process writes to. */
export interface Output {
  /** Resolves when the reader has room; rejects with BrokenPipe when nobody reads any more. */
  write(text: string): Promise<void>;
  /** Columns and rows when it is a terminal, else null. */
  readonly terminal: { readonly columns: number; readonly rows: number } | null;
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

/** One running program, as the program itself sees it. */
export interface Process {
  readonly simulation: Simulation;
  /** The command line; `args[0]` is the command's own name. */
  readonly args: readonly string[];
  readonly environment: Map<string, string>;
  workingDirectory: string;
  readonly files: FileSystem;
  readonly hostname: string;
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
  /** Looks a command up on this machine's PATH. */
  lookUp(name: string): Program | undefined;
}

/** A program: takes a process, resolves to its exit code. It awaits only what the simulation settles. */
export type Program = (process: Process) => Promise<number>;
