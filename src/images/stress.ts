import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { defineImage, defineServer, mb, mib } from './image.ts';
import { and, busyboxTools, debianTools } from './tools.ts';

/** `150M` as `stress` reads it: powers of two. */
function bytesOf(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([bkmg]?)/i.exec(text) ?? [];
  const power = { k: 1, m: 2, g: 3 }[unit.toLowerCase()] ?? 0;
  return Number(digits) * 1024 ** power;
}

/** The value of `--vm-bytes 150M`, `--vm-bytes=150M` or `-m 1`. */
function valueOf(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    const [name, value] = arg.split('=');
    if (names.includes(name!)) return value ?? args[i + 1];
  }
  return undefined;
}

const hog = (millicores: number, bytes: number, log?: string) =>
  defineServer({
    startMs: 500,
    cpuIdleMillicores: millicores,
    memoryIdleBytes: mib + bytes,
    ports: [],
    // It handles no signal, and the kernel spares a first process that does not.
    onTerminate: null,
    ...(log !== undefined && { startLog: () => log }),
  });

/** `stress --vm 1 --vm-bytes 150M --vm-hang 1`: takes memory and CPU, as much as it is told to. */
export const stress = defineImage({
  name: 'polinux/stress',
  tags: ['latest', '1.0.4'],
  sizeBytes: 4 * mb,
  command: ['stress', '--help'],
  programs: and(debianTools),
  serverFor(args) {
    if (args[0]?.endsWith('stress') !== true) return undefined;
    const cpus = Number(valueOf(args, '--cpu', '-c') ?? 0);
    const workers = Number(valueOf(args, '--vm', '-m') ?? 0);
    if (cpus + workers === 0) return undefined;
    const bytes = bytesOf(valueOf(args, '--vm-bytes') ?? '256M');
    // Between its turns a worker that hangs does nothing.
    const busy = valueOf(args, '--vm-hang') === undefined ? workers : 0;
    const log = `stress: info: [1] dispatching hogs: ${cpus} cpu, 0 io, ${workers} vm, 0 hdd\n`;
    return hog((cpus + busy) * 1000, workers * bytes, log);
  },
});

/** `-cpus 2 -mem-total 250Mi`, as the documentation's examples call it. */
export const vishStress = defineImage({
  name: 'vish/stress',
  tags: ['latest'],
  sizeBytes: 2 * mb,
  entrypoint: ['/stress', '-logtostderr'],
  programs: and(busyboxTools),
  serverFor(args) {
    if (args[0] !== '/stress') return undefined;
    const cpus = Number(valueOf(args, '-cpus', '--cpus') ?? 0);
    const total = valueOf(args, '-mem-total', '--mem-total');
    return hog(cpus * 1000, total === undefined ? 0 : parseQuantity(total).units);
  },
});
