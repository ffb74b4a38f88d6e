// Upstream: coredns/plugin/kubernetes
import type { Service } from '#generated/types/core.v1.ts';
import type { Endpoint, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { Namespace } from '#generated/types/core.v1.ts';
import type { DnsAnswer, DnsQuestion, DnsRecord } from '#world/network/dns.ts';
import { parseIpv4 } from '#world/network/ipv4.ts';

const zone = 'cluster.local';
const serviceNameLabel = 'kubernetes.io/service-name';
const unknown: DnsAnswer = { code: 'NXDOMAIN', records: [] };
const empty: DnsAnswer = { code: 'NOERROR', records: [] };

/** An alias of an alias is followed so far. Upstream: plugin/backend_lookup.go */
const aliasesMax = 7;

/** An endpoint with the ports of its slice. */
interface Published {
  readonly endpoint: Endpoint;
  readonly ports: NonNullable<EndpointSlice['ports']>;
}

/** What the cluster's DNS knows: services, their endpoints and pods, from caches that all its replicas share. */
export class ClusterDns {
  readonly #services: Informer<Service>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #namespaces: Informer<Namespace>;
  /** Aliases that the present question has gone by. */
  #aliases = 0;

  constructor(informers: Informers) {
    this.#services = informers.of(services);
    this.#slices = informers.of(endpointSlices);
    this.#namespaces = informers.of(namespaces);
    this.#services.addIndex('address', ({ spec }) => (spec.clusterIP ? [spec.clusterIP] : []));
    this.#slices.addIndex('service', ({ metadata }) => {
      const name = metadata.labels?.[serviceNameLabel];
      return name === undefined ? [] : [`${metadata.namespace}/${name}`];
    });
    // Only endpoints with a name of their own are found by their address.
    this.#slices.addIndex('named address', ({ metadata, endpoints = [] }) =>
      metadata.labels?.[serviceNameLabel] === undefined
        ? []
        : endpoints.flatMap(({ addresses: [ip], hostname }) => (ip && hostname !== undefined ? [ip] : [])),
    );
  }

  /** Names outside of the cluster's zone are unknown: the simulation has no internet. */
  answer(question: DnsQuestion): DnsAnswer {
    const { name } = question;
    if (name.endsWith('.in-addr.arpa')) return this.#reverse(name);
    if (name !== zone && !name.endsWith(`.${zone}`)) return unknown;
    const labels = name
      .slice(0, -zone.length - 1)
      .split('.')
      .filter((label) => label !== '');
    const kind = labels.pop();
    const namespace = labels.pop();
    if (kind === undefined) return empty;
    if (kind !== 'svc' && kind !== 'pod') return unknown;
    if (namespace === undefined) return empty;
    if (this.#namespaces.get(namespace) === undefined) return unknown;
    if (labels.length === 0) return empty;
    return kind === 'pod' ? podAnswer(question, labels) : this.#serviceAnswer(question, namespace, labels);
  }

  #serviceAnswer(question: DnsQuestion, namespace: string, labels: string[]): DnsAnswer {
    const key = `${namespace}/${labels.pop()}`;
    const service = this.#services.get(key);
    if (service === undefined) return unknown;
    const { type } = question;
    const { spec } = service;
    if (spec.type === 'ExternalName')
      return labels.length > 0 ? unknown : this.#aliasAnswer(question, spec.externalName ?? '');
    const endpoints = this.#endpoints(service, key);
    if (labels.length === 2) return srvAnswer(question, service, labels, endpoints);
    if (labels.length === 0 && type === 'SRV') return srvAnswer(question, service, null, endpoints);
    const isHeadless = spec.clusterIP === 'None';
    if (labels.length === 1) {
      const found = endpoints.filter(({ endpoint }) => endpointLabel(endpoint) === labels[0]);
      return found.length === 0
        ? unknown
        : addresses(
            question,
            found.map(
              ({
                endpoint: {
                  addresses: [ip = ''],
                },
              }) => ip,
            ),
          );
    }
    if (labels.length > 2) return unknown;
    if (type !== 'A') return empty;
    if (!isHeadless) return addresses(question, [spec.clusterIP ?? '']);
    return endpoints.length === 0
      ? unknown
      : addresses(
          question,
          endpoints.map(
            ({
              endpoint: {
                addresses: [ip = ''],
              },
            }) => ip,
          ),
        );
  }

  /** The endpoints that are published: ready ones, unless the service wants all. */
  #endpoints(service: Service, key: string): Published[] {
    const all = [...this.#slices.by('service', key)].flatMap(({ endpoints = [], ports = [] }) =>
      endpoints.map((endpoint) => ({ endpoint, ports })),
    );
    if (service.spec.publishNotReadyAddresses) return all;
    return all.filter(({ endpoint }) => endpoint.conditions?.ready !== false);
  }

  /** The name that a service stands for, and what is known of that. */
  #aliasAnswer({ name, type }: DnsQuestion, target: string): DnsAnswer {
    const alias: DnsRecord = { name, type: 'CNAME', value: `${target}.` };
    // A service may stand for itself, by way of another one.
    if (type === 'CNAME' || this.#aliases >= aliasesMax) return records([alias]);
    this.#aliases++;
    const found = this.answer({ name: target.toLowerCase(), type });
    this.#aliases--;
    return records([alias, ...found.records]);
  }

  #reverse(name: string): DnsAnswer {
    const address = name.slice(0, -'.in-addr.arpa'.length).split('.').reverse().join('.');
    const [service] = this.#services.by('address', address);
    if (service !== undefined) {
      const { name: own, namespace } = service.metadata;
      return records([{ name, type: 'PTR', value: `${own}.${namespace}.svc.${zone}.` }]);
    }
    const named = [...this.#slices.by('named address', address)].flatMap(({ metadata, endpoints = [] }) =>
      endpoints.flatMap(({ addresses: [ip], hostname }) =>
        ip === address && hostname !== undefined
          ? [`${hostname}.${metadata.labels![serviceNameLabel]}.${metadata.namespace}.svc.${zone}.`]
          : [],
      ),
    );
    return named.length === 0 ? unknown : records(named.map((value) => ({ name, type: 'PTR', value })));
  }
}

function records(list: readonly DnsRecord[]): DnsAnswer {
  return { code: 'NOERROR', records: list };
}

function addresses({ name, type }: DnsQuestion, list: readonly string[]): DnsAnswer {
  if (type !== 'A') return empty;
  return records(list.map((value) => ({ name, type: 'A', value })));
}

/** `10-244-1-2.default.pod.cluster.local`: the address is in the name (pods insecure). */
function podAnswer(question: DnsQuestion, labels: readonly string[]): DnsAnswer {
  const address = labels.at(-1)!.replaceAll('-', '.');
  return labels.length === 1 && parseIpv4(address) !== undefined ? addresses(question, [address]) : unknown;
}

/** An endpoint's own name below its service: its hostname, or its address with dashes. */
function endpointLabel({ hostname, addresses: [ip = ''] }: Endpoint): string {
  return hostname ?? ip.replaceAll('.', '-');
}

/** `_http._tcp.web.default.svc.cluster.local`; without labels, all ports of the service that have a name. */
function srvAnswer(
  { name, type }: DnsQuestion,
  { spec, metadata }: Service,
  labels: readonly string[] | null,
  endpoints: readonly Published[],
): DnsAnswer {
  const isMeant = ({ name: port = '', protocol = 'TCP' }: { name?: string; protocol?: string }) =>
    labels === null || (labels[0] === `_${port}` && labels[1] === `_${protocol.toLowerCase()}`);
  const base = `${metadata.name}.${metadata.namespace}.svc.${zone}.`;
  const targets =
    spec.clusterIP === 'None'
      ? endpoints.flatMap(({ endpoint, ports }) =>
          ports.filter(isMeant).map(({ port }) => `${port} ${endpointLabel(endpoint)}.${base}`),
        )
      : (spec.ports ?? []).filter(isMeant).map(({ port }) => `${port} ${base}`);
  if (targets.length === 0) return unknown;
  if (type !== 'SRV') return empty;
  return records(targets.map((target) => ({ name, type: 'SRV', value: `0 100 ${target}` })));
}
