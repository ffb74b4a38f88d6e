import { networkTools } from '#shell/network/networkTools.ts';
import { programs } from '#shell/programs.ts';
import type { Program } from '#world/machine/program.ts';

/** What a Debian-based image has: the shell and its tools. */
export const debianTools: ReadonlyMap<string, Program> = without(programs, 'jq');

/** What BusyBox has: the same without bash and what is not its own, with its network tools. */
export const busyboxTools: ReadonlyMap<string, Program> = and(
  without(programs, 'bash', 'jq', 'curl'),
  network('wget', 'nslookup', 'ping', 'nc'),
);

/** The network's tools of those names. */
export function network(...names: readonly string[]): ReadonlyMap<string, Program> {
  return new Map([...networkTools].filter(([name]) => names.includes(name)));
}

/** All programs of several sets; of two with one name the later counts. */
export function and(...sets: readonly Iterable<readonly [string, Program]>[]): ReadonlyMap<string, Program> {
  return new Map(sets.flatMap((set) => [...set]));
}

function without(
  set: ReadonlyMap<string, Program>,
  ...names: readonly string[]
): ReadonlyMap<string, Program> {
  return new Map([...set].filter(([name]) => !names.includes(name)));
}
