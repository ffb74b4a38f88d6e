import type { Simulation } from '#sim/simulation.ts';
import type { DnsAnswer, DnsQuestion } from '../network/dns.ts';
import type { HttpRequest, HttpResponse } from '../network/http.ts';
import type { NetworkStack } from '../network/networkStack.ts';
import type { RequestCost } from '../traffic/requestCost.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { FileSystem } from './fileSystem.ts';
import type { Program } from './program.ts';

/** What an image's functions see of the container that they run in. */
export interface ContainerScope {
  readonly simulation: Simulation;
  readonly hostname: string;
  /** The tag of its image, such as `v1.36.0`. */
  readonly imageTag: string;
  /** The whole command line. */
  readonly args: readonly string[];
  readonly environment: ReadonlyMap<string, string>;
  readonly files: FileSystem;
  /** What a server remembers between requests; it ends with the container. */
  readonly memory: Map<string, unknown>;
  readonly network: NetworkStack;
  /** Its address, for which nobody has to look into it. */
  readonly address: string;
  /** Where it sends what is a rate and not a request. */
  readonly traffic: Traffic;
  /** Appends to the container's log; `text` ends with a newline. */
  log(text: string): void;
  /** Ends the first process. */
  kill(exitCode: number): void;
  /** What the server answers is no longer what it was: whoever took it for steady looks again. */
  disturb(): void;
}

/** A port that a server listens on. */
export interface ServerPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly cost: RequestCost;
  /** True when the same request gets the same answer as long as nobody changes the container's files. */
  readonly isSteady: boolean;
  /** Answers HTTP. A plain function: a request is a walk through the network, not a wait (D2). */
  handle?(request: HttpRequest, container: ContainerScope): HttpResponse;
  /** Answers one line of a text protocol, or one datagram, for what does not speak HTTP; null closes the connection. */
  converse?(line: string, container: ContainerScope, clientAddress: string): string | null;
  dns?(question: DnsQuestion, container: ContainerScope): DnsAnswer;
}

/** A process that merely serves: data, not a running program, so that an idle one costs nothing (D2). */
export interface Server {
  /** From its start until it listens. */
  readonly startMs: number;
  readonly cpuIdleMillicores: number;
  readonly memoryIdleBytes: number;
  readonly ports: readonly ServerPort[] | ((container: ContainerScope) => readonly ServerPort[]);
  /** What SIGTERM does; null when it is ignored and only SIGKILL helps. */
  readonly onTerminate: { readonly afterMs: number; readonly exitCode: number } | null;
  /** What it prints when it starts; made when somebody first reads the log. */
  startLog?(startedMs: number, args: readonly string[], container: ContainerScope): string;
  /** Looks whether it can start at all; a number is the exit code of one that cannot. */
  onStart?(container: ContainerScope): number | void;
  /** It has ended, whatever ended it. */
  onEnd?(container: ContainerScope): void;
}

/** A simulated container image: what is in it, as data. */
export interface Image {
  /** Without registry defaults filled in: `nginx`, `registry.k8s.io/pause`. */
  readonly name: string;
  /** Tags that the registry has, the newest first; `latest` is always among them unless it says otherwise. */
  readonly tags: readonly string[];
  /** Compressed, as the registry serves it. */
  readonly sizeBytes: number;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Files by absolute path, beside the programs. */
  readonly files: Readonly<Record<string, string>>;
  /** Programs that the image has, by the name they are called with; shells and tools included. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Who may pull it; undefined for everybody. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** True when it was built on the nodes: it is there from the start, and no registry has it. */
  readonly isLocal: boolean;
  /** The server behind a command line, when the command is one. */
  serverFor(args: readonly string[]): Server | undefined;
}

/** A full reference: `docker.io`, `library/nginx`, `1.27`. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | null;
}

/** What nodes pull from. */
export interface ImageRegistry {
  /** The image behind a reference, or why there is none. Local images are found by `local` only. */
  find(reference: ImageReference): Image | 'unknown repository' | 'unknown tag';
  /** An image that is on every node from the start. */
  local(reference: ImageReference): Image | undefined;
}

/** Fills in what a short reference leaves out, as Docker does. Null when it is not a reference at all. */
export function parseImageReference(text: string): ImageReference | null {
  const match =
    /^([a-z0-9][a-z0-9._/:-]*?[a-z0-9]|[a-z0-9])(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, path, tag, digest] = match;
  const slash = path!.indexOf('/');
  const first = slash < 0 ? '' : path!.slice(0, slash);
  const isRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  const registry = isRegistry ? first : 'docker.io';
  const rest = isRegistry ? path!.slice(slash + 1) : path!;
  if (rest.includes(':') || rest.includes('//')) return null;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  return { registry, repository, tag: tag ?? 'latest', digest: digest ?? null };
}

/** `docker.io/library/nginx:latest`. */
export function formatImageReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${digest === null ? `:${tag}` : `@${digest}`}`;
}
