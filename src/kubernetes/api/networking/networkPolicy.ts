// Upstream: pkg/apis/networking/{v1/defaults.go,validation/validation.go}
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '#generated/types/networking.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkCidr, cidrContains, parseCidr } from '#kubernetes/apimachinery/ip.ts';
import { formatLabelSelector, validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { checkPortNumber } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under, validatePort } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';

export type { NetworkPolicy };

const protocols = ['TCP', 'UDP', 'SCTP'];
const policyTypes = ['Ingress', 'Egress'] as const;

function defaultPorts<R extends { readonly ports?: readonly NetworkPolicyPort[] }>(rule: R): R {
  const ports = mapList(rule.ports, (port) => withDefaults(port, { protocol: 'TCP' }));
  return withField(rule as { ports?: typeof ports }, 'ports', ports) as R;
}

function defaultSpec(spec: NetworkPolicySpec): NetworkPolicySpec {
  const ingress = mapList(spec.ingress, defaultPorts);
  const egress = mapList(spec.egress, defaultPorts);
  const withPorts = withField(withField(spec, 'ingress', ingress), 'egress', egress);
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return withPorts;
  return withField(withPorts, 'policyTypes', spec.egress?.length ? [...policyTypes] : ['Ingress']);
}

function validateNetworkPort({ protocol, port, endPort }: NetworkPolicyPort): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported('protocol', protocol, protocols));
  if (port !== undefined) errors.push(...validatePort('port', port));
  if (endPort === undefined) return errors;
  if (port === undefined)
    return [...errors, invalidValue('endPort', endPort, 'may not be specified when `port` is not specified')];
  if (typeof port === 'string')
    return [invalidValue('endPort', endPort, 'may not be specified when `port` is non-numeric'), ...errors];
  if (endPort < port)
    // Upstream shows the port.
    errors.push(invalidValue('endPort', port, 'must be greater than or equal to `port`'));
  return [...errors, ...invalidFor('endPort', endPort, checkPortNumber(endPort))];
}

function validateIpBlock({ cidr, except = [] }: IPBlock): FieldError[] {
  if (!cidr) return [required('cidr')];
  const errors = invalidFor('cidr', cidr, checkCidr(cidr));
  const whole = parseCidr(cidr);
  if (whole === undefined) return errors;
  for (const [index, text] of except.entries()) {
    errors.push(...invalidFor(`except[${index}]`, text, checkCidr(text)));
    const part = parseCidr(text);
    if (part === undefined) continue;
    if (!cidrContains(whole, part.ip) || whole.prefixLength >= part.prefixLength)
      errors.push(invalidValue(`except[${index}]`, text, 'must be a strict subset of `cidr`'));
  }
  return errors;
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer): FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, 'podSelector'),
    ...validateLabelSelector(namespaceSelector, 'namespaceSelector'),
    ...(ipBlock ? under('ipBlock', validateIpBlock(ipBlock)) : []),
  ];
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required('', 'must specify a peer'));
  if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbidden('', 'may not specify both ipBlock and another peer'));
  return errors;
}

function validateRules(
  path: string,
  rules: readonly {
    readonly ports?: readonly NetworkPolicyPort[];
    readonly peers: readonly NetworkPolicyPeer[] | undefined;
  }[],
  peersField: string,
): FieldError[] {
  return rules.flatMap(({ ports = [], peers = [] }, index) => [
    ...ports.flatMap((port, at) => under(`${path}[${index}].ports[${at}]`, validateNetworkPort(port))),
    ...peers.flatMap((peer, at) => under(`${path}[${index}].${peersField}[${at}]`, validatePeer(peer))),
  ]);
}

function validateSpec({
  podSelector,
  ingress = [],
  egress = [],
  policyTypes: types = [],
}: NetworkPolicySpec) {
  const errors = [
    ...validateLabelSelector(podSelector, 'spec.podSelector'),
    ...validateRules(
      'spec.ingress',
      ingress.map((rule) => ({ ...rule, peers: rule.from })),
      'from',
    ),
    ...validateRules(
      'spec.egress',
      egress.map((rule) => ({ ...rule, peers: rule.to })),
      'to',
    ),
  ];
  if (types.length > policyTypes.length)
    return [...errors, invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')];
  for (const [index, type] of types.entries())
    if (!policyTypes.includes(type))
      errors.push(notSupported(`spec.policyTypes[${index}]`, type, policyTypes));
  return errors;
}

export const networkPolicies: Kind<NetworkPolicy> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.networking.v1.NetworkPolicy',
  hasStatus: false,
  countsGenerations: true,
  defaults: (policy) => withField(policy, 'spec', defaultSpec(policy.spec)),
  validate: ({ spec }) => validateSpec(spec),
  columns: [
    nameColumn,
    column('Pod-Selector', ({ spec }) => formatLabelSelector(spec.podSelector)),
    ageColumn,
  ],
};
