import { assert } from '#sim/assert.ts';
import type { Answers } from '#protocol/messages.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { Machine } from '#world/machine/machine.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import type { RunningProcess } from '#world/machine/process.ts';
import type { Software } from './programs.ts';
import { Terminal } from '#world/machine/terminal.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';

/** The learner's home directory; the page's files live here. */
export const home = '/home/learner';
/** Terminals at once; the page asks for one. */
const terminalsMax = 8;
const defaultSize = { columns: 100, rows: 24 };

export interface WorkstationOptions {
  readonly simulation: Simulation;
  /** How it reaches nodes, services and pods. */
  readonly network: NetworkStack;
  /** Files in the home directory, by name. */
  readonly files: Readonly<Record<string, string>>;
  onOutput(terminal: number, text: string): void;
  /** A line that was typed, when a process reads it: what a terminal echoes. */
  onEcho?(terminal: number, line: string): void;
}

const learner = { uid: 1000, gid: 1000, groups: [1000] };

/** The learner's machine: a home directory, a shell per terminal, kubectl. It lives on the simulation too. */
export class Workstation {
  readonly hostname = 'workstation';
  readonly files: FileSystem;
  #machine: Machine | null = null;
  #software: Software | null = null;
  readonly #simulation: Simulation;
  readonly #options: WorkstationOptions;
  readonly #terminals = new Map<number, { terminal: Terminal; shell: RunningProcess }>();

  constructor(options: WorkstationOptions) {
    const { simulation } = options;
    this.#simulation = simulation;
    this.#options = options;
    this.files = new MemoryFileSystem(simulation, { user: learner });
    this.files.makeDirectory(home, { parents: true });
    this.files.makeDirectory('/tmp');
    for (const [name, text] of Object.entries(options.files)) this.write(name, text);
  }

  /**
   * Puts programs on the PATH; `bash` is what terminals run. They are code that may be loaded after the cluster
   * has started, but before the first terminal input is admitted, so that a replay finds them in the same place.
   */
  install(software: Software): void {
    this.#software ??= software;
    const { network } = this.#options;
    network.ports ??= software.ports;
    this.#machine ??= new Machine(this.#simulation, {
      hostname: this.hostname,
      files: this.files,
      user: learner,
      programs: software.programs,
      network,
    });
  }

  /** True when terminals can be used. */
  get isInstalled(): boolean {
    return this.#machine !== null;
  }

  /** What could stand where the cursor is, at the prompt. */
  complete(line: string, cursor: number): Answers['complete'] {
    return this.#software?.complete(line, cursor) ?? { from: cursor, choices: [] };
  }

  /** What was typed: whole lines, each with its newline; `\u0004` alone is Ctrl-D. */
  type(id: number, text: string): void {
    const { terminal } = this.#open(id);
    this.#simulation.after(0, () => {
      if (text === '\u0004') terminal.end();
      else terminal.feed(text);
    });
  }

  /** Ctrl-C. */
  interrupt(id: number): void {
    const { terminal, shell } = this.#open(id);
    this.#simulation.after(0, () => {
      terminal.flush();
      shell.signal('INT');
    });
  }

  /** True while the terminal's program waits for what is typed next. */
  isReading(id: number): boolean {
    return this.#open(id).terminal.reading;
  }

  resize(id: number, size: { columns: number; rows: number }): void {
    this.#open(id).terminal.resize({ columns: size.columns, rows: size.rows });
  }

  /** Writes a file, in the home directory unless the path is absolute. */
  write(path: string, text: string): void {
    const absolute = path.startsWith('/') ? path : `${home}/${path}`;
    this.files.makeDirectory(absolute.slice(0, absolute.lastIndexOf('/')) || '/', { parents: true });
    this.files.write(absolute, text);
  }

  /** The terminal with its shell; a shell that ended is started again. */
  #open(id: number): { terminal: Terminal; shell: RunningProcess } {
    const present = this.#terminals.get(id);
    if (present !== undefined && present.shell.exitCode === null) return present;
    if (present === undefined && this.#terminals.size >= terminalsMax)
      return this.#terminals.values().next().value!;
    const terminal =
      present?.terminal ??
      new Terminal(this.#simulation, {
        size: defaultSize,
        print: (text) => this.#options.onOutput(id, text),
        onRead: (line) => this.#options.onEcho?.(id, line),
      });
    const machine = this.#machine;
    assert(machine !== null, 'a terminal was used before its programs were installed');
    const shell = machine.start(machine.lookUp('bash')!, {
      args: ['bash', '-i'],
      environment: new Map([
        ['HOME', home],
        ['USER', 'learner'],
        ['PATH', '/usr/local/bin:/usr/bin:/bin'],
        ['TERM', 'xterm-256color'],
        ['EDITOR', 'nano'],
        ['HOSTNAME', this.hostname],
      ]),
      workingDirectory: home,
      stdin: terminal.source,
      stdout: terminal.sink,
      stderr: terminal.sink,
    });
    const opened = { terminal, shell };
    this.#terminals.set(id, opened);
    return opened;
  }
}
