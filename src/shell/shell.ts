import type { CommandNode, Statement } from 'unbash';
import type { Child, Input, Output, Process } from '#world/machine/program.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import { callbackSink, type Sink, type Source, textSource } from '#world/machine/stream.ts';
import { Exit, Interrupted, ShellError } from './control.ts';
import { Jobs } from './jobs.ts';
import { Variables } from './variables.ts';

/** A command of the shell itself. `args[0]` is its name. */
export type Builtin = (shell: Shell, args: readonly string[]) => Promise<number> | number;

/** What runs syntax trees; the shell's parts reach it through here, so that none imports another in a circle. */
export interface Interpreter {
  list(shell: Shell, statements: readonly Statement[]): Promise<number>;
  command(shell: Shell, command: CommandNode): Promise<number>;
  /** Parses and runs a text, as `eval` and `source` do. */
  text(shell: Shell, source: string): Promise<number>;
  readonly builtins: ReadonlyMap<string, Builtin>;
}

/** An open file descriptor. */
export interface Descriptor {
  readonly source?: Source;
  readonly sink?: Sink;
}

export interface ShellFunction {
  readonly body: CommandNode;
  /** The text that the body's positions refer to. */
  readonly source: string;
}

export type ShellOption =
  | 'errexit'
  | 'nounset'
  | 'xtrace'
  | 'pipefail'
  | 'noglob'
  | 'noexec'
  | 'allexport'
  | 'verbose';

/** Function calls within each other. */
const nestingMax = 1_000;
/** Characters that `$(…)` may collect. */
const substitutionMax = 4_194_304;

/** One shell's state: what a subshell gets a copy of. */
export class Shell {
  process: Process;
  readonly interpreter: Interpreter;
  readonly jobs = new Jobs();
  /** `$0`, and the name errors begin with. */
  name: string;
  /** `$$`: that of the first shell, also in a subshell. */
  readonly id: number;
  interactive = false;
  variables: Variables;
  positional: readonly string[] = [];
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  readonly options: Set<ShellOption>;
  readonly traps = new Map<string, string>();
  readonly history: string[] = [];
  status = 0;
  pipeStatus: readonly number[] = [0];
  lastArgument = '';
  /** The text being run, and where in it: for line numbers and the texts of jobs. */
  source = '';
  position = 0;
  /** How the text came: `c` from `-c`, `s` from stdin; shown in `$-`. */
  origin: 'c' | 's' | '' = '';
  /** True where errors should name the line. */
  numbersLines = false;
  /** Above 0 where a failure is expected: conditions, `!`, all but the last of `&&` and `||`. */
  expectingFailure = 0;
  loops = 0;
  /** True in the `wait` builtin, which a trapped signal ends. */
  waiting = false;
  /** True in a subshell whose output `$(…)` takes. */
  capturing = false;
  /** Running functions and sourced files, which `return` leaves. */
  calls = 0;
  /** The status of the last `$(…)` in the command that is being expanded. */
  substitutionStatus = 0;
  /** How many `<(…)` the present command has, which are numbered down from 63. */
  processSubstitutions = 0;
  descriptors: ReadonlyMap<number, Descriptor>;
  stdin!: Input;
  stdout!: Output;
  stderr!: Output;
  #foreground = new Set<Child>();
  #pendingTraps: string[] = [];
  readonly #startedMs: number;

  constructor(process: Process, interpreter: Interpreter, parent?: Shell) {
    this.process = process;
    this.interpreter = interpreter;
    this.#startedMs = process.simulation.nowMs;
    this.name = parent?.name ?? process.args[0] ?? 'bash';
    this.id = parent?.id ?? process.id;
    this.variables = parent?.variables.clone() ?? new Variables();
    this.functions = new Map(parent?.functions);
    this.aliases = new Map(parent?.aliases);
    this.options = new Set(parent?.options);
    if (parent !== undefined) {
      this.positional = parent.positional;
      this.status = parent.status;
      this.source = parent.source;
      this.position = parent.position;
      this.numbersLines = parent.numbersLines;
      this.origin = parent.origin;
      this.expectingFailure = parent.expectingFailure;
      this.calls = parent.calls;
      this.lastArgument = parent.lastArgument;
      this.jobs.last = parent.jobs.last;
    }
    this.descriptors = parent?.descriptors ?? new Map();
    this.#adopt(process);
  }

  /** Makes `process` the one that this shell runs in. */
  #adopt(process: Process): void {
    this.process = process;
    this.useDescriptors(
      new Map<number, Descriptor>([
        ...this.descriptors,
        [0, { source: process.stdin.source }],
        [1, { sink: process.stdout.sink }],
        [2, { sink: process.stderr.sink }],
      ]),
    );
  }

  /** True for `sh`, which words its errors and its prompt as BusyBox does. */
  get isPlain(): boolean {
    return this.name === 'sh' || this.name === 'ash';
  }

  get seconds(): number {
    return Math.floor((this.process.simulation.nowMs - this.#startedMs) / 1000);
  }

  /** Switches to other open files. */
  useDescriptors(descriptors: ReadonlyMap<number, Descriptor>): void {
    this.descriptors = descriptors;
    this.stdin = this.process.input(descriptors.get(0)?.source ?? textSource());
    this.stdout = this.process.output(descriptors.get(1)?.sink ?? callbackSink());
    this.stderr = this.process.output(descriptors.get(2)?.sink ?? callbackSink());
  }

  /** Runs `act` with other open files. */
  async withDescriptors<T>(descriptors: ReadonlyMap<number, Descriptor>, act: () => Promise<T>): Promise<T> {
    const before = this.descriptors;
    if (descriptors === before) return act();
    this.useDescriptors(descriptors);
    try {
      return await act();
    } finally {
      // `exec` inside `act` would be undone here; it does the same in a group of bash's.
      this.useDescriptors(before);
    }
  }

  /** Counts a step, so that no loop holds the world up, and runs the traps whose signals came. */
  async step(): Promise<void> {
    const pause = this.process.step();
    if (pause !== null) await pause;
    while (this.#pendingTraps.length > 0) {
      const signal = this.#pendingTraps.shift()!;
      const { status } = this;
      await this.interpreter.text(this, this.traps.get(signal) ?? '');
      this.status = status;
    }
  }

  /** Remembers that a trapped signal came; its command runs before the next one does. */
  queueTrap(signal: string): void {
    this.#pendingTraps.push(signal);
    if (this.waiting) this.process.interrupt(new Interrupted());
    for (const child of this.#foreground) if (signal === 'INT') child.signal('INT');
  }

  /** Ctrl-C, at an interactive shell. */
  interrupt(): void {
    if (this.#foreground.size === 0) this.process.interrupt(new Interrupted());
    for (const child of this.#foreground) child.signal('INT');
  }

  /** Waits for children that own the terminal meanwhile; the exit codes. */
  async waitInForeground(children: readonly Child[]): Promise<number[]> {
    for (const child of children) this.#foreground.add(child);
    const codes: number[] = [];
    try {
      for (const child of children) codes.push(await this.process.waitFor(child));
    } finally {
      for (const child of children) this.#foreground.delete(child);
    }
    if (this.interactive && children.some((child) => child.killedBy === 'INT')) throw new Interrupted();
    return codes;
  }

  /** Starts a subshell: a process of its own with a copy of this state. */
  spawn(
    run: (shell: Shell) => Promise<number>,
    streams: { stdin?: Source; stdout?: Sink; stderr?: Sink } = {},
  ): Child {
    // The copy is made now: the parent goes on before the child has its first turn.
    const shell = new Shell(this.process, this.interpreter, this);
    const descriptors = this.descriptors;
    return this.process.spawn(
      async (process) => {
        shell.#adopt(process);
        return shell.toEnd(() => run(shell));
      },
      {
        args: this.process.args,
        environment: this.process.environment,
        workingDirectory: this.process.workingDirectory,
        stdin: streams.stdin ?? descriptors.get(0)?.source ?? textSource(),
        stdout: streams.stdout ?? descriptors.get(1)?.sink ?? callbackSink(),
        stderr: streams.stderr ?? descriptors.get(2)?.sink ?? callbackSink(),
      },
    );
  }

  /** Runs to the shell's end: `exit`, errors and the EXIT trap; the exit code. */
  async toEnd(run: () => Promise<number>): Promise<number> {
    let status = await this.#untilExit(run);
    const trap = this.traps.get('EXIT');
    if (trap !== undefined) {
      this.traps.delete('EXIT');
      this.status = status;
      const after = await this.#untilExit(async () => {
        await this.interpreter.text(this, trap);
        return -1;
      });
      if (after >= 0) status = after;
    }
    return status;
  }

  async #untilExit(run: () => Promise<number>): Promise<number> {
    try {
      const status = await run();
      await this.step();
      return status;
    } catch (error) {
      if (error instanceof Exit) return error.status;
      if (!(error instanceof ShellError)) throw error;
      await this.report(error);
      return error.status;
    }
  }

  /** What a subshell prints, without the newlines at its end. */
  async capture(run: (shell: Shell) => Promise<number>): Promise<string> {
    const pieces: string[] = [];
    let length = 0;
    const sink = callbackSink((text) => {
      length += text.length;
      if (length > substitutionMax) child.signal('KILL');
      else pieces.push(text);
    });
    const child = this.spawn(
      (shell) => {
        shell.capturing = true;
        return run(shell);
      },
      { stdout: sink },
    );
    this.substitutionStatus = (await this.waitInForeground([child]))[0]!;
    if (length > substitutionMax) throw new ShellError(`xrealloc: cannot allocate ${length} bytes`, 2);
    return pieces.join('').replace(/\n+$/, '');
  }

  /** Runs a function's or sourced file's body, which `return` leaves, with its own positional parameters. */
  async call(name: string, positional: readonly string[], run: () => Promise<number>): Promise<number> {
    if (this.calls >= nestingMax) {
      throw new ShellError(`${name}: maximum function nesting level exceeded (${nestingMax})`);
    }
    const before = { positional: this.positional, source: this.source, loops: this.loops };
    this.positional = positional;
    this.loops = 0;
    this.calls++;
    // Calls within calls must not pile up on the engine's stack: each begins on an empty one.
    await Promise.resolve();
    try {
      return await run();
    } catch (error) {
      this.locate(error);
      throw error;
    } finally {
      this.calls--;
      Object.assign(this, before);
    }
  }

  /** The value of a variable as the shell itself uses it; empty when not set. */
  get(name: string): string {
    return this.variables.get(name) ?? '';
  }

  get fieldSeparators(): string {
    return this.variables.get('IFS') ?? ' \t\n';
  }

  resolve(path: string): string {
    return resolvePath(this.process.workingDirectory, path);
  }

  /** Notes where an error happened, unless that is known. */
  locate(error: unknown): void {
    if (error instanceof ShellError) error.place ??= { source: this.source, position: this.position };
  }

  /** Prints an error that has come up from somewhere inside. */
  async report(error: ShellError): Promise<void> {
    Object.assign(this, error.place);
    await this.error(error.message);
  }

  async error(message: string): Promise<void> {
    await this.stderr.write(`${this.#prefix()}${message}\n`);
  }

  #prefix(): string {
    const name = this.name.startsWith('-') ? this.name.slice(1) : this.name;
    if (!this.numbersLines || this.isPlain) return `${name}: `;
    const line = this.source.slice(0, this.position).split('\n').length;
    return `${name}: line ${line}: `;
  }
}
