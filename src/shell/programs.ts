import type { Program } from '#world/machine/program.ts';
import { bash } from './bash.ts';
import { tools } from './tools/tools.ts';

/** Everything this room installs on a machine's PATH. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ...tools,
  ['bash', bash],
  ['sh', bash],
  ['ash', bash],
]);
