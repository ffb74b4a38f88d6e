// Upstream: pkg/api/service/warnings.go, apimachinery/pkg/util/validation/ip.go (GetWarningsForIP, GetWarningsForCIDR)
import type { Service, ServiceSpec } from '#generated/types/core.v1.ts';
import {
  formatCidr,
  formatIp,
  isIpv4Mapped,
  maskCidr,
  parseCidr,
  parseIp,
} from '#kubernetes/apimachinery/ip.ts';

const oldHints = 'service.kubernetes.io/topology-aware-hints';
const topologyMode = 'service.kubernetes.io/topology-mode';
const quoted = (text: string) => JSON.stringify(text);

/** What an address earns that is not in its standard form; Go used to take leading zeros. */
function addressWarnings(path: string, address: string): string[] {
  const strict = parseIp(address);
  const ip = strict ?? parseIp(address.replace(/\b0+(?=\d)/g, ''));
  if (ip === undefined) return [];
  if (strict === undefined || isIpv4Mapped(ip)) {
    const standard = formatIp(isIpv4Mapped(ip) ? { family: 4, value: ip.value & 0xffff_ffffn } : ip);
    return [
      `${path}: non-standard IP address ${quoted(address)} will be considered invalid in a future Kubernetes release: use ${quoted(standard)}`,
    ];
  }
  const canonical = formatIp(ip);
  return ip.family === 4 || canonical === address
    ? []
    : [
        `${path}: IPv6 address ${quoted(address)} should be in RFC 5952 canonical format (${quoted(canonical)})`,
      ];
}

function rangeWarnings(path: string, range: string): string[] {
  const cidr = parseCidr(range);
  if (cidr === undefined) return [];
  const masked = formatCidr(maskCidr(cidr));
  if (formatCidr(cidr) !== masked) {
    const single = `${formatIp(cidr.ip)}/${cidr.ip.family === 6 ? 128 : 32}`;
    return [
      `${path}: CIDR value ${quoted(range)} is ambiguous in this context (should be ${quoted(masked)} or ${quoted(single)}?)`,
    ];
  }
  if (cidr.ip.family !== 6 || masked === range) return [];
  return [
    `${path}: IPv6 CIDR value ${quoted(range)} should be in RFC 5952 canonical format (${quoted(masked)})`,
  ];
}

/** Fields that a Service without an address of its own has no use for. */
function headlessWarnings({ loadBalancerIP, externalIPs = [], sessionAffinity }: ServiceSpec): string[] {
  const ignored: string[] = [];
  if (loadBalancerIP) ignored.push('loadBalancerIP');
  if (externalIPs.length > 0) ignored.push('externalIPs');
  if (sessionAffinity !== 'None') ignored.push('SessionAffinity');
  return ignored.map((field) => `spec.${field} is ignored for headless services`);
}

/** What a write of a Service is warned of. */
export function serviceWarnings({ metadata: { annotations }, spec }: Service): string[] {
  const { type, externalIPs = [], loadBalancerIP = '', loadBalancerSourceRanges = [] } = spec;
  const isHeadless = type === 'ClusterIP' && spec.clusterIP === 'None';
  const isAlias = type === 'ExternalName';
  const warnings: string[] = [];
  if (annotations?.[oldHints] !== undefined)
    warnings.push(`annotation ${oldHints} is deprecated, please use ${topologyMode} instead`);
  if (isHeadless) warnings.push(...headlessWarnings(spec));
  externalIPs.forEach((ip, i) => warnings.push(...addressWarnings(`spec.externalIPs[${i}]`, ip)));
  if (externalIPs.length > 0 && !isHeadless && !isAlias)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  warnings.push(...addressWarnings('spec.loadBalancerIP', loadBalancerIP));
  loadBalancerSourceRanges.forEach((range, i) =>
    warnings.push(...rangeWarnings(`spec.loadBalancerSourceRanges[${i}]`, range)),
  );
  if (isAlias && externalIPs.length > 0)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!isAlias && spec.externalName)
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === 'PreferClose')
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}
