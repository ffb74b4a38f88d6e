import type { Simulation } from '#sim/simulation.ts';
import type { NetworkStack } from '../network/networkStack.ts';
import { CpuMeter } from './cpuMeter.ts';
import type { FileSystem } from './fileSystem.ts';
import type { Hardware } from './hardware.ts';
import { type Child, ProcessLimit, type Program } from './program.ts';
import { type ProcessTable, microsPerStep, RunningProcess, type StartOptions } from './process.ts';
import type { User } from './userFiles.ts';

/** Processes at once on one machine; past it `spawn` throws ProcessLimit. */
const processesMax = 256;
const programDirectories = ['/bin', '/usr/bin', '/usr/local/bin', '/sbin', '/usr/sbin'];

export const rootUser: User = { uid: 0, gid: 0, groups: [0] };

/** A workstation, or the inside of a container: a name, files, installed programs and running processes. */
export class Machine implements ProcessTable {
  readonly simulation: Simulation;
  readonly hostname: string;
  readonly files: FileSystem;
  /** Who its processes are. */
  readonly user: User;
  /** What is on the PATH by name, and what is elsewhere by its path. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Undefined on a machine without a network. */
  readonly network: NetworkStack | undefined;
  /** Undefined where nobody may look. */
  readonly hardware: Hardware | undefined;
  /** The CPU time that its programs have used. */
  readonly cpu = new CpuMeter();
  readonly #processes = new Map<number, RunningProcess>();
  readonly #neighbours: () => readonly Child[];
  #lastId: number;
  #steps = 0;
  #stepsAtMs = 0;

  constructor(
    simulation: Simulation,
    options: {
      hostname: string;
      /** As `user` has them. */
      files: FileSystem;
      user?: User;
      programs: ReadonlyMap<string, Program>;
      network?: NetworkStack | undefined;
      hardware?: Hardware;
      /** The processes of others that its own can see. */
      neighbours?: () => readonly Child[];
      /** Ids of its own processes begin after this one. */
      idsAfter?: number;
    },
  ) {
    this.simulation = simulation;
    this.hostname = options.hostname;
    this.files = options.files;
    this.user = options.user ?? rootUser;
    this.programs = options.programs;
    this.network = options.network;
    this.hardware = options.hardware;
    this.#neighbours = options.neighbours ?? (() => []);
    this.#lastId = options.idsAfter ?? 0;
  }

  /**
   * Starts a program; its first turn is the next event. Hear of its end with `onExit`. Streams that are
   * left out are empty (stdin) or go nowhere.
   */
  start(program: Program, options: StartOptions): RunningProcess {
    if (this.#processes.size >= processesMax) throw new ProcessLimit('too many processes');
    const process = new RunningProcess(this, ++this.#lastId, program, options);
    this.#processes.set(process.id, process);
    return process;
  }

  /** Ends every process with `exitCode`, as when a container is killed or a node loses power. */
  stop(exitCode = 137): void {
    for (const process of this.list()) process.kill(exitCode);
  }

  lookUp(name: string): Program | undefined {
    const exact = this.programs.get(name);
    if (exact !== undefined) return exact;
    const slash = name.lastIndexOf('/');
    if (slash >= 0 && !programDirectories.includes(name.slice(0, slash))) return undefined;
    return this.programs.get(name.slice(slash + 1));
  }

  commands(): string[] {
    return [...this.programs.keys()].filter((name) => !name.includes('/')).sort();
  }

  countSteps(steps: number): number {
    if (this.#stepsAtMs !== this.simulation.nowMs) {
      this.#stepsAtMs = this.simulation.nowMs;
      this.#steps = 0;
    }
    this.cpu.spend(this.simulation.nowMs, steps * microsPerStep);
    return (this.#steps += steps);
  }

  /** All that its processes can see. */
  visible(): Child[] {
    return [...this.#neighbours(), ...this.list()];
  }

  list(): RunningProcess[] {
    return [...this.#processes.values()];
  }

  ended(process: RunningProcess): void {
    this.#processes.delete(process.id);
    // A container lives as long as its first process.
    if (process.init) this.stop();
  }
}
