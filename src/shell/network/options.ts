/** What a tool takes: each flag's letters and words lead to one name; those in `values` take an argument. */
export interface OptionTable {
  readonly names: Readonly<Record<string, string>>;
  readonly values: ReadonlySet<string>;
}

export interface Options {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
  /** The first option that the table does not have, as it was written. */
  readonly unknown: string | null;
  /** An option that lacks its argument. */
  readonly lacking: string | null;
}

/** Reads options as getopt_long does: `-sv`, `-o FILE`, `-oFILE`, `--max-time 3`, `--max-time=3`, `--`. */
export function readOptions(args: readonly string[], { names, values }: OptionTable): Options {
  const flags = new Map<string, string[]>();
  const operands: string[] = [];
  const rest = [...args];
  const fail = (unknown: string | null, lacking: string | null): Options => ({
    flags,
    operands,
    unknown,
    lacking,
  });
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === '--') {
      operands.push(...rest);
      break;
    }
    if (arg === '-' || !arg.startsWith('-')) {
      operands.push(arg);
      continue;
    }
    const isLong = arg.startsWith('--');
    const equals = isLong ? arg.indexOf('=') : -1;
    const words = isLong ? [equals < 0 ? arg.slice(2) : arg.slice(2, equals)] : arg.slice(1).split('');
    for (const [i, word] of words.entries()) {
      const name = names[word];
      if (name === undefined) return fail(isLong ? arg : `-${word}`, null);
      const list = flags.get(name) ?? [];
      flags.set(name, list);
      if (!values.has(name)) {
        list.push('');
        continue;
      }
      const attached = isLong ? (equals < 0 ? '' : arg.slice(equals + 1)) : words.slice(i + 1).join('');
      const value = attached === '' && equals < 0 ? rest.shift() : attached;
      if (value === undefined) return fail(null, isLong ? arg : `-${word}`);
      list.push(value);
      break;
    }
  }
  return { flags, operands, unknown: null, lacking: null };
}
