import type { Service } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { keyOf } from '#kubernetes/api/object.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';
import type { Network } from '#world/network/network.ts';
import { type Backend, type RuleTable, type ServiceRule, serviceRules } from './serviceRules.ts';

const serviceNameLabel = 'kubernetes.io/service-name';

/** Those of a service's endpoints that a node should use. */
export type Preference = (backends: readonly Backend[], nodeName: string) => readonly Backend[];

/** The rules of all services, kept once for all nodes (D2): a service's rules are made anew when next used. */
export class ServiceTable {
  readonly #services: Informer<Service>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #tables = new Map<string, RuleTable>();
  /** Which service an address, port and protocol belong to. */
  readonly #rules = new Map<string, ServiceRule>();
  readonly #dirty = new Set<string>();
  /** By the endpoints' hints; it comes with the second load. */
  prefer: Preference = (backends) => backends;
  readonly #network: Network;

  constructor(informers: Informers, network: Network) {
    this.#network = network;
    this.#services = informers.of(services);
    this.#slices = informers.of(endpointSlices);
    this.#slices.addIndex('service', (slice) => {
      const name = slice.metadata.labels?.[serviceNameLabel];
      return name === undefined ? [] : [`${slice.metadata.namespace}/${name}`];
    });
    this.#services.onChange((now, before) => this.#changed(keyOf((now ?? before)!)));
    this.#slices.onChange((now, before) => {
      const { namespace, labels } = (now ?? before!).metadata;
      const name = labels?.[serviceNameLabel];
      if (name !== undefined) this.#changed(`${namespace}/${name}`);
    });
  }

  /** The rule for a destination, if any. */
  find(key: string): ServiceRule | undefined {
    if (this.#dirty.size > 0) this.#refresh();
    return this.#rules.get(key);
  }

  /** All rules as they are now: what a proxy leaves behind when it stops. */
  snapshot(): ReadonlyMap<string, ServiceRule> {
    this.#refresh();
    return new Map(this.#rules);
  }

  #changed(service: string): void {
    this.#dirty.add(service);
    this.#network.noteChange();
  }

  #refresh(): void {
    for (const key of this.#dirty) {
      for (const rule of this.#tables.get(key)?.keys() ?? []) this.#rules.delete(rule);
      const service = this.#services.get(key);
      if (service === undefined) {
        this.#tables.delete(key);
        continue;
      }
      const table = serviceRules(service, [...this.#slices.by('service', key)]);
      this.#tables.set(key, table);
      for (const [rule, value] of table) this.#rules.set(rule, value);
    }
    this.#dirty.clear();
  }
}
