import { assert } from '#sim/assert.ts';
import type { Program } from '#world/machine/program.ts';

type Tools = ReadonlyMap<string, Program>;

/**
 * The shell and its tools are code that may be loaded after the cluster has started (`installedTools.ts` does it).
 * Images know them by name until then: nothing that runs one can be asked for before the first input is admitted,
 * and inputs wait for the code (D2).
 */
let installed: Tools = new Map();

export function installTools(programs: Tools): void {
  installed = programs;
}

/** The shell's tools by name; jq is none of an image's own. */
export const toolNames: readonly string[] =
  'ash awk base64 basename bash cat chgrp chmod chown clear column cp cut date dd df diff dirname echo egrep env fallocate false fgrep find grep head hexdump hostname id kill less ls mkdir more mv nl nohup paste printenv printf ps pwd realpath rev rm rmdir sed seq sh sleep sort stat tac tail tar tee test timeout touch tr true uname uniq watch wc which whoami xargs yes'.split(
    ' ',
  );
/** What shows the machine, by name. */
export const machineToolNames: readonly string[] = ['busybox-ps', 'free', 'ip', 'nproc'];

export const networkToolNames: readonly string[] = [
  'bind-nslookup',
  'curl',
  'dig',
  'getent',
  'nc',
  'nslookup',
  'ping',
  'wget',
];

/** What a Debian-based image has: the shell and its tools. */
export const debianTools: Tools = late([...toolNames.filter((name) => name !== 'ash'), 'getent', 'nproc']);

/** What BusyBox has: the same without bash, with its network tools. */
export const busyboxTools: Tools = and(
  late(toolNames.filter((name) => name !== 'bash')),
  late(machineToolNames.filter((name) => name !== 'busybox-ps')),
  network('wget', 'nslookup', 'ping', 'nc'),
  [...late(['busybox-ps']).values()].map((program) => ['ps', program] as const),
);

/** What BIND's tools are called with, in an image that has them. */
export const bindTools: Tools = new Map([
  ...network('dig'),
  ...[...network('bind-nslookup').values()].map((program) => ['nslookup', program] as const),
]);

/** The network's tools of those names. */
export function network(...names: readonly string[]): Tools {
  return late(networkToolNames.filter((name) => names.includes(name)));
}

/** All programs of several sets; of two with one name the later counts. */
export function and(...sets: readonly Iterable<readonly [string, Program]>[]): Tools {
  return new Map(sets.flatMap((set) => [...set]));
}

function late(names: readonly string[]): Tools {
  return new Map(
    names.map((name) => [
      name,
      (process) => {
        const program = installed.get(name);
        assert(program !== undefined, `${name} was run before the tools were installed`);
        return program(process);
      },
    ]),
  );
}
