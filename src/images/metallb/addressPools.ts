// Upstream: go.universe.tf/metallb/internal/{allocator,config}
import { formatIpv4, parseIpv4, parseIpv4Range } from '#world/network/ipv4.ts';

export interface IpAddressPool {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly addresses: readonly string[]; readonly autoAssign?: boolean };
}

/** A load balancer's Service as MetalLB reads it. */
export interface Balanced {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly type?: string;
    readonly loadBalancerIP?: string;
    readonly loadBalancerClass?: string;
    readonly externalTrafficPolicy?: string;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** An address with the pool that it is of. */
export interface Allocation {
  readonly address: string;
  readonly pool: string;
}

/** Why there is no address, as the controller's events say it. */
export class NoAddress extends Error {}

interface Range {
  readonly first: number;
  readonly last: number;
}

export const nameOf = ({ metadata }: Balanced) => `${metadata.namespace}/${metadata.name}`;
export const addressOf = ({ status }: Balanced) => status?.loadBalancer?.ingress?.[0]?.ip;

const annotation = ({ metadata }: Balanced, name: string) =>
  metadata.annotations?.[`metallb.io/${name}`] ?? metadata.annotations?.[`metallb.universe.tf/${name}`];

/** `10.0.0.0/28` or `10.0.0.1-10.0.0.9`. */
function rangeOf(text: string): Range | undefined {
  const [from = '', to] = text.split('-').map((part) => part.trim());
  if (to === undefined) {
    const range = parseIpv4Range(from);
    return range && { first: range.first, last: range.first + range.size - 1 };
  }
  const [first, last] = [parseIpv4(from), parseIpv4(to)];
  return first === undefined || last === undefined ? undefined : { first, last };
}

const rangesOf = ({ spec }: IpAddressPool) => spec.addresses.flatMap((text) => rangeOf(text) ?? []);

export function poolOf(address: string, pools: readonly IpAddressPool[]): IpAddressPool | undefined {
  const value = parseIpv4(address);
  if (value === undefined) return undefined;
  return pools.find((pool) => rangesOf(pool).some(({ first, last }) => value >= first && value <= last));
}

/**
 * The address that a Service keeps, asks for, or gets: the first that is free in a pool that gives by itself. `others`
 * are the Services that have addresses. Throws NoAddress.
 */
export function allocate(
  service: Balanced,
  pools: readonly IpAddressPool[],
  others: ReadonlyMap<string, Balanced>,
): Allocation {
  const wanted = annotation(service, 'loadBalancerIPs') ?? service.spec.loadBalancerIP;
  const wantedPool = annotation(service, 'address-pool');
  const kept = addressOf(service);
  if (wanted !== undefined && wanted !== '') {
    const pool = poolOf(wanted, pools);
    if (pool === undefined) throw new NoAddress(`${JSON.stringify(wanted)} is not allowed in config`);
    return taken(service, wanted, pool, others);
  }
  if (kept !== undefined && !others.has(kept)) {
    const pool = poolOf(kept, pools);
    if (pool !== undefined && (wantedPool === undefined || pool.metadata.name === wantedPool))
      return { address: kept, pool: pool.metadata.name };
  }
  if (wantedPool !== undefined) {
    const pool = pools.find(({ metadata }) => metadata.name === wantedPool);
    if (pool === undefined) throw new NoAddress(`unknown pool ${JSON.stringify(wantedPool)}`);
    const address = firstFree(pool, others);
    if (address === undefined) throw new NoAddress(`no available IPs in pool ${JSON.stringify(wantedPool)}`);
    return { address, pool: wantedPool };
  }
  for (const pool of pools) {
    const address = pool.spec.autoAssign === false ? undefined : firstFree(pool, others);
    if (address !== undefined) return { address, pool: pool.metadata.name };
  }
  throw new NoAddress('no available IPs');
}

function taken(
  service: Balanced,
  address: string,
  pool: IpAddressPool,
  others: ReadonlyMap<string, Balanced>,
): Allocation {
  const owner = others.get(address);
  if (owner !== undefined)
    throw new NoAddress(
      `can't change sharing key for ${JSON.stringify(nameOf(service))}, address also in use by ${nameOf(owner)}`,
    );
  return { address, pool: pool.metadata.name };
}

function firstFree(pool: IpAddressPool, others: ReadonlyMap<string, Balanced>): string | undefined {
  for (const { first, last } of rangesOf(pool))
    // So many are taken at most: one more cannot all be.
    for (let value = first; value <= Math.min(last, first + others.size); value++) {
      const address = formatIpv4(value);
      if (!others.has(address)) return address;
    }
  return undefined;
}
