import { Failure } from './failure.ts';

/** What a command takes: the names of its flags, and whether their value is the next word. */
export type FlagNames = Readonly<Record<string, 'alone' | 'valued'>>;

const short: Readonly<Record<string, string>> = { y: 'yes', f: 'force', o: 'output', v: 'v', h: 'help' };
const everywhere: FlagNames = { help: 'alone', kubeconfig: 'valued', v: 'valued' };

/** A command line of kubeadm's. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

/** Throws Failure for a flag that is none. */
export function parse(args: readonly string[], names: FlagNames): CommandLine {
  const known: FlagNames = { ...names, ...everywhere };
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      continue;
    }
    const [name = '', value] = arg.replace(/^--?/, '').split(/=(.*)/s);
    const full = arg.startsWith('--') ? name : (short[name] ?? '');
    const kind = known[full];
    if (kind === undefined)
      throw new Failure(
        arg.startsWith('--') ? `unknown flag: --${name}` : `unknown shorthand flag: '${name[0]}' in ${arg}`,
      );
    flags.set(full, value ?? (kind === 'alone' ? 'true' : (args[++i] ?? '')));
  }
  return { words, flags };
}
