// Upstream: kubectl/pkg/util/completion/completion.go
import type { Pod } from '#generated/types/core.v1.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Transport, UserInfo } from '#kubernetes/api/request.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import type { Flag } from './flags.ts';
import { globalFlags } from './globalFlags.ts';
import { podSpecOf } from './podSpecOf.ts';
import { discoveryAccept, discoveryPaths, RestMapper, type Resource } from './restMapper.ts';

/** What completion reads of the cluster and of the workstation; reading must leave no trace. */
export interface CompletionSource {
  readonly transport: Transport;
  readonly user: UserInfo;
  /** The namespace of a command without `-n`. */
  namespace(): string;
  /** The names in the kubeconfig. */
  contexts(): readonly string[];
}

/** A line as far as it is typed. */
interface Typed {
  readonly command: Command | null;
  readonly args: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** The flag whose value is being typed. */
  readonly open: Flag | undefined;
  readonly afterDashes: boolean;
}

const flagsOf = (command: Command | null): readonly Flag[] => [...(command?.flags ?? []), ...globalFlags];

function readWords(words: readonly string[]): Typed {
  let command: Command | null = null;
  let open: Flag | undefined;
  let afterDashes = false;
  const args: string[] = [];
  const values = new Map<string, string>();
  for (const word of words) {
    if (open) {
      values.set(open.name, word);
      open = undefined;
    } else if (afterDashes) args.push(word);
    else if (word === '--') afterDashes = true;
    else if (word.startsWith('-')) {
      const [name = '', value] = word.split(/=(.*)/s);
      const found = flagsOf(command).find((flag) => name === `--${flag.name}` || name === `-${flag.short}`);
      if (found && value !== undefined) values.set(found.name, value);
      else if (found && found.alone === undefined) open = found;
    } else {
      const among: readonly Command[] | undefined = command === null ? commands : command.subcommands;
      const next: Command | undefined =
        args.length === 0
          ? among?.find((one) => one.name === word || one.aliases?.includes(word))
          : undefined;
      if (next) command = next;
      else args.push(word);
    }
  }
  return { command, args, values, open, afterDashes };
}

/**
 * Completes kubectl's own words: given the words before (`kubectl` first) and the start of the present one, whole
 * words that may stand there. Null leaves it to file names.
 */
export function kubectlCompleter(
  source: CompletionSource,
): (words: readonly string[], current: string) => readonly string[] | null {
  return (words, current) => {
    const typed = readWords(words.slice(1));
    const candidates = new Candidates(source, typed);
    const found = candidates.of(current);
    return found && [...new Set(found)].filter((word) => word.startsWith(current)).sort();
  };
}

class Candidates {
  readonly #source: CompletionSource;
  readonly #typed: Typed;
  #known: RestMapper | undefined;

  constructor(source: CompletionSource, typed: Typed) {
    this.#source = source;
    this.#typed = typed;
  }

  of(current: string): readonly string[] | null {
    const { command, args, open, afterDashes } = this.#typed;
    if (afterDashes) return null;
    if (open) return this.#values(open, current);
    if (current.startsWith('-')) return this.#flags(current);
    if (command === null) return commands.map((one) => one.name);
    if (command.subcommands && args.length === 0) {
      const names = command.subcommands.map((one) => one.name);
      if (!command.run || command.arguments === undefined) return names;
    }
    return this.#arguments(command, current);
  }

  #flags(current: string): readonly string[] | null {
    const all = flagsOf(this.#typed.command);
    const [name = '', value] = current.split(/=(.*)/s);
    const found =
      value === undefined
        ? undefined
        : all.find((flag) => name === `--${flag.name}` || name === `-${flag.short}`);
    if (found) return this.#values(found, value!)?.map((one) => `${name}=${one}`) ?? null;
    return all.map((flag) => `--${flag.name}${flag.alone === undefined ? '=' : ''}`);
  }

  #values(flag: Flag, current: string): readonly string[] | null {
    switch (flag.name) {
      case 'namespace':
        return this.#names(this.#mapper.find('namespaces'));
      case 'container':
      case 'containers':
        return this.#containers(this.#typed.args[0]);
      case 'context':
        return this.#source.contexts();
      case 'filename':
      case 'kubeconfig':
      case 'patch-file':
      case 'from-file':
      case 'from-env-file':
        return null;
      case 'for':
        return this.#typed.command?.name === 'events' ? this.#slashed(current) : (flag.values ?? []);
      default:
        return flag.values ?? [];
    }
  }

  #arguments(command: Command, current: string): readonly string[] | null {
    const { args } = this.#typed;
    switch (command.arguments) {
      case 'resources':
        return this.#resources(current);
      case 'types':
        return this.#types();
      case 'pods':
        if (args.length > 0) return command.name === 'logs' ? this.#containers(args[0]) : [];
        return current.includes('/') ? this.#slashed(current) : this.#names(this.#mapper.find('pods'));
      case 'nodes':
        return this.#names(this.#mapper.find('nodes')).filter((name) => !args.includes(name));
      case 'contexts':
        return args.length === 0 ? this.#source.contexts() : [];
      case 'none':
        return [];
      default:
        return command.flags?.some(({ name }) => name === 'filename') ? null : [];
    }
  }

  #resources(current: string): readonly string[] {
    const { args, command } = this.#typed;
    const [type] = args;
    if (command?.name === 'image' && args.length > (type?.includes('/') ? 0 : 1)) {
      return this.#containers(type?.includes('/') ? type : `${type}/${args[1]}`).map((name) => `${name}=`);
    }
    if (current.includes('/') || type?.includes('/')) return this.#slashed(current);
    if (type !== undefined)
      return this.#names(this.#mapper.find(type.split(',')[0]!)).filter((name) => !args.includes(name));
    const comma = current.lastIndexOf(',') + 1;
    return this.#types().map((one) => current.slice(0, comma) + one);
  }

  /** `deployments/`, then `deployments/web`. */
  #slashed(current: string): readonly string[] {
    const slash = current.indexOf('/');
    if (slash < 0) return this.#types().map((type) => `${type}/`);
    const type = current.slice(0, slash);
    return this.#names(this.#mapper.find(type)).map((name) => `${type}/${name}`);
  }

  /** The plural names; where two groups share one, the preferred group's. */
  #types(): readonly string[] {
    return [...new Set(this.#mapper.preferred.map(({ plural }) => plural))];
  }

  #names(resource: Resource | undefined): readonly string[] {
    if (!resource) return [];
    const namespace = resource.namespaced ? this.#namespace : '';
    const list = this.#read(pathOf(resource, namespace)) as { items?: readonly KubeObject[] } | null;
    return (list?.items ?? []).map(({ metadata }) => metadata.name);
  }

  /** The containers of a pod, or of what `type/name` makes its pods from. */
  #containers(named: string | undefined): readonly string[] {
    const [type = '', name] = named?.includes('/') ? named.split('/') : ['pods', named ?? ''];
    const resource = this.#mapper.find(type);
    const object =
      resource &&
      (this.#read(pathOf(resource, resource.namespaced ? this.#namespace : '', name)) as Pod | null);
    if (!object) return [];
    try {
      const { initContainers = [], containers } = podSpecOf(object);
      return [...containers, ...initContainers].map((one) => one.name);
    } catch {
      return [];
    }
  }

  get #namespace(): string {
    return this.#typed.values.get('namespace') || this.#source.namespace();
  }

  get #mapper(): RestMapper {
    return (this.#known ??= RestMapper.read(
      discoveryPaths.map((path) => this.#read(path, discoveryAccept) ?? {}),
    ));
  }

  #read(path: string, accept = 'application/json'): unknown {
    const response = this.#source.transport({ method: 'GET', path, accept, user: this.#source.user });
    return response.status === 200 ? response.body : null;
  }
}
