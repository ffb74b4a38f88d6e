// Upstream: kubectl/pkg/cmd/cmd.go
import type { Descriptions } from '#kubernetes/api/openapi.ts';
import type { Transport, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { ApiClient } from './apiClient.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { credentialsOf, impersonationOf } from './credentials.ts';
import { Aggregate, CommandError, Exit, exitCodeOf, messageOf, usageError } from './errors.ts';
import { kustomizeScheme } from './files.ts';
import { FlagError, Flags, parseFlags, type Parsed } from './flags.ts';
import { globalFlags } from './globalFlags.ts';
import { commandHelp, rootHelp } from './help.ts';
import { Invocation } from './invocation.ts';
import { dialError, serverOf } from './server.ts';
import { type Kubeconfig, kubeconfigPath, newKubeconfig, readKubeconfig } from './kubeconfig.ts';

export interface KubectlOptions {
  readonly transport: Transport;
  /** Who asks while no certificate is known. */
  readonly user: UserInfo;
  /** That user's certificate in PEM, for a fresh kubeconfig; where there is one, kubectl shows who it is. */
  certificate?(): string;
  /** The cluster's name in the kubeconfig. */
  readonly clusterName: string;
  /** `https://10.0.0.1:6443`, as `cluster-info` and errors name it. */
  readonly serverUrl: string;
  /** What `kubectl version` says of itself, such as `v1.36.0`. */
  readonly version: string;
  /** What the fields of the API mean, for `explain`; without them it says that there is no description. */
  readonly descriptions?: Descriptions;
}

/** kubectl as a program: everything it knows of the cluster comes through `transport`. */
export function createKubectl(options: KubectlOptions): Program {
  return async (process) => {
    try {
      return await main(process, options);
    } catch (error) {
      if (error instanceof Exit) return error.code;
      const known =
        error instanceof Aggregate || error instanceof StatusError || error instanceof CommandError;
      if (!known) throw error;
      await process.stderr.write(`${messageOf(error)}\n`);
      return exitCodeOf(error);
    }
  };
}

/** The command that the words name, the words after it, and its path. Global flags may stand before it. */
function findCommand(words: readonly string[]): { command: Command | null; path: string; rest: string[] } {
  const rest = [...words];
  let command: Command | null = null;
  let path = 'kubectl';
  for (let at = 0; at < rest.length;) {
    const word = rest[at]!;
    if (word === '--') break;
    if (word.startsWith('-')) {
      at += takesNext(word, command) ? 2 : 1;
      continue;
    }
    const among: readonly Command[] | undefined = command === null ? commands : command.subcommands;
    const next: Command | undefined = among?.find((one) => one.name === word || one.aliases?.includes(word));
    if (!next) break;
    command = next;
    path += ` ${next.name}`;
    rest.splice(at, 1);
  }
  return { command, path, rest };
}

/** True for a flag whose value is the next word. */
function takesNext(word: string, command: Command | null): boolean {
  if (word.includes('=')) return false;
  const known = [...globalFlags, ...(command?.flags ?? [])].find(
    (flag) => word === `--${flag.name}` || word === `-${flag.short}`,
  );
  return known !== undefined && known.alone === undefined;
}

async function main(process: Process, options: KubectlOptions): Promise<number> {
  const { command, path, rest } = findCommand(process.args.slice(1));
  if (command === null) return await root(process, rest);
  const parsed = parse(command, path, rest);
  if (parsed.help) {
    await process.stdout.write(commandHelp(command, path));
    return 0;
  }
  if (!command.run) {
    if (parsed.args.length > 0)
      throw usageError(path, `unknown command ${JSON.stringify(parsed.args.join(' '))}`);
    await process.stdout.write(commandHelp(command, path));
    return 1;
  }
  const missing = (command.flags ?? []).filter((flag) => flag.required && !parsed.flags.changed(flag.name));
  if (missing.length > 0) {
    const names = missing.map((flag) => JSON.stringify(flag.name)).sort();
    throw new CommandError(`required flag(s) ${names.join(', ')} not set`);
  }
  const { flags } = parsed;
  if (flags.typeOf('kustomize') === 'string' && flags.text('kustomize') !== '') {
    if (flags.list('filename').length > 0) throw new CommandError('only one of -f or -k can be specified');
    flags.set('filename', kustomizeScheme + flags.text('kustomize'));
  }
  await command.run(invocationOf(process, options, parsed, path));
  return 0;
}

function parse(command: Command, path: string, words: readonly string[]): Parsed {
  if (command.acceptsAnything) return { flags: new Flags([]), args: [...words], dashAt: -1, help: false };
  try {
    return parseFlags([...(command.flags ?? []), ...globalFlags], words);
  } catch (error) {
    if (error instanceof FlagError)
      throw new CommandError(`${error.message}\nSee '${path} --help' for usage.`);
    throw error;
  }
}

async function root(process: Process, words: readonly string[]): Promise<number> {
  const name = words.find((word) => !word.startsWith('-'));
  if (name !== undefined) {
    const near = commands
      .map((one) => one.name)
      .filter((one) => one.startsWith(name) || editDistance(one, name) <= 2);
    const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map((one) => `\t${one}\n`).join('')}` : '';
    throw new CommandError(`unknown command ${JSON.stringify(name)} for "kubectl"${hint.trimEnd()}`);
  }
  parse({ name: 'kubectl', summary: '', usage: '' }, 'kubectl', words);
  await process.stdout.write(rootHelp(commands));
  return 0;
}

/** What the flags name must be in the kubeconfig. Upstream: client-go/tools/clientcmd/validation.go */
function checkConnection(flags: Flags, { contexts, clusters }: Kubeconfig): void {
  const lacks = (list: readonly { readonly name: string }[], flag: string) =>
    flags.text(flag) !== '' && !list.some(({ name }) => name === flags.text(flag));
  if (lacks(contexts, 'context')) {
    const sentence = `Error in configuration: context was not found for specified context: ${flags.text('context')}`;
    throw new CommandError(sentence, 1, '');
  }
  if (lacks(clusters, 'cluster'))
    throw new CommandError(`no server found for cluster ${JSON.stringify(flags.text('cluster'))}`);
  if (!/^(|\d+|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/.test(flags.text('request-timeout'))) {
    throw new CommandError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
}

function invocationOf(process: Process, options: KubectlOptions, parsed: Parsed, path: string): Invocation {
  const { flags, args, dashAt } = parsed;
  const { clusterName, serverUrl, user } = options;
  const fresh = newKubeconfig(clusterName, serverUrl, user.name, options.certificate?.());
  const configPath = kubeconfigPath(process, flags.text('kubeconfig'));
  const config = readKubeconfig(process, configPath, fresh);
  if (!path.startsWith('kubectl config')) checkConnection(flags, config);
  const client = new ApiClient({
    process,
    transport: options.transport,
    user,
    credentials: () =>
      options.certificate === undefined ? undefined : credentialsOf(process, flags, config, configPath),
    impersonate: impersonationOf(flags, config),
    server: serverOf(flags, config) || serverUrl,
    userAgent: `kubectl/${options.version} (linux/amd64)`,
    unreachable() {
      const server = serverOf(flags, config);
      return server === '' || server === serverUrl ? undefined : dialError(process, server);
    },
    warn: warner(process),
  });
  return new Invocation({
    process,
    client,
    flags,
    args,
    dashAt,
    path,
    config,
    configPath,
    version: options.version,
    descriptions: options.descriptions ?? {},
  });
}

/** Prints each warning once, in yellow on a terminal. */
function warner(process: Process): (text: string) => Promise<void> {
  const seen = new Set<string>();
  return async (text) => {
    if (seen.has(text)) return;
    seen.add(text);
    const label = process.stderr.terminal ? '\u001B[33;1mWarning:\u001B[0m' : 'Warning:';
    await process.stderr.write(`${label} ${text}\n`);
  };
}

/** Levenshtein's distance, for "Did you mean this?". */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
