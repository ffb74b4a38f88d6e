/** An IPv4 address as a number; undefined for anything else. */
export function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/** A range of addresses: the first of it, and how many. */
export interface Ipv4Range {
  readonly first: number;
  readonly size: number;
}

/** `10.244.1.0/24`. */
export function parseIpv4Range(cidr: string): Ipv4Range | undefined {
  const [address = '', bits = ''] = cidr.split('/');
  const value = parseIpv4(address);
  if (value === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  return { first: value - (value % size), size };
}

export function isInRange(value: number, { first, size }: Ipv4Range): boolean {
  return value >= first && value < first + size;
}
