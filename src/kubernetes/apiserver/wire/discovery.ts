// Upstream: apiserver/pkg/endpoints/discovery/{legacy,root,aggregated}
import { apiVersionOf, type AnyKind } from '#kubernetes/api/kind.ts';
import { compareGroups } from '#kubernetes/api/kindSet.ts';
import { encodeBase64Bytes } from '#kubernetes/api/base64.ts';
import { sha256 } from '#kubernetes/apimachinery/sha256.ts';
import { compareVersions } from '#kubernetes/apimachinery/versions.ts';
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
  /** `GROUP/VERSION/KIND` of what is stored; absent where nothing is. */
  readonly stored?: string;
  readonly subresources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly version?: string;
    readonly group?: string;
    readonly verbs: readonly string[];
  }[];
}

const proxied = ['create', 'delete', 'get', 'patch', 'update'];

const extraSubresources: Record<string, DiscoveredResource['subresources']> = {
  certificatesigningrequests: [
    { name: 'approval', kind: 'CertificateSigningRequest', verbs: ['get', 'patch', 'update'] },
  ],
  nodes: [{ name: 'proxy', kind: 'NodeProxyOptions', verbs: proxied }],
  pods: [
    { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'ephemeralcontainers', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
    { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', kind: 'Pod', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    { name: 'proxy', kind: 'PodProxyOptions', verbs: proxied },
    { name: 'resize', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  ],
  namespaces: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
  services: [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: proxied }],
  serviceaccounts: [
    {
      name: 'token',
      kind: 'TokenRequest',
      group: 'authentication.k8s.io',
      version: 'v1',
      verbs: ['create'],
    },
  ],
};

const described = new WeakMap<AnyKind, DiscoveredResource>();

export function describeKind(kind: AnyKind): DiscoveredResource {
  let resource = described.get(kind);
  if (resource === undefined) {
    resource = resourceOf(kind);
    described.set(kind, resource);
  }
  return resource;
}

function resourceOf(kind: AnyKind): DiscoveredResource {
  return {
    group: kind.group,
    version: kind.version,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.singular,
    namespaced: kind.namespaced,
    shortNames: kind.shortNames,
    categories: kind.categories,
    ...(!kind.verbs && { stored: storedAs(kind) }),
    verbs: kind.verbs ?? (kind.plural === 'namespaces' && kind.group === '' ? namespaceVerbs : allVerbs),
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
      ...(kind.group === '' || kind.plural === 'certificatesigningrequests'
        ? (extraSubresources[kind.plural] ?? [])
        : []),
    ],
  };
}

function storedAs(kind: AnyKind): string {
  const { group, version, kind: name } = kind.storage?.kind ?? kind;
  return `${group}/${version}/${name}`;
}

/** Answers the legacy discovery paths, or null for any other path. */
export function discover(path: string, resources: readonly DiscoveredResource[]): unknown {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group, version] = parts;
  if (root === 'api') {
    if (parts.length === 1) return legacyVersions();
    return parts.length === 2 ? resourceList(resources, '', group!) : null;
  }
  if (root !== 'apis') return null;
  if (parts.length === 1) return groupList(resources);
  if (parts.length === 2) return groupOf(resources, group!);
  return parts.length === 3 ? resourceList(resources, group!, version!) : null;
}

function legacyVersions(): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.2:6443' }],
  };
}

function groupsOf(resources: readonly DiscoveredResource[]): string[] {
  return [...new Set(resources.map((resource) => resource.group))].sort(compareGroups);
}

/** As the server prefers them: the newest that is stable first. */
function versionsOf(resources: readonly DiscoveredResource[], group: string): string[] {
  const versions = resources
    .filter((resource) => resource.group === group)
    .map((resource) => resource.version);
  return [...new Set(versions)].sort(compareVersions);
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
    resources: own.flatMap(resourceEntries).sort(byName),
  };
}

function resourceEntries(resource: DiscoveredResource): { readonly name: string }[] {
  // Without a kind there is nothing but what stands below it.
  const isStub = resource.kind === '';
  return [
    !isStub && {
      name: resource.plural,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: resource.verbs,
      ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
      ...(resource.categories.length > 0 && { categories: resource.categories }),
      ...(resource.stored !== undefined && { storageVersionHash: storageVersionHash(resource.stored) }),
    },
    ...resource.subresources.map((sub) => ({
      name: `${resource.plural}/${sub.name}`,
      singularName: '',
      namespaced: resource.namespaced,
      ...(sub.group !== undefined && { group: sub.group, version: sub.version }),
      kind: sub.kind,
      verbs: sub.verbs,
    })),
  ].filter((entry) => entry !== false);
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

const hashes = new Map<string, string>();

/** Upstream: apiserver/pkg/endpoints/discovery/storageversionhash.go */
function storageVersionHash(stored: string): string {
  let hash = hashes.get(stored);
  if (hash === undefined) {
    hash = encodeBase64Bytes(sha256(stored).subarray(0, 8));
    hashes.set(stored, hash);
  }
  return hash;
}

/** All groups at once, for clients that ask for them in one request: the core group, or all others. */
export function aggregatedList(
  resources: readonly DiscoveredResource[],
  root: 'api' | 'apis',
  discoveryVersion: string,
): unknown {
  const groups = groupsOf(resources).filter((group) => (group === '') === (root === 'api'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${discoveryVersion}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versionsOf(resources, group).map((version) => ({
        version,
        resources: resources
          .filter((resource) => resource.group === group && resource.version === version)
          .map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(resource: DiscoveredResource): unknown {
  const { group, version } = resource;
  return {
    resource: resource.plural,
    responseKind:
      resource.kind === '' ? { group: '', version: '', kind: '' } : { group, version, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
    ...(resource.categories.length > 0 && { categories: resource.categories }),
    ...(resource.subresources.length > 0 && {
      subresources: resource.subresources.toSorted(byName).map((sub) => ({
        subresource: sub.name,
        responseKind: { group: sub.group ?? group, version: sub.version ?? version, kind: sub.kind },
        verbs: sub.verbs,
      })),
    }),
  };
}
