import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Program } from '#world/machine/program.ts';
import { nvidiaSmi } from './nvidiaSmi.ts';

/** The NVIDIA GPUs of a machine, all alike. */
export interface Gpus {
  readonly count: number;
  /** `Tesla T4`. */
  readonly model: string;
}

/** What the driver shows of each GPU, one directory for each by its bus address. */
export const driverDirectory = '/proc/driver/nvidia/gpus';

const driverVersion = 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.95.05\n';

/** What a driver makes of a machine's GPUs: devices, and what it says of them. Ids follow from the machine's name. */
export function installGpus(files: FileSystem, machine: string, { count, model }: Gpus): void {
  files.makeDirectory('/dev', { parents: true });
  files.makeDirectory(driverDirectory, { parents: true });
  files.write('/proc/driver/nvidia/version', driverVersion);
  files.write('/dev/nvidiactl', '');
  for (let index = 0; index < count; index++) {
    const bus = `0000:00:${(0x1b + index).toString(16).padStart(2, '0')}.0`;
    files.makeDirectory(`${driverDirectory}/${bus}`);
    files.write(
      `${driverDirectory}/${bus}/information`,
      `Model: \t\t ${model}\nIRQ:   \t\t ${32 + index}\nGPU UUID: \t ${gpuId(machine, index)}\nBus Location: \t ${bus}\nDevice Minor: \t ${index}\nGPU Excluded:\t No\n`,
    );
    files.write(`/dev/nvidia${index}`, '');
  }
}

/** `GPU-` and a UUID. */
function gpuId(machine: string, index: number): string {
  let digits = '';
  for (let part = 0; part < 4; part++)
    digits += hash(`${machine}/${index}/${part}`).toString(16).padStart(8, '0');
  return `GPU-${digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
}

/** FNV-1a. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return state;
}

/**
 * Does what NVIDIA's container runtime does: a container with NVIDIA_VISIBLE_DEVICES (`all`, indexes or ids) gets these
 * devices of its node, and the driver's tool. Returns its programs; undefined where it sees none.
 */
export function exposeGpus(
  node: FileSystem,
  environment: ReadonlyMap<string, string>,
  files: FileSystem,
): ReadonlyMap<string, Program> | undefined {
  const wanted = environment.get('NVIDIA_VISIBLE_DEVICES') ?? 'void';
  if (['', 'void', 'none'].includes(wanted)) return undefined;
  const names = wanted.split(',');
  for (const directory of ['/dev', driverDirectory]) files.makeDirectory(directory, { parents: true });
  files.write('/proc/driver/nvidia/version', node.read('/proc/driver/nvidia/version'));
  files.write('/dev/nvidiactl', '');
  for (const bus of node.list(driverDirectory)) {
    const information = node.read(`${driverDirectory}/${bus}/information`);
    const id = /GPU UUID: \t (.*)/.exec(information)?.[1] ?? '';
    const minor = /Device Minor: \t (.*)/.exec(information)?.[1] ?? '';
    if (wanted !== 'all' && !names.includes(id) && !names.includes(minor)) continue;
    files.makeDirectory(`${driverDirectory}/${bus}`, { parents: true });
    files.write(`${driverDirectory}/${bus}/information`, information);
    files.write(`/dev/nvidia${minor}`, '');
  }
  return gpuPrograms;
}

/** What comes with the driver. */
export const gpuPrograms: ReadonlyMap<string, Program> = new Map([['nvidia-smi', nvidiaSmi]]);
