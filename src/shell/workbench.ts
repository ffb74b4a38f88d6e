import { type Hop, runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import { Machine } from '#world/machine/machine.ts';
import { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import type { Program } from '#world/machine/program.ts';
import { callbackSink, textSource } from '#world/machine/stream.ts';
import { notSimulated } from './notSimulated.ts';
import { programs } from './programs.ts';

/** What a script did. */
export interface ScriptResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** Milliseconds of virtual time. */
  readonly tookMs: number;
  readonly events: number;
}

const learner = { uid: 1000, gid: 1000, groups: [1000] };

/** A machine by itself to try scripts on, for tests and benchmarks. */
export class Workbench {
  readonly simulation = new Simulation({ seed: 'workbench', startMs: 1_767_225_600_000 });
  readonly files = new MemoryFileSystem(this.simulation, { user: learner });
  readonly machine: Machine;
  readonly #hop: Hop;

  constructor(hop: Hop, more: ReadonlyMap<string, Program> = new Map()) {
    this.#hop = hop;
    this.files.makeDirectory('/home/learner', { parents: true });
    this.files.makeDirectory('/tmp');
    this.machine = new Machine(this.simulation, {
      hostname: 'workstation',
      files: this.files,
      user: learner,
      programs: new Map([...notSimulated, ...programs, ...more]),
    });
  }

  get environment(): Map<string, string> {
    return new Map([
      ['HOME', '/home/learner'],
      ['USER', 'learner'],
    ]);
  }

  /** Runs `bash -c SCRIPT` to its end, in slices of so many events. */
  async run(
    script: string,
    options: { stdin?: string; untilMs?: number; slice?: number } = {},
  ): Promise<ScriptResult> {
    const { simulation } = this;
    let stdout = '';
    let stderr = '';
    const startMs = simulation.nowMs;
    const process = this.machine.start(programs.get('bash')!, {
      args: ['bash', '-c', script],
      environment: this.environment,
      workingDirectory: '/home/learner',
      stdin: textSource(options.stdin),
      stdout: callbackSink((text) => {
        stdout += text;
      }),
      stderr: callbackSink((text) => {
        stderr += text;
      }),
    });
    let tookMs = 0;
    let events = 0;
    process.onExit(() => {
      tookMs = simulation.nowMs - startMs;
      events = simulation.eventCount;
    });
    await this.advance(options.untilMs ?? 86_400_000, options.slice);
    return { stdout, stderr, exitCode: process.exitCode, tookMs, events };
  }

  /** Lets `ms` of virtual time pass, in slices of so many events. */
  async advance(ms: number, slice = Infinity): Promise<void> {
    const untilMs = this.simulation.nowMs + ms;
    for (;;) {
      const pause = await runWithHops(this.simulation, this.#hop, { untilMs, events: slice });
      if (pause === 'idle') return;
    }
  }
}
