// Upstream: pkg/kubelet/envvars/envvars.go, pkg/kubelet/kubelet_pods.go getServiceEnvVarMap
import type { Service } from '#generated/types/core.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import type { Informers, Informer } from '#kubernetes/client/informer.ts';

/** The service whose variables every container gets, in every namespace. */
const masterNamespace = 'default';
const masterName = 'kubernetes';

/** The `*_SERVICE_HOST` variables of each namespace: one map for all its containers until a service changes. */
export class ServiceVariables {
  readonly #services: Informer<Service>;
  readonly #maps = new Map<string, ReadonlyMap<string, string>>();

  constructor(informers: Informers) {
    this.#services = informers.of(services);
    this.#services.addIndex('namespace', ({ metadata }) => [metadata.namespace ?? '']);
    this.#services.onChange((now, before) => {
      const { name, namespace = '' } = (now ?? before!).metadata;
      if (name === masterName && namespace === masterNamespace) this.#maps.clear();
      else this.#maps.delete(namespace);
    });
  }

  /** Those of a namespace; of `''` only the API server's. */
  of(namespace: string): ReadonlyMap<string, string> {
    let map = this.#maps.get(namespace);
    if (map === undefined) {
      const own = namespace === '' ? [] : [...this.#services.by('namespace', namespace)];
      const master = this.#services.get(`${masterNamespace}/${masterName}`);
      map = new Map([...(master ? [master] : []), ...own].flatMap(variablesOf));
      this.#maps.set(namespace, map);
    }
    return map;
  }
}

function variablesOf({ metadata, spec }: Service): [string, string][] {
  const address = spec.clusterIP;
  const [first] = spec.ports ?? [];
  if (!address || address === 'None' || first === undefined) return [];
  const prefix = metadata.name.toUpperCase().replaceAll('-', '_');
  const url = (port: typeof first) => `${(port.protocol ?? 'TCP').toLowerCase()}://${address}:${port.port}`;
  const variables: [string, string][] = [
    [`${prefix}_SERVICE_HOST`, address],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
  ];
  for (const { name, port } of spec.ports ?? []) {
    if (name)
      variables.push([`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`, String(port)]);
  }
  variables.push([`${prefix}_PORT`, url(first)]);
  for (const port of spec.ports ?? []) {
    const protocol = port.protocol ?? 'TCP';
    const base = `${prefix}_PORT_${port.port}_${protocol}`;
    variables.push(
      [base, url(port)],
      [`${base}_PROTO`, protocol.toLowerCase()],
      [`${base}_PORT`, String(port.port)],
      [`${base}_ADDR`, address],
    );
  }
  return variables;
}
