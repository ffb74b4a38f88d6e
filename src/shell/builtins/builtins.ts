import type { Builtin } from '../shell.ts';
import { alias, history, unalias } from './alias.ts';
import { declare, exportVariables, letBuiltin, readonly, unset } from './declare.ts';
import { cd, pwd } from './directories.ts';
import { echo } from './echo.ts';
import { command, evalBuiltin, exec, exit, jump, returnBuiltin, source, type } from './flow.ts';
import { bg, disown, fg, jobs, kill, trap, waitInterruptibly } from './jobs.ts';
import { printf } from './printf.ts';
import { mapfile, read } from './read.ts';
import { getopts, set, shift } from './set.ts';
import { test } from './test.ts';

const succeed: Builtin = () => 0;

/** The commands that the shell runs itself. */
export const builtins: ReadonlyMap<string, Builtin> = new Map([
  [':', succeed],
  ['.', source],
  ['[', test],
  ['alias', alias],
  ['bg', bg],
  ['break', jump],
  ['builtin', command],
  ['cd', cd],
  ['command', command],
  ['continue', jump],
  ['declare', declare],
  ['disown', disown],
  ['echo', echo],
  ['eval', evalBuiltin],
  ['exec', exec],
  ['exit', exit],
  ['export', exportVariables],
  ['false', () => 1],
  ['fg', fg],
  ['getopts', getopts],
  ['hash', succeed],
  ['history', history],
  ['jobs', jobs],
  ['kill', kill],
  ['let', letBuiltin],
  ['local', declare],
  ['logout', exit],
  ['mapfile', mapfile],
  ['printf', printf],
  ['pwd', pwd],
  ['read', read],
  ['readarray', mapfile],
  ['readonly', readonly],
  ['return', returnBuiltin],
  ['set', set],
  ['shift', shift],
  ['shopt', succeed],
  ['source', source],
  ['test', test],
  ['trap', trap],
  ['true', succeed],
  ['type', type],
  ['typeset', declare],
  ['umask', succeed],
  ['unalias', unalias],
  ['unset', unset],
  ['wait', waitInterruptibly],
]);
