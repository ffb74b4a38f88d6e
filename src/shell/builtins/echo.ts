import type { Builtin } from '../shell.ts';
import { unescape } from '../text/format.ts';

/** What `echo` prints for its arguments. */
export function echoText(args: readonly string[]): string {
  let newline = true;
  let escapes = false;
  let first = 1;
  for (; /^-[neE]+$/.test(args[first] ?? ''); first++) {
    for (const flag of args[first]!.slice(1)) {
      if (flag === 'n') newline = false;
      else escapes = flag === 'e';
    }
  }
  const text = args.slice(first).join(' ');
  const { text: shown, stopped } = escapes ? unescape(text, 'zero') : { text, stopped: false };
  return newline && !stopped ? `${shown}\n` : shown;
}

export const echo: Builtin = async (shell, args) => {
  await shell.stdout.write(echoText(args));
  return 0;
};
