import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';

/** A command that the real kubectl has and this one has not: it says so, and what to use instead. */
function unsimulated(name: string, group: string | undefined, summary: string, instead: string): Command {
  return {
    name,
    ...(group && { group }),
    summary,
    usage: name,
    flags: [],
    acceptsAnything: true,
    run() {
      throw new CommandError(`Podarium does not simulate kubectl ${name} yet: ${instead}`);
    },
  };
}

export const unsimulatedCommands: readonly Command[] = [
  unsimulated(
    'completion',
    'Settings Commands',
    'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
    'this terminal completes with Tab already',
  ),
  {
    name: 'plugin',
    group: 'Other Commands',
    summary: 'Provides utilities for interacting with plugins',
    usage: 'plugin [flags]',
    subcommands: [
      {
        name: 'list',
        summary: "List all visible plugin executables on a user's PATH",
        usage: 'plugin list',
        run() {
          throw new CommandError('unable to find any kubectl plugins in your PATH');
        },
      },
    ],
  },
];
