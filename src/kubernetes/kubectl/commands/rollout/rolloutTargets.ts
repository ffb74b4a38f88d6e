import { CommandError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Target } from '../../target.ts';
import { fileFlags, selectorFlag, targetsOf } from '../../targets.ts';

export const rolloutFlags = [...fileFlags, selectorFlag];

/** What a rollout command is about; it wants at least one resource. */
export async function rolloutTargets(
  invocation: Invocation,
): Promise<{ targets: Target[]; errors: unknown[] }> {
  const { args, flags } = invocation;
  if (args.length === 0 && flags.list('filename').length === 0)
    throw new CommandError('required resource not specified');
  const all = args.length === 1 && !args[0]!.includes('/') && !flags.text('selector');
  return await targetsOf(invocation, { args, labelSelector: flags.text('selector'), all });
}
