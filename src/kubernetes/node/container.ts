import type { Container as ContainerSpec } from '#generated/types/core.v1.ts';
import {
  type ContainerScope,
  parseImageReference,
  type Server,
  type ServerPort,
} from '#world/machine/image.ts';
import type { DnsQuestion } from '#world/network/dns.ts';
import type { HttpRequest } from '#world/network/http.ts';
import type { Listener } from '#world/network/network.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import type { Traffic } from '#world/traffic/traffic.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { Machine } from '#world/machine/machine.ts';
import type { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { MountedFileSystem } from '#world/machine/mountedFileSystem.ts';
import { Pipe } from '#world/machine/pipe.ts';
import type { RunningProcess } from '#world/machine/process.ts';
import { type Child, type Signal, signalNumbers } from '#world/machine/program.ts';
import { callbackSink } from '#world/machine/stream.ts';
import { Terminal } from '#world/machine/terminal.ts';
import type { Timer } from '#sim/eventQueue.ts';
import type { Simulation } from '#sim/simulation.ts';
import { baseFiles } from './imageFiles.ts';
import { ContainerLog } from './containerLog.ts';
import { ContainerUsage } from './containerUsage.ts';
import type { ContainerSite, ExecStreams } from './containerSite.ts';
import type { FixedVariables } from './environment.ts';
import type { PresentImage } from './imageStore.ts';

/** Exit codes of what a signal ended, and of what could not be started. */
export const killedCode = 137;
const notStartedCode = 128;

/** What a shell and its like take. */
const programBytes = 1_048_576;

/** What a server that nobody calls or looks into never has: there are as many of those as pods. */
class Inside {
  process: RunningProcess | null = null;
  machine: Machine | null = null;
  /** As its root user has them. */
  files: FileSystem | null = null;
  /** Its own files without what is mounted, and how much of them its image brought. */
  root: MemoryFileSystem | null = null;
  imageBytes = 0;
  tmpfsBytes = 0;
  /** How long its server took to come up, on a machine that was slow then. */
  startMs: number | null = null;
  memory: Map<string, unknown> | null = null;
  log: ContainerLog | null = null;
  ports: readonly ServerPort[] | null = null;
  usage: ContainerUsage | null = null;
  input: ((text: string | null) => void) | null = null;
  readonly disturbed = new Set<() => void>();
  endListeners: readonly (() => void)[] = [];
}

/** A container as the runtime has it: it runs from `start` until it has an exit code, and never again. */
export class Container implements ContainerScope {
  readonly id: string;
  readonly image: PresentImage;
  readonly startedMs: number;
  finishedMs = 0;
  exitCode: number | null = null;
  reason: 'Completed' | 'Error' | 'OOMKilled' | 'StartError' | 'ContainerStatusUnknown' = 'Completed';
  /** What the runtime says about the end, or the termination log. */
  message = '';
  spec: ContainerSpec;
  readonly args: readonly string[];
  readonly variables: FixedVariables;
  readonly #site: ContainerSite;
  readonly #server: Server | undefined;
  #killTimer: Timer | null = null;
  isStopping = false;
  /** What it is like inside; made when somebody first looks or calls. */
  #inside: Inside | null = null;

  constructor(
    site: ContainerSite,
    options: {
      /** `containerd://` and 64 hexadecimal digits. */
      readonly id: string;
      readonly spec: ContainerSpec;
      readonly image: PresentImage;
      readonly args: readonly string[];
      readonly variables: FixedVariables;
    },
  ) {
    this.#site = site;
    this.id = options.id;
    this.spec = options.spec;
    this.image = options.image;
    this.args = options.args;
    this.variables = options.variables;
    this.startedMs = site.simulation.nowMs;
    this.#server = options.image.image.serverFor(options.args);
  }

  get simulation(): Simulation {
    return this.#site.simulation;
  }

  get imageTag(): string {
    return parseImageReference(this.image.name)!.tag;
  }

  get slowness(): number {
    return this.#site.slowness;
  }

  get hostname(): string {
    return this.#site.hostname;
  }

  get environment(): ReadonlyMap<string, string> {
    return this.#site.environment(this);
  }

  get traffic(): Traffic {
    return this.#site.traffic;
  }

  get address(): string {
    return this.#site.address;
  }

  get network(): NetworkStack {
    return this.machine.network!;
  }

  get memory(): Map<string, unknown> {
    return (this.#within.memory ??= new Map());
  }

  get logs(): ContainerLog {
    const inside = this.#within;
    if (inside.log === null) {
      inside.log = new ContainerLog();
      const text = this.#server?.startLog?.(this.startedMs, this.args, this);
      if (text !== undefined) inside.log.append(this.startedMs, text);
    }
    return inside.log;
  }

  /** Where what is attached types to; null where the container takes no input. */
  get attachedInput(): Inside['input'] {
    return this.#inside?.input ?? null;
  }

  get isRunning(): boolean {
    return this.exitCode === null;
  }

  /** All its files, as the kubelet and its root user have them. */
  get files(): FileSystem {
    void this.machine;
    return this.#within.files!;
  }

  /** Its processes and files; made when somebody first looks. */
  get machine(): Machine {
    const inside = this.#within;
    if (inside.machine === null) {
      const { simulation, hostname, image } = this;
      const root = baseFiles(image.image).fork();
      inside.root = root;
      inside.imageBytes = root.diskBytes;
      const isReadOnly = this.spec.securityContext?.readOnlyRootFilesystem === true;
      const files = new MountedFileSystem(root);
      for (const mount of this.#site.mounts(this)) {
        const { path, readOnly } = mount;
        const volume = mount.charged?.((bytes) => this.#charge(bytes)) ?? mount.files;
        if (files.status(path)?.type === 'file') files.remove(path);
        files.mount(path, volume, { readOnly });
      }
      const stack = this.#site.networkStack();
      const more = this.#site.furnish(this, files, stack);
      const own = image.image.programs;
      const programs = more === undefined ? own : new Map([...own, ...more]);
      const neighbours = this.#site.neighbours(this);
      const entered = this.#site.enter(this, files);
      const { hardware } = this.#site;
      if (isReadOnly) files.protect();
      inside.files = files;
      inside.machine = new Machine(simulation, {
        hostname,
        programs,
        network: stack,
        ...(hardware && { hardware }),
        ...entered,
        ...neighbours,
      });
    }
    return inside.machine;
  }

  log(text: string): void {
    this.logs.append(this.simulation.nowMs, text);
  }

  /** Runs the command. Returns the runtime's error when there is no such command; then it has ended too. */
  start(): string | null {
    const { simulation, args } = this;
    const limits = this.#site.limitsOf(this.spec);
    const server = this.#server;
    if (server !== undefined) {
      const failed = server.onStart?.(this);
      if (this.slowness !== 1) this.#within.startMs = server.startMs * this.slowness;
      const startMs = this.#startMs(server);
      if (typeof failed === 'number') this.#endAfter(startMs, failed);
      else if (limits.memoryBytes > 0 && server.memoryIdleBytes > limits.memoryBytes) {
        this.#killTimer = simulation.after(startMs, () => this.killForMemory());
      }
      return null;
    }
    const found = this.#command(args);
    if (typeof found === 'string') return this.#failToStart(args[0] ?? '', found);
    const process = this.machine.start(found.program, {
      args: found.args,
      environment: new Map(this.environment),
      workingDirectory: this.#workingDirectory,
      ...this.#streams(),
      init: true,
    });
    this.#within.process = process;
    process.onExit((exitCode) => this.#end(exitCode));
    return null;
  }

  /** The streams of the first process: its output is the log, its input what is attached. */
  #streams(): ExecStreams {
    const { simulation } = this;
    const print = (text: string) => this.log(text);
    if (this.spec.stdin === true && this.spec.tty === true) {
      const terminal = new Terminal(simulation, { size: { columns: 80, rows: 24 }, print });
      this.#within.input = (text) => (text === null ? terminal.end() : terminal.feed(text));
      return { stdin: terminal.source, stdout: terminal.sink, stderr: terminal.sink };
    }
    const out = callbackSink(print);
    if (this.spec.stdin !== true) return { stdout: out, stderr: out };
    const pipe = new Pipe(simulation);
    pipe.sink.retain();
    this.#within.input = (text) => (text === null ? pipe.closeSink() : void pipe.sink.offer(text));
    return { stdin: pipe.source, stdout: out, stderr: out };
  }

  /** Sends Ctrl-C to the first process. */
  interrupt(): void {
    this.#inside?.process?.signal('INT');
  }

  /** Asks it to end, and ends it for good after `graceMs`. */
  stop(graceMs: number): void {
    if (!this.isRunning || this.isStopping) return;
    this.isStopping = true;
    const signal = (this.spec.lifecycle?.stopSignal ?? 'SIGTERM').slice('SIG'.length);
    if (signal === 'KILL') return this.kill();
    const server = this.#server;
    if (server !== undefined) {
      const quits = server.onTerminate;
      const afterMs = quits === null ? Infinity : quits.afterMs * this.slowness;
      if (quits !== null && afterMs <= graceMs) this.#endAfter(afterMs, quits.exitCode);
      else this.#endAfter(graceMs, killedCode);
      return;
    }
    this.#inside?.process?.signal(signal in signalNumbers ? (signal as Signal) : 'TERM');
    this.simulation.cancel(this.#killTimer);
    this.#killTimer = this.simulation.after(graceMs, () => this.kill());
  }

  /** Ends it now, as SIGKILL does. */
  kill(exitCode = killedCode): void {
    if (!this.isRunning) return;
    const process = this.#inside?.process ?? null;
    if (process !== null) process.kill(exitCode);
    else this.#end(exitCode);
  }

  /** Ends it as the kernel does when it wants more memory than its limit. */
  killForMemory(): void {
    if (!this.isRunning) return;
    this.reason = 'OOMKilled';
    this.kill();
  }

  /** Gives it other resources while it runs. */
  resize(spec: ContainerSpec): void {
    this.spec = spec;
    const limits = this.#site.limitsOf(spec);
    this.#inside?.usage?.resize(limits);
    if (limits.memoryBytes > 0 && this.memoryBytes > limits.memoryBytes) this.killForMemory();
  }

  /** Its machine lost power: nothing more is heard of it. */
  vanish(): void {
    this.simulation.cancel(this.#killTimer);
    if (!this.isRunning) return;
    this.exitCode = killedCode;
    this.finishedMs = this.simulation.nowMs;
    this.#inside?.machine?.stop();
    this.#server?.onEnd?.(this);
  }

  /** What listens on a port now. */
  listenerAt(port: number, protocol: 'TCP' | 'UDP'): Listener | undefined {
    const server = this.#server;
    if (server === undefined || !this.isListening) return undefined;
    const inside = this.#within;
    inside.ports ??= typeof server.ports === 'function' ? server.ports(this) : server.ports;
    const found = inside.ports.find((entry) => entry.port === port && entry.protocol === protocol);
    if (found === undefined) return undefined;
    const { handle, converse, dns, cost } = found;
    const usage = () => (inside.usage ??= new ContainerUsage(this, this.#site.limitsOf(this.spec), cost));
    return {
      isSteady: found.isSteady && inside.machine === null && inside.usage?.isOverloaded !== true,
      get target() {
        return usage();
      },
      ...(handle && {
        http: (request: HttpRequest) => {
          const response = handle(request, this);
          return { response, latencyMs: usage().serve() + (response.delayMs ?? 0) };
        },
      }),
      ...(converse && { converse: (line: string, client: string) => converse(line, this, client) }),
      ...(dns && { dns: (question: DnsQuestion) => dns(question, this) }),
    };
  }

  /** Its processes as far as it has any that can be seen: none where it merely serves. */
  get processes(): readonly Child[] {
    return this.#inside?.machine?.list() ?? [];
  }

  #startMs(server: Server): number {
    return this.#inside?.startMs ?? server.startMs;
  }

  /** When its server listens; undefined when it has none or has ended. */
  get listensAtMs(): number | undefined {
    const server = this.#server;
    return server === undefined || !this.isRunning ? undefined : this.startedMs + this.#startMs(server);
  }

  get server(): Server | undefined {
    return this.#server;
  }

  /** True once its server has come up. */
  get isListening(): boolean {
    const server = this.#server;
    return (
      server !== undefined &&
      this.isRunning &&
      this.simulation.nowMs >= this.startedMs + this.#startMs(server)
    );
  }

  /**
   * Runs a command beside the container's own, as `kubectl exec` does. A text says why the runtime cannot.
   * A probe is taken to leave the container as it is.
   */
  exec(args: readonly string[], streams: ExecStreams, isProbe = false): RunningProcess | string {
    const found = this.#command(args);
    if (typeof found === 'string')
      return `exec failed: unable to start container process: exec: "${args[0] ?? ''}": ${found}`;
    if (!isProbe) {
      this.disturb();
      this.touch();
    }
    return this.machine.start(found.program, {
      args: found.args,
      environment: new Map(this.environment),
      workingDirectory: this.#workingDirectory,
      ...streams,
    });
  }

  /** Calls `listener` when the container ends. */
  whenEnded(listener: () => void): void {
    this.#within.endListeners = [...this.#within.endListeners, listener];
  }

  /** Programs run in it, or somebody has looked into it. */
  get wasEntered(): boolean {
    return this.#inside !== null && this.#inside.machine !== null;
  }

  /** What it holds of the node's disk: what it wrote over its image, and its log. */
  get diskBytes(): number {
    if (this.#inside === null) return 0;
    const { root, imageBytes, log } = this.#inside;
    return (root === null ? 0 : root.diskBytes - imageBytes) + (log?.characters ?? 0);
  }

  touch(): void {
    this.#site.touch();
  }

  /** Tells whoever took the container for steady to look again. */
  disturb(): void {
    for (const wake of this.#inside?.disturbed ?? []) wake();
  }

  /** Millicores used on average over a time of whole seconds. */
  cpuMillicores(fromMs: number, toMs: number): number {
    if (!this.isRunning) return 0;
    const limits = this.#site.limitsOf(this.spec);
    const idle = this.#server?.cpuIdleMillicores ?? 0;
    const busy = this.#inside?.usage?.busyMillicores(fromMs, toMs) ?? 0;
    const programs = this.#inside?.machine?.cpu.spentBetween(fromMs, toMs) ?? 0;
    const most = limits.limitMillicores > 0 ? limits.limitMillicores : limits.machineMillicores;
    return Math.min(most, idle + busy + Math.ceil(programs / (toMs - fromMs)));
  }

  /** Memory in use now. */
  get memoryBytes(): number {
    if (!this.isRunning) return 0;
    const own = this.#inside?.usage?.load?.memoryBytes ?? this.#server?.memoryIdleBytes ?? programBytes;
    return own + this.tmpfsBytes;
  }

  /** What of its memory is in volumes that are kept there. */
  get tmpfsBytes(): number {
    return this.isRunning ? (this.#inside?.tmpfsBytes ?? 0) : 0;
  }

  /** It has taken memory for files, or given it back. */
  #charge(bytes: number): void {
    const inside = this.#within;
    // It may remove what others have written.
    inside.tmpfsBytes = Math.max(0, inside.tmpfsBytes + bytes);
    this.touch();
    const { memoryBytes } = this.#site.limitsOf(this.spec);
    if (memoryBytes > 0 && this.memoryBytes > memoryBytes) this.killForMemory();
  }

  /** Calls `wake` once somebody changes what the container is like inside. Returns what undoes it. */
  whenDisturbed(wake: () => void): () => void {
    const waiting = this.#within.disturbed;
    waiting.add(wake);
    return () => waiting.delete(wake);
  }

  get #within(): Inside {
    return (this.#inside ??= new Inside());
  }

  get #workingDirectory(): string {
    return this.spec.workingDir ?? this.image.image.workingDirectory;
  }

  /** The program of a command line, or why there is none. */
  #command(args: readonly string[]): ReturnType<ContainerSite['findScript']> {
    const name = args[0] ?? '';
    const program = this.machine.lookUp(name);
    if (program !== undefined) return { program, args };
    if (!name.includes('/')) return 'executable file not found in $PATH';
    return this.#site.findScript(this.machine, args, this.#workingDirectory);
  }

  #failToStart(command: string, why: string): string {
    this.message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "${command}": ${why}`;
    this.reason = 'StartError';
    this.exitCode = notStartedCode;
    this.finishedMs = this.simulation.nowMs;
    return this.message;
  }

  #endAfter(delayMs: number, exitCode: number): void {
    this.simulation.cancel(this.#killTimer);
    this.#killTimer = this.simulation.after(delayMs, () => this.#end(exitCode));
  }

  #end(exitCode: number): void {
    if (!this.isRunning) return;
    this.simulation.cancel(this.#killTimer);
    this.exitCode = exitCode;
    this.finishedMs = this.simulation.nowMs;
    if (this.reason !== 'OOMKilled') this.reason = exitCode === 0 ? 'Completed' : 'Error';
    const machine = this.#inside?.machine ?? null;
    if (machine !== null) this.message = this.#site.lastWords(this);
    this.#inside?.machine?.stop();
    this.#server?.onEnd?.(this);
    for (const listener of this.#inside?.endListeners ?? []) listener();
    this.#site.exited(this);
  }
}
