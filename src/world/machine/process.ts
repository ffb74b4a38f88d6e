import type { Cause } from '#sim/cause.ts';
import { Deferred } from '#sim/deferred.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { NetworkStack } from '../network/networkStack.ts';
import { FileError, type FileSystem } from './fileSystem.ts';
import type { Hardware } from './hardware.ts';
import {
  BrokenPipe,
  type Child,
  type Input,
  Killed,
  type Output,
  type Process,
  type Program,
  type Signal,
  signalNumbers,
  type SpawnOptions,
  WriteError,
} from './program.ts';
import { callbackSink, type Sink, type Source, textSource } from './stream.ts';
import type { User } from './userFiles.ts';

/** Steps a process may take at one instant of virtual time before it must let time pass. */
export const stepsPerInstantMax = 1_000;
/** The time it then lets pass: 40,000 steps a second, so that a busy loop slows itself and not the world. */
export const stepPauseMs = 25;
/** CPU time of a step: a program that never rests uses one core. */
export const microsPerStep = (stepPauseMs * 1000) / stepsPerInstantMax;
/** Steps that all processes of a machine may take together at one instant. */
const machineStepsPerInstantMax = 4_000;
/** What starting a process counts as. */
const stepsPerSpawn = 8;
/** Characters written that count as one step. */
const charactersPerStep = 256;

/** What a process needs of the machine it runs on. */
export interface ProcessTable {
  readonly simulation: Simulation;
  readonly hostname: string;
  readonly files: FileSystem;
  readonly user: User;
  readonly network: NetworkStack | undefined;
  readonly hardware: Hardware | undefined;
  lookUp(name: string): Program | undefined;
  commands(): string[];
  start(program: Program, options: StartOptions): RunningProcess;
  /** Adds to the steps taken at this instant by all processes; the sum. */
  countSteps(steps: number): number;
  /** Every process, by id. */
  list(): RunningProcess[];
  visible(): Child[];
  /** Takes a process that has ended off the table. */
  ended(process: RunningProcess): void;
}

export interface StartOptions extends SpawnOptions {
  readonly parent?: RunningProcess;
  /** True for the first process of a container: signals that it does not handle do nothing, except KILL. */
  readonly init?: boolean;
}

interface Wait {
  undo: () => void;
  reject: (error: unknown) => void;
}

/** A program that runs on a machine. Its first turn and its end are events of their own. */
export class RunningProcess implements Process, Child {
  readonly id: number;
  readonly simulation: Simulation;
  readonly args: readonly string[];
  readonly environment: Map<string, string>;
  workingDirectory: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly init: boolean;
  cause: Cause | null;
  exitCode: number | null = null;
  killedBy: Signal | null = null;
  readonly #table: ProcessTable;
  #stepsInAll = 0;
  readonly #parent: RunningProcess | undefined;
  readonly #ends: readonly (Source | Sink)[];
  readonly #waits = new Set<Wait>();
  readonly #exitListeners = new Set<(exitCode: number) => void>();
  readonly #handlers = new Map<Signal, () => void>();
  #killed: Killed | null = null;
  #steps = 0;
  #stepsAtMs = 0;

  constructor(table: ProcessTable, id: number, program: Program, options: StartOptions) {
    const parent = options.parent;
    this.#table = table;
    this.#parent = parent;
    this.id = id;
    this.simulation = table.simulation;
    this.args = options.args;
    this.environment = new Map(options.environment ?? parent?.environment);
    this.workingDirectory = options.workingDirectory ?? parent?.workingDirectory ?? '/';
    this.init = options.init === true;
    this.cause = parent?.cause ?? table.simulation.cause;
    const source = options.stdin ?? parent?.stdin.source ?? textSource();
    const out = options.stdout ?? parent?.stdout.sink ?? callbackSink();
    const err = options.stderr ?? parent?.stderr.sink ?? callbackSink();
    this.stdin = new ProcessInput(this, source);
    this.stdout = new ProcessOutput(this, out);
    this.stderr = new ProcessOutput(this, err);
    this.#ends = [source, ...new Set([out, err])];
    for (const end of this.#ends) end.retain();
    this.#later(() => {
      this.simulation.noteResumed();
      if (this.#killed === null) void this.#run(program);
    });
  }

  get files(): FileSystem {
    return this.#table.files;
  }

  get user(): User {
    return this.#table.user;
  }

  get hostname(): string {
    return this.#table.hostname;
  }

  get network(): NetworkStack | undefined {
    return this.#table.network;
  }

  get hardware(): Hardware | undefined {
    return this.#table.hardware;
  }

  get cpuMicros(): number {
    return this.#stepsInAll * microsPerStep;
  }

  get parent(): RunningProcess | undefined {
    return this.#parent;
  }

  wait<T>(start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void): Promise<T> {
    if (this.#killed !== null) return Promise.reject(this.#killed);
    const deferred = new Deferred<T>(this.simulation);
    const wait: Wait = { undo: () => {}, reject: (error) => deferred.reject(error) };
    this.#waits.add(wait);
    // Only the first of resolve, reject, interrupt and kill settles the wait.
    const settle = (act: () => void) => {
      if (this.#waits.delete(wait)) act();
    };
    wait.undo = this.simulation.withCause(this.cause, () =>
      start(
        (value) => settle(() => deferred.resolve(value)),
        (error) => settle(() => deferred.reject(error)),
      ),
    );
    return deferred.promise;
  }

  sleep(ms: number): Promise<void> {
    return this.wait((resolve) => {
      const timer = this.simulation.after(ms, resolve);
      return () => this.simulation.cancel(timer);
    });
  }

  step(count = 1): Promise<void> | null {
    if (this.#killed !== null) return Promise.reject(this.#killed);
    const together = this.#count(count);
    const over = this.#steps > stepsPerInstantMax || together > machineStepsPerInstantMax;
    return over ? this.sleep(stepPauseMs) : null;
  }

  /** Counts steps; how many the whole machine has taken at this instant. */
  #count(steps: number): number {
    if (this.#stepsAtMs !== this.simulation.nowMs) {
      this.#stepsAtMs = this.simulation.nowMs;
      this.#steps = 0;
    }
    this.#steps += steps;
    this.#stepsInAll += steps;
    return this.#table.countSteps(steps);
  }

  /** Counts `text` as work, as `step` does. */
  stepFor(text: string): Promise<void> | null {
    return this.step(1 + Math.floor(text.length / charactersPerStep));
  }

  lookUp(name: string): Program | undefined {
    return this.#table.lookUp(name);
  }

  commands(): string[] {
    return this.#table.commands();
  }

  processes(): Child[] {
    return this.#table.visible();
  }

  spawn(program: Program, options: SpawnOptions): Child {
    if (this.#killed !== null) throw this.#killed;
    this.#count(stepsPerSpawn);
    return this.#table.start(program, { ...options, parent: this });
  }

  async waitFor(child: Child): Promise<number> {
    return child.exitCode ?? this.wait((resolve) => child.onExit(resolve));
  }

  output(sink: Sink): Output {
    return new ProcessOutput(this, sink);
  }

  input(source: Source): Input {
    return new ProcessInput(this, source);
  }

  onSignal(signal: Signal, handler: (() => void) | null): void {
    if (handler === null) this.#handlers.delete(signal);
    else this.#handlers.set(signal, handler);
  }

  interrupt(error: unknown): void {
    // Whoever was interrupted in an endless loop may say so at this same instant.
    this.#steps = 0;
    const waits = [...this.#waits];
    this.#waits.clear();
    for (const wait of waits) {
      wait.undo();
      wait.reject(error);
    }
  }

  signal(signal: Signal): void {
    if (this.exitCode !== null || this.#killed !== null) return;
    const handler = signal === 'KILL' ? undefined : this.#handlers.get(signal);
    if (handler !== undefined) return handler();
    if (this.init && signal !== 'KILL') return;
    this.killedBy = signal;
    this.kill(128 + signalNumbers[signal]);
  }

  /** Ends the process and its children with `exitCode`: every wait of its program rejects with Killed. */
  kill(exitCode: number): void {
    if (this.exitCode !== null || this.#killed !== null) return;
    this.#killed = new Killed(exitCode);
    for (const child of this.#table.list()) {
      if (child.parent !== this) continue;
      child.killedBy ??= this.killedBy;
      child.kill(exitCode);
    }
    this.interrupt(this.#killed);
    this.#later(() => this.#end(exitCode));
  }

  onExit(listener: (exitCode: number) => void): () => void {
    if (this.exitCode !== null) {
      const exitCode = this.exitCode;
      const timer = this.#later(() => listener(exitCode));
      return () => this.simulation.cancel(timer);
    }
    this.#exitListeners.add(listener);
    return () => this.#exitListeners.delete(listener);
  }

  /** What a read from a terminal does: from now on the process acts for that input. */
  readFrom(source: Source): void {
    this.cause = source.cause() ?? this.cause;
  }

  async #run(program: Program): Promise<void> {
    let exitCode: number;
    try {
      exitCode = await program(this);
    } catch (error) {
      exitCode = this.#failure(error);
    }
    if (this.#killed === null) this.#later(() => this.#end(exitCode & 255));
  }

  #failure(error: unknown): number {
    if (error instanceof Killed) return error.code;
    if (error instanceof BrokenPipe) {
      this.killedBy = 'PIPE';
      return 128 + signalNumbers.PIPE;
    }
    if (error instanceof WriteError) {
      this.stderr.sink.offer(`${this.args[0]}: ${error.message}\n`);
      return 1;
    }
    // Anything else is a bug of ours: it must stop the simulation, not only this promise.
    this.#later(() => {
      throw error;
    });
    return 1;
  }

  #end(exitCode: number): void {
    if (this.exitCode !== null) return;
    this.exitCode = exitCode;
    this.#killed ??= new Killed(exitCode);
    this.interrupt(this.#killed);
    for (const end of this.#ends) end.release();
    this.#table.ended(this);
    const listeners = [...this.#exitListeners];
    this.#exitListeners.clear();
    for (const listener of listeners) listener(exitCode);
  }

  #later(run: () => void) {
    return this.simulation.after(0, run, this.cause);
  }
}

class ProcessInput implements Input {
  readonly source: Source;
  readonly #process: RunningProcess;

  constructor(process: RunningProcess, source: Source) {
    this.#process = process;
    this.source = source;
  }

  get terminal(): boolean {
    return this.source.terminal;
  }

  read(): Promise<string | null> {
    return this.#take('piece');
  }

  async readLine(): Promise<string | null> {
    let line: string | null = null;
    for (;;) {
      const piece = await this.#take('line');
      if (piece === null) return line;
      line = (line ?? '') + piece;
      if (piece.endsWith('\n')) return line;
    }
  }

  async #take(unit: 'piece' | 'line'): Promise<string | null> {
    for (;;) {
      const piece = this.source.take(unit);
      if (piece !== undefined) {
        this.#process.readFrom(this.source);
        return piece;
      }
      await this.#process.wait<void>((resolve) => this.source.whenReady(resolve));
    }
  }
}

class ProcessOutput implements Output {
  readonly sink: Sink;
  readonly #process: RunningProcess;

  constructor(process: RunningProcess, sink: Sink) {
    this.#process = process;
    this.sink = sink;
  }

  get terminal() {
    return this.sink.terminalSize();
  }

  #offer(text: string): number {
    try {
      return this.sink.offer(text);
    } catch (error) {
      if (error instanceof FileError) throw new WriteError(`write error: ${error.message}`);
      throw error;
    }
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    const pause = this.#process.stepFor(text);
    if (pause !== null) await pause;
    for (let at = 0; ;) {
      at += this.#offer(at === 0 ? text : text.slice(at));
      if (at >= text.length) return;
      await this.#process.wait<void>((resolve) => this.sink.whenReady(resolve));
    }
  }
}
