import type { Program } from '#world/machine/program.ts';
import { echoText } from '../builtins/echo.ts';
import { printfText } from '../builtins/printf.ts';
import { awk } from './awk/awk.ts';
import { fallocate } from './allocate.ts';
import { cat, nl, rev, tac, tee } from './cat.ts';
import { chgrp, chmod, chown, stat } from './access.ts';
import { cp, mkdir, mv, rm, rmdir, touch } from './copy.ts';
import { date } from './date.ts';
import { dd } from './dd.ts';
import { df } from './df.ts';
import { diff } from './diff.ts';
import { find } from './find.ts';
import { grep } from './grep.ts';
import { head, tail } from './head.ts';
import { hexdump } from './hexdump.ts';
import { jq } from './jq/jq.ts';
import { ls } from './ls.ts';
import { base64, basename, clear, dirname, hostname, id, realpath, uname, whoami } from './names.ts';
import { ps } from './ps.ts';
import { sed } from './sed.ts';
import {
  env,
  killTool,
  printenv,
  runRest,
  seq,
  sleep,
  timeout,
  watch,
  which,
  xargs,
  yes,
} from './spawning.ts';
import { tar } from './tar.ts';
import { runCommandLine } from './tool.ts';
import { column, cut, paste, sort, tr, uniq, wc } from './text.ts';

const echo: Program = async (process) => {
  await process.stdout.write(echoText(process.args));
  return 0;
};

const printf: Program = async (process) => {
  const { text, errors } = printfText(process.args[1] ?? '', process.args.slice(2));
  for (const error of errors) await process.stderr.write(`printf: ${error}\n`);
  await process.stdout.write(text);
  return errors.length > 0 ? 1 : 0;
};

/** Outside a shell too, as what `kubectl cp` asks a container with. */
const test: Program = (process) => runCommandLine(process, ['sh', '-c', '"$0" "$@"', ...process.args]);

const pwd: Program = async (process) => {
  await process.stdout.write(`${process.workingDirectory}\n`);
  return 0;
};

/** The programs that every machine with a shell has. */
export const tools: ReadonlyMap<string, Program> = new Map([
  ['awk', awk],
  ['base64', base64],
  ['basename', basename],
  ['cat', cat],
  ['chgrp', chgrp],
  ['chmod', chmod],
  ['chown', chown],
  ['clear', clear],
  ['column', column],
  ['cp', cp],
  ['cut', cut],
  ['date', date],
  ['dd', dd],
  ['df', df],
  ['diff', diff],
  ['dirname', dirname],
  ['echo', echo],
  ['egrep', grep],
  ['env', env],
  ['fallocate', fallocate],
  ['false', async () => 1],
  ['fgrep', grep],
  ['find', find],
  ['grep', grep],
  ['head', head],
  ['hexdump', hexdump],
  ['hostname', hostname],
  ['id', id],
  ['jq', jq],
  ['kill', killTool],
  ['less', cat],
  ['ls', ls],
  ['mkdir', mkdir],
  ['more', cat],
  ['mv', mv],
  ['nl', nl],
  ['nohup', runRest],
  ['paste', paste],
  ['printenv', printenv],
  ['printf', printf],
  ['ps', ps],
  ['pwd', pwd],
  ['realpath', realpath],
  ['rev', rev],
  ['rm', rm],
  ['rmdir', rmdir],
  ['sed', sed],
  ['seq', seq],
  ['sleep', sleep],
  ['sort', sort],
  ['stat', stat],
  ['tac', tac],
  ['tail', tail],
  ['tar', tar],
  ['tee', tee],
  ['test', test],
  ['timeout', timeout],
  ['touch', touch],
  ['tr', tr],
  ['true', async () => 0],
  ['uname', uname],
  ['uniq', uniq],
  ['watch', watch],
  ['wc', wc],
  ['which', which],
  ['whoami', whoami],
  ['xargs', xargs],
  ['yes', yes],
]);
