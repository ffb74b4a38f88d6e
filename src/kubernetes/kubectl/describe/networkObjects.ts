// Upstream: kubectl/pkg/describe/describe.go describeIngressClassV1, describeIPAddressV1, describeServiceCIDRV1
import type { IngressClass, IPAddress, ServiceCIDR } from '#generated/types/networking.v1.ts';
import { eventsAbout, type Describer } from './describer.ts';
import { longTime, writeEvents, writeLabelsAndAnnotations } from './fields.ts';

export const describeIngressClass: Describer<IngressClass> = {
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  async describe(ingressClass, writer, context) {
    const { metadata, spec } = ingressClass;
    writer.line(0, `Name:\t${metadata.name}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Controller:\t${spec.controller ?? ''}`);
    if (spec.parameters) {
      const { apiGroup, kind, name } = spec.parameters;
      writer.line(0, 'Parameters:');
      if (apiGroup !== undefined) writer.line(1, `APIGroup:\t${apiGroup}`);
      writer.line(1, `Kind:\t${kind}`);
      writer.line(1, `Name:\t${name}`);
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(ingressClass, context), context.nowMs);
  },
};

export const describeIpAddress: Describer<IPAddress> = {
  group: 'networking.k8s.io',
  kind: 'IPAddress',
  async describe(address, writer, context) {
    const { metadata, spec } = address;
    const { group = '', resource, namespace = '', name } = spec.parentRef;
    writer.line(0, `Name:\t${metadata.name}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, 'Parent Reference:');
    writer.line(1, `Group:\t${group}`);
    writer.line(1, `Resource:\t${resource}`);
    writer.line(1, `Namespace:\t${namespace}`);
    writer.line(1, `Name:\t${name}`);
    if (context.showEvents) writeEvents(writer, await eventsAbout(address, context), context.nowMs);
  },
};

export const describeServiceCidr: Describer<ServiceCIDR> = {
  group: 'networking.k8s.io',
  kind: 'ServiceCIDR',
  async describe(range, writer, context) {
    const { metadata, spec, status } = range;
    const conditions = status?.conditions ?? [];
    writer.line(0, `Name:\t${metadata.name}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `CIDRs:\t${(spec.cidrs ?? []).join(', ')}`);
    if (conditions.length > 0) {
      writer.line(0, 'Status:');
      writer.line(0, 'Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage');
      writer.line(1, '----\t------\t------------------\t------\t-------');
      for (const { type, status: state, lastTransitionTime, reason, message } of conditions)
        writer.line(1, `${type}\t${state}\t${longTime(lastTransitionTime)}\t${reason}\t${message}`);
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(range, context), context.nowMs);
  },
};
