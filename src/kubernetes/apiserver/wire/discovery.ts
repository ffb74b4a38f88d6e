// Upstream: apiserver/pkg/endpoints/discovery/{legacy,root,aggregated}
import { apiVersionOf, type AnyKind } from '#kubernetes/api/kind.ts';
import { compareGroups } from '#kubernetes/api/kindSet.ts';
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { noSuchPath } from '../requestInfo.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** All namespaces at once cannot be deleted. */
const namespaceVerbs = allVerbs.filter((verb) => verb !== 'deletecollection');

/** What discovery says of one resource; aggregated APIs (metrics.k8s.io) describe theirs by hand. */
export interface DiscoveredResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly version?: string;
    readonly group?: string;
    readonly verbs: readonly string[];
  }[];
}

const extraSubresources: Record<string, DiscoveredResource['subresources']> = {
  pods: [
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
  ],
  namespaces: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
};

export function describeKind(kind: AnyKind): DiscoveredResource {
  return {
    group: kind.group,
    version: kind.version,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.singular,
    namespaced: kind.namespaced,
    shortNames: kind.shortNames,
    categories: kind.categories,
    verbs: kind.plural === 'namespaces' && kind.group === '' ? namespaceVerbs : allVerbs,
    subresources: [
      ...(kind.hasStatus ? [{ name: 'status', kind: kind.kind, verbs: ['get', 'patch', 'update'] }] : []),
      ...(kind.scale
        ? [
            {
              name: 'scale',
              kind: 'Scale',
              group: 'autoscaling',
              version: 'v1',
              verbs: ['get', 'patch', 'update'],
            },
          ]
        : []),
      ...(kind.group === '' ? (extraSubresources[kind.plural] ?? []) : []),
    ],
  };
}

/** Answers the discovery paths, or null for any other path. */
export function discover(request: ApiRequest, resources: readonly DiscoveredResource[]): unknown {
  const parts = request.path.split('/').filter((part) => part !== '');
  const [root, group, version] = parts;
  const aggregated = request.accept?.includes('as=APIGroupDiscoveryList') ?? false;
  if (root === 'api') {
    if (parts.length === 1) return aggregated ? aggregatedList(resources, true) : legacyVersions();
    return parts.length === 2 ? resourceList(resources, '', group!) : null;
  }
  if (root !== 'apis') return null;
  if (parts.length === 1) return aggregated ? aggregatedList(resources, false) : groupList(resources);
  if (parts.length === 2) return groupOf(resources, group!);
  return parts.length === 3 ? resourceList(resources, group!, version!) : null;
}

function legacyVersions(): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.1:6443' }],
  };
}

function groupsOf(resources: readonly DiscoveredResource[]): string[] {
  return [...new Set(resources.map((resource) => resource.group))].sort(compareGroups);
}

/** The newest first, as the server prefers them. */
function versionsOf(resources: readonly DiscoveredResource[], group: string): string[] {
  const versions = resources
    .filter((resource) => resource.group === group)
    .map((resource) => resource.version);
  return [...new Set(versions)].sort((a, b) => (a < b ? 1 : -1));
}

function groupEntry(resources: readonly DiscoveredResource[], group: string) {
  const versions = versionsOf(resources, group).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function groupList(resources: readonly DiscoveredResource[]): unknown {
  const groups = groupsOf(resources).filter((group) => group !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map((group) => groupEntry(resources, group)),
  };
}

function groupOf(resources: readonly DiscoveredResource[], group: string): unknown {
  if (!resources.some((resource) => resource.group === group)) throw noSuchPath();
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(resources, group) };
}

function resourceList(resources: readonly DiscoveredResource[], group: string, version: string): unknown {
  const own = resources.filter((resource) => resource.group === group && resource.version === version);
  if (own.length === 0) throw noSuchPath();
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: apiVersionOf({ group, version }),
    resources: own.flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
        ...(resource.categories.length > 0 && { categories: resource.categories }),
      },
      ...resource.subresources.map((sub) => ({
        name: `${resource.plural}/${sub.name}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...(sub.group !== undefined && { group: sub.group, version: sub.version }),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]),
  };
}

function aggregatedList(resources: readonly DiscoveredResource[], core: boolean): unknown {
  const groups = groupsOf(resources).filter((group) => (group === '') === core);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: core ? {} : { name: group },
      versions: versionsOf(resources, group).map((version) => ({
        version,
        freshness: 'Current',
        resources: resources
          .filter((resource) => resource.group === group && resource.version === version)
          .map(aggregatedResource),
      })),
    })),
  };
}

function aggregatedResource(resource: DiscoveredResource): unknown {
  return {
    resource: resource.plural,
    responseKind: { group: resource.group, version: resource.version, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
    ...(resource.categories.length > 0 && { categories: resource.categories }),
    ...(resource.subresources.length > 0 && {
      subresources: resource.subresources.map((sub) => ({
        subresource: sub.name,
        responseKind: {
          group: sub.group ?? resource.group,
          version: sub.version ?? resource.version,
          kind: sub.kind,
        },
        verbs: sub.verbs,
      })),
    }),
  };
}
