import type { Command } from '../command.ts';
import { globalFlags } from '../globalFlags.ts';
import { flagsHelp } from '../help.ts';

export const options: Command = {
  name: 'options',
  summary: 'Print the list of flags inherited by all commands',
  usage: 'options',
  arguments: 'none',
  run: (invocation) =>
    invocation.out(`The following options can be passed to any command:\n\n${flagsHelp(globalFlags)}`),
};
