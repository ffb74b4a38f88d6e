// Upstream: client-go/restmapper/{discovery,shortcut,category_expansion}.go, cli-runtime/pkg/resource/builder.go
import type { ApiClient } from './apiClient.ts';
import { CommandError } from './errors.ts';

/** One resource of the API, as discovery tells of it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
}

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope: string;
  readonly singularResource?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

interface DiscoveryList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly DiscoveredResource[];
    }[];
  }[];
}

/** Where discovery is, and what to ask there. */
export const discoveryPaths = ['/api', '/apis'] as const;
export const discoveryAccept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

function resourceOf(group: string, version: string, one: DiscoveredResource): Resource {
  return {
    group,
    version,
    kind: one.responseKind?.kind ?? '',
    plural: one.resource,
    singular: one.singularResource ?? '',
    namespaced: one.scope === 'Namespaced',
    verbs: one.verbs ?? [],
    shortNames: one.shortNames ?? [],
    categories: one.categories ?? [],
    subresources: (one.subresources ?? []).map((sub) => sub.subresource),
  };
}

/** `deployment.apps`, or `pod` in the core group: how commands name an object's type. */
export function typeName(resource: Resource): string {
  const name = resource.kind.toLowerCase();
  return resource.group === '' ? name : `${name}.${resource.group}`;
}

/** Names to resources. Groups and versions stand in the server's order of preference. */
export class RestMapper {
  readonly resources: readonly Resource[];
  /** Sentences about short names that stand for several resources; whoever asked prints them. */
  readonly warnings: string[] = [];

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
  }

  /** Asks the server for all it has: two requests, as kubectl does. */
  static async discover(client: ApiClient): Promise<RestMapper> {
    const answers: unknown[] = [];
    for (const path of discoveryPaths)
      answers.push((await client.send({ method: 'GET', path, accept: discoveryAccept })).body);
    return RestMapper.read(answers);
  }

  /** Reads the answers to `discoveryPaths`. */
  static read(answers: readonly unknown[]): RestMapper {
    const resources: Resource[] = [];
    for (const answer of answers) {
      for (const { metadata, versions } of (answer as DiscoveryList).items ?? []) {
        for (const { version, resources: own } of versions ?? []) {
          const sorted = [...(own ?? [])].sort((a, b) => (a.resource < b.resource ? -1 : 1));
          for (const one of sorted) resources.push(resourceOf(metadata?.name ?? '', version, one));
        }
      }
    }
    return new RestMapper(resources);
  }

  /** The preferred version of every resource. */
  get preferred(): Resource[] {
    const seen = new Set<string>();
    return this.resources.filter(({ group, plural }) => {
      const key = `${plural}.${group}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    });
  }

  /** `pods`, `po`, `deployments.apps`, `deployments.v1.apps`, `Deployment`; undefined when there is none. */
  find(typed: string): Resource | undefined {
    const [name = '', ...rest] = typed.toLowerCase().split('.');
    const asGroup = rest.join('.');
    const named = this.#named(name);
    const [version = '', ...tail] = rest;
    const group = tail.join('.');
    return (
      (rest.length >= 1 && named.find((one) => one.version === version && one.group === group)) ||
      (asGroup === ''
        ? named[0]
        : (named.find((one) => one.group === asGroup) ?? named.find((one) => one.group.startsWith(asGroup))))
    );
  }

  /** Like `find`, but throws kubectl's sentence. */
  resource(typed: string): Resource {
    const found = this.find(typed);
    if (found) return found;
    const [name = ''] = typed.split('.');
    throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(name)}`);
  }

  /** Comma lists, and categories such as `all`. */
  resourcesOf(typed: string): Resource[] {
    const all = typed.split(',').flatMap((one) => {
      const inCategory = this.preferred.filter((resource) => resource.categories.includes(one));
      return inCategory.length > 0 ? inCategory : [this.resource(one)];
    });
    return [...new Set(all)];
  }

  /** The resource of an object's own apiVersion and kind. */
  ofKind(apiVersion: string, kind: string): Resource | undefined {
    const slash = apiVersion.indexOf('/');
    const group = slash < 0 ? '' : apiVersion.slice(0, slash);
    const version = apiVersion.slice(slash + 1);
    return this.resources.find((one) => one.kind === kind && one.group === group && one.version === version);
  }

  /** A resource this program needs by itself. Throws when the server does not serve it. */
  get(group: string, plural: string, version?: string): Resource {
    const found = this.resources.find(
      (one) =>
        one.group === group && one.plural === plural && (version === undefined || one.version === version),
    );
    if (found) return found;
    throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(plural)}`);
  }

  #named(name: string): Resource[] {
    const exact = this.resources.filter((one) => one.plural === name);
    if (exact.length > 0) return exact;
    const short = this.preferred.filter((one) => one.shortNames.includes(name));
    for (const { plural, group } of short.slice(1)) {
      this.warnings.push(
        `short name ${JSON.stringify(name)} could also match lower priority resource ${plural}${group && `.${group}`}`,
      );
    }
    if (short.length > 0) return this.resources.filter((one) => one.shortNames.includes(name));
    return this.resources.filter((one) => one.singular === name || one.kind.toLowerCase() === name);
  }
}
