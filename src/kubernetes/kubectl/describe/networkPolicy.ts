// Upstream: kubectl/pkg/describe/describe.go describeNetworkPolicy
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '#generated/types/networking.v1.ts';
import { formatLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import type { Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { writeLabelsAndAnnotations } from './fields.ts';

const indent = '    ';

/** How the rules of one direction are spoken of. */
const words = {
  ingress: { peers: 'From', end: 'source' },
  egress: { peers: 'To', end: 'destination' },
} as const;

function writePeer(
  writer: DescribeWriter,
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
): void {
  if (namespaceSelector)
    writer.line(1, `${indent}NamespaceSelector: ${formatLabelSelector(namespaceSelector)}`);
  if (podSelector) writer.line(1, `${indent}PodSelector: ${formatLabelSelector(podSelector)}`);
  if (podSelector || namespaceSelector || !ipBlock) return;
  writer.line(1, `${indent}IPBlock:`);
  writer.line(2, `${indent}CIDR: ${ipBlock.cidr}`);
  writer.line(2, `${indent}Except: ${(ipBlock.except ?? []).join(', ')}`);
}

function writeRules(
  writer: DescribeWriter,
  direction: keyof typeof words,
  rules: readonly {
    readonly ports?: readonly NetworkPolicyPort[];
    readonly peers: readonly NetworkPolicyPeer[] | undefined;
  }[],
): void {
  const { peers: title, end } = words[direction];
  if (rules.length === 0)
    return writer.line(0, `${indent}<none> (Selected pods are isolated for ${direction} connectivity)`);
  for (const [index, { ports = [], peers = [] }] of rules.entries()) {
    if (ports.length === 0) writer.line(0, `${indent}To Port: <any> (traffic allowed to all ports)`);
    for (const { port, endPort, protocol = 'TCP' } of ports) {
      writer.line(
        0,
        endPort === undefined
          ? `${indent}To Port: ${port ?? '<nil>'}/${protocol}`
          : `${indent}To Port Range: ${port}-${endPort}/${protocol}`,
      );
    }
    if (peers.length === 0) writer.line(0, `${indent}${title}: <any> (traffic not restricted by ${end})`);
    for (const peer of peers) {
      writer.line(0, `${indent}${title}:`);
      writePeer(writer, peer);
    }
    if (index < rules.length - 1) writer.line(0, `${indent}----------`);
  }
}

export const describeNetworkPolicy: Describer<NetworkPolicy> = {
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  async describe({ metadata, spec }, writer) {
    const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
    const created = metadata.creationTimestamp.replace('T', ' ').replace('Z', ' +0000 UTC');
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `Created on:\t${created}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, 'Spec:');
    const selected = formatLabelSelector(podSelector);
    const pods =
      selected === '<none>'
        ? '<none> (Allowing the specific traffic to all pods in this namespace)'
        : selected;
    writer.line(1, `PodSelector:     ${pods}`);
    if (policyTypes.includes('Ingress')) {
      writer.line(1, 'Allowing ingress traffic:');
      writeRules(
        writer,
        'ingress',
        ingress.map((rule) => ({ ...rule, peers: rule.from })),
      );
    } else writer.line(1, 'Not affecting ingress traffic');
    if (policyTypes.includes('Egress')) {
      writer.line(1, 'Allowing egress traffic:');
      writeRules(
        writer,
        'egress',
        egress.map((rule) => ({ ...rule, peers: rule.to })),
      );
    } else writer.line(1, 'Not affecting egress traffic');
    writer.line(1, `Policy Types: ${policyTypes.join(', ')}`);
  },
};
