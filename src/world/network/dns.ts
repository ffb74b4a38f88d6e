export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT';

export interface DnsQuestion {
  /** Lower case, without the dot at the end. */
  readonly name: string;
  readonly type: DnsType;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: 'A' | 'SRV' | 'PTR' | 'CNAME';
  /** An address, a name, or `priority weight port target`. */
  readonly value: string;
}

/** NOERROR without records says that the name is known, but not with that type. */
export interface DnsAnswer {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  readonly records: readonly DnsRecord[];
}

/** What `/etc/resolv.conf` says. */
export interface ResolverConfig {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** Options beside ndots, as they are written there: `edns0`, `timeout:2`. */
  readonly options?: readonly string[];
}

/** The names that a resolver asks for, in order. Upstream: resolver(5). */
export function searchNames(name: string, { search, ndots }: ResolverConfig): string[] {
  const lower = name.toLowerCase();
  if (lower.endsWith('.')) return [lower.slice(0, -1)];
  const dots = lower.split('.').length - 1;
  const searched = search.map((domain) => `${lower}.${domain}`);
  return dots >= ndots ? [lower, ...searched] : [...searched, lower];
}

/** The text of `/etc/resolv.conf`. */
export function formatResolverConfig(config: ResolverConfig): string {
  const { nameservers, search, ndots, options = [] } = config;
  const all = [...(ndots === 1 ? [] : [`ndots:${ndots}`]), ...options];
  const lines = [
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(all.length === 0 ? [] : [`options ${all.join(' ')}`]),
  ];
  return `${lines.join('\n')}\n`;
}
