import type { Fault, Input, Recipe, RemoteRequest, Speed, Stamp, StampedInput } from '#classroom/recipe.ts';
import type { Scenario } from '#classroom/scenario.ts';
import type { ApiResponse } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Cluster } from '#kubernetes/cluster/cluster.ts';
import { Projection } from '#projection/projection.ts';
import { assert } from '#sim/assert.ts';
import { causeOf } from '#sim/cause.ts';
import { Simulation } from '#sim/simulation.ts';
import { ActivityLog } from './activity.ts';
import { stateHash } from './hash.ts';
import { learner } from './learner.ts';
import type { Software } from './programs.ts';
import type { RemoteClients } from './remoteClients.ts';
import { Workstation } from './workstation.ts';

/** Every session begins on this virtual morning: Monday, 5 January 2026, 09:00 UTC. */
const startMs = Date.UTC(2026, 0, 5, 9, 0, 0);
/** The nodes are Ready by then, and the second load is plugged in, unless an input came first. */
const furnishMs = startMs + 1_000;

export interface SessionOptions {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Fetches the second load: code that the first sight of the cluster does without. */
  loadSoftware(): Promise<(cluster: Cluster) => Software>;
  /** What a terminal shows; the session itself keeps none of it. */
  onOutput(terminal: number, text: string): void;
  /** A line that was typed, when a process reads it: what a terminal echoes, in a replay too. */
  onEcho?(terminal: number, line: string): void;
  /** Called with each input before it runs, to be saved (D5). */
  onRecorded?(input: StampedInput): void;
  /** False for the first input that the log has no room for; the recipe ends before it, and the session goes on. */
  hasRoom?(input: StampedInput): boolean;
}

/**
 * One learner's world, headless: a cluster, a workstation, and the log of what was done to them. The same
 * scenario, seed and inputs give the same state, byte for byte (D5).
 */
export class Session {
  readonly simulation: Simulation;
  readonly cluster: Cluster;
  readonly workstation: Workstation;
  readonly activity: ActivityLog;
  readonly scenario: Scenario;
  readonly seed: string;
  speed: Speed = 1;
  readonly #options: SessionOptions;
  readonly #inputs: StampedInput[] = [];
  /** Where the log ran full. */
  #recordingEnd: Recipe['end'] | null = null;
  #software: Software | null = null;
  #remoteClients: RemoteClients | null = null;
  #projection: Projection | null = null;

  constructor(options: SessionOptions) {
    const { scenario, seed } = options;
    this.#options = options;
    this.scenario = scenario;
    this.seed = seed;
    this.simulation = new Simulation({ seed, startMs });
    this.cluster = new Cluster({
      simulation: this.simulation,
      nodes: scenario.nodes,
      ...(scenario.controlPlanes && { controlPlanes: scenario.controlPlanes }),
      ...(scenario.version && { version: scenario.version }),
    });
    this.activity = new ActivityLog(this.cluster.etcd);
    this.cluster.start();
    this.workstation = new Workstation({
      simulation: this.simulation,
      network: this.cluster.workstationNetwork(),
      files: scenario.files,
      onOutput: options.onOutput,
      ...(options.onEcho && { onEcho: options.onEcho }),
    });
  }

  /** How far time may go before `furnish` has been called; Infinity afterwards. */
  get furnishMs(): number {
    if (this.isFurnished) return Infinity;
    return this.scenario.commands.length > 0 ? startMs : furnishMs;
  }

  /** True when everything is there, and inputs can be admitted. */
  get isFurnished(): boolean {
    return this.workstation.isInstalled;
  }

  /**
   * Plugs in the second load, once: the rest of the cluster, programs on the workstation, and what the scenario types
   * first. However late its code arrives, that happens at one place of the session: before the first input, at
   * `furnishMs` at the latest, so that a replay is the same (D2, D5).
   */
  async furnish(): Promise<void> {
    if (this.isFurnished) return;
    const software = (await this.#options.loadSoftware())(this.cluster);
    if (this.isFurnished) return;
    this.#software = software;
    this.#remoteClients = software.remoteClients((input) => this.input(input));
    this.cluster.install(software.parts);
    this.cluster.installImages(software.images);
    this.cluster.apiServer.unsimulated = software.unsimulated;
    this.workstation.install(software);
    for (const [path, text] of Object.entries(software.files())) this.workstation.write(path, text);
    for (const command of this.scenario.commands) this.workstation.type(1, `${command}\n`);
  }

  /** Where the session stands. */
  get stamp(): Stamp {
    return { atMs: this.simulation.nowMs, afterEvent: this.simulation.eventCount };
  }

  /** What the session is made from so far. */
  recipe(build: string): Recipe {
    return {
      scenario: this.scenario.id,
      seed: this.seed,
      inputs: this.#inputs,
      end: this.#recordingEnd
        ? { ...this.#recordingEnd, build }
        : { ...this.stamp, hash: this.hash(), build },
    };
  }

  /** True as long as the recipe holds all that was done. */
  get isRecorded(): boolean {
    return this.#recordingEnd === null;
  }

  get inputs(): readonly StampedInput[] {
    return this.#inputs;
  }

  hash(): string {
    return stateHash(this.cluster.etcd);
  }

  /** The page's rows; made on the first question, and never felt by the simulation. */
  get projection(): Projection {
    const { cluster, simulation } = this;
    const client = new Client(cluster.observe, observer);
    this.#projection ??= new Projection(
      simulation,
      client,
      cluster.apiServer.kinds,
      (id) => cluster.usageOf(id),
      cluster.components,
      (node) => cluster.nodes.kubelets.get(node)?.slowness ?? 1,
    );
    return this.#projection;
  }

  /** Records an outside act and does it. Call it between slices of a furnished session, never while an event runs. */
  input(input: Input): void {
    assert(this.isFurnished, 'an input came before the second load');
    const stamped: StampedInput = { ...this.stamp, input };
    this.#save(stamped);
    const { simulation } = this;
    const actor = input.type === 'request' ? input.request.user.name : learner.name;
    const cause = causeOf(null, simulation.nowMs, actor, 'input', this.#software!.describe(input));
    simulation.withCause(cause, () => this.#act(input));
  }

  /** Sends the request of a client outside, which is an input. See `RemoteClients.ask`. */
  ask(request: RemoteRequest, onAnswer: (response: ApiResponse) => void): void {
    assert(this.#remoteClients !== null, 'a request came before the second load');
    this.#remoteClients.ask(request, onAnswer);
  }

  #save(stamped: StampedInput): void {
    if (this.#recordingEnd !== null) return;
    if (this.#options.hasRoom?.(stamped) === false) {
      this.#recordingEnd = { ...this.stamp, hash: this.hash(), build: '' };
      return;
    }
    this.#inputs.push(stamped);
    this.#options.onRecorded?.(stamped);
  }

  #act(input: Input): void {
    switch (input.type) {
      case 'terminalInput':
        this.workstation.type(input.terminal, input.text);
        return;
      case 'terminalResize':
        this.workstation.resize(input.terminal, input);
        return;
      case 'interrupt':
        this.workstation.interrupt(input.terminal);
        return;
      case 'writeFile':
        this.workstation.write(input.path, input.text);
        return;
      case 'speed':
        this.speed = input.speed;
        return;
      case 'step':
        return;
      case 'request':
      case 'stream':
        this.#remoteClients!.act(input);
        return;
      case 'fault':
        this.#break(input.fault);
    }
  }

  #break(fault: Fault): void {
    const { cluster, simulation } = this;
    const software = this.#software!;
    const text = software.describe({ type: 'fault', fault });
    this.activity.add({
      atMs: simulation.nowMs,
      type: 'fault',
      actor: learner.name,
      text,
      subject: null,
      level: 'warning',
    });
    software.breakCluster(cluster, fault);
    if (fault.type === 'slowNode') this.#projection?.touchUsage();
  }
}

/** The page looks on as the server itself. */
const observer = { name: 'system:observer', groups: ['system:masters'] };
