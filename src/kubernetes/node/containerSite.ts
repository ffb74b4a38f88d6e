import type { Container as ContainerSpec } from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Hardware } from '#world/machine/hardware.ts';
import type { Machine } from '#world/machine/machine.ts';
import type { MountedFileSystem } from '#world/machine/mountedFileSystem.ts';
import type { Child, Program } from '#world/machine/program.ts';
import type { Sink, Source } from '#world/machine/stream.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';
import type { Traffic } from '#world/traffic/traffic.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Container } from './container.ts';
import type { ResourceLimits } from './containerUsage.ts';

export interface Mount {
  readonly path: string;
  readonly files: FileSystem;
  readonly readOnly: boolean;
  /** The same files for a container whose memory they count as: `charge` is told of bytes that it takes or gives back. */
  charged?(charge: (bytes: number) => void): FileSystem;
}

export interface ExecStreams {
  readonly stdin?: Source;
  readonly stdout?: Sink;
  readonly stderr?: Sink;
}

/** What a container sees of others whose process namespace it shares. */
export interface Neighbours {
  readonly neighbours: () => readonly Child[];
  readonly idsAfter: number;
}

/** The pod around a container, as the container sees it: one object for all containers of a pod. */
export interface ContainerSite {
  readonly simulation: Simulation;
  readonly traffic: Traffic;
  readonly hostname: string;
  readonly address: string;
  /** As of NodeContext. */
  readonly slowness: number;
  environment(container: Container): ReadonlyMap<string, string>;
  mounts(container: Container): readonly Mount[];
  networkStack(): NetworkStack;
  /** The processes of other containers that this one's can see, and where the ids of its own begin. */
  neighbours(container: Container): Neighbours | null;
  /** The files as its processes have them, and who these are. */
  enter(container: Container, files: MountedFileSystem): Pick<Machine, 'files' | 'user'>;
  /** What its programs see of the node's machine. */
  readonly hardware: Hardware | undefined;
  /** Puts the files in that every container has. Returns the programs that it gets beside its image's. */
  furnish(
    container: Container,
    files: FileSystem,
    stack: NetworkStack,
  ): ReadonlyMap<string, Program> | undefined;
  /** What a file is started with, or why it cannot be. */
  findScript(
    machine: Machine,
    args: readonly string[],
    workingDirectory: string,
  ): { readonly program: Program; readonly args: readonly string[] } | string;
  limitsOf(spec: ContainerSpec): ResourceLimits;
  /** It uses more, or less, than before. */
  touch(): void;
  /** What a container that has ended leaves to say. */
  lastWords(container: Container): string;
  /** Called once, from a simulation event, when the container has ended. */
  exited(container: Container): void;
}
