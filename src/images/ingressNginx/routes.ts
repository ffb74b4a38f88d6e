// Upstream: k8s.io/ingress-nginx/internal/ingress/controller/{controller,template/template}.go
import type { Service } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
} from '#generated/types/networking.v1.ts';
import { compileRegex, type Regex, RegexError } from '#text/regex.ts';

export const controllerName = 'k8s.io/ingress-nginx';
const prefix = 'nginx.ingress.kubernetes.io';

/** One of the servers behind a backend. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where requests go: `default-web-80` is how nginx calls it. */
export interface Upstream {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
}

interface Location {
  readonly kind: 'exact' | 'prefix' | 'regex';
  readonly path: string;
  readonly upstream: Upstream;
  /** What the path becomes, with `$1` for what the path's first group took; null for itself. */
  readonly rewrite: string | null;
  /** Plain requests are sent on to https. */
  readonly isSecure: boolean;
}

/** What nginx is configured with: locations by host, the longest path first. */
export interface Routes {
  readonly hosts: ReadonlyMap<string, readonly Location[]>;
  /** What the requests get that no host and path is for. */
  readonly fallback: Upstream | null;
  /** The Ingresses that this is made of. */
  readonly ingresses: readonly Ingress[];
}

export const noRoutes: Routes = { hosts: new Map(), fallback: null, ingresses: [] };

export interface Found {
  readonly upstream: Upstream;
  readonly path: string;
  readonly isSecure: boolean;
}

/** The objects that routes are made of. */
export interface Sources {
  readonly ingresses: readonly Ingress[];
  readonly classes: readonly IngressClass[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

/** Whether an Ingress is this controller's: by its class, or by the annotation that was there before classes. */
function isOwn({ metadata, spec }: Ingress, classes: readonly IngressClass[]): boolean {
  const annotated = metadata.annotations?.['kubernetes.io/ingress.class'];
  if (annotated !== undefined) return annotated === 'nginx';
  return classes.some(
    (one) => one.metadata.name === spec?.ingressClassName && one.spec?.controller === controllerName,
  );
}

export function routesOf(sources: Sources): Routes {
  const ingresses = sources.ingresses.filter((ingress) => isOwn(ingress, sources.classes));
  const hosts = new Map<string, Location[]>();
  let fallback: Upstream | null = null;
  for (const ingress of ingresses) {
    const { rules = [], defaultBackend, tls = [] } = ingress.spec ?? {};
    const namespace = ingress.metadata.namespace ?? '';
    const annotation = (name: string) => ingress.metadata.annotations?.[`${prefix}/${name}`];
    if (defaultBackend !== undefined && rules.length === 0)
      fallback ??= upstreamOf(defaultBackend, namespace, sources);
    const rewrite = annotation('rewrite-target') ?? null;
    const isRegex = rewrite !== null || annotation('use-regex') === 'true';
    for (const { host = '', http } of rules) {
      const isCovered = tls.some(({ hosts: own = [] }) => own.length === 0 || own.includes(host));
      const isSecure =
        annotation('force-ssl-redirect') === 'true' || (isCovered && annotation('ssl-redirect') !== 'false');
      const list = hosts.get(host) ?? [];
      hosts.set(host, list);
      for (const path of http?.paths ?? []) {
        const upstream = upstreamOf(path.backend, namespace, sources);
        list.push({ kind: kindOf(path, isRegex), path: path.path ?? '/', upstream, rewrite, isSecure });
      }
      if (defaultBackend !== undefined && !list.some(({ path }) => path === '/')) {
        const upstream = upstreamOf(defaultBackend, namespace, sources);
        list.push({ kind: 'prefix', path: '/', upstream, rewrite: null, isSecure });
      }
    }
  }
  for (const list of hosts.values())
    list.sort((a, b) => b.path.length - a.path.length || (a.kind === 'exact' ? -1 : 1));
  return { hosts, fallback, ingresses };
}

function kindOf({ pathType }: HTTPIngressPath, isRegex: boolean): Location['kind'] {
  if (isRegex) return 'regex';
  return pathType === 'Exact' ? 'exact' : 'prefix';
}

/** A backend's ready endpoints; those of a Service that stands for a name are that name. */
function upstreamOf({ service }: IngressBackend, namespace: string, sources: Sources): Upstream {
  const { name = '', port } = service ?? {};
  const key = port?.name ?? String(port?.number ?? 0);
  const upstream = `${namespace}-${name}-${key}`;
  const found = sources.services.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
  );
  const { spec } = found ?? {};
  if (spec?.type === 'ExternalName') {
    const endpoints = [{ host: spec.externalName ?? '', port: port?.number ?? 80 }];
    return { name: upstream, endpoints };
  }
  const own = spec?.ports?.find((one) =>
    port?.name === undefined ? one.port === port?.number : one.name === port.name,
  );
  if (own === undefined) return { name: upstream, endpoints: [] };
  const slices = sources.slices.filter(
    ({ metadata }) =>
      metadata.namespace === namespace && metadata.labels?.['kubernetes.io/service-name'] === name,
  );
  const endpoints = slices.flatMap(({ ports, endpoints: all }) => {
    const number = (ports ?? []).find((one) => (one.name ?? '') === (own.name ?? ''))?.port;
    if (number === undefined) return [];
    return (all ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .map(({ addresses }) => ({ host: addresses[0] ?? '', port: number }));
  });
  return { name: upstream, endpoints };
}

/** Where a request goes, and with which path; null for the answer that nothing is there. */
export function findRoute(routes: Routes, host: string, path: string): Found | null {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const wild = `*${name.slice(name.indexOf('.') < 0 ? name.length : name.indexOf('.'))}`;
  for (const key of [name, wild, '']) {
    const locations = routes.hosts.get(key);
    if (locations === undefined) continue;
    for (const location of locations) {
      const taken = take(location, path);
      if (taken !== null) return { upstream: location.upstream, path: taken, isSecure: location.isSecure };
    }
    // A server that knows the host answers for it, also where it has no such path.
    if (key !== '') break;
  }
  return routes.fallback && { upstream: routes.fallback, path, isSecure: false };
}

/** The path that a location hands on, or null when it is not for this path. */
function take({ kind, path, rewrite }: Location, asked: string): string | null {
  if (kind === 'exact') return asked === path ? asked : null;
  if (kind === 'prefix') {
    const base = path.replace(/\/$/, '');
    return asked === base || asked.startsWith(`${base}/`) ? asked : null;
  }
  const groups = compiled(path)?.prefix(asked)?.groups;
  if (groups === undefined) return null;
  if (rewrite === null) return asked;
  const made = rewrite.replace(/\$(\d)/g, (_, digit: string) => groups[Number(digit)] ?? '');
  return made.startsWith('/') ? made : `/${made}`;
}

/** A path as nginx's `location ~* "^PATH"`; undefined for one that is no expression. */
function compiled(path: string): Regex | undefined {
  try {
    return compileRegex(path, 'perl', { ignoreCase: true });
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return undefined;
  }
}
