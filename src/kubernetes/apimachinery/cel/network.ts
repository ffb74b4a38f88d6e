// Upstream: apiserver/pkg/cel/library/{ip,cidr,urls}.go
import type { Environment } from '@marcbachmann/cel-js';
import {
  type Cidr,
  cidrContains,
  cidrContainsCidr,
  formatCidr,
  formatIp,
  type Ip,
  isIpv4Mapped,
  maskCidr,
  parseCidr,
  parseIp,
} from '../ip.ts';

class CelIp {
  readonly ip: Ip;
  constructor(ip: Ip) {
    this.ip = ip;
  }

  toString(): string {
    return formatIp(this.ip);
  }
}

class CelCidr {
  readonly cidr: Cidr;
  constructor(cidr: Cidr) {
    this.cidr = cidr;
  }

  toString(): string {
    return formatCidr(this.cidr);
  }
}

class CelUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(scheme: string, host: string, path: string, query: string) {
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }
}

function readIp(text: string): Ip | undefined {
  const ip = parseIp(text);
  return ip === undefined || isIpv4Mapped(ip) ? undefined : ip;
}

function ip(text: string): CelIp {
  if (parseIp(text) && !readIp(text))
    throw new Error(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  const found = readIp(text);
  if (found === undefined)
    throw new Error(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    );
  return new CelIp(found);
}

function cidr(text: string): CelCidr {
  const found = parseCidr(text);
  if (found === undefined)
    throw new Error(
      `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): no '/'`,
    );
  return new CelCidr(found);
}

/** Whether an address lies in one of these ranges. */
function isIn(...ranges: readonly string[]): (value: CelIp) => boolean {
  const parsed = ranges.map((range) => parseCidr(range)!);
  return (value) => parsed.some((range) => cidrContains(range, value.ip));
}

const isLoopback = isIn('127.0.0.0/8', '::1/128');
const isUnspecified = isIn('0.0.0.0/32', '::/128');
const isLinkLocalUnicast = isIn('169.254.0.0/16', 'fe80::/10');
const isLinkLocalMulticast = isIn('224.0.0.0/24', 'ff02::/16');
const isMulticast = isIn('224.0.0.0/4', 'ff00::/8');
const isBroadcast = isIn('255.255.255.255/32');

function readUrl(text: string): CelUrl | undefined {
  if (/\s/.test(text)) return undefined;
  const match = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?$/i.exec(text);
  if (match === null) return undefined;
  const [, scheme = '', authority = '', path = '', query = ''] = match;
  // A URI must be absolute, or at least its path.
  if (scheme === '' && !text.startsWith('/')) return undefined;
  return new CelUrl(scheme.toLowerCase(), authority.slice(authority.lastIndexOf('@') + 1), path, query);
}

function url(text: string): CelUrl {
  const found = readUrl(text);
  if (found === undefined)
    throw new Error(
      `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
    );
  return found;
}

const portPattern = /:(\d*)$/;

function hostNameOf({ host }: CelUrl): string {
  return host.replace(portPattern, '').replace(/^\[(.*)\]$/, '$1');
}

function queryOf({ query }: CelUrl): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [key = '', value = ''] = pair
      .split(/=(.*)/s)
      .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    (found[key] ??= []).push(value);
  }
  return found;
}

function addIpFunctions(environment: Environment): void {
  environment
    .registerType('IP', CelIp)
    .registerFunction('ip(string): IP', ip)
    .registerFunction('isIP(string): bool', (text: string) => readIp(text) !== undefined)
    .registerFunction('string(IP): string', (value: CelIp) => value.toString())
    .registerFunction('IP.family(): int', (value: CelIp) => BigInt(value.ip.family))
    .registerFunction('IP.isUnspecified(): bool', isUnspecified)
    .registerFunction('IP.isLoopback(): bool', isLoopback)
    .registerFunction('IP.isLinkLocalMulticast(): bool', isLinkLocalMulticast)
    .registerFunction('IP.isLinkLocalUnicast(): bool', isLinkLocalUnicast)
    .registerFunction(
      'IP.isGlobalUnicast(): bool',
      (value: CelIp) =>
        ![isUnspecified, isLoopback, isLinkLocalUnicast, isMulticast, isBroadcast].some((is) => is(value)),
    )
    .registerOperator('IP == IP', (a: CelIp, b: CelIp) => formatIp(a.ip) === formatIp(b.ip));
}

function addCidrFunctions(environment: Environment): void {
  environment
    .registerType('CIDR', CelCidr)
    .registerFunction('cidr(string): CIDR', cidr)
    .registerFunction('isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined)
    .registerFunction('string(CIDR): string', (value: CelCidr) => value.toString())
    .registerFunction('CIDR.containsIP(string): bool', (a: CelCidr, b: string) =>
      cidrContains(a.cidr, ip(b).ip),
    )
    .registerFunction('CIDR.containsIP(IP): bool', (a: CelCidr, b: CelIp) => cidrContains(a.cidr, b.ip))
    .registerFunction('CIDR.containsCIDR(string): bool', (a: CelCidr, b: string) =>
      cidrContainsCidr(a.cidr, cidr(b).cidr),
    )
    .registerFunction('CIDR.containsCIDR(CIDR): bool', (a: CelCidr, b: CelCidr) =>
      cidrContainsCidr(a.cidr, b.cidr),
    )
    .registerFunction('CIDR.ip(): IP', (value: CelCidr) => new CelIp(value.cidr.ip))
    .registerFunction('CIDR.masked(): CIDR', (value: CelCidr) => new CelCidr(maskCidr(value.cidr)))
    .registerFunction('CIDR.prefixLength(): int', (value: CelCidr) => BigInt(value.cidr.prefixLength))
    .registerOperator('CIDR == CIDR', (a: CelCidr, b: CelCidr) => formatCidr(a.cidr) === formatCidr(b.cidr));
}

function addUrlFunctions(environment: Environment): void {
  environment
    .registerType('URL', CelUrl)
    .registerFunction('url(string): URL', url)
    .registerFunction('isURL(string): bool', (text: string) => readUrl(text) !== undefined)
    .registerFunction('URL.getScheme(): string', ({ scheme }: CelUrl) => scheme)
    .registerFunction('URL.getHost(): string', ({ host }: CelUrl) => host)
    .registerFunction('URL.getHostname(): string', hostNameOf)
    .registerFunction('URL.getPort(): string', ({ host }: CelUrl) => portPattern.exec(host)?.[1] ?? '')
    .registerFunction('URL.getEscapedPath(): string', ({ path }: CelUrl) => path)
    .registerFunction('URL.getQuery(): map<string, list<string>>', queryOf);
}

/** Addresses, ranges of them, and URLs. */
export function addNetworkFunctions(environment: Environment): void {
  addIpFunctions(environment);
  addCidrFunctions(environment);
  addUrlFunctions(environment);
}
