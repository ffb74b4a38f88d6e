import { bool } from '../../flags.ts';
import { printFlags } from '../../output/printer.ts';
import { fileFlags, selectorFlag } from '../../targets.ts';
import { dryRunFlag, fieldManagerFlag } from '../../writing.ts';

/** What every `set` command takes. */
export const setFlags = [
  ...fileFlags,
  ...printFlags,
  selectorFlag,
  dryRunFlag,
  fieldManagerFlag('kubectl-set'),
  bool('all', 'Select all resources, in the namespace of the specified resource types'),
  bool('local', 'If true, the command will NOT contact the api-server but run locally.'),
];
