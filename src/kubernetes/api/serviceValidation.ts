// Upstream: validateService in pkg/apis/core/validation/validation.go
import type { Service, ServicePort, ServiceSpec } from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { validateLabels } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label, checkDns1123Subdomain, checkPortNumber } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { protocols } from './containerValidation.ts';
import { invalidFor, validateEnum, validatePort } from './fieldChecks.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const affinityMaxSeconds = 86_400;
const trafficDistributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** True for a Service that has no address of its own: DNS answers with its pods' addresses. */
export function isHeadless({ clusterIP, clusterIPs }: ServiceSpec): boolean {
  return clusterIP === 'None' || clusterIPs?.[0] === 'None';
}

/** True for a Service that can be reached from outside of the cluster. */
export function isExternallyAccessible({ type, externalIPs }: ServiceSpec): boolean {
  return (
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && externalIPs !== undefined && externalIPs.length > 0)
  );
}

function validateType(spec: ServiceSpec): FieldError[] {
  const { type, clusterIPs, externalName = '' } = spec;
  if (type !== 'ExternalName')
    return isHeadless(spec) && type !== 'ClusterIP'
      ? [invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)]
      : [];
  const why = 'may not be set for ExternalName services';
  const name = externalName.replace(/\.$/, '');
  return [
    ...(clusterIPs?.length ? [forbidden('spec.clusterIPs', why)] : []),
    ...(spec.ipFamilies?.length ? [forbidden('spec.ipFamilies', why)] : []),
    ...(spec.ipFamilyPolicy ? [forbidden('spec.ipFamilyPolicy', why)] : []),
    ...(name
      ? invalidFor('spec.externalName', name, checkDns1123Subdomain(name))
      : [required('spec.externalName')]),
  ];
}

function validatePorts(ports: readonly ServicePort[]): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap(({ name, port, protocol, targetPort }, index) => {
    const path = `spec.ports[${index}]`;
    const errors: FieldError[] = [];
    if (name) {
      errors.push(...invalidFor(`${path}.name`, name, checkDns1123Label(name)));
      if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
      names.add(name);
    } else if (ports.length > 1) {
      errors.push(required(`${path}.name`));
    }
    return [
      ...errors,
      ...invalidFor(`${path}.port`, port ?? 0, checkPortNumber(port ?? 0)),
      ...validateEnum(`${path}.protocol`, protocol, protocols),
      ...validatePort(`${path}.targetPort`, targetPort),
    ];
  });
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldError[] {
  const errors = validateEnum('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  const config = 'spec.sessionAffinityConfig';
  if (sessionAffinity === 'None' && sessionAffinityConfig)
    errors.push(forbidden(config, 'must not be set when session affinity is None'));
  if (sessionAffinity !== 'ClientIP') return errors;
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds === undefined || seconds <= 0 || seconds > affinityMaxSeconds) {
    const why = `must be greater than 0 and less than ${affinityMaxSeconds}`;
    errors.push(invalidValue(`${config}.clientIP.timeoutSeconds`, seconds ?? null, why));
  }
  return errors;
}

/** A port with nothing but its number and protocol, under the names that upstream's internal type has. */
function internalPort(port: number, protocol: string | undefined): object {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

/** Ports that only some types may have, and none may have twice. */
function validatePortUse({ type, ports = [] }: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const nodePorts = new Set<string>();
  const seen = new Set<string>();
  for (const [index, { nodePort }] of ports.entries())
    if (type === 'ClusterIP' && nodePort)
      errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  for (const [index, { nodePort, protocol }] of ports.entries()) {
    if (!nodePort) continue;
    if (nodePorts.has(`${protocol}/${nodePort}`))
      errors.push(duplicate(`spec.ports[${index}].nodePort`, nodePort));
    nodePorts.add(`${protocol}/${nodePort}`);
  }
  for (const [index, { port, protocol }] of ports.entries()) {
    if (seen.has(`${protocol}/${port}`))
      errors.push(duplicate(`spec.ports[${index}]`, internalPort(port, protocol)));
    seen.add(`${protocol}/${port}`);
  }
  return errors;
}

function validateTraffic(spec: ServiceSpec): FieldError[] {
  const policies = ['Cluster', 'Local'];
  const { externalTrafficPolicy, internalTrafficPolicy, trafficDistribution, type } = spec;
  const errors: FieldError[] = [];
  if (isExternallyAccessible(spec))
    errors.push(...validateEnum('spec.externalTrafficPolicy', externalTrafficPolicy, policies));
  else if (externalTrafficPolicy)
    errors.push(
      invalidValue(
        'spec.externalTrafficPolicy',
        externalTrafficPolicy,
        'may only be set for externally-accessible services',
      ),
    );
  if (type !== 'ExternalName' || internalTrafficPolicy)
    errors.push(...validateEnum('spec.internalTrafficPolicy', internalTrafficPolicy, policies));
  if (trafficDistribution !== undefined && !trafficDistributions.includes(trafficDistribution))
    errors.push(notSupported('spec.trafficDistribution', trafficDistribution, trafficDistributions));
  return errors;
}

/** What is wrong with a Service. */
export function validateService({ spec }: Service): FieldError[] {
  const { ports = [], type } = spec;
  const errors: FieldError[] = [];
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required('spec.ports'));
  errors.push(
    ...validateType(spec),
    ...validatePorts(ports),
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...validateEnum('spec.type', type, types),
    ...validatePortUse(spec),
  );
  const forBalancers = "may only be used when `type` is 'LoadBalancer'";
  if (spec.loadBalancerSourceRanges?.length && type !== 'LoadBalancer')
    errors.push(forbidden('spec.LoadBalancerSourceRanges', forBalancers));
  if (spec.allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer')
    errors.push(forbidden('spec.allocateLoadBalancerNodePorts', forBalancers));
  if (spec.loadBalancerClass !== undefined && type !== 'LoadBalancer')
    errors.push(forbidden('spec.loadBalancerClass', forBalancers));
  return [...errors, ...validateTraffic(spec)];
}

/** A Service keeps its address, unless it becomes or was an ExternalName. */
export function validateServiceUpdate({ spec }: Service, { spec: old }: Service): FieldError[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  const [next, before] = [spec.clusterIP, old.clusterIP];
  return before && next !== before
    ? [invalidValue('spec.clusterIPs[0]', [next ?? ''], 'may not change once set')]
    : [];
}
