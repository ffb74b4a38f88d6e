import type { Program } from '#world/machine/program.ts';
import { ip } from './network/ip.ts';
import { free, nproc } from './tools/hardware.ts';
import { busyboxPs } from './tools/ps.ts';

/** Tools that show the machine that they run on: nodes and their containers have them, and no other machine. */
export const machineTools: ReadonlyMap<string, Program> = new Map([
  ['busybox-ps', busyboxPs],
  ['free', free],
  ['ip', ip],
  ['nproc', nproc],
]);
