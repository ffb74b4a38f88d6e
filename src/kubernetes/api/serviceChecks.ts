// Upstream: pkg/apis/core/validation/validation.go (ValidateService, ValidateServiceClusterIPsRelatedFields,
// ValidateLoadBalancerStatus), pkg/registry/core/service/strategy.go dropTypeDependentFields
import type { LoadBalancerIngress, Service, ServiceSpec } from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import {
  checkCidr,
  checkIp,
  cidrContains,
  formatIp,
  type Ip,
  parseCidr,
  parseIp,
} from '#kubernetes/apimachinery/ip.ts';
import { checkDns1123Subdomain, checkLabelKey, checkPortNumber } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { protocols } from './containerValidation.ts';
import { invalidFor, under, validateEnum } from './fieldChecks.ts';
import type { LaterRules } from './laterRules.ts';
import { isExternallyAccessible, isHeadless } from './serviceValidation.ts';
import { serviceWarnings } from './serviceWarnings.ts';

const families = ['IPv4', 'IPv6'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const sourceRangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const forBalancers = "may only be used when `type` is 'LoadBalancer'";

const specialRanges: readonly (readonly [why: string, ...ranges: string[]])[] = [
  ['may not be in the loopback range (127.0.0.0/8, ::1/128)', '127.0.0.0/8', '::1/128'],
  ['may not be in the link-local range (169.254.0.0/16, fe80::/10)', '169.254.0.0/16', 'fe80::/10'],
  ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)', '224.0.0.0/24', 'ff02::/10'],
];

function checkNonSpecialIp(ip: Ip): string[] {
  const sentences = ip.value === 0n ? [`may not be unspecified (${formatIp(ip)})`] : [];
  for (const [why, ...ranges] of specialRanges)
    if (ranges.some((range) => cidrContains(parseCidr(range)!, ip))) sentences.push(why);
  return sentences;
}

function validateExternalIps(addresses: readonly string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    const sentences = checkIp(address);
    const ip = parseIp(address);
    if (sentences.length === 0 && ip !== undefined) sentences.push(...checkNonSpecialIp(ip));
    return invalidFor(`spec.externalIPs[${index}]`, address, sentences);
  });
}

function validateClusterIps(spec: ServiceSpec): FieldError[] {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const wrong = (why: string) => invalidValue('spec.clusterIPs', clusterIPs, why);
  const errors: FieldError[] = [];
  if (clusterIP !== '' && clusterIPs.length > 0 && clusterIPs[0] !== clusterIP)
    errors.push(wrong('first value must match `clusterIP`'));
  if (clusterIP === '' && clusterIPs.length > 0)
    errors.push(wrong('must be empty when `clusterIP` is not specified'));
  for (const [index, family] of ipFamilies.entries()) {
    const path = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) errors.push(notSupported(path, family, families));
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(path, family));
  }
  if (ipFamilyPolicy !== undefined && !familyPolicies.includes(ipFamilyPolicy))
    errors.push(notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, familyPolicies));
  if (clusterIPs[0] === 'None') {
    if (clusterIPs.length > 1) errors.push(wrong("'None' must be the first and only value"));
    return errors;
  }
  const addressErrors = clusterIPs.flatMap((address, index) =>
    invalidFor(`spec.clusterIPs[${index}]`, address, checkIp(address)),
  );
  errors.push(...addressErrors);
  if (clusterIPs.length > 2) errors.push(wrong('may only hold up to 2 values'));
  return addressErrors.length > 0 ? errors : [...errors, ...validateFamilies(spec)];
}

/** Addresses are of one family each, and of the families that are given. */
function validateFamilies({ clusterIPs = [], ipFamilies = [] }: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const own = clusterIPs.map((address) => (address.includes(':') ? 'IPv6' : 'IPv4'));
  if (clusterIPs.length > 1 && new Set(own).size < clusterIPs.length) {
    const why = 'may specify no more than one IP for each IP family';
    errors.push(invalidValue('spec.clusterIPs', clusterIPs, why));
  }
  for (const [index, family] of ipFamilies.entries()) {
    if (own[index] === undefined || own[index] === family || !families.includes(family)) continue;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    errors.push(invalidValue(`spec.clusterIPs[${index}]`, clusterIPs[index], why));
  }
  return errors;
}

function validateSourceRanges({ metadata, spec }: Service): FieldError[] {
  const { type, loadBalancerSourceRanges: ranges = [] } = spec;
  if (ranges.length > 0)
    return type !== 'LoadBalancer'
      ? []
      : ranges.flatMap((range, index) =>
          invalidFor(`spec.LoadBalancerSourceRanges[${index}]`, range, checkCidr(range.trim())),
        );
  const annotated = metadata.annotations?.[sourceRangesAnnotation];
  if (annotated === undefined) return [];
  const path = `metadata.annotations[${sourceRangesAnnotation}]`;
  if (type !== 'LoadBalancer') return [forbidden(path, forBalancers)];
  return annotated
    .trim()
    .split(',')
    .flatMap((range) => (range.trim() === '' ? [] : invalidFor(path, annotated, checkCidr(range.trim()))));
}

function needsHealthCheckPort({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

function validateHealthCheckPort(spec: ServiceSpec): FieldError[] {
  const { healthCheckNodePort: port } = spec;
  if (!port) return [];
  if (needsHealthCheckPort(spec)) return invalidFor('spec.healthCheckNodePort', port, checkPortNumber(port));
  const why = "may only be used when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
  return [forbidden('spec.healthCheckNodePort', why)];
}

function validateIngress(ingress: LoadBalancerIngress): FieldError[] {
  const { ip, ipMode, hostname, ports = [] } = ingress;
  const errors = ip ? invalidFor('ip', ip, checkIp(ip)) : [];
  if (ipMode !== undefined) errors.push(...validateEnum('ipMode', ipMode, ['Proxy', 'VIP']));
  if (ip && ipMode === undefined) errors.push(required('ipMode', 'must be specified when `ip` is set'));
  if (!ip && ipMode !== undefined)
    errors.push(forbidden('ipMode', 'may not be specified when `ip` is not set'));
  if (hostname) {
    errors.push(...invalidFor('hostname', hostname, checkDns1123Subdomain(hostname)));
    if (parseIp(hostname) !== undefined)
      errors.push(invalidValue('hostname', hostname, 'must be a DNS name, not an IP address'));
  }
  for (const [index, { port, protocol, error }] of ports.entries()) {
    const path = `ports[${index}]`;
    errors.push(...invalidFor(`${path}.port`, port, checkPortNumber(port)));
    errors.push(...validateEnum(`${path}.protocol`, protocol, protocols));
    if (error !== undefined) errors.push(...invalidFor(`${path}.error`, error, checkLabelKey(error)));
  }
  return errors;
}

function validateAll(service: Service): FieldError[] {
  const { spec } = service;
  const { type, loadBalancerClass, ports = [] } = spec;
  const errors = type === 'ExternalName' ? [] : validateClusterIps(spec);
  for (const [index, { appProtocol }] of ports.entries())
    if (appProtocol !== undefined)
      errors.push(...invalidFor(`spec.ports[${index}].appProtocol`, appProtocol, checkLabelKey(appProtocol)));
  errors.push(...validateExternalIps(spec.externalIPs ?? []), ...validateSourceRanges(service));
  if (type === 'LoadBalancer' && loadBalancerClass !== undefined)
    errors.push(...invalidFor('spec.loadBalancerClass', loadBalancerClass, checkLabelKey(loadBalancerClass)));
  return [...errors, ...validateHealthCheckPort(spec)];
}

function validateChange({ spec }: Service, { spec: old }: Service): FieldError[] {
  const errors: FieldError[] = [];
  const why = 'may not change once set';
  if (spec.type === 'LoadBalancer' && old.type === 'LoadBalancer') {
    const { loadBalancerClass = null } = spec;
    if (loadBalancerClass !== (old.loadBalancerClass ?? null))
      errors.push(invalidValue('spec.loadBalancerClass', loadBalancerClass, why));
  }
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return errors;
  if (isHeadless(spec) || isHeadless(old)) return errors;
  const { ipFamilies = [] } = spec;
  if (old.ipFamilies?.[0] !== undefined && ipFamilies[0] !== old.ipFamilies[0])
    errors.push(invalidValue('spec.ipFamilies[0]', ipFamilies, why));
  return errors;
}

/** Fields that go with a type: they are dropped when the type goes and nobody changed them. */
const dependentFields: readonly (readonly [
  needs: (spec: ServiceSpec) => boolean,
  ...fields: (keyof ServiceSpec)[],
])[] = [
  [({ type }) => type === 'ExternalName', 'externalName'],
  [({ type }) => type !== 'ExternalName', 'clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
  [needsHealthCheckPort, 'healthCheckNodePort'],
  [({ type }) => type === 'LoadBalancer', 'allocateLoadBalancerNodePorts', 'loadBalancerClass'],
  [isExternallyAccessible, 'externalTrafficPolicy'],
];

function withoutDependentFields(service: Service, { spec: old }: Service): Service {
  const { spec } = service;
  const dropped = new Set<string>();
  for (const [needs, ...fields] of dependentFields)
    if (needs(old) && !needs(spec))
      for (const field of fields)
        if (spec[field] !== undefined && deepEqual(spec[field], old[field])) dropped.add(field);
  if (dropped.size === 0) return service;
  const kept = Object.entries(spec).filter(([field]) => !dropped.has(field));
  return { ...service, spec: Object.fromEntries(kept) };
}

/** What else holds for Services: addresses, families, load balancers, and what goes when their type changes. */
export const serviceRules: LaterRules<Service> = {
  prepareForUpdate: withoutDependentFields,
  validate: validateAll,
  validateUpdate: validateChange,
  validateStatusUpdate: ({ status }) =>
    (status.loadBalancer?.ingress ?? []).flatMap((ingress, index) =>
      under(`status.loadBalancer.ingress[${index}]`, validateIngress(ingress)),
    ),
  warnings: serviceWarnings,
};
