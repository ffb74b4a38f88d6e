import type { Flag } from './flags.ts';
import type { Invocation } from './invocation.ts';

/** What a command's arguments are, for completion. */
export type Arguments = 'resources' | 'types' | 'pods' | 'nodes' | 'contexts' | 'none';

/** One command or subcommand; the registry in commands.ts has a line for each. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The heading in `kubectl --help`; commands without one are not listed there. */
  readonly group?: string;
  /** The line beside the name in lists of commands. */
  readonly summary: string;
  /** What help says before the examples; the summary with a full stop when absent. */
  readonly long?: string;
  /** Pairs of comment and command line. */
  readonly examples?: readonly (readonly [string, string])[];
  /** What follows `kubectl` in the usage line. */
  readonly usage: string;
  readonly flags?: readonly Flag[];
  readonly subcommands?: readonly Command[];
  readonly arguments?: Arguments;
  /** True for a command that takes any flags, known or not. */
  readonly acceptsAnything?: boolean;
  /** Does the work; throws CommandError or StatusError, or Exit for a code without a message. */
  run?(invocation: Invocation): Promise<void>;
}
