/** A command line of etcdctl's or etcdutl's: flags may stand anywhere, and many have their value in a variable too. */
export class CommandLine {
  readonly words: readonly string[];
  readonly #flags = new Map<string, string>();
  readonly #environment: ReadonlyMap<string, string>;

  constructor(args: readonly string[], environment: ReadonlyMap<string, string>) {
    this.#environment = environment;
    const words: string[] = [];
    for (let i = 1; i < args.length; i++) {
      const arg = args[i]!;
      if (!arg.startsWith('-') || arg === '-') words.push(arg);
      else {
        const [name = '', value] = arg.replace(/^--?/, '').split(/=(.*)/s);
        const full = name === 'w' ? 'write-out' : name;
        if (value !== undefined) this.#flags.set(full, value);
        else this.#flags.set(full, alone.has(full) ? 'true' : (args[++i] ?? ''));
      }
    }
    this.words = words;
  }

  /** A flag's value; `''` where it is not given. */
  text(name: string): string {
    const variable = `ETCDCTL_${name.toUpperCase().replaceAll('-', '_')}`;
    return this.#flags.get(name) ?? this.#environment.get(variable) ?? '';
  }

  has(name: string): boolean {
    return this.text(name) === 'true';
  }

  /** `simple` unless `-w` says otherwise. */
  get format(): string {
    return this.text('write-out') || 'simple';
  }
}

/** Flags that take no value. */
const alone = new Set([
  'cluster',
  'count-only',
  'from-key',
  'help',
  'insecure-skip-tls-verify',
  'keys-only',
  'mark-compacted',
  'prefix',
  'print-value-only',
  'skip-hash-check',
]);
