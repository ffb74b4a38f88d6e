import type { Descriptions } from '#kubernetes/api/openapi.ts';
import type { Process } from '#world/machine/program.ts';
import type { ApiClient } from './apiClient.ts';
import type { Flags } from './flags.ts';
import { currentNamespace, type Kubeconfig } from './kubeconfig.ts';
import { RestMapper } from './restMapper.ts';
import { CommandError } from './errors.ts';

/** One run of one command: its words, its streams, and the cluster it talks to. */
export class Invocation {
  readonly process: Process;
  readonly client: ApiClient;
  readonly flags: Flags;
  readonly args: readonly string[];
  /** How many of `args` stood before `--`, or -1 without one. */
  readonly dashAt: number;
  /** `kubectl rollout undo`, for pointers to help. */
  readonly path: string;
  readonly config: Kubeconfig;
  readonly configPath: string;
  /** The version this kubectl says it has, such as `v1.36.0`. */
  readonly version: string;
  /** What the fields of the API mean, for explain. */
  readonly descriptions: Descriptions;
  #mapper: Promise<RestMapper> | undefined;

  constructor(parts: {
    readonly process: Process;
    readonly client: ApiClient;
    readonly flags: Flags;
    readonly args: readonly string[];
    readonly dashAt: number;
    readonly path: string;
    readonly config: Kubeconfig;
    readonly configPath: string;
    readonly version: string;
    readonly descriptions: Descriptions;
  }) {
    this.process = parts.process;
    this.client = parts.client;
    this.flags = parts.flags;
    this.args = parts.args;
    this.dashAt = parts.dashAt;
    this.path = parts.path;
    this.config = parts.config;
    this.configPath = parts.configPath;
    this.version = parts.version;
    this.descriptions = parts.descriptions;
  }

  get nowMs(): number {
    return this.process.simulation.nowMs;
  }

  /** What the server serves; asked once. */
  mapper(): Promise<RestMapper> {
    return (this.#mapper ??= RestMapper.discover(this.client));
  }

  /** True when the namespace was named on the command line. */
  get namespaceIsExplicit(): boolean {
    return this.flags.changed('namespace');
  }

  /** The namespace of this command: the flag, the context's, or `default`. */
  get namespace(): string {
    const flag = this.flags.text('namespace');
    if (flag !== '') return flag;
    const current = this.flags.text('context') || this.config['current-context'];
    if (this.flags.changed('context') && !this.config.contexts.some(({ name }) => name === current)) {
      throw new CommandError(`context ${JSON.stringify(current)} does not exist`);
    }
    return currentNamespace(this.config, current);
  }

  out(text: string): Promise<void> {
    return text === '' ? Promise.resolve() : this.process.stdout.write(text);
  }

  /** Prints a warning as the server's are printed. */
  warn(text: string): Promise<void> {
    return this.client.warn(text);
  }

  err(text: string): Promise<void> {
    return this.process.stderr.write(text);
  }
}
