import type { Image, Server, ServerPort } from '#world/machine/image.ts';
import type { RequestCost } from '#world/traffic/requestCost.ts';
import type { Program } from '#world/machine/program.ts';

/** Megabytes, as registries count them. */
export const mb = 1_000_000;
export const mib = 1024 * 1024;

/** An image from what differs; the rest is empty. */
export function defineImage(parts: Partial<Image> & Pick<Image, 'name' | 'tags' | 'sizeBytes'>): Image {
  return {
    entrypoint: [],
    command: [],
    environment: {},
    workingDirectory: '/',
    files: {},
    programs: noPrograms,
    isLocal: false,
    serverFor: () => undefined,
    ...parts,
  };
}

const noPrograms: ReadonlyMap<string, Program> = new Map();

/** `args` runs one of `names`, with or without a directory; a wrapper such as an entrypoint script is skipped. */
export function isCommand(args: readonly string[], ...names: readonly string[]): boolean {
  return args.some((arg, i) => i < 2 && names.includes(arg.slice(arg.lastIndexOf('/') + 1)));
}

/** A server from what differs: it is up in a moment and ends at once when asked. */
export function defineServer(parts: Partial<Server> & Pick<Server, 'ports'>): Server {
  return {
    startMs: 200,
    cpuIdleMillicores: 1,
    memoryIdleBytes: 16 * mib,
    onTerminate: { afterMs: 100, exitCode: 0 },
    ...parts,
  };
}

/** A port whose requests cost next to nothing, unless told otherwise. */
export function definePort(parts: Partial<ServerPort> & Pick<ServerPort, 'port'>): ServerPort {
  return { protocol: 'TCP', cost: cheapRequest, isSteady: true, ...parts };
}

const cheapRequest: RequestCost = { cpuMicros: 100, latencyMs: 1, memoryBytes: 4096 };
