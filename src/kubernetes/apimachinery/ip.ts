// Upstream: apimachinery/pkg/util/validation/ip.go, Go's net/netip

/** An address of either family, as one number. */
export interface Ip {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A range of addresses: `ip` as it was written, host bits and all, and how many leading bits all share. */
export interface Cidr {
  readonly ip: Ip;
  readonly prefixLength: number;
}

const familyBits = { 4: 32, 6: 128 } as const;

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return value;
}

/** The groups of one side of `::`; the last may be an IPv4 address. Undefined when one is no group. */
function parseGroups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1 && part.includes('.')) {
      const ipv4 = parseIpv4(part);
      if (ipv4 === undefined) return undefined;
      groups.push(ipv4 >> 16n, ipv4 & 0xffffn);
    } else if (/^[\da-f]{1,4}$/i.test(part)) {
      groups.push(BigInt(`0x${part}`));
    } else {
      return undefined;
    }
  }
  return groups;
}

function parseIpv6(text: string): bigint | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const [head, tail] = sides.map(parseGroups);
  if (head === undefined || (sides.length === 2 && tail === undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (sides.length === 1 ? given !== 8 : given > 7) return undefined;
  const groups = [...head, ...Array<bigint>(8 - given).fill(0n), ...(tail ?? [])];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** Reads an IPv4 or IPv6 address. Undefined for anything else: leading zeros and zones too. */
export function parseIp(text: string): Ip | undefined {
  const isIpv6 = text.includes(':');
  const value = isIpv6 ? parseIpv6(text) : parseIpv4(text);
  return value === undefined ? undefined : { family: isIpv6 ? 6 : 4, value };
}

/** The shortest form: IPv6 in lower case, its longest run of zero groups as `::`. */
export function formatIp({ family, value }: Ip): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  if (isIpv4Mapped({ family, value })) return `::ffff:${formatIp({ family: 4, value: value & 0xffffffffn })}`;
  const groups = Array.from({ length: 8 }, (_, i) => (value >> BigInt(16 * (7 - i))) & 0xffffn);
  let run = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === 0n) length++;
    if (length > run.length) run = { from, length };
  }
  const text = (part: bigint[]) => part.map((group) => group.toString(16)).join(':');
  if (run.length < 2) return text(groups);
  return `${text(groups.slice(0, run.from))}::${text(groups.slice(run.from + run.length))}`;
}

/** Whether it is an IPv4 address in IPv6's clothes: `::ffff:10.0.0.1`. */
export function isIpv4Mapped({ family, value }: Ip): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

/** Reads `10.0.0.0/8` or `fd00::/8`; undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.lastIndexOf('/');
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const bits = text.slice(slash + 1);
  if (ip === undefined || !/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined;
  const prefixLength = Number(bits);
  return prefixLength > familyBits[ip.family] ? undefined : { ip, prefixLength };
}

/** The range with its host bits cleared. */
export function maskCidr({ ip, prefixLength }: Cidr): Cidr {
  const shift = BigInt(familyBits[ip.family] - prefixLength);
  return { ip: { family: ip.family, value: (ip.value >> shift) << shift }, prefixLength };
}

export function formatCidr({ ip, prefixLength }: Cidr): string {
  return `${formatIp(ip)}/${prefixLength}`;
}

export function cidrContains({ ip, prefixLength }: Cidr, other: Ip): boolean {
  if (ip.family !== other.family) return false;
  const shift = BigInt(familyBits[ip.family] - prefixLength);
  return ip.value >> shift === other.value >> shift;
}

/** Whether all of `inner` lies in `outer`. */
export function cidrContainsCidr(outer: Cidr, inner: Cidr): boolean {
  return inner.prefixLength >= outer.prefixLength && cidrContains(outer, inner.ip);
}

/** What is wrong with an address that must be in its canonical form. */
export function checkIp(text: string): string[] {
  const ip = parseIp(text);
  if (ip === undefined) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (isIpv4Mapped(ip)) return ['must not be an IPv4-mapped IPv6 address'];
  const canonical = formatIp(ip);
  return text === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** What is wrong with a range. Only new fields want its canonical form; old ones take what can be read. */
export function checkCidr(text: string, canonicalOnly = false): string[] {
  const cidr = parseCidr(text);
  if (cidr === undefined) return ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'];
  if (!canonicalOnly) return [];
  const canonical = formatCidr(maskCidr(cidr));
  return text === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}
