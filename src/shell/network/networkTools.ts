import type { Program } from '#world/machine/program.ts';
import { curl } from './curl.ts';
import { dig } from './dig.ts';
import { getent } from './getent.ts';
import { nc } from './nc.ts';
import { bindNslookup, nslookup } from './nslookup.ts';
import { ping } from './ping.ts';
import { wget } from './wget.ts';

/** The tools that speak to the network, by the name they are called with. */
export const networkTools: ReadonlyMap<string, Program> = new Map([
  ['curl', curl],
  ['wget', wget],
  ['nslookup', nslookup],
  ['bind-nslookup', bindNslookup],
  ['dig', dig],
  ['getent', getent],
  ['ping', ping],
  ['nc', nc],
]);
